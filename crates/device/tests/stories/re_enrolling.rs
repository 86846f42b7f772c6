//! A phone that was given a new code: what it sealed before is carried along.

use device::Device;
use device::view::{Standing, TroubleCode, WayOut};
use protocol::ProblemCode;

use crate::peer::Mischief;
use crate::stage::{Stage, gub, jpeg, photograph, seal_form, standing, tap};

async fn enrol_again(stage: &Stage, device: &Device) {
    let code = stage.peer.state().endpoint.new_code();
    device.enrol(&stage.peer.address(), &code).await.unwrap();
}

#[tokio::test]
async fn forms_of_an_earlier_enrolment_arrive_by_themselves_with_their_photos() {
    let (stage, device) = Stage::enrolled().await;
    photograph(&device, gub(), 1, &jpeg(1)).await.unwrap();
    seal_form(&device, gub()).await;
    enrol_again(&stage, &device).await;
    let view = device.delivery_view().await.unwrap();
    assert_eq!((view.revisions_only_here, view.photos_only_here), (1, 1));
    let draft = device.open_form(gub()).await.unwrap().draft;
    assert!(!draft.is_changed, "nothing has to be sealed again");

    assert_eq!(tap(&device).await, None);
    assert!(matches!(
        standing(&device, &gub()).await,
        Standing::AllReceived { .. }
    ));
    let history = device.history(gub()).await.unwrap();
    assert!(history[0].is_of_earlier_enrolment);
    assert!(history[0].received_at.is_some());
    assert_eq!(history[0].progress.received, 1);
    let view = device.delivery_view().await.unwrap();
    assert_eq!((view.revisions_only_here, view.photos_only_here), (0, 0));
    assert_eq!(device.carried().await.unwrap(), [], "these are its own");
    assert_eq!(stage.peer.state().endpoint.revisions.len(), 1);
}

#[tokio::test]
async fn a_photo_that_was_half_sent_goes_on_after_a_new_enrolment() {
    let (stage, device) = Stage::enrolled().await;
    photograph(&device, gub(), 1, &jpeg(1)).await.unwrap();
    seal_form(&device, gub()).await;
    // The figures arrive, a piece of the photo, and no more.
    stage.peer.misbehave("PATCH", Mischief::CutBodyAt(9_000), 1);
    assert_eq!(tap(&device).await, Some(TroubleCode::NoAnswer));
    enrol_again(&stage, &device).await;
    assert_eq!(tap(&device).await, None);
    let Standing::AllReceived { photos } = standing(&device, &gub()).await else {
        panic!("not all received");
    };
    assert_eq!(stage.peer.state().photo_bytes_in, photos.total_bytes);
}

#[tokio::test]
async fn a_token_that_is_not_known_any_more_is_said_and_nothing_vanishes() {
    let (stage, device) = Stage::enrolled().await;
    seal_form(&device, gub()).await;
    let unknown = Mischief::Problem(ProblemCode::TokenUnknown);
    stage.peer.misbehave("", unknown, usize::MAX);
    assert_eq!(tap(&device).await, Some(TroubleCode::TokenUnknown));
    assert_eq!(standing(&device, &gub()).await, Standing::SavedHere);
    stage.peer.heal();
    enrol_again(&stage, &device).await;
    assert_eq!(tap(&device).await, None);
    assert!(matches!(
        standing(&device, &gub()).await,
        Standing::AllReceived { .. }
    ));
}

#[tokio::test]
async fn a_form_that_only_a_forgotten_enrolment_signed_is_sealed_again() {
    let (stage, device) = Stage::enrolled().await;
    seal_form(&device, gub()).await;
    // The endpoint was restored from a backup of before this phone enrolled.
    stage.peer.state().endpoint.devices.clear();
    assert_eq!(tap(&device).await, Some(TroubleCode::TokenUnknown));
    enrol_again(&stage, &device).await;
    assert_eq!(tap(&device).await, None);
    let code = "device_unknown".to_owned();
    assert_eq!(standing(&device, &gub()).await, Standing::Refused { code });
    let refused = device.home().await.unwrap().refused;
    assert_eq!(refused[0].way_out, WayOut::SealAgain);
    let draft = device.open_form(gub()).await.unwrap().draft;
    assert!(draft.is_changed);
    device.seal(gub()).await.unwrap();
    assert_eq!(tap(&device).await, None);
    assert!(matches!(
        standing(&device, &gub()).await,
        Standing::AllReceived { .. }
    ));
    let home = device.home().await.unwrap();
    assert_eq!(home.refused, [], "it was answered");
    assert_eq!(home.delivery.revisions_only_here, 0);
    assert_eq!(device.history(gub()).await.unwrap().len(), 2);
}
