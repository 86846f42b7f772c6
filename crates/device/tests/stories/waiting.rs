//! Photos that wait: for a time that the endpoint names, and for a link that
//! costs nothing.

use device::view::{Link, Standing};
use protocol::encoding::sha256_hex;

use crate::stage::{Stage, gub, jpeg, photograph, seal_form, standing, tap};

/// An endpoint whose clock is an hour behind, and which wants photos in ten
/// minutes.
fn ask_photos_to_wait(stage: &Stage) {
    let mut state = stage.peer.state();
    state.endpoint.date = Some("Wed, 27 Nov 2024 06:30:00 GMT".to_owned());
    state.endpoint.photos_not_before = Some("2024-11-27T06:40:00.000Z".parse().unwrap());
}

#[tokio::test]
async fn photos_come_when_the_endpoint_wants_them_and_figures_at_once() {
    let (stage, device) = Stage::enrolled().await;
    ask_photos_to_wait(&stage);
    photograph(&device, gub(), 1, &jpeg(1)).await.unwrap();
    seal_form(&device, gub()).await;
    let view = device.deliver(|_| ()).await.unwrap();
    assert_eq!((view.revisions_only_here, view.photos_only_here), (0, 1));
    let until = "2024-11-27T07:40:00.000Z".parse().unwrap();
    assert_eq!(view.photos_wait_until, Some(until));
    assert_eq!(view.next_try_at, Some(until), "it comes back by itself");
    assert_eq!(stage.peer.count("PATCH"), 0);

    stage.clock.pass(10 * 60);
    {
        let mut state = stage.peer.state();
        state.endpoint.date = Some("Wed, 27 Nov 2024 06:40:00 GMT".to_owned());
    }
    let view = device.deliver(|_| ()).await.unwrap();
    assert_eq!((view.photos_only_here, view.photos_wait_until), (0, None));
}

#[tokio::test]
async fn a_tap_sends_photos_whatever_the_endpoint_wishes() {
    let (stage, device) = Stage::enrolled().await;
    ask_photos_to_wait(&stage);
    photograph(&device, gub(), 1, &jpeg(1)).await.unwrap();
    seal_form(&device, gub()).await;
    device.deliver(|_| ()).await.unwrap();
    assert_eq!(tap(&device).await, None);
    assert!(matches!(
        standing(&device, &gub()).await,
        Standing::AllReceived { .. }
    ));
}

#[tokio::test]
async fn over_a_free_link_originals_go_without_being_asked_for() {
    let (stage, device) = Stage::enrolled().await;
    let (first, second) = (jpeg(1), jpeg(2));
    photograph(&device, gub(), 1, &first).await.unwrap();
    seal_form(&device, gub()).await;
    tap(&device).await;
    let has = |original: &[u8]| {
        let state = stage.peer.state();
        state
            .endpoint
            .photo_receipts
            .contains(&sha256_hex(original))
    };
    assert!(!has(&first));
    device.set_link(Link::Unmetered).await.unwrap();
    tap(&device).await;
    assert!(has(&first));
    // Sealed on the free link, and the link ends before it went.
    photograph(&device, gub(), 2, &second).await.unwrap();
    device.seal(gub()).await.unwrap();
    device.set_link(Link::Metered).await.unwrap();
    tap(&device).await;
    assert!(!has(&second));
    assert_eq!(device.delivery_view().await.unwrap().photos_only_here, 0);
}
