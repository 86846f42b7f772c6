//! What the database promises, asked of the database itself.
#![expect(
    clippy::unwrap_used,
    reason = "test code outside of test functions; a failure here is a failed test"
)]

use std::path::PathBuf;

use protocol::inbox::{InboxAnswer, InboxItem, InboxKind};
use protocol::pack::Pack;
use protocol::receipt::{Receipt, ReceiptKind};
use protocol::revision::{PhotoKind, PhotoSource};
use protocol::{Envelope, SecretKey, SlotId, Timestamp};
use store::{
    Draft, DraftPhoto, Enrolment, Lane, NewPhoto, NewRevision, Originals, PackRow, PendingPhoto,
    Store,
};
use tempfile::TempDir;

const NOW_MS: i64 = 1_732_692_600_000;

fn now() -> Timestamp {
    Timestamp::from_unix_ms(NOW_MS)
}

fn slot() -> SlotId {
    "kaltim-2024/6472011001001/gub".parse().unwrap()
}

struct Phone {
    dir: TempDir,
    store: Store,
    identity: i64,
}

impl Phone {
    fn path(&self) -> PathBuf {
        self.dir.path().join("saksi.db")
    }

    /// A phone that is enrolled, with one photo in a draft.
    fn with_photo() -> (Self, DraftPhoto) {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(&dir.path().join("saksi.db")).unwrap();
        let identity = store.enrolling_identity(&[1; 32], now()).unwrap().id;
        let enrolment = Enrolment {
            device: "dev-1".to_owned(),
            token: "token".to_owned(),
            server_key_id: "server-1".to_owned(),
            server_key: SecretKey::from_seed(&[2; 32]).public().to_string(),
            address: "https://saksi.example".to_owned(),
            endpoints: vec!["https://saksi.example".to_owned()],
            enrolled_at: now(),
        };
        store
            .finish_enrolment(identity, &enrolment, &pack())
            .unwrap();
        let pending = store.expect_photo(&pending()).unwrap();
        let photo = store.take_photo(pending, &photo(), now()).unwrap();
        let place = DraftPhoto {
            photo,
            kind: PhotoKind::Form,
            page: Some(1),
        };
        (
            Self {
                dir,
                store,
                identity,
            },
            place,
        )
    }

    fn revision(&self, rev_id: &str, photos: Vec<DraftPhoto>) -> NewRevision {
        let (seq, prev) = self.store.next_seq(self.identity, &slot()).unwrap();
        NewRevision {
            rev_id: rev_id.to_owned(),
            identity: self.identity,
            slot: slot(),
            seq,
            prev,
            envelope: "{}".to_owned(),
            draft: Draft {
                photos,
                ..Draft::default()
            },
            sealed_at: now(),
        }
    }

    fn waiting(&self) -> Vec<(Lane, String)> {
        let items = self.store.outbox(self.identity, Originals::Asked).unwrap();
        items.into_iter().map(|own| (own.lane, own.item)).collect()
    }
}

fn pack() -> PackRow {
    let pack: Pack = serde_json::from_value(serde_json::json!({
        "version": 1, "min_app": "0.1.0",
        "election": {"id": "kaltim-2024", "name": "contoh", "date": "2024-11-27",
            "timezone": "Asia/Makassar", "rehearsal": true,
            "opens_at": "2024-11-26T00:00:00.000Z", "closes_at": "2024-12-27T00:00:00.000Z"},
        "contests": [], "forms": [], "witness": {"name": "Saksi contoh", "role": "inside"},
        "assignments": [],
    }))
    .unwrap();
    PackRow {
        pack,
        etag: None,
        taken_at: now(),
    }
}

fn pending() -> PendingPhoto {
    PendingPhoto {
        id: 0,
        slot: slot(),
        kind: PhotoKind::Form,
        page: Some(1),
        replaces: None,
        created_at: now(),
        failed: None,
    }
}

fn photo() -> NewPhoto {
    NewPhoto {
        source: PhotoSource::Camera,
        original_file: "originals/1".to_owned(),
        original_sha256: "0".repeat(64),
        original_bytes: 3_000_000,
        original_is_jpeg: true,
        copy_file: "copies/1".to_owned(),
        copy_sha256: "c".repeat(64),
        copy_bytes: 200_000,
        width: 1_500,
        height: 2_000,
        warnings: vec!["dark".to_owned()],
        taken_at: None,
    }
}

fn receipt(kind: ReceiptKind, id: &str) -> (Receipt, Envelope) {
    let receipt = Receipt {
        v: 1,
        kind,
        id: id.to_owned(),
        device: "dev-1".to_owned(),
        log_index: 9,
        received_at: now(),
    };
    let envelope = receipt
        .seal("server-1", &SecretKey::from_seed(&[2; 32]))
        .unwrap();
    (receipt, envelope)
}

#[test]
fn no_statement_can_change_or_remove_a_sealed_revision() {
    let (mut phone, _) = Phone::with_photo();
    phone.store.seal(&phone.revision("r1", Vec::new())).unwrap();
    let raw = rusqlite::Connection::open(phone.path()).unwrap();
    for sql in [
        "UPDATE revisions SET envelope = '{\"votes.1\": 999}'",
        "UPDATE revisions SET seq = 7",
        "DELETE FROM revisions",
    ] {
        assert!(raw.execute(sql, []).is_err(), "{sql}");
    }
    let kept = phone.store.newest_revision(&slot()).unwrap().unwrap();
    assert_eq!(kept.revision.envelope, "{}");
}

#[test]
fn a_revision_and_its_outbox_rows_are_there_together_or_not_at_all() {
    let (mut phone, place) = Phone::with_photo();
    let unknown = DraftPhoto {
        photo: 999,
        ..place
    };
    assert!(
        phone
            .store
            .seal(&phone.revision("r1", vec![place, unknown]))
            .is_err()
    );
    assert!(phone.store.newest_revision(&slot()).unwrap().is_none());
    assert_eq!(phone.waiting(), []);

    phone
        .store
        .seal(&phone.revision("r1", vec![place]))
        .unwrap();
    let copy = (Lane::Copy, photo().copy_sha256);
    assert_eq!(
        phone.waiting(),
        [(Lane::Revision, "r1".to_owned()), copy.clone()]
    );
    assert_eq!(
        phone.store.next_seq(phone.identity, &slot()).unwrap(),
        (2, Some("r1".to_owned()))
    );
    // The next one names the same photo, which waits once.
    phone
        .store
        .seal(&phone.revision("r2", vec![place]))
        .unwrap();
    assert_eq!(
        phone.waiting().iter().filter(|own| **own == copy).count(),
        1
    );
    let remaining = phone.store.remaining().unwrap();
    assert_eq!((remaining.revisions, remaining.photos), (2, 1));
}

#[test]
fn a_receipt_settles_exactly_what_it_is_for() {
    let (mut phone, place) = Phone::with_photo();
    phone
        .store
        .seal(&phone.revision("r1", vec![place]))
        .unwrap();
    // A photo whose hash were a revision's id is still another thing.
    let (other, envelope) = receipt(ReceiptKind::Photo, "r1");
    phone
        .store
        .receive(phone.identity, &other, &envelope)
        .unwrap();
    assert_eq!(phone.waiting().len(), 2);
    let (own, envelope) = receipt(ReceiptKind::Revision, "r1");
    phone
        .store
        .receive(phone.identity, &own, &envelope)
        .unwrap();
    phone
        .store
        .receive(phone.identity, &own, &envelope)
        .unwrap();
    assert_eq!(phone.waiting(), [(Lane::Copy, photo().copy_sha256)]);
    let row = phone.store.newest_revision(&slot()).unwrap().unwrap();
    assert_eq!(row.receipt.unwrap().log_index, 9);
    // A received photo does not wait again with the next revision.
    let (own, envelope) = receipt(ReceiptKind::Photo, &photo().copy_sha256);
    phone
        .store
        .receive(phone.identity, &own, &envelope)
        .unwrap();
    phone
        .store
        .seal(&phone.revision("r2", vec![place]))
        .unwrap();
    assert_eq!(phone.waiting(), [(Lane::Revision, "r2".to_owned())]);
}

#[test]
fn waiting_times_end_with_the_network_and_refusals_with_a_tap() {
    let (mut phone, place) = Phone::with_photo();
    phone
        .store
        .seal(&phone.revision("r1", vec![place]))
        .unwrap();
    let hash = photo().copy_sha256;
    let later = Timestamp::from_unix_ms(NOW_MS + 60_000);
    phone
        .store
        .note_failure(phone.identity, Lane::Copy, &hash, later)
        .unwrap();
    phone
        .store
        .note_refusal(
            phone.identity,
            Lane::Revision,
            "r1",
            "payload_invalid",
            None,
        )
        .unwrap();
    let state = |phone: &Phone| -> Vec<(bool, bool)> {
        let items = phone
            .store
            .outbox(phone.identity, Originals::Asked)
            .unwrap();
        items
            .iter()
            .map(|own| (own.is_final, own.next_try_at.is_some()))
            .collect()
    };
    assert_eq!(state(&phone), [(true, false), (false, true)]);
    phone.store.reset_back_off(false).unwrap();
    assert_eq!(state(&phone), [(true, false), (false, false)]);
    phone.store.reset_back_off(true).unwrap();
    assert_eq!(state(&phone), [(false, false), (false, false)]);
    let row = phone.store.newest_revision(&slot()).unwrap().unwrap();
    assert_eq!(
        row.refused.as_deref(),
        Some("payload_invalid"),
        "shown until it is let in"
    );
}

#[test]
fn news_that_was_asked_for_twice_is_taken_in_once() {
    let (mut phone, _) = Phone::with_photo();
    let answer = InboxAnswer {
        cursor: "1".to_owned(),
        items: vec![InboxItem {
            kind: InboxKind::Message,
            slot: None,
            text: "Selamat bertugas".to_owned(),
            at: now(),
            photo: None,
            message: None,
            from: None,
        }],
        held: None,
        photos_not_before: None,
    };
    assert!(phone.store.take_inbox(None, &answer).unwrap());
    assert!(!phone.store.take_inbox(None, &answer).unwrap());
    assert!(
        phone
            .store
            .take_inbox(
                Some("1"),
                &InboxAnswer {
                    items: Vec::new(),
                    ..answer
                }
            )
            .unwrap()
    );
    assert_eq!(phone.store.inbox(10).unwrap().len(), 1);
}

#[test]
fn a_key_that_was_not_answered_for_is_used_again_and_one_that_was_is_not() {
    let (mut phone, _) = Phone::with_photo();
    let begun = phone.store.enrolling_identity(&[3; 32], now()).unwrap();
    let again = phone.store.enrolling_identity(&[4; 32], now()).unwrap();
    assert_eq!(
        (begun.id, begun.key.public()),
        (again.id, again.key.public())
    );
    assert_ne!(begun.id, phone.identity);
    assert_eq!(phone.store.identity().unwrap().unwrap().id, phone.identity);
}
