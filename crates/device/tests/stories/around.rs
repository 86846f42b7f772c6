//! The ways around a dead network that one form has: a code, and an SMS.

use device::view::Failure;
use protocol::sms::Sms;

use crate::stage::{Stage, gub, key, seal_form, tap, wako};

#[tokio::test]
async fn a_sealed_form_can_leave_as_a_code_and_as_an_sms() {
    let (_stage, device) = Stage::enrolled().await;
    assert_eq!(
        device.around(gub()).await.unwrap_err(),
        Failure::NotFound,
        "nothing is sealed"
    );
    seal_form(&device, gub()).await;
    let around = device.around(gub()).await.unwrap();
    assert_eq!((around.seq, around.is_received), (1, false));
    assert!(around.qr_svg.unwrap().contains("<svg"));
    let sms = around.sms.unwrap();
    assert_eq!(sms.numbers, ["+620000000001"]);
    assert_eq!(sms.parts, 1);
    let read = Sms::open(&sms.body, &[3; 32]).unwrap();
    assert_eq!((read.slot_code.as_str(), read.seq), ("K7Q2M", 1));
    assert_eq!(read.figures, [Some(101), Some(88), Some(6)]);
    // A correction is another message, and after its receipt it says so.
    key(&device, gub(), "votes.1", "100").await.unwrap();
    device.seal(gub()).await.unwrap();
    tap(&device).await;
    let around = device.around(gub()).await.unwrap();
    assert_eq!((around.seq, around.is_received), (2, true));
}

#[tokio::test]
async fn a_form_without_a_slot_code_has_no_sms_and_a_code_all_the_same() {
    let (_stage, device) = Stage::enrolled().await;
    seal_form(&device, wako()).await;
    let around = device.around(wako()).await.unwrap();
    assert_eq!(around.sms, None);
    assert!(around.qr_svg.is_some());
}

#[tokio::test]
async fn another_enrolment_cannot_sign_an_sms_for_an_earlier_one() {
    let (stage, device) = Stage::enrolled().await;
    seal_form(&device, gub()).await;
    let code = stage.peer.state().endpoint.new_code();
    device.enrol(&stage.peer.address(), &code).await.unwrap();
    assert_eq!(device.around(gub()).await.unwrap().sms, None);
}
