//! Delivering: in order, resumed, and by itself.

use std::sync::Arc;
use std::time::Duration;

use device::view::{DeliveryView, Standing, TroubleCode};
use protocol::inbox::InboxKind;
use protocol::{ProblemCode, Timestamp};

use crate::peer::Mischief;
use crate::stage::{Lines, Stage, gub, jpeg, key, photograph, seal_form, standing, tap, wako};

#[tokio::test]
async fn figures_go_first_then_photos_and_receipts_say_so() {
    let (stage, device) = Stage::enrolled().await;
    for page in 1..=2 {
        photograph(&device, gub(), page, &jpeg(page)).await.unwrap();
    }
    seal_form(&device, gub()).await;
    seal_form(&device, wako()).await;
    let before = device.delivery_view().await.unwrap();
    assert_eq!(
        (before.revisions_only_here, before.photos_only_here),
        (2, 2)
    );
    let steps: Lines<u64> = Arc::default();
    let told = Arc::clone(&steps);
    let after = device
        .deliver(move |progress| told.lock().unwrap().push(progress.sent_bytes))
        .await
        .unwrap();
    assert_eq!(after.trouble, None);
    assert_eq!(
        (
            after.revisions_only_here,
            after.photos_only_here,
            after.bytes_only_here
        ),
        (0, 0, 0)
    );
    assert!(after.last_contact_at.is_some());
    assert!(steps.lock().unwrap().len() > 4, "every piece is told");

    let Standing::AllReceived { photos } = standing(&device, &gub()).await else {
        panic!("not all received");
    };
    assert_eq!((photos.received, photos.total), (2, 2));
    assert_eq!(photos.received_bytes, photos.total_bytes);
    let draft = device.open_form(gub()).await.unwrap().draft;
    assert!(draft.photos.iter().all(|photo| photo.is_received));
    let state = stage.peer.state();
    let first_photo = state
        .asked
        .iter()
        .position(|line| line.starts_with("PATCH"))
        .unwrap();
    let last_figures = state
        .asked
        .iter()
        .rposition(|line| line == "POST /v1/revisions")
        .unwrap();
    assert!(last_figures < first_photo);
    assert_eq!(state.endpoint.revisions.len(), 2, "both in one batch");
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_and_nothing_is_there_twice() {
    let (stage, device) = Stage::enrolled().await;
    seal_form(&device, gub()).await;
    stage
        .peer
        .misbehave("POST /v1/revisions", Mischief::LostAnswer, 1);
    assert_eq!(tap(&device).await, Some(TroubleCode::NoAnswer));
    assert_eq!(standing(&device, &gub()).await, Standing::SavedHere);
    assert_eq!(tap(&device).await, None);
    assert_eq!(stage.peer.state().endpoint.revisions.len(), 1);
    assert_eq!(
        device.history(gub()).await.unwrap()[0].log_index,
        Some(1),
        "the same receipt"
    );
}

#[tokio::test]
async fn nothing_but_a_receipt_of_the_pinned_server_for_this_device_counts() {
    for mischief in [Mischief::ForeignReceipts, Mischief::ReceiptsForAnother] {
        let (stage, device) = Stage::enrolled().await;
        photograph(&device, gub(), 1, &jpeg(1)).await.unwrap();
        seal_form(&device, gub()).await;
        stage
            .peer
            .misbehave("POST /v1/revisions", mischief.clone(), 1);
        assert_eq!(tap(&device).await, Some(TroubleCode::WrongServer));
        assert_eq!(standing(&device, &gub()).await, Standing::SavedHere);
        assert_eq!(device.delivery_view().await.unwrap().revisions_only_here, 1);

        stage.peer.state().endpoint.revisions.clear();
        stage.peer.misbehave("PATCH", mischief, 10);
        assert_eq!(tap(&device).await, Some(TroubleCode::WrongServer));
        let view = device.delivery_view().await.unwrap();
        assert_eq!((view.revisions_only_here, view.photos_only_here), (0, 1));
    }
}

#[tokio::test]
async fn whatever_the_world_answers_delays_and_never_deceives() {
    for (mischief, expected) in [
        (Mischief::Page(200), TroubleCode::CaptivePortal),
        (Mischief::Redirect, TroubleCode::CaptivePortal),
        (Mischief::Page(511), TroubleCode::CaptivePortal),
        (Mischief::OtherJson(200), TroubleCode::CaptivePortal),
        (Mischief::Page(502), TroubleCode::ServerFault),
        (Mischief::HalfAnswer, TroubleCode::NoAnswer),
        (Mischief::Silence, TroubleCode::NoAnswer),
        (Mischief::BusyFor(30), TroubleCode::Busy),
        (
            Mischief::Problem(ProblemCode::DeviceRevoked),
            TroubleCode::DeviceRevoked,
        ),
    ] {
        let name = format!("{mischief:?}");
        let (stage, device) = Stage::enrolled().await;
        photograph(&device, gub(), 1, &jpeg(1)).await.unwrap();
        seal_form(&device, gub()).await;
        stage.peer.misbehave("", mischief, usize::MAX);
        assert_eq!(tap(&device).await, Some(expected), "{name}");
        let view = device.delivery_view().await.unwrap();
        assert_eq!(
            (view.revisions_only_here, view.photos_only_here),
            (1, 1),
            "{name}"
        );
        assert!(view.next_try_at.is_some(), "{name}");
        // It is still known after the app was closed.
        drop(device);
        let device = stage.open();
        let view = device.delivery_view().await.unwrap();
        assert_eq!(view.trouble, Some(expected));
        stage.peer.heal();
        assert_eq!(tap(&device).await, None, "{name}");
        let view = device.delivery_view().await.unwrap();
        assert_eq!(
            (view.revisions_only_here, view.photos_only_here),
            (0, 0),
            "{name}"
        );
    }
}

#[tokio::test]
async fn an_endpoint_that_asks_to_wait_is_given_the_time() {
    let (stage, device) = Stage::enrolled().await;
    seal_form(&device, gub()).await;
    stage
        .peer
        .misbehave("POST /v1/revisions", Mischief::BusyFor(90), 1);
    let view = device.deliver_now().await.unwrap();
    let earliest = Timestamp::from_unix_ms(
        "2024-11-27T07:31:30.000Z"
            .parse::<Timestamp>()
            .unwrap()
            .unix_ms(),
    );
    assert!(
        view.next_try_at.unwrap() >= earliest,
        "{:?}",
        view.next_try_at
    );
}

#[tokio::test]
async fn a_photo_goes_on_where_it_was_cut() {
    let (stage, device) = Stage::enrolled().await;
    photograph(&device, gub(), 1, &jpeg(1)).await.unwrap();
    seal_form(&device, gub()).await;
    stage.peer.misbehave("PATCH", Mischief::CutBodyAt(9_000), 1);
    assert_eq!(tap(&device).await, Some(TroubleCode::NoAnswer));
    // Killed, too.
    drop(device);
    let device = stage.open();
    assert_eq!(tap(&device).await, None);
    let Standing::AllReceived { photos } = standing(&device, &gub()).await else {
        panic!("not all received");
    };
    assert_eq!(
        stage.peer.state().photo_bytes_in,
        photos.total_bytes,
        "no byte twice"
    );
    assert_eq!(stage.peer.count("HEAD"), 1);
}

#[tokio::test]
async fn an_offset_that_the_endpoint_corrects_is_believed() {
    let (stage, device) = Stage::enrolled().await;
    let draft = photograph(&device, gub(), 1, &jpeg(1)).await.unwrap();
    seal_form(&device, gub()).await;
    let copy = device.photo_bytes(draft.photos[0].id).await.unwrap();
    let hash = protocol::encoding::sha256_hex(&copy);
    let part = (copy[..5_000].to_vec(), copy.len() as u64);
    stage.peer.state().endpoint.photos.insert(hash, part);
    assert_eq!(tap(&device).await, None);
    assert!(
        stage
            .peer
            .state()
            .asked
            .iter()
            .filter(|line| line.starts_with("PATCH"))
            .count()
            >= 2
    );
    assert_eq!(stage.peer.state().endpoint.photo_receipts.len(), 1);
}

#[tokio::test]
async fn a_photo_that_arrived_wrong_is_sent_again_from_the_start() {
    let (stage, device) = Stage::enrolled().await;
    let draft = photograph(&device, gub(), 1, &jpeg(1)).await.unwrap();
    seal_form(&device, gub()).await;
    let copy = device.photo_bytes(draft.photos[0].id).await.unwrap();
    let hash = protocol::encoding::sha256_hex(&copy);
    let spoilt = (vec![0; 5_000], copy.len() as u64);
    stage.peer.state().endpoint.photos.insert(hash, spoilt);
    assert_eq!(tap(&device).await, None);
    assert_eq!(stage.peer.state().endpoint.photo_receipts.len(), 1);
}

#[tokio::test]
async fn an_original_that_is_asked_for_is_sent() {
    let (stage, device) = Stage::enrolled().await;
    let original = jpeg(4);
    photograph(&device, gub(), 1, &original).await.unwrap();
    seal_form(&device, gub()).await;
    assert_eq!(tap(&device).await, None);
    {
        let mut state = stage.peer.state();
        let copy = state.endpoint.photos.keys().next().unwrap().clone();
        state
            .endpoint
            .tell(InboxKind::OriginalWanted, Some(gub()), "");
        state.endpoint.inbox[0].photo = Some(copy);
    }
    assert_eq!(tap(&device).await, None);
    let hash = protocol::encoding::sha256_hex(&original);
    let state = stage.peer.state();
    assert_eq!(state.endpoint.photos[&hash].0, original);
}

#[tokio::test]
async fn an_endpoint_that_names_this_very_machine_is_asked_where_it_was_found() {
    let stage = Stage::set().await;
    let other = crate::peer::Peer::start().await;
    let endpoints = vec![other.address(), stage.peer.address()];
    stage.peer.state().endpoint.endpoints = endpoints;
    let code = stage.peer.state().endpoint.new_code();
    let device = stage.open();
    device.enrol(&stage.peer.address(), &code).await.unwrap();
    stage.peer.misbehave("", Mischief::Page(200), usize::MAX);
    seal_form(&device, gub()).await;
    assert_eq!(tap(&device).await, Some(TroubleCode::CaptivePortal));
    assert_eq!(other.count(""), 0);
}

#[tokio::test]
async fn it_delivers_by_itself_and_hears_news_with_nothing_pressed() {
    let (stage, device) = Stage::enrolled().await;
    stage.peer.misbehave("", Mischief::Page(200), usize::MAX);
    let running = device.clone();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let run = tokio::spawn(async move {
        running
            .run(async move {
                let _ = stopped.await;
            })
            .await;
    });
    let mut changes = device.changes();
    seal_form(&device, gub()).await;
    // The log-in page is gone, and the phone says that the network changed.
    stage.peer.heal();
    device.nudge();
    let photos = device::view::PhotoProgress::default();
    wait_for(&device, &mut changes, Standing::AllReceived { photos }).await;
    // News comes on the line that is held open; this small endpoint does not
    // hold it, so a nudge stands for the time that passes.
    stage
        .peer
        .state()
        .endpoint
        .tell(InboxKind::Conflict, Some(gub()), "");
    device.nudge();
    wait_for(&device, &mut changes, Standing::InConflict).await;
    // A correction is on its way as soon as it is sealed.
    key(&device, gub(), "votes.1", "100").await.unwrap();
    device.seal(gub()).await.unwrap();
    wait_for(&device, &mut changes, Standing::AllReceived { photos }).await;
    stop.send(()).unwrap();
    run.await.unwrap();
}

#[tokio::test]
async fn after_a_tap_brought_everything_over_it_listens_for_news_again() {
    let (stage, device) = Stage::enrolled().await;
    stage.peer.misbehave("", Mischief::Page(200), usize::MAX);
    seal_form(&device, gub()).await;
    let running = device.clone();
    let run = tokio::spawn(async move { running.run(std::future::pending()).await });
    let mut changes = device.changes();
    // The loop has met the log-in page, and waits before it tries again.
    let waits = |view: &DeliveryView| view.trouble.is_some() && !view.is_running;
    while !waits(&device.delivery_view().await.unwrap()) {
        changes.changed().await.unwrap();
    }
    stage.peer.heal();
    assert_eq!(tap(&device).await, None);
    stage
        .peer
        .state()
        .endpoint
        .tell(InboxKind::Conflict, Some(gub()), "");
    wait_for(&device, &mut changes, Standing::InConflict).await;
    run.abort();
}

async fn wait_for(
    device: &device::Device,
    changes: &mut tokio::sync::watch::Receiver<u64>,
    expected: Standing,
) {
    let waiting = async {
        while standing(device, &gub()).await != expected {
            changes.changed().await.unwrap();
        }
    };
    // Not a measure of speed: only so that a failing story ends.
    tokio::time::timeout(Duration::from_secs(60), waiting)
        .await
        .unwrap();
}
