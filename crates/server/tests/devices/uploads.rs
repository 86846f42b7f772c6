//! Photos in pieces: resumed, refused, never half-believed.

use axum::http::Method;
use protocol::revision::OriginalRef;

use crate::world::{Photo, TPS, TPS_2, World};

#[tokio::test]
async fn a_photo_arrives_in_pieces_and_gets_its_receipt() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let photo = Photo::new(1, 5_000);
    phone.announce(TPS, 1, &[&photo]).await;
    assert_eq!(phone.head(&photo.sha256).await, None);
    let part = phone
        .patch(&photo.sha256, 0, 5_000, &photo.bytes[..2_000])
        .await;
    assert_eq!((part.status.as_u16(), part.offset()), (204, 2_000));
    assert_eq!(phone.head(&photo.sha256).await, Some((2_000, 5_000)));
    let world = world.restart().await;
    let phone = crate::world::Phone {
        router: world.router(),
        ..phone
    };
    assert_eq!(phone.head(&photo.sha256).await, Some((2_000, 5_000)));
    let whole = phone
        .patch(&photo.sha256, 2_000, 5_000, &photo.bytes[2_000..])
        .await;
    assert_eq!(whole.offset(), 5_000);
    phone.photo_receipt(&whole, &photo.sha256);
    assert_eq!(phone.head(&photo.sha256).await, Some((5_000, 5_000)));
    let path = format!("/v1/photos/{}/receipt", photo.sha256);
    let again = phone.call(Method::GET, &path, None).await;
    assert_eq!(again.body, whole.body, "the same receipt, byte for byte");
    let later = phone.patch(&photo.sha256, 0, 5_000, &photo.bytes).await;
    assert_eq!(later.body, whole.body);
    let kept = world.app.photos.read(&photo.sha256).await.unwrap();
    assert_eq!(kept, photo.bytes);
    let received = world.count("SELECT CAST(SUM(photos_received) AS BIGINT) FROM slots");
    assert_eq!(received.await, 1);
}

#[tokio::test]
async fn a_wrong_offset_is_told_the_right_one() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let photo = Photo::new(1, 5_000);
    phone.announce(TPS, 1, &[&photo]).await;
    let early = phone.patch(&photo.sha256, 100, 5_000, b"x").await;
    assert_eq!(early.problem(), (409, "offset_mismatch".to_owned()));
    assert_eq!(early.offset(), 0);
    phone
        .patch(&photo.sha256, 0, 5_000, &photo.bytes[..700])
        .await;
    let twice = phone
        .patch(&photo.sha256, 0, 5_000, &photo.bytes[..700])
        .await;
    assert_eq!(twice.problem(), (409, "offset_mismatch".to_owned()));
    assert_eq!(twice.offset(), 700);
    let nothing = phone.patch(&photo.sha256, 700, 5_000, b"").await;
    assert_eq!((nothing.status.as_u16(), nothing.offset()), (204, 700));
}

#[tokio::test]
async fn bytes_with_another_hash_are_thrown_away() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let photo = Photo::new(1, 5_000);
    phone.announce(TPS, 1, &[&photo]).await;
    let mut wrong = photo.bytes.clone();
    wrong[4_000] ^= 1;
    phone.patch(&photo.sha256, 0, 5_000, &wrong[..4_500]).await;
    let answer = phone
        .patch(&photo.sha256, 4_500, 5_000, &wrong[4_500..])
        .await;
    assert_eq!(answer.problem(), (422, "hash_mismatch".to_owned()));
    assert_eq!(answer.offset(), 0);
    assert_eq!(phone.head(&photo.sha256).await, None);
    let rightly = phone.patch(&photo.sha256, 0, 5_000, &photo.bytes).await;
    phone.photo_receipt(&rightly, &photo.sha256);
}

#[tokio::test]
async fn what_is_not_a_jpeg_by_its_content_is_refused() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let fakes = [
        Photo::of(b"<html>login</html>".to_vec()),
        Photo::of(b"\x89PNG\r\n\x1a\n and so on".to_vec()),
        Photo::of(vec![0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0]),
    ];
    for (at, fake) in fakes.iter().enumerate() {
        phone.announce(TPS, at as u64 + 1, &[fake]).await;
        let answer = phone.patch(&fake.sha256, 0, fake.len(), &fake.bytes).await;
        assert_eq!(answer.problem(), (415, "not_a_photo".to_owned()));
        assert_eq!(phone.head(&fake.sha256).await, None);
    }
}

#[tokio::test]
async fn a_photo_must_be_announced_but_one_may_be_ahead() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let (first, second) = (Photo::new(1, 5_000), Photo::new(2, 5_000));
    let ahead = phone
        .patch(&first.sha256, 0, 5_000, &first.bytes[..3_000])
        .await;
    assert_eq!(ahead.status.as_u16(), 204);
    let refused = (403, "photo_not_announced".to_owned());
    let other = phone.patch(&second.sha256, 0, 5_000, &second.bytes).await;
    assert_eq!(other.problem(), refused);
    phone.announce(TPS, 1, &[&first]).await;
    assert_eq!(phone.head(&first.sha256).await, Some((3_000, 5_000)));
    let whole = phone
        .patch(&first.sha256, 3_000, 5_000, &first.bytes[3_000..])
        .await;
    phone.photo_receipt(&whole, &first.sha256);
    // Now the next one may be ahead, and its revision finds it complete.
    let whole = phone.patch(&second.sha256, 0, 5_000, &second.bytes).await;
    phone.photo_receipt(&whole, &second.sha256);
    let third = Photo::new(3, 5_000);
    let other = phone.patch(&third.sha256, 0, 5_000, &third.bytes).await;
    assert_eq!(other.problem(), refused);
    phone.announce(TPS, 2, &[&first, &second]).await;
    assert_eq!(
        world
            .count("SELECT CAST(SUM(photos_received) AS BIGINT) FROM slots")
            .await,
        2
    );
}

#[tokio::test]
async fn two_devices_that_announce_a_photo_each_get_a_receipt() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS, "Budi").await;
    let ani = world.enrol(TPS_2, "Ani").await;
    let photo = Photo::new(1, 5_000);
    siti.announce(TPS, 1, &[&photo]).await;
    budi.announce(TPS, 1, &[&photo]).await;
    // One begins, the other goes on.
    siti.patch(&photo.sha256, 0, 5_000, &photo.bytes[..1_000])
        .await;
    assert_eq!(budi.head(&photo.sha256).await, Some((1_000, 5_000)));
    let whole = budi
        .patch(&photo.sha256, 1_000, 5_000, &photo.bytes[1_000..])
        .await;
    let one = budi.photo_receipt(&whole, &photo.sha256);
    let path = format!("/v1/photos/{}/receipt", photo.sha256);
    let answer = siti.call(Method::GET, &path, None).await;
    let two = siti.photo_receipt(&answer, &photo.sha256);
    assert_ne!(one.device, two.device);
    assert_eq!(siti.head(&photo.sha256).await, Some((5_000, 5_000)));
    // Who has not announced it learns nothing of it.
    assert_eq!(ani.head(&photo.sha256).await, None);
    let answer = ani.call(Method::GET, &path, None).await;
    assert_eq!(answer.problem(), (404, "not_found".to_owned()));
    assert_eq!(
        world
            .count("SELECT CAST(SUM(photos_received) AS BIGINT) FROM slots")
            .await,
        1
    );
}

#[tokio::test]
async fn sizes_are_bounded_and_as_announced() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let photo = Photo::new(1, 5_000);
    phone.announce(TPS, 1, &[&photo]).await;
    let too_large = (413, "too_large".to_owned());
    let invalid = (400, "request_invalid".to_owned());
    let huge = phone.patch(&photo.sha256, 0, 17 * 1024 * 1024, b"x").await;
    assert_eq!(huge.problem(), too_large);
    let other = phone.patch(&photo.sha256, 0, 4_999, &photo.bytes).await;
    assert_eq!(other.problem(), invalid);
    let beyond = phone.patch(&photo.sha256, 0, 5_000, &[0xff; 5_001]).await;
    assert_eq!(beyond.problem(), too_large);
    assert_eq!(beyond.offset(), 0);
    let nothing = phone.patch(&photo.sha256, 0, 0, b"").await;
    assert_eq!(nothing.problem(), invalid);
    let not_a_hash = phone.patch("ABC", 0, 5_000, b"x").await;
    assert_eq!(not_a_hash.problem(), invalid);
    assert_eq!(phone.head(&photo.sha256).await, None);
}

#[tokio::test]
async fn originals_are_larger_and_come_the_same_way() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let copy = Photo::new(1, 5_000);
    let original = Photo::new(2, 3 * 1024 * 1024);
    let mut revision = phone.revision(TPS, 1, [10, 20]);
    let mut reference = copy.reference();
    reference.original = Some(OriginalRef {
        sha256: original.sha256.clone(),
        size_bytes: original.len() as u64,
    });
    revision.photos = vec![reference];
    phone.report(&revision).await;
    let middle = 1024 * 1024 + 7;
    let part = phone
        .patch(
            &original.sha256,
            0,
            original.len(),
            &original.bytes[..middle],
        )
        .await;
    assert_eq!(part.offset(), middle as u64);
    let whole = phone
        .patch(
            &original.sha256,
            middle,
            original.len(),
            &original.bytes[middle..],
        )
        .await;
    phone.photo_receipt(&whole, &original.sha256);
    // It is the reading copies that are counted.
    assert_eq!(
        world
            .count("SELECT CAST(SUM(photos_received) AS BIGINT) FROM slots")
            .await,
        0
    );
    assert_eq!(
        world
            .count("SELECT CAST(SUM(photos_announced) AS BIGINT) FROM slots")
            .await,
        1
    );
}
