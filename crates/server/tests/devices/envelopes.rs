//! What is not a proper envelope is refused, whatever it is; nothing of it
//! does any harm, and its neighbours are not held up.

use axum::body::Body;
use axum::http::{Method, Request};
use base64::Engine as _;
use protocol::envelope::RECEIPT_TYPE;
use protocol::{Envelope, limits};
use serde_json::{Value, json};

use crate::world::{Phone, TPS, World, new_key, send};

async fn refusal(phone: &Phone, envelope: &Value) -> String {
    let (status, code) = phone.try_send(envelope).await;
    assert_eq!(status, "refused", "{envelope}");
    code
}

#[tokio::test]
async fn envelopes_of_another_shape_are_refused() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let good = phone.seal(&phone.revision(TPS, 1, [101, 88]));
    let with = |pointer: &str, value: Value| {
        let mut envelope = good.clone();
        *envelope.pointer_mut(pointer).unwrap() = value;
        envelope
    };
    let mut extra = good.clone();
    extra["extra"] = json!(1);
    let signature = good["signatures"][0].clone();
    let payload = serde_json::to_vec(&phone.revision(TPS, 1, [101, 88])).unwrap();
    let typed = Envelope::seal(RECEIPT_TYPE, &payload, &phone.id, &phone.secret);
    for envelope in [
        json!(null),
        json!("x"),
        json!([]),
        json!({}),
        extra,
        with("/signatures", json!([])),
        with("/signatures", json!([signature, signature])),
        with("/payload", json!("***")),
        with("/signatures/0/sig", json!("AAAA")),
        serde_json::to_value(typed).unwrap(),
    ] {
        assert_eq!(
            refusal(&phone, &envelope).await,
            "envelope_invalid",
            "{envelope}"
        );
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM refused").await, 0);
}

#[tokio::test]
async fn only_the_calling_devices_own_signature_counts() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS, "Budi").await;
    let of_budi = budi.seal(&budi.revision(TPS, 1, [1, 1]));
    assert_eq!(refusal(&siti, &of_budi).await, "signature_invalid");
    let payload = serde_json::to_vec(&siti.revision(TPS, 1, [1, 1])).unwrap();
    let seal = |keyid: &str, key| {
        serde_json::to_value(Envelope::seal(
            protocol::envelope::REVISION_TYPE,
            &payload,
            keyid,
            key,
        ))
        .unwrap()
    };
    let somebodys = new_key();
    let forged = seal(&siti.id, &somebodys);
    assert_eq!(refusal(&siti, &forged).await, "signature_invalid");
    let misnamed = seal(&budi.id, &siti.secret);
    assert_eq!(refusal(&siti, &misnamed).await, "signature_invalid");
    let mut changed = siti.seal(&siti.revision(TPS, 1, [1, 1]));
    changed["payload"] = json!(base64::engine::general_purpose::STANDARD.encode("{}"));
    assert_eq!(refusal(&siti, &changed).await, "signature_invalid");
    // Signed by the right key, but speaking for another device.
    let for_budi = siti.seal(&budi.revision(TPS, 1, [1, 1]));
    assert_eq!(refusal(&siti, &for_budi).await, "payload_invalid");
    assert_eq!(world.count("SELECT COUNT(*) FROM revisions").await, 0);
}

#[tokio::test]
async fn payloads_that_are_no_revision_of_this_form_are_refused() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let good = serde_json::to_value(phone.revision(TPS, 1, [101, 88])).unwrap();
    let with = |pointer: &str, value: Value| {
        let mut payload = good.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        payload.pointer_mut(parent).unwrap()[key] = value;
        payload.to_string()
    };
    let photo = json!({"kind": "form", "page": 1, "sha256": "AB", "bytes": 10,
                       "source": "camera", "original": null, "taken_at": null});
    for payload in [
        String::new(),
        "{".to_owned(),
        "[]".to_owned(),
        with("/extra", json!(1)),
        with("/v", json!(2)),
        with("/seq", json!(0)),
        with("/seq", json!(-1)),
        with("/seq", json!(u64::MAX)),
        with("/prev", json!("x")),
        with("/tps", json!("1")),
        with("/election", json!("A/B")),
        with("/counts/votes.1", json!("101")),
        with("/counts/votes.1", json!(-1)),
        with("/counts/votes.1", json!(1.5)),
        with("/counts/votes.1", json!(1000)),
        with("/counts/votes.9", json!(1)),
        with("/counts/unheard_of", json!(1)),
        with("/photos", json!([photo])),
        with("/note", json!("x".repeat(limits::TEXT_MAX_BYTES + 1))),
        with("/recorded_at", json!("yesterday")),
    ] {
        let envelope = phone.seal_bytes(payload.as_bytes());
        assert_eq!(
            refusal(&phone, &envelope).await,
            "payload_invalid",
            "{payload}"
        );
    }
    let deep = "[".repeat(8_000);
    let envelope = phone.seal_bytes(deep.as_bytes());
    assert_eq!(refusal(&phone, &envelope).await, "payload_invalid");
    let large = with("/note", json!("x".repeat(limits::PAYLOAD_MAX_BYTES)));
    let envelope = phone.seal_bytes(large.as_bytes());
    assert_eq!(refusal(&phone, &envelope).await, "too_large");
}

#[tokio::test]
async fn a_request_has_one_to_fifty_envelopes_and_at_most_a_mebibyte() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let post = async |body: &Value| {
        let answer = phone.call(Method::POST, "/v1/revisions", Some(body)).await;
        answer.problem()
    };
    let invalid = (400, "request_invalid".to_owned());
    let one = phone.seal(&phone.revision(TPS, 1, [1, 1]));
    assert_eq!(post(&json!({"envelopes": []})).await, invalid);
    assert_eq!(post(&json!({"envelopes": vec![&one; 51]})).await, invalid);
    assert_eq!(post(&json!({"envelopes": [&one], "x": 1})).await, invalid);
    assert_eq!(post(&json!([&one])).await, invalid);
    let large = json!({"envelopes": ["x".repeat(limits::REVISIONS_BODY_MAX_BYTES)]});
    assert_eq!(post(&large).await, (413, "too_large".to_owned()));
    let full = json!({"envelopes": vec![&one; 50]});
    let answer = phone.call(Method::POST, "/v1/revisions", Some(&full)).await;
    assert_eq!(answer.status, 200);
    let endless = Request::post("/v1/revisions")
        .header("authorization", format!("Bearer {}", phone.token))
        .header("content-type", "application/json")
        .body(Body::from_stream(futures_util::stream::repeat_with(|| {
            Ok::<_, std::io::Error>(bytes::Bytes::from_static(&[b' '; 65_536]))
        })))
        .unwrap();
    let answer = send(world.router(), endless).await;
    assert_eq!(answer.problem(), (413, "too_large".to_owned()));
}

#[tokio::test]
async fn wrong_methods_and_addresses_are_problems_too() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    for (method, path, expected) in [
        (Method::PUT, "/v1/revisions", (405, "method_not_allowed")),
        (Method::DELETE, "/v1/pack", (405, "method_not_allowed")),
        (Method::GET, "/v1/nothing", (404, "not_found")),
        (Method::GET, "/v1/inbox?after=x", (400, "request_invalid")),
        (Method::GET, "/v1/inbox?wait=-1", (400, "request_invalid")),
        (Method::GET, "/v1/inbox?x=1", (400, "request_invalid")),
        (
            Method::GET,
            "/v1/photos/%ff/receipt",
            (400, "request_invalid"),
        ),
    ] {
        let answer = phone.call(method, path, None).await;
        let (status, code) = answer.problem();
        assert_eq!((status, code.as_str()), expected, "{path}");
    }
}
