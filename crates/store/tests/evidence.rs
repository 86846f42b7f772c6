//! Receipts and what is carried for others: evidence that no statement can
//! change, asked of the database itself.
#![expect(
    clippy::unwrap_used,
    reason = "test code outside of test functions; a failure here is a failed test"
)]

use protocol::receipt::{Receipt, ReceiptKind};
use protocol::{SecretKey, Timestamp};
use store::{CarriedPhoto, Enrolment, Lane, NewCarried, Originals, PackRow, Store};
use tempfile::TempDir;

fn now() -> Timestamp {
    Timestamp::from_unix_ms(1_732_692_600_000)
}

fn server_key() -> SecretKey {
    SecretKey::from_seed(&[2; 32])
}

/// A phone that carries a revision with a photo for another one.
struct Phone {
    dir: TempDir,
    store: Store,
    identity: i64,
}

impl Phone {
    fn carrying() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(&dir.path().join("saksi.db")).unwrap();
        let identity = enrol(&mut store, 1);
        let revision = NewCarried {
            rev_id: "r1".to_owned(),
            device: "dev-of-another".to_owned(),
            slot: "kaltim-2024/6472011001001/gub".parse().unwrap(),
            seq: 1,
            envelope: "{}".to_owned(),
            photos: vec!["p1".to_owned(), "never came".to_owned()],
        };
        let photo = CarriedPhoto {
            sha256: "p1".to_owned(),
            size_bytes: 200_000,
            file: "photos/carried/p1.jpg".to_owned(),
        };
        store.carry(identity, &[revision], &[photo], now()).unwrap();
        Self {
            dir,
            store,
            identity,
        }
    }

    fn receive(&mut self, kind: ReceiptKind, id: &str, log_index: u64) {
        let receipt = Receipt {
            v: 1,
            kind,
            id: id.to_owned(),
            device: "dev-of-another".to_owned(),
            log_index,
            received_at: now(),
        };
        let envelope = receipt.seal("server-1", &server_key()).unwrap();
        self.store
            .receive(self.identity, &receipt, &envelope)
            .unwrap();
    }

    fn waiting(&self) -> Vec<(Lane, String)> {
        let items = self.store.outbox(self.identity, Originals::Asked).unwrap();
        items.into_iter().map(|own| (own.lane, own.item)).collect()
    }
}

fn enrol(store: &mut Store, number: u8) -> i64 {
    let identity = store.enrolling_identity(&[number; 32], now()).unwrap().id;
    let enrolment = Enrolment {
        device: format!("dev-{number}"),
        token: "token".to_owned(),
        server_key_id: "server-1".to_owned(),
        server_key: server_key().public().to_string(),
        address: "https://saksi.example".to_owned(),
        endpoints: vec!["https://saksi.example".to_owned()],
        enrolled_at: now(),
    };
    let pack = serde_json::from_value(serde_json::json!({
        "version": 1, "min_app": "0.1.0",
        "election": {"id": "kaltim-2024", "name": "contoh", "date": "2024-11-27",
            "timezone": "Asia/Makassar", "rehearsal": true,
            "opens_at": "2024-11-26T00:00:00.000Z", "closes_at": "2024-12-27T00:00:00.000Z"},
        "contests": [], "forms": [], "witness": {"name": "Saksi contoh", "role": "inside"},
        "assignments": [],
    }));
    let pack = PackRow {
        pack: pack.unwrap(),
        etag: None,
        taken_at: now(),
    };
    store.finish_enrolment(identity, &enrolment, &pack).unwrap();
    identity
}

fn carried() -> [(Lane, String); 2] {
    [
        (Lane::CarriedRevision, "r1".to_owned()),
        (Lane::CarriedPhoto, "p1".to_owned()),
    ]
}

#[test]
fn no_statement_can_change_or_remove_evidence() {
    let mut phone = Phone::carrying();
    phone.receive(ReceiptKind::Revision, "r1", 1);
    let raw = rusqlite::Connection::open(phone.dir.path().join("saksi.db")).unwrap();
    let refused = |sql: &str| assert!(raw.execute(sql, []).is_err(), "{sql}");
    refused("UPDATE carried_revisions SET envelope = '{\"votes.1\": 999}'");
    refused("DELETE FROM carried_revisions");
    refused("UPDATE receipts SET log_index = 9");
    refused("DELETE FROM receipts");
    let held = phone.store.held_receipts(phone.identity, 16).unwrap();
    assert!(phone.store.disown(phone.identity, &held, now()).unwrap());
    refused("UPDATE receipts_disowned SET log_index = 9");
    refused("DELETE FROM receipts_disowned");
    assert_eq!(phone.store.disowned_count().unwrap(), 1);
}

#[test]
fn what_was_received_is_to_be_sent_again_when_its_receipt_is_set_aside() {
    let mut phone = Phone::carrying();
    assert_eq!(phone.waiting(), carried());
    phone.receive(ReceiptKind::Revision, "r1", 1);
    phone.receive(ReceiptKind::Photo, "p1", 2);
    assert_eq!(phone.waiting(), []);
    let held = phone.store.held_receipts(phone.identity, 16).unwrap();
    let places: Vec<u64> = held.iter().map(|held| held.log_index).collect();
    assert_eq!(places, [1, 2]);
    assert!(!phone.store.is_sending_again().unwrap());
    assert!(phone.store.disown(phone.identity, &held, now()).unwrap());
    assert!(phone.store.is_sending_again().unwrap());
    assert_eq!(phone.waiting(), carried());
    assert!(
        !phone.store.disown(phone.identity, &held, now()).unwrap(),
        "an answer that comes twice says nothing new"
    );
    // Bytes that went with their receipt cannot be sent again.
    phone.receive(ReceiptKind::Photo, "p1", 3);
    phone.store.release_carried("p1", now()).unwrap();
    let held = phone.store.held_receipts(phone.identity, 16).unwrap();
    assert!(phone.store.disown(phone.identity, &held, now()).unwrap());
    assert_eq!(phone.waiting(), carried()[..1]);
    let row = phone.store.carried(phone.identity).unwrap().remove(0);
    assert_eq!((row.photos, row.photos_received), (0, 0), "no longer here");
    let totals = phone.store.carried_totals(phone.identity).unwrap();
    assert_eq!((totals.photos, totals.bytes), (0, 0));
}

#[test]
fn every_receipt_is_named_until_it_is_confirmed_and_then_the_highest() {
    let mut phone = Phone::carrying();
    let named = |phone: &Phone, most: usize| -> Vec<u64> {
        let held = phone.store.held_receipts(phone.identity, most).unwrap();
        held.into_iter().map(|held| held.log_index).collect()
    };
    let confirm = |phone: &mut Phone, most: usize| {
        let held = phone.store.held_receipts(phone.identity, most).unwrap();
        phone.store.note_held(phone.identity, &held).unwrap()
    };
    assert!(named(&phone, 2).is_empty());
    phone.receive(ReceiptKind::Revision, "r1", 7);
    assert_eq!(named(&phone, 2), [7]);
    assert!(!confirm(&mut phone, 2), "nothing is left to be named");
    // The endpoint may have been restored between two of these.
    for (item, place) in [("p1", 30), ("p2", 12), ("p3", 40)] {
        phone.receive(ReceiptKind::Photo, item, place);
    }
    assert!(named(&phone, 0).is_empty());
    assert_eq!(named(&phone, 9), [7, 30, 12, 40]);
    assert_eq!(named(&phone, 2), [7, 30]);
    assert!(confirm(&mut phone, 2), "two are left to be named");
    assert_eq!(named(&phone, 9), [30, 12, 40]);
    assert!(!confirm(&mut phone, 9));
    assert_eq!(named(&phone, 9), [40]);
}

#[test]
fn a_new_enrolment_names_again_what_its_photos_belong_to() {
    let mut phone = Phone::carrying();
    phone.receive(ReceiptKind::Revision, "r1", 1);
    assert_eq!(phone.waiting(), carried()[1..]);
    phone.identity = enrol(&mut phone.store, 9);
    let mut waiting = phone.waiting();
    waiting.sort();
    assert_eq!(waiting, carried());
    let totals = phone.store.carried_totals(phone.identity).unwrap();
    assert_eq!((totals.revisions_received, totals.photos_received), (1, 0));
}
