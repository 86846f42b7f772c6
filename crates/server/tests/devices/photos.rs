//! Requests about photos that are not as documented, and parts that are left.

use axum::body::Body;
use axum::http::Request;

use crate::world::{Photo, TPS, World, send};

#[tokio::test]
async fn pieces_need_their_headers() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let photo = Photo::new(1, 5_000);
    phone.announce(TPS, 1, &[&photo]).await;
    let piece = protocol::photo::PIECE_TYPE;
    for (content_type, offset, length, status) in [
        ("image/jpeg", "0", "5000", 415),
        ("application/json", "0", "5000", 415),
        (piece, "", "5000", 400),
        (piece, "-1", "5000", 400),
        (piece, "0", "5e3", 400),
        (piece, "0", "99999999999999999999999", 400),
        (piece, "+0", "5000", 400),
    ] {
        let request = Request::patch(format!("/v1/photos/{}", photo.sha256))
            .header("authorization", format!("Bearer {}", phone.token))
            .header("content-type", content_type)
            .header("upload-offset", offset)
            .header("upload-length", length)
            .body(Body::from(photo.bytes.clone()))
            .unwrap();
        let answer = send(world.router(), request).await;
        assert_eq!(
            answer.problem().0,
            status,
            "{content_type} {offset} {length}"
        );
    }
    assert_eq!(phone.head(&photo.sha256).await, None);
}

#[tokio::test]
async fn what_arrived_before_a_body_broke_is_kept() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let photo = Photo::new(1, 2_000_000);
    phone.announce(TPS, 1, &[&photo]).await;
    let first = bytes::Bytes::from(photo.bytes[..600_000].to_vec());
    let second = bytes::Bytes::from(photo.bytes[600_000..700_001].to_vec());
    let pieces = futures_util::stream::iter([
        Ok(first),
        Ok(second),
        Err(std::io::Error::other("the connection broke")),
    ]);
    let request = Request::patch(format!("/v1/photos/{}", photo.sha256))
        .header("authorization", format!("Bearer {}", phone.token))
        .header("content-type", protocol::photo::PIECE_TYPE)
        .header("upload-offset", "0")
        .header("upload-length", "2000000")
        .body(Body::from_stream(pieces))
        .unwrap();
    send(world.router(), request).await;
    assert_eq!(phone.head(&photo.sha256).await, Some((700_001, 2_000_000)));
    let rest = phone
        .patch(&photo.sha256, 700_001, 2_000_000, &photo.bytes[700_001..])
        .await;
    phone.photo_receipt(&rest, &photo.sha256);
    let parts = std::fs::read_dir(world.folder.path().join("data/parts"));
    let left = parts.unwrap().filter(|file| {
        let name = file.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with(&photo.sha256)
    });
    assert_eq!(left.count(), 0, "no part of a complete photo is left");
}

#[tokio::test]
async fn a_photo_whose_bytes_are_all_here_is_complete_only_when_it_is_put_away() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let photo = Photo::new(1, 5_000);
    phone.announce(TPS, 1, &[&photo]).await;
    phone
        .patch(&photo.sha256, 0, 5_000, &photo.bytes[..4_000])
        .await;
    // The power went between the last byte and the photo's own place.
    let part = format!("data/parts/{}-5000", photo.sha256);
    let part = world.folder.path().join(part);
    std::fs::write(&part, &photo.bytes).unwrap();
    assert_eq!(phone.head(&photo.sha256).await, Some((5_000, 5_000)));
    assert_eq!(
        world.app.photos.read(&photo.sha256).await.unwrap(),
        photo.bytes
    );
    let path = format!("/v1/photos/{}/receipt", photo.sha256);
    let answer = phone.call(axum::http::Method::GET, &path, None).await;
    phone.photo_receipt(&answer, &photo.sha256);
    let spoilt = Photo::new(2, 5_000);
    phone.announce(TPS, 2, &[&spoilt]).await;
    let part = format!("data/parts/{}-5000", spoilt.sha256);
    std::fs::write(world.folder.path().join(part), &photo.bytes).unwrap();
    assert_eq!(phone.head(&spoilt.sha256).await, None);
}
