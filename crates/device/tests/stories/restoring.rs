//! An endpoint that was restored from a backup: phones must not go on believing
//! that they have sent.

use device::view::Standing;
use protocol::inbox::InboxKind;

use crate::peer::Mischief;
use crate::stage::{Stage, gub, jpeg, photograph, seal_form, standing, tap, wako};

async fn is_all_received(device: &device::Device) -> bool {
    matches!(standing(device, &gub()).await, Standing::AllReceived { .. })
}

#[tokio::test]
async fn everything_is_sent_again_to_an_endpoint_that_was_restored_from_a_backup() {
    let (stage, device) = Stage::enrolled().await;
    photograph(&device, gub(), 1, &jpeg(1)).await.unwrap();
    seal_form(&device, gub()).await;
    tap(&device).await;
    assert!(is_all_received(&device).await);
    stage.peer.state().endpoint.restore(false);
    assert_eq!(tap(&device).await, None);
    assert!(is_all_received(&device).await);
    let state = stage.peer.state();
    assert_eq!(state.endpoint.revisions.len(), 1);
    assert_eq!(state.endpoint.photo_receipts.len(), 1);
}

#[tokio::test]
async fn what_the_endpoint_still_has_costs_no_photo_bytes() {
    let (stage, device) = Stage::enrolled().await;
    photograph(&device, gub(), 1, &jpeg(1)).await.unwrap();
    seal_form(&device, gub()).await;
    tap(&device).await;
    let sent = stage.peer.state().photo_bytes_in;
    stage.peer.state().endpoint.restore(true);
    tap(&device).await;
    assert!(is_all_received(&device).await);
    let state = stage.peer.state();
    assert_eq!(state.photo_bytes_in, sent);
    assert_eq!(state.endpoint.revisions.len(), 1);
}

#[tokio::test]
async fn it_is_found_out_also_when_the_endpoint_has_outgrown_its_old_log_since() {
    let (stage, device) = Stage::enrolled().await;
    seal_form(&device, gub()).await;
    tap(&device).await;
    tap(&device).await;
    {
        let mut state = stage.peer.state();
        state.endpoint.restore(false);
        // Other phones were busy in the meantime.
        let others = (0..20).map(|number| format!("of others {number}"));
        state.endpoint.log.extend(others);
    }
    // The newest receipt is good; an older one is not.
    seal_form(&device, wako()).await;
    for _ in 0..2 {
        assert_eq!(tap(&device).await, None);
    }
    let state = stage.peer.state();
    assert_eq!(
        state.endpoint.revisions.len(),
        2,
        "the older one came again"
    );
}

#[tokio::test]
async fn it_is_found_out_also_when_old_and_new_receipts_came_before_it_could_ask() {
    let (stage, device) = Stage::enrolled().await;
    tap(&device).await;
    stage.peer.misbehave("/v1/inbox", Mischief::Redirect, 1);
    seal_form(&device, gub()).await;
    tap(&device).await;
    {
        let mut state = stage.peer.state();
        assert_eq!(state.endpoint.revisions.len(), 1);
        state.endpoint.restore(false);
        let others = (0..20).map(|number| format!("of others {number}"));
        state.endpoint.log.extend(others);
    }
    seal_form(&device, wako()).await;
    for _ in 0..2 {
        assert_eq!(tap(&device).await, None);
    }
    let state = stage.peer.state();
    assert_eq!(
        state.endpoint.revisions.len(),
        2,
        "the older one came again"
    );
}

#[tokio::test]
async fn news_that_is_told_from_the_beginning_again_is_here_once() {
    let (stage, device) = Stage::enrolled().await;
    seal_form(&device, gub()).await;
    stage
        .peer
        .state()
        .endpoint
        .tell(InboxKind::Message, None, "Selamat bertugas");
    tap(&device).await;
    stage.peer.state().endpoint.restore(false);
    tap(&device).await;
    tap(&device).await;
    assert_eq!(device.home().await.unwrap().inbox.len(), 1);
}
