//! The device's memory, as the courier needs it.

use std::sync::atomic::Ordering;

use bytes::Bytes;
use protocol::inbox::{HeldReceipt, InboxAnswer, InboxKind};
use protocol::receipt::ReceiptKind;
use protocol::{Envelope, PublicKey, Receipt, Timestamp, limits};
use serde_json::value::RawValue;
use store::{Identity, Originals, PackRow, StoreError};
use sync::{
    AboutItself, Account, Address, Item, ItemKey, Lane, Outbox, OutboxError, PackAnswer, Signed,
};

use crate::core::{Core, lock};
use crate::view::{Failure, Link};

impl Core {
    /// Remembers the failure for the window and gives the courier its prose.
    fn note<T>(&self, result: Result<T, impl Into<Failure>>) -> Result<T, OutboxError> {
        result.map_err(|cause| {
            let failure: Failure = cause.into();
            let prose = failure.to_string();
            *lock(&self.last_failure) = Some(failure);
            OutboxError::Other(prose)
        })
    }

    fn present(&self) -> Result<Identity, OutboxError> {
        let identity = self.note(self.identity())?;
        identity.ok_or_else(|| OutboxError::Other("not enrolled".to_owned()))
    }

    /// Lets originals go without being asked for, or only when asked for.
    pub(crate) fn set_link(&self, is_free: bool) -> Result<(), Failure> {
        self.is_link_free.store(is_free, Ordering::SeqCst);
        self.queue_originals()
    }

    /// What the present connection is taken to cost.
    pub(crate) fn link(&self) -> Link {
        if self.is_link_free.load(Ordering::SeqCst) {
            Link::Unmetered
        } else {
            Link::Metered
        }
    }

    /// Puts the originals of everything sealed into the outbox while the link
    /// costs nothing.
    pub(crate) fn queue_originals(&self) -> Result<(), Failure> {
        match (self.originals(), self.identity()?) {
            (Originals::All, Some(identity)) => Ok(self
                .store()
                .queue_originals(identity.id, limits::ORIGINAL_MAX_BYTES)?),
            _ => Ok(()),
        }
    }

    /// Which originals go over the present link.
    pub(crate) fn originals(&self) -> Originals {
        match self.link() {
            Link::Unmetered => Originals::All,
            Link::Metered => Originals::Asked,
        }
    }

    /// The file of a photo and its size in bytes. What an earlier enrolment
    /// left unsent is carried and is this phone's own all the same.
    fn photo_file(&self, key: &ItemKey) -> Result<Option<(String, u64)>, StoreError> {
        let store = self.store();
        if key.lane == Lane::CarriedPhoto
            && let Some(photo) = store.carried_photo(&key.id)?
        {
            return Ok(Some((photo.file, photo.size_bytes)));
        }
        if key.lane != Lane::Original
            && let Some(photo) = store.photo_by_copy(&key.id)?
        {
            return Ok(Some((photo.facts.copy_file, photo.facts.copy_bytes)));
        }
        let photo = store.photo_by_original(&key.id)?;
        Ok(photo.map(|photo| (photo.facts.original_file, photo.facts.original_bytes)))
    }
}

impl Outbox for Core {
    fn account(&self) -> Result<Option<Account>, OutboxError> {
        let identity = self.note(self.identity())?;
        let Some(enrolment) = identity.and_then(|identity| identity.enrolment) else {
            return Ok(None);
        };
        let server_key = PublicKey::from_base64(&enrolment.server_key)
            .ok_or_else(|| OutboxError::Other("the pinned key is damaged".to_owned()))?;
        let addresses = enrolment
            .endpoints
            .iter()
            .filter_map(|text| Address::parse(text, self.ports.cleartext).ok())
            .collect();
        Ok(Some(Account {
            device: enrolment.device,
            token: enrolment.token,
            server_key,
            addresses,
        }))
    }

    fn items(&self) -> Result<Vec<Item>, OutboxError> {
        let identity = self.present()?.id;
        let rows = self.note(self.store().outbox(identity, self.originals()))?;
        Ok(rows.into_iter().map(item).collect())
    }

    fn signed(&self, rev_id: &str) -> Result<Signed, OutboxError> {
        let signed = self.note(self.store().signed_revision(rev_id))?;
        let signed = signed.ok_or_else(|| OutboxError::Other("no such revision".to_owned()))?;
        Ok(Signed {
            device: signed.device,
            envelope: self.note(RawValue::from_string(signed.envelope))?,
        })
    }

    fn piece(&self, key: &ItemKey, offset: u64, max_bytes: u64) -> Result<Bytes, OutboxError> {
        let gone = |cause: &str| OutboxError::FileGone(cause.to_owned());
        let found = self.note(self.photo_file(key))?;
        let (file, size_bytes) = found.ok_or_else(|| gone("no such photo"))?;
        let wanted_bytes = max_bytes.min(size_bytes.saturating_sub(offset));
        let bytes = self
            .ports
            .disk
            .read(&self.path(&file), offset, wanted_bytes)
            .map_err(|cause| gone(&cause.to_string()))?;
        if u64::try_from(bytes.len()).ok() != Some(wanted_bytes) {
            return Err(gone("shorter than it was"));
        }
        Ok(bytes.into())
    }

    fn receive(&self, receipt: &Receipt, envelope: &Envelope) -> Result<(), OutboxError> {
        let identity = self.present()?.id;
        let received = self.store().receive(identity, receipt, envelope);
        self.note(received)?;
        if receipt.kind == ReceiptKind::Photo {
            self.release_carried();
        }
        Ok(())
    }

    fn note_sent_bytes(&self, key: &ItemKey, sent_bytes: u64) -> Result<(), OutboxError> {
        let identity = self.present()?.id;
        let noted = self
            .store()
            .note_sent_bytes(identity, lane(key), &key.id, sent_bytes);
        self.note(noted)
    }

    fn note_restart(&self, key: &ItemKey) -> Result<(), OutboxError> {
        let identity = self.present()?.id;
        let noted = self.store().note_restart(identity, lane(key), &key.id);
        self.note(noted)
    }

    fn note_failure(&self, key: &ItemKey, next_try_at: Timestamp) -> Result<(), OutboxError> {
        let identity = self.present()?.id;
        let noted = self
            .store()
            .note_failure(identity, lane(key), &key.id, next_try_at);
        self.note(noted)
    }

    fn note_refusal(
        &self,
        key: &ItemKey,
        code: &str,
        next_try_at: Option<Timestamp>,
    ) -> Result<(), OutboxError> {
        let identity = self.present()?.id;
        let noted = self
            .store()
            .note_refusal(identity, lane(key), &key.id, code, next_try_at);
        self.note(noted)
    }

    fn announce_again(&self, key: &ItemKey) -> Result<(), OutboxError> {
        let identity = self.present()?.id;
        let announced = self.store().announce_again(identity, &key.id);
        self.note(announced)
    }

    fn held(&self, most: usize) -> Result<Vec<HeldReceipt>, OutboxError> {
        let identity = self.present()?.id;
        let held = self.store().held_receipts(identity, most);
        self.note(held)
    }

    fn note_held(&self, held: &[HeldReceipt]) -> Result<bool, OutboxError> {
        let identity = self.present()?.id;
        let noted = self.store().note_held(identity, held);
        self.note(noted)
    }

    fn disown(&self, held: &[HeldReceipt]) -> Result<bool, OutboxError> {
        let identity = self.present()?.id;
        let now = self.now();
        let disowned = self.store().disown(identity, held, now);
        self.note(disowned)
    }

    fn about_itself(&self) -> Result<AboutItself, OutboxError> {
        let drafts = self.note(self.begun())?;
        let read = self.note(self.store().newest_read_message())?;
        Ok(AboutItself { drafts, read })
    }

    fn inbox_cursor(&self) -> Result<Option<String>, OutboxError> {
        let cursor = self.store().inbox_cursor();
        self.note(cursor)
    }

    fn take_inbox(&self, after: Option<&str>, answer: &InboxAnswer) -> Result<bool, OutboxError> {
        let identity = self.present()?.id;
        let mut store = self.store();
        let is_taken = self.note(store.take_inbox(after, answer))?;
        if !is_taken {
            return Ok(false);
        }
        for item in &answer.items {
            match (item.kind, &item.photo) {
                (InboxKind::PackChanged, _) => self.note(store.put_pack_wanted(true))?,
                (InboxKind::OriginalWanted, Some(hash)) => {
                    if let Some(photo) = self.note(store.photo_by_copy(hash))? {
                        self.note(store.queue_original(identity, photo.id))?;
                    }
                }
                (
                    InboxKind::OriginalWanted
                    | InboxKind::Verified
                    | InboxKind::Returned
                    | InboxKind::Conflict
                    | InboxKind::Message
                    | InboxKind::Revoked,
                    _,
                ) => {}
            }
        }
        Ok(true)
    }

    fn is_pack_wanted(&self) -> Result<bool, OutboxError> {
        let is_wanted = self.store().is_pack_wanted();
        self.note(is_wanted)
    }

    fn pack_etag(&self) -> Result<Option<String>, OutboxError> {
        let row = self.note(self.store().pack())?;
        Ok(row.and_then(|row| row.etag))
    }

    fn take_pack(&self, answer: &PackAnswer) -> Result<(), OutboxError> {
        let taken_at = self.now();
        let mut store = self.store();
        if let PackAnswer::New { pack, etag } = answer {
            let row = PackRow {
                pack: pack.as_ref().clone(),
                etag: etag.clone(),
                taken_at,
            };
            self.note(store.put_pack(&row))?;
        }
        let noted = store.put_pack_wanted(false);
        self.note(noted)
    }

    fn note_contact(&self, at: Timestamp, clock_skew_ms: Option<i64>) -> Result<(), OutboxError> {
        let noted = self.store().put_contact(at.unix_ms(), clock_skew_ms);
        self.note(noted)
    }
}

fn item(row: store::OutboxItem) -> Item {
    let lane = match row.lane {
        store::Lane::Revision => Lane::Revision,
        store::Lane::CarriedRevision => Lane::CarriedRevision,
        store::Lane::Copy => Lane::Copy,
        store::Lane::CarriedPhoto => Lane::CarriedPhoto,
        store::Lane::Original => Lane::Original,
    };
    Item {
        key: ItemKey { lane, id: row.item },
        size_bytes: row.size_bytes,
        sent_bytes: row.sent_bytes,
        attempts: row.attempts,
        restarts: row.restarts,
        next_try_at: row.next_try_at,
        is_final: row.is_final,
        is_of_head: row.is_of_head,
        form: row.form,
        position: row.position,
        queued: row.queued,
    }
}

fn lane(key: &ItemKey) -> store::Lane {
    match key.lane {
        Lane::Revision => store::Lane::Revision,
        Lane::CarriedRevision => store::Lane::CarriedRevision,
        Lane::CarriedPhoto => store::Lane::CarriedPhoto,
        Lane::Copy => store::Lane::Copy,
        Lane::Original => store::Lane::Original,
    }
}
