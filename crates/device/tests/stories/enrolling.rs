//! How an installation becomes a device, and all that can go wrong.

use device::view::{Failure, TroubleCode};
use protocol::ProblemCode;

use crate::peer::Mischief;
use crate::stage::Stage;

fn trouble<T>(result: Result<T, Failure>) -> Option<TroubleCode> {
    match result {
        Err(Failure::Trouble { code }) => Some(code),
        Ok(_) | Err(_) => None,
    }
}

#[tokio::test]
async fn a_code_and_an_address_make_a_device_that_works_without_a_connection() {
    let (stage, device) = Stage::enrolled().await;
    drop(device);
    stage.peer.misbehave("", Mischief::Silence, usize::MAX);
    let home = stage.open().home().await.unwrap();
    let enrolled = home.enrolled.unwrap();
    assert_eq!(enrolled.witness, "Saksi contoh");
    assert_eq!(enrolled.endpoint, stage.peer.address());
    assert!(enrolled.rehearsal);
    assert_eq!(home.posts[0].number, "001");
    let titles: Vec<&str> = home.posts[0]
        .slots
        .iter()
        .map(|card| card.title.as_str())
        .collect();
    assert_eq!(titles, ["Gubernur", "Wali Kota", "DPR"]);
    assert_eq!(
        home.posts[0].slots[0].form,
        "Model C.Hasil contoh (C1 contoh)"
    );
    assert_eq!(home.clock_skew_seconds, None);
}

#[tokio::test]
async fn an_enrolment_link_is_enough() {
    let stage = Stage::set().await;
    let code = stage.peer.state().endpoint.new_code();
    let server = stage.peer.address();
    let link = format!("saksi://enrol?server={server}&code={code}");
    let home = stage.open().enrol(&link, "").await.unwrap();
    assert!(home.enrolled.is_some());
}

#[tokio::test]
async fn whatever_the_endpoint_says_to_a_code_has_its_own_name() {
    let stage = Stage::set().await;
    let device = stage.open();
    let address = stage.peer.address();
    let code = stage.peer.state().endpoint.new_code();
    let mistyped = code.replace('1', "2");
    assert_eq!(
        trouble(device.enrol(&address, &mistyped).await),
        Some(TroubleCode::CodeMistyped)
    );
    assert_eq!(
        trouble(device.enrol(&address, "7KQ2M").await),
        Some(TroubleCode::CodeMistyped)
    );
    assert_eq!(stage.peer.count("POST"), 0, "a mistyped code costs no try");

    for (problem, expected) in [
        (ProblemCode::EnrolCodeUnknown, TroubleCode::EnrolCodeUnknown),
        (ProblemCode::EnrolCodeUsed, TroubleCode::EnrolCodeUsed),
        (ProblemCode::EnrolCodeExpired, TroubleCode::EnrolCodeExpired),
        (ProblemCode::EnrolThrottled, TroubleCode::EnrolThrottled),
        (ProblemCode::Overloaded, TroubleCode::Busy),
        (ProblemCode::Internal, TroubleCode::ServerFault),
        (ProblemCode::ProofInvalid, TroubleCode::Refused),
    ] {
        stage
            .peer
            .misbehave("POST /v1/enrol", Mischief::Problem(problem), 1);
        assert_eq!(
            trouble(device.enrol(&address, &code).await),
            Some(expected),
            "{problem:?}"
        );
    }
    assert!(device.enrol(&address, &code).await.is_ok());
}

#[tokio::test]
async fn whatever_stands_in_the_endpoints_place_has_its_own_name() {
    let stage = Stage::set().await;
    let device = stage.open();
    let code = stage.peer.state().endpoint.new_code();
    for (mischief, expected) in [
        (Mischief::Page(200), TroubleCode::CaptivePortal),
        (Mischief::Page(511), TroubleCode::CaptivePortal),
        (Mischief::Redirect, TroubleCode::CaptivePortal),
        (Mischief::Page(502), TroubleCode::ServerFault),
        (Mischief::OtherJson(200), TroubleCode::WrongServer),
        (Mischief::OtherJson(404), TroubleCode::WrongServer),
        (Mischief::HalfAnswer, TroubleCode::NoAnswer),
        (Mischief::Silence, TroubleCode::NoAnswer),
    ] {
        let name = format!("{mischief:?}");
        stage.peer.misbehave("POST /v1/enrol", mischief, 1);
        let tried = device.enrol(&stage.peer.address(), &code).await;
        assert_eq!(trouble(tried), Some(expected), "{name}");
    }
    for (address, expected) in [
        ("", TroubleCode::BadAddress),
        ("dua kata", TroubleCode::BadAddress),
        ("http://saksi.example.org", TroubleCode::InsecureConnection),
        ("127.0.0.1:9", TroubleCode::NoConnection),
    ] {
        assert_eq!(
            trouble(device.enrol(address, &code).await),
            Some(expected),
            "{address:?}"
        );
    }
    assert!(device.home().await.unwrap().enrolled.is_none());
}

#[tokio::test]
async fn a_lost_answer_does_not_burn_the_code() {
    let stage = Stage::set().await;
    let code = stage.peer.state().endpoint.new_code();
    stage
        .peer
        .misbehave("POST /v1/enrol", Mischief::LostAnswer, 1);
    let device = stage.open();
    assert!(device.enrol(&stage.peer.address(), &code).await.is_err());
    // The app is closed in between; the key was kept.
    drop(device);
    let home = stage
        .open()
        .enrol(&stage.peer.address(), &code)
        .await
        .unwrap();
    assert!(home.enrolled.is_some());
    assert_eq!(stage.peer.state().endpoint.devices.len(), 1);
}

#[tokio::test]
async fn a_clock_that_is_far_off_is_told_and_stops_nothing() {
    let stage = Stage::set().await;
    stage.peer.state().endpoint.date = Some("Wed, 27 Nov 2024 07:30:00 GMT".to_owned());
    stage.clock.set("2034-11-27T07:30:00.000Z");
    let device = stage.open();
    let code = stage.peer.state().endpoint.new_code();
    let home = device.enrol(&stage.peer.address(), &code).await.unwrap();
    let ten_years = (10 * 365 + 2) * 24 * 60 * 60;
    assert_eq!(home.clock_skew_seconds, Some(ten_years));
    // Set right, the next contact takes the word back.
    stage.clock.set("2024-11-27T07:31:00.000Z");
    device.deliver_now().await.unwrap();
    assert_eq!(device.home().await.unwrap().clock_skew_seconds, None);
}
