//! What the courier needs of the device's memory.

use bytes::Bytes;
use protocol::inbox::{HeldReceipt, InboxAnswer};
use protocol::pack::Pack;
use protocol::{Envelope, PublicKey, Receipt, Timestamp};
use serde_json::value::RawValue;

use crate::address::Address;

/// The kinds of things that are sent, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// The envelope of a revision that this enrolment sealed.
    Revision,
    /// The envelope of a revision that another device, or an earlier enrolment
    /// of this one, sealed.
    CarriedRevision,
    /// A photo's reading copy.
    Copy,
    /// A photo of a carried revision.
    CarriedPhoto,
    /// A photo's original.
    Original,
}

impl Lane {
    /// Whether it is a photo that goes in pieces.
    #[must_use]
    pub fn is_photo(self) -> bool {
        matches!(self, Self::Copy | Self::CarriedPhoto | Self::Original)
    }
}

/// Names one thing to send.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemKey {
    /// Its kind.
    pub lane: Lane,
    /// Its `rev_id`, or the hash of its bytes.
    pub id: String,
}

/// One thing to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its name.
    pub key: ItemKey,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Bytes that the endpoint said it holds.
    pub sent_bytes: u64,
    /// Failures since the last success.
    pub attempts: u32,
    /// Times that all bytes arrived and were wrong.
    pub restarts: u32,
    /// Not before, by the device's clock.
    pub next_try_at: Option<Timestamp>,
    /// Whether a refusal stands until the witness asks again.
    pub is_final: bool,
    /// Whether it belongs to the newest revision of its slot.
    pub is_of_head: bool,
    /// The newest form that it belongs to: a larger number was sealed later.
    pub form: i64,
    /// Place in its form.
    pub position: u32,
    /// Order of queueing.
    pub queued: i64,
}

/// A revision as it is sent.
#[derive(Debug, Clone)]
pub struct Signed {
    /// Id of the device that signed it: its receipt names that device, whoever
    /// brings it.
    pub device: String,
    /// Its envelope, byte for byte.
    pub envelope: Box<RawValue>,
}

/// Who is sending, and to whom.
#[derive(Debug, Clone)]
pub struct Account {
    /// Id of the device.
    pub device: String,
    /// Its token.
    pub token: String,
    /// The pinned key.
    pub server_key: PublicKey,
    /// Addresses, tried in turn.
    pub addresses: Vec<Address>,
}

/// What came back to the question for the pack.
#[derive(Debug, Clone, PartialEq)]
pub enum PackAnswer {
    /// The one that is here is the newest.
    Unchanged,
    /// A newer one.
    New {
        /// The pack.
        pack: Box<Pack>,
        /// The endpoint's mark of it.
        etag: Option<String>,
    },
}

/// Why the device's memory failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboxError {
    /// The file of a photo is gone, or not as it was.
    #[error("the file is gone or changed: {0}")]
    FileGone(String),
    /// Anything else; prose for the log.
    #[error("{0}")]
    Other(String),
}

/// What a device says of itself while it asks for news, so that the counting
/// room knows whom to call. Nothing personal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AboutItself {
    /// Forms that are begun and not sealed.
    pub drafts: u32,
    /// Id of the newest message of the counting room that was read.
    pub read: Option<String>,
}

/// What the courier needs of the device's memory. Methods may take as long as
/// a disk does: the courier calls them off the runtime's threads.
pub trait Outbox: Send + Sync + 'static {
    /// Who is sending; `None` until enrolled.
    ///
    /// # Errors
    /// [`OutboxError`], as with all methods below.
    fn account(&self) -> Result<Option<Account>, OutboxError>;
    /// Everything that is to be sent.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn items(&self) -> Result<Vec<Item>, OutboxError>;
    /// A revision, own or carried.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn signed(&self, rev_id: &str) -> Result<Signed, OutboxError>;
    /// At most `max_bytes` of a photo's bytes, from `offset` on.
    ///
    /// # Errors
    /// [`OutboxError::FileGone`].
    fn piece(&self, key: &ItemKey, offset: u64, max_bytes: u64) -> Result<Bytes, OutboxError>;

    /// Keeps a verified receipt; the thing is received from then on.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn receive(&self, receipt: &Receipt, envelope: &Envelope) -> Result<(), OutboxError>;
    /// Notes how many bytes of a photo the endpoint holds.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn note_sent_bytes(&self, key: &ItemKey, sent_bytes: u64) -> Result<(), OutboxError>;
    /// Notes that all bytes arrived and were wrong: from 0 again.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn note_restart(&self, key: &ItemKey) -> Result<(), OutboxError>;
    /// Notes a failure that may pass.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn note_failure(&self, key: &ItemKey, next_try_at: Timestamp) -> Result<(), OutboxError>;
    /// Notes a refusal, for the witness to see; without `next_try_at` it
    /// stands until the witness asks again.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn note_refusal(
        &self,
        key: &ItemKey,
        code: &str,
        next_try_at: Option<Timestamp>,
    ) -> Result<(), OutboxError>;
    /// The endpoint does not know that this device carries the revision that
    /// names a carried photo: the revision is to be brought again.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn announce_again(&self, key: &ItemKey) -> Result<(), OutboxError>;

    /// Up to `most` receipts that the endpoint may be asked to confirm: the
    /// highest of those that it confirmed, if any, and those that came since,
    /// oldest first.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn held(&self, most: usize) -> Result<Vec<HeldReceipt>, OutboxError>;
    /// The endpoint still has all of these receipts. Whether newer ones are
    /// still to be confirmed.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn note_held(&self, held: &[HeldReceipt]) -> Result<bool, OutboxError>;
    /// The endpoint no longer has all of these receipts: it was restored from a
    /// backup. None of its receipts is relied on any more, and everything is to
    /// be sent again. Whether that was news.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn disown(&self, held: &[HeldReceipt]) -> Result<bool, OutboxError>;

    /// What this device says of itself while it asks for news.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn about_itself(&self) -> Result<AboutItself, OutboxError>;
    /// Where to go on reading the inbox.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn inbox_cursor(&self) -> Result<Option<String>, OutboxError>;
    /// Takes in news asked for with the cursor `after`; whether any was new.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn take_inbox(&self, after: Option<&str>, answer: &InboxAnswer) -> Result<bool, OutboxError>;
    /// Whether the pack should be asked for.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn is_pack_wanted(&self) -> Result<bool, OutboxError>;
    /// The endpoint's mark of the pack that is here.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn pack_etag(&self) -> Result<Option<String>, OutboxError>;
    /// Takes in the answer to the question for the pack.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn take_pack(&self, answer: &PackAnswer) -> Result<(), OutboxError>;
    /// Notes that the endpoint answered, and how far this device's clock is
    /// ahead of its, in milliseconds, if it said.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn note_contact(&self, at: Timestamp, clock_skew_ms: Option<i64>) -> Result<(), OutboxError>;
}
