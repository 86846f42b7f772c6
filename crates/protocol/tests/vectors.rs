//! Every worked example of `protocol-vectors.json`, reproduced.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "vectors that cannot be read fail the test"
)]

use protocol::encoding::{array_from_base64, from_base64, to_base64};
use protocol::envelope::{self, EnvelopeError, REVISION_TYPE};
use protocol::receipt::{Receipt, ReceiptError, ReceiptKind};
use protocol::sms::{self, Sms, SmsError};
use protocol::{EnrolCode, Envelope, PublicKey, Revision, SecretKey};
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../protocol-vectors.json")).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn envelope(value: &Value) -> Envelope {
    serde_json::from_value(value.clone()).unwrap()
}

fn secret(vectors: &Value, name: &str) -> SecretKey {
    SecretKey::from_seed(&array_from_base64(text(&vectors["ed25519"][name])).unwrap())
}

fn public(vectors: &Value, name: &str) -> PublicKey {
    PublicKey::from_base64(text(&vectors["ed25519"][name])).unwrap()
}

#[test]
fn keys_grow_from_their_seeds() {
    let v = vectors();
    assert_eq!(
        secret(&v, "device_seed").public(),
        public(&v, "device_public")
    );
    assert_eq!(
        secret(&v, "server_seed").public(),
        public(&v, "server_public")
    );
}

#[test]
fn what_is_signed_is_type_and_payload_with_their_lengths() {
    let v = vectors();
    let payload = from_base64(text(&v["pae"]["payload"])).unwrap();
    let pae = envelope::pre_authentication(text(&v["pae"]["payloadType"]), &payload);
    assert_eq!(to_base64(&pae), text(&v["pae"]["pae"]));
}

#[test]
fn the_revision_is_sealed_and_opened_to_the_letter() {
    let v = vectors();
    let expected = envelope(&v["revision"]["envelope"]);
    let payload = expected
        .open(REVISION_TYPE, &public(&v, "device_public"))
        .unwrap();
    assert_eq!(envelope::rev_id(&payload), text(&v["revision"]["rev_id"]));
    let sealed = Envelope::seal(REVISION_TYPE, &payload, "dev-1", &secret(&v, "device_seed"));
    assert_eq!(sealed, expected);
    let revision = Revision::from_payload(&payload).unwrap();
    assert_eq!(revision.slot().to_string(), "kaltim-2024/6472011001001/gub");
    assert_eq!(
        (revision.counts["votes.1"], revision.note.as_str()),
        (101, "kotak é")
    );
}

#[test]
fn only_the_server_keys_receipt_of_the_right_type_counts() {
    let v = vectors();
    let key = public(&v, "server_public");
    let id = text(&v["revision"]["rev_id"]);
    let open = |name: &str| {
        Receipt::open(
            &envelope(&v[name]["envelope"]),
            &key,
            ReceiptKind::Revision,
            id,
            "dev-1",
        )
    };
    let receipt = open("receipt").unwrap();
    assert_eq!(receipt.log_index, 7);
    assert_eq!(
        receipt
            .seal("server-1", &secret(&v, "server_seed"))
            .unwrap(),
        envelope(&v["receipt"]["envelope"])
    );
    assert_eq!(
        open("receipt_forged"),
        Err(ReceiptError::Envelope(EnvelopeError::Signature))
    );
    assert!(matches!(
        open("receipt_wrong_type"),
        Err(ReceiptError::Envelope(_))
    ));
    let for_another = Receipt::open(
        &envelope(&v["receipt"]["envelope"]),
        &key,
        ReceiptKind::Photo,
        id,
        "dev-1",
    );
    assert_eq!(for_another, Err(ReceiptError::Other));
}

#[test]
fn enrolment_codes_are_read_as_people_type_them() {
    let v = vectors();
    for code in v["enrol_codes"].as_array().unwrap() {
        for typed in ["normalised", "shown", "also_read_from"] {
            let read: EnrolCode = text(&code[typed]).parse().unwrap();
            assert_eq!(read.normalised(), text(&code["normalised"]));
            assert_eq!(read.to_string(), text(&code["shown"]));
        }
    }
    for bad in v["enrol_codes_bad_check"].as_array().unwrap() {
        assert!(text(bad).parse::<EnrolCode>().is_err(), "{bad}");
    }
}

#[test]
fn the_proof_of_holding_a_key() {
    let v = vectors();
    let code: EnrolCode = text(&v["enrol_proof"]["code"]).parse().unwrap();
    let proof = text(&v["enrol_proof"]["proof"]);
    assert_eq!(code.prove(&secret(&v, "device_seed")), proof);
    assert!(code.is_proved_by(proof, &public(&v, "device_public")));
    assert!(!code.is_proved_by(proof, &public(&v, "server_public")));
}

#[test]
fn an_sms_is_written_and_forgivingly_read() {
    let v = vectors();
    let key = array_from_base64(text(&v["sms"]["key"])).unwrap();
    assert_eq!(
        sms::mac(text(&v["sms"]["text"]), &key),
        text(&v["sms"]["mac"])
    );
    let sms = Sms::open(text(&v["sms"]["message"]), &key).unwrap();
    assert_eq!(sms.figures, [Some(101), Some(88), None, Some(6)]);
    assert_eq!(sms.message(&key), text(&v["sms"]["message"]));
    assert_eq!(
        Sms::open(text(&v["sms"]["also_read_from"]), &key).unwrap(),
        sms
    );
    assert_eq!(
        Sms::open("S1 K7Q2M 1 101 89 - 6 0XK7J1FWKY", &key),
        Err(SmsError::Mac)
    );
}
