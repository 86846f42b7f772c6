//! What the endpoint will not have: visible, kept, and in nobody's way.

use device::view::{Standing, TroubleCode};
use protocol::ProblemCode;

use crate::peer::Mischief;
use crate::stage::{Stage, gub, jpeg, photograph, seal_form, standing, tap, wako};

#[tokio::test]
async fn a_refused_revision_is_shown_and_the_next_one_passes() {
    let (stage, device) = Stage::enrolled().await;
    let refused = ProblemCode::PayloadInvalid;
    stage
        .peer
        .state()
        .endpoint
        .refused
        .insert("gub".to_owned(), refused);
    seal_form(&device, gub()).await;
    seal_form(&device, wako()).await;
    assert_eq!(tap(&device).await, None);
    let code = "payload_invalid".to_owned();
    assert_eq!(
        standing(&device, &gub()).await,
        Standing::Refused { code: code.clone() }
    );
    let photos = device::view::PhotoProgress::default();
    assert_eq!(
        standing(&device, &wako()).await,
        Standing::AllReceived { photos }
    );
    assert_eq!(device.history(gub()).await.unwrap()[0].refused, Some(code));
    assert_eq!(
        device.delivery_view().await.unwrap().revisions_only_here,
        1,
        "nothing vanishes"
    );
    // By itself it is not sent again and again.
    let before = stage.peer.count("POST /v1/revisions");
    device.deliver(|_| ()).await.unwrap();
    assert_eq!(stage.peer.count("POST /v1/revisions"), before);
    // A tap tries it again.
    stage.peer.state().endpoint.refused.clear();
    assert_eq!(tap(&device).await, None);
    assert_eq!(
        standing(&device, &gub()).await,
        Standing::AllReceived { photos }
    );
}

#[tokio::test]
async fn a_revision_that_a_coordinator_lets_in_later_goes_by_itself() {
    let (stage, device) = Stage::enrolled().await;
    let kept = ProblemCode::NotAssigned;
    stage
        .peer
        .state()
        .endpoint
        .refused
        .insert("gub".to_owned(), kept);
    seal_form(&device, gub()).await;
    let view = device.deliver_now().await.unwrap();
    assert!(view.next_try_at.is_some());
    let code = "not_assigned".to_owned();
    assert_eq!(standing(&device, &gub()).await, Standing::Refused { code });
    stage.peer.state().endpoint.refused.clear();
    stage.clock.pass(600);
    device.deliver(|_| ()).await.unwrap();
    let photos = device::view::PhotoProgress::default();
    assert_eq!(
        standing(&device, &gub()).await,
        Standing::AllReceived { photos }
    );
}

#[tokio::test]
async fn a_photo_on_which_the_endpoint_chokes_does_not_block_the_next() {
    let (stage, device) = Stage::enrolled().await;
    let mut hashes = Vec::new();
    for page in 1..=3 {
        let draft = photograph(&device, gub(), page, &jpeg(page)).await.unwrap();
        let id = draft.photos.last().unwrap().id;
        let copy = device.photo_bytes(id).await.unwrap();
        hashes.push(protocol::encoding::sha256_hex(&copy));
    }
    seal_form(&device, gub()).await;
    let bad = format!("PATCH /v1/photos/{}", hashes[0]);
    stage.peer.misbehave(&bad, Mischief::Page(500), usize::MAX);
    assert_eq!(
        tap(&device).await,
        Some(TroubleCode::ServerFault),
        "it is said"
    );
    let Standing::FiguresReceived { photos } = standing(&device, &gub()).await else {
        panic!("the figures were received");
    };
    assert_eq!((photos.received, photos.total), (2, 3));
    stage.peer.heal();
    stage.clock.pass(600);
    device.deliver(|_| ()).await.unwrap();
    assert_eq!(device.delivery_view().await.unwrap().photos_only_here, 0);
}

#[tokio::test]
async fn a_refused_photo_says_why_and_can_be_taken_again() {
    let (stage, device) = Stage::enrolled().await;
    let draft = photograph(&device, gub(), 1, &jpeg(1)).await.unwrap();
    seal_form(&device, gub()).await;
    let copy = device.photo_bytes(draft.photos[0].id).await.unwrap();
    let hash = protocol::encoding::sha256_hex(&copy);
    stage
        .peer
        .state()
        .endpoint
        .refused_photos
        .insert(hash, ProblemCode::NotAPhoto);
    tap(&device).await;
    let photo = &device.open_form(gub()).await.unwrap().draft.photos[0];
    assert_eq!(photo.refused.as_deref(), Some("not_a_photo"));
    let pending = device
        .expect_photo(
            gub(),
            protocol::revision::PhotoKind::Form,
            Some(1),
            Some(photo.id),
        )
        .await
        .unwrap();
    crate::stage::hand_over(&device, pending, &jpeg(2))
        .await
        .unwrap();
    device.seal(gub()).await.unwrap();
    tap(&device).await;
    assert!(matches!(
        standing(&device, &gub()).await,
        Standing::AllReceived { .. }
    ));
}

#[tokio::test]
async fn a_photo_that_never_arrives_whole_is_shown_after_three_tries() {
    let (stage, device) = Stage::enrolled().await;
    let draft = photograph(&device, gub(), 1, &jpeg(1)).await.unwrap();
    seal_form(&device, gub()).await;
    // The memory card changed a byte: the hash can never fit.
    let copies = stage.data().join("photos/copies");
    let file = std::fs::read_dir(copies)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    tap(&device).await;
    let photo = &device.open_form(gub()).await.unwrap().draft.photos[0];
    assert_eq!(photo.refused.as_deref(), Some("hash_mismatch"));
    let sent = stage.peer.state().photo_bytes_in;
    assert_eq!(
        sent,
        3 * draft.photos[0].size_bytes,
        "three times, not for ever"
    );
}

#[tokio::test]
async fn a_photo_whose_file_is_gone_is_shown_and_blocks_nothing() {
    let (stage, device) = Stage::enrolled().await;
    for page in 1..=2 {
        photograph(&device, gub(), page, &jpeg(page)).await.unwrap();
    }
    seal_form(&device, gub()).await;
    // A cleaner app was here.
    let copies = stage.data().join("photos/copies");
    std::fs::remove_file(copies.join("1.jpg")).unwrap();
    tap(&device).await;
    let draft = device.open_form(gub()).await.unwrap().draft;
    assert_eq!(draft.photos[0].refused.as_deref(), Some("file_gone"));
    assert!(draft.photos[1].is_received);
}

#[tokio::test]
async fn a_revoked_device_keeps_everything_and_says_so() {
    let (stage, device) = Stage::enrolled().await;
    seal_form(&device, gub()).await;
    let revoked = Mischief::Problem(ProblemCode::DeviceRevoked);
    stage.peer.misbehave("", revoked, usize::MAX);
    assert_eq!(tap(&device).await, Some(TroubleCode::DeviceRevoked));
    assert_eq!(standing(&device, &gub()).await, Standing::SavedHere);
    assert_eq!(device.history(gub()).await.unwrap().len(), 1);
}
