//! The machine part of a dossier: which files it has, and what is in them.

use domain::{Channel, Contest, Counts, SlotState};
use protocol::console::Decision;
use protocol::irregularity::IrregularityItem;
use protocol::paper::PaperStep;
use protocol::queue::Reading;
use protocol::{SlotId, Timestamp};
use serde::{Deserialize, Serialize};

/// Version of the files.
pub const VERSION: u32 = 1;
/// Names each file of the machine part, with its hash.
pub const MANIFEST: &str = "manifest.json";
/// The endpoint's word for manifest and pages.
pub const SEAL: &str = "seal.json";
/// The pages.
pub const PAGES: &str = "dossier.html";
/// How to read and check it, for people.
pub const README: &str = "BACA-SAYA.txt";
/// The devices whose statements are in it.
pub const DEVICES: &str = "devices.json";
/// The part of the log.
pub const LOG: &str = "log.jsonl";
/// Type of the seal's payload.
pub const SEAL_TYPE: &str = "application/vnd.saksi.dossier.v1+json";

/// Blocks that a hash is written in on paper.
pub const BLOCKS: usize = 16;
/// Symbols in a block.
pub const BLOCK_SYMBOLS: usize = 4;

/// What the manifest says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version, 1.
    pub saksi_dossier: u32,
    /// Id of the election.
    pub election: String,
    /// Its name.
    pub election_name: String,
    /// What the first page is headed with.
    pub title: String,
    /// By the endpoint's clock.
    pub made_at: Timestamp,
    /// The user who made it.
    pub made_by: String,
    /// The endpoint's public key, in base64.
    pub key: String,
    /// Its id.
    pub key_id: String,
    /// The log's entry up to which the proof goes.
    pub log_index: i64,
    /// Its hash.
    pub log_hash: String,
    /// The slots, in the order of the pages.
    pub slots: Vec<SlotId>,
    /// Every other file of the machine part.
    pub files: Vec<FileFact>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileFact {
    /// Its name.
    pub name: String,
    /// Its size.
    pub size_bytes: u64,
    /// Hash of its bytes.
    pub sha256: String,
}

/// What the endpoint signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Version, 1.
    pub v: u32,
    /// Hash of the manifest's bytes: the machine part's.
    pub machine: String,
    /// Hash of the pages' bytes.
    pub pages: String,
    /// The log's entry that says that it was made.
    pub log_index: i64,
}

/// A device, without the name of its witness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceFact {
    /// Id of the device.
    pub device: String,
    /// Id of the witness.
    pub witness: String,
    /// The key that it signs with, in base64.
    pub public_key: String,
    /// The log's entry of its enrolment.
    pub log_index: Option<i64>,
}

/// One slot, in `slots/{tps}-{contest}.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotFile {
    /// The slot.
    pub slot: SlotId,
    /// Regency, district, village.
    pub place: Vec<String>,
    /// TPS number.
    pub number: String,
    /// The contest with its options.
    pub contest: Contest,
    /// Ids of the figures that an SMS carries, in order.
    pub sms_counts: Vec<String>,
    /// Where it stands.
    pub state: SlotState,
    /// The figures that stand.
    pub figures: Counts,
    /// Every revision, in the order they came.
    pub revisions: Vec<RevisionFact>,
    /// Every ruling.
    pub decisions: Vec<DecisionFact>,
    /// Every reading.
    pub readings: Vec<ReadingFact>,
    /// Every step of its paper.
    #[serde(default)]
    pub paper: Vec<PaperFact>,
    /// Photos that revisions name and that go with it.
    pub photos: Vec<PhotoFact>,
    /// What the endpoint's analysis finds irregular, and what was ruled on it:
    /// the endpoint's word, by its seal.
    pub irregularities: Vec<IrregularityItem>,
}

/// A revision; what it says stands in its envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevisionFact {
    /// Its id.
    pub rev_id: String,
    /// The device.
    pub device: String,
    /// By which way it came.
    pub channel: Channel,
    /// By the endpoint's clock.
    pub received_at: Timestamp,
    /// Its entry of the log.
    pub log_index: i64,
}

/// A ruling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionFact {
    /// The ruling.
    pub decision: Decision,
    /// Its entry of the log.
    pub log_index: i64,
}

/// A reading by somebody of the counting room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingFact {
    /// The reading.
    pub reading: Reading,
    /// Its entry of the log.
    pub log_index: i64,
}

/// A step of the paper's way, as somebody of the counting room noted it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperFact {
    /// The step.
    pub step: PaperStep,
    /// Its entry of the log.
    pub log_index: i64,
}

/// A photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhotoFact {
    /// Its hash.
    pub sha256: String,
    /// Whether it is an untouched original; otherwise a reading copy.
    pub is_original: bool,
    /// When it was complete here, by the endpoint's clock.
    pub received_at: Timestamp,
    /// Devices that have a receipt for it.
    pub receipts: Vec<PhotoReceiptFact>,
}

/// A receipt for a photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhotoReceiptFact {
    /// The device that it was given to.
    pub device: String,
    /// The log's entry that it names.
    pub log_index: i64,
}

/// Name of a slot's file.
#[must_use]
pub fn slot_name(slot: &SlotId) -> String {
    format!("slots/{}-{}.json", slot.tps, slot.contest)
}

/// Name of a revision's file: its envelope, or the text of its SMS.
#[must_use]
pub fn statement_name(channel: Channel, rev_id: &str) -> String {
    match channel {
        Channel::App => format!("envelopes/{rev_id}.json"),
        Channel::Sms => format!("envelopes/{rev_id}.txt"),
    }
}

/// Name of a revision's receipt.
#[must_use]
pub fn receipt_name(rev_id: &str) -> String {
    format!("receipts/{rev_id}.json")
}

/// Name of a photo.
#[must_use]
pub fn photo_name(sha256: &str) -> String {
    format!("photos/{sha256}.jpg")
}

/// Name of a photo's receipt.
#[must_use]
pub fn photo_receipt_name(sha256: &str, device: &str) -> String {
    format!("receipts/photo-{sha256}-{device}.json")
}

/// A hash in blocks of four symbols.
pub fn blocks(hash: &str) -> impl Iterator<Item = &str> {
    (0..BLOCKS).filter_map(move |at| {
        let from = at.checked_mul(BLOCK_SYMBOLS)?;
        hash.get(from..from.checked_add(BLOCK_SYMBOLS)?)
    })
}
