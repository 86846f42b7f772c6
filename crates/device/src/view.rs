//! What the window shows, as data.
//!
//! Every screen of the witness app is drawn from one of these; the TypeScript
//! types come from here. Sentences are the window's: a view carries codes and
//! figures, never words of its own, except words that stand on the paper.

mod around;
mod photo;
mod refused;

use std::collections::BTreeMap;

use domain::{Contest, Counts, Finding, FormLayout};
use protocol::{SlotId, Timestamp};
use serde::{Deserialize, Serialize};

pub use around::{
    Around, CarriedCounts, CarriedView, ExportWhat, Exported, ImportProblem, Imported, Link,
    SmsView,
};
pub use photo::{
    BubbleQuestion, PageFinding, PhotoLook, PhotoProblem, PhotoTrouble, PhotoView, PicturePlace,
};
pub(crate) use refused::code_of as refused_code;
pub use refused::{RefusedItem, WayOut};

/// The whole state of the app that does not belong to one form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct Home {
    /// `None` until enrolled.
    pub enrolled: Option<Enrolled>,
    /// The posts of this witness.
    pub posts: Vec<Post>,
    /// What lies only here, and how delivery stands.
    pub delivery: DeliveryView,
    /// What the endpoint will not have, and what can be done about each.
    pub refused: Vec<RefusedItem>,
    /// What this phone carries for others, apart from its own.
    pub carried: CarriedCounts,
    /// News from the counting room, newest first.
    pub inbox: Vec<InboxEntry>,
    /// Language of the screens.
    pub language: Language,
    /// A slot and place in it that was open when the app last ended.
    pub last_place: Option<Place>,
    /// How far this device's clock is ahead of the endpoint's (negative:
    /// behind), in seconds; only when that is more than ten minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub clock_skew_seconds: Option<i64>,
}

/// Who this device belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct Enrolled {
    /// Name of the witness.
    pub witness: String,
    /// Name of the election.
    pub election: String,
    /// Polling day, `YYYY-MM-DD`.
    pub date: String,
    /// Whether this is an exercise.
    pub rehearsal: bool,
    /// Address of the endpoint.
    pub endpoint: String,
    /// IANA time zone of the election.
    pub timezone: String,
}

/// One polling station that the witness is posted to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct Post {
    /// Code of the polling station.
    pub tps: String,
    /// Number as on the form.
    pub number: String,
    /// Province, regency, district, village.
    pub place: Vec<String>,
    /// Its contests.
    pub slots: Vec<SlotCard>,
}

/// One contest at one post, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct SlotCard {
    /// The slot.
    pub slot: SlotId,
    /// Title of the contest.
    pub title: String,
    /// The form's name, and what people call it.
    pub form: String,
    /// Where it stands.
    pub standing: Standing,
    /// Whether the witness is still posted here for this contest. What was
    /// recorded before stays, and is sent, when not.
    pub is_assigned: bool,
    /// Whether there are keyed figures or photos not yet sealed.
    pub has_draft: bool,
    /// Number of sealed revisions.
    pub revisions: u32,
    /// Whether the figures of the newest sealed revision have a receipt,
    /// whatever the counting room made of them since.
    pub figures_received: bool,
    /// How far the photos of the newest sealed revision have come, in every
    /// standing; zeros when nothing is sealed.
    pub photos: PhotoProgress,
}

/// Where a slot stands, as the witness should see it.
///
/// There is no "sending": every standing is true after a power cut too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Standing {
    /// Nothing was keyed or photographed.
    NotStarted,
    /// Keyed or photographed, not sealed.
    Draft,
    /// Sealed; nothing of it has a receipt.
    SavedHere,
    /// The figures have a receipt; photos: see the numbers.
    FiguresReceived {
        /// Photos.
        photos: PhotoProgress,
    },
    /// Figures and all photos have receipts.
    AllReceived {
        /// Photos.
        photos: PhotoProgress,
    },
    /// The counting room ruled on it.
    Verified {
        /// By the endpoint's clock.
        at: Timestamp,
    },
    /// The counting room sent it back.
    Returned {
        /// In the coordinator's words.
        reason: String,
        /// By the endpoint's clock.
        at: Timestamp,
    },
    /// Another witness's figures differ.
    InConflict,
    /// The endpoint refused it; it stays here.
    Refused {
        /// The problem's code on the wire.
        code: String,
    },
}

/// How far the photos of a revision have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct PhotoProgress {
    /// Photos with a receipt.
    pub received: u32,
    /// Photos of the revision.
    pub total: u32,
    /// Bytes that the endpoint holds, part uploads included.
    pub received_bytes: u64,
    /// Bytes of all of them.
    pub total_bytes: u64,
}

/// How delivery stands, over all slots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct DeliveryView {
    /// Sealed revisions without a receipt.
    pub revisions_only_here: u32,
    /// Photos without a receipt.
    pub photos_only_here: u32,
    /// Bytes without a receipt.
    pub bytes_only_here: u64,
    /// Whether a delivery is running at this moment.
    pub is_running: bool,
    /// What went wrong at the last try, if anything; see [`TroubleCode`].
    pub trouble: Option<TroubleCode>,
    /// When it will be tried again by itself.
    pub next_try_at: Option<Timestamp>,
    /// When the endpoint last signed or answered for anything.
    pub last_contact_at: Option<Timestamp>,
    /// Until when photos wait because the endpoint asked for it; a tap sends
    /// them at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub photos_wait_until: Option<Timestamp>,
    /// What the present connection is taken to cost.
    pub link: Link,
    /// Whether the endpoint was restored from a backup and has yet to get again
    /// what it had signed for.
    pub is_sent_again: bool,
}

/// Everything that can go wrong between this device and the endpoint, each
/// with its own sentence in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum TroubleCode {
    /// No connection at all.
    NoConnection,
    /// Connected, but nothing answered in time.
    NoAnswer,
    /// Something answered that is not the endpoint, such as a log-in page.
    CaptivePortal,
    /// It answers, but with another key than the pinned one.
    WrongServer,
    /// The address is not one.
    BadAddress,
    /// The certificate is not valid at this device's time: the clock is off.
    WrongClock,
    /// The secure connection could not be made.
    InsecureConnection,
    /// The endpoint asks to come back later.
    Busy,
    /// The endpoint has a fault.
    ServerFault,
    /// This device was revoked.
    DeviceRevoked,
    /// The endpoint does not know this device's token.
    TokenUnknown,
    /// The code is mistyped (its check symbol does not fit).
    CodeMistyped,
    /// The endpoint does not know the code.
    EnrolCodeUnknown,
    /// The code was used by another device.
    EnrolCodeUsed,
    /// The code has expired.
    EnrolCodeExpired,
    /// Too many wrong tries.
    EnrolThrottled,
    /// This app is too old for the endpoint.
    AppTooOld,
    /// The endpoint refused what this app sent.
    Refused,
}

/// One line of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct InboxEntry {
    /// Number on this device; grows.
    pub id: i64,
    /// The news.
    #[serde(flatten)]
    pub item: protocol::inbox::InboxItem,
    /// Whether the witness has seen it.
    pub is_read: bool,
}

/// Language of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Language {
    /// Indonesian.
    #[default]
    Id,
    /// English.
    En,
}

/// Where in a form the witness was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct Place {
    /// The slot.
    pub slot: SlotId,
    /// The step of the form, as the window names it (`photos`, `page-2`, `review` …).
    pub step: String,
}

/// One form being filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct FormView {
    /// Its slot.
    pub slot: SlotId,
    /// TPS number assigned.
    pub number: String,
    /// Province, regency, district, village.
    pub place: Vec<String>,
    /// The contest with its options.
    pub contest: Contest,
    /// The form's layout.
    pub layout: FormLayout,
    /// The draft.
    pub draft: DraftView,
    /// Where the slot stands.
    pub standing: Standing,
}

/// What is keyed and photographed so far, and what follows from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct DraftView {
    /// Exactly what stands in each box, by count id; digits only.
    pub figures: BTreeMap<String, String>,
    /// Each figure in Indonesian words, as on the paper.
    pub words: BTreeMap<String, String>,
    /// The TPS number as read from the form's head.
    pub form_tps: String,
    /// What does not add up.
    pub findings: Vec<Finding>,
    /// The witness's answer to a finding, by its code.
    pub answers: BTreeMap<String, String>,
    /// Free note.
    pub note: String,
    /// Flags such as `objection`, `copy_refused`, `recount`.
    pub flags: Vec<String>,
    /// Photos in order.
    pub photos: Vec<PhotoView>,
    /// What is wrong with the pages that they show.
    pub page_findings: Vec<PageFinding>,
    /// Figures for which the bubbles on a photo say something else.
    pub bubble_questions: Vec<BubbleQuestion>,
    /// Running sum of the options' votes keyed so far.
    pub votes_sum: u32,
    /// Running sum per party (own and candidates), by ballot number; empty for pairs.
    pub party_sums: BTreeMap<String, u32>,
    /// Whether anything differs from the newest sealed revision.
    pub is_changed: bool,
}

/// One keystroke's worth of change. Written to the database before the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum DraftChange {
    /// The text of one box. Refused when it is not digits that fit.
    Figure {
        /// Count id.
        id: String,
        /// Digits, or empty to clear.
        text: String,
    },
    /// The TPS number read from the form's head: at most three digits.
    FormTps {
        /// Digits, or empty.
        text: String,
    },
    /// The answer to a finding.
    Answer {
        /// The finding's code.
        code: String,
        /// The witness's words.
        text: String,
    },
    /// The free note.
    Note {
        /// The witness's words.
        text: String,
    },
    /// A flag set or cleared.
    Flag {
        /// Its name.
        name: String,
        /// Whether it is set.
        is_set: bool,
    },
}

/// A sealed revision in the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct RevisionView {
    /// Its id.
    pub rev_id: String,
    /// Number on this device, from 1.
    pub seq: u64,
    /// Its figures.
    pub counts: Counts,
    /// TPS number as read.
    pub form_tps: Option<String>,
    /// Note.
    pub note: String,
    /// Flags.
    pub flags: Vec<String>,
    /// Photos.
    pub photos: Vec<PhotoView>,
    /// What in it does not add up.
    pub findings: Vec<Finding>,
    /// By this device's clock.
    pub recorded_at: Timestamp,
    /// When the endpoint signed for it, by its clock.
    pub received_at: Option<Timestamp>,
    /// Position in the endpoint's log, from the receipt.
    pub log_index: Option<u64>,
    /// Why the endpoint refused it, by code.
    pub refused: Option<String>,
    /// Photos with receipts.
    pub progress: PhotoProgress,
    /// Whether an earlier enrolment of this phone sealed it; the present one
    /// carries it.
    pub is_of_earlier_enrolment: bool,
}

/// Why a command of the window failed. Nothing was lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Failure {
    /// Between this device and the endpoint.
    Trouble {
        /// What exactly.
        code: TroubleCode,
    },
    /// A photo could not be used.
    Photo {
        /// Code of the photo crate (`empty`, `heic`, `too_many_pixels` …), or
        /// `too_many` when the form has no room for one more.
        code: String,
    },
    /// A figure is not a number of at most the form's digits.
    Figure {
        /// Digits allowed.
        digits: u8,
    },
    /// The disk is full.
    DiskFull,
    /// The database cannot be written.
    ReadOnly,
    /// The database is from a newer app, or is not one, or another app works
    /// with it.
    Database {
        /// `from_the_future`, `not_a_database`, `damaged`, `in_use`.
        code: String,
    },
    /// There is nothing to seal, or nothing to export.
    NothingToSave,
    /// No such slot, photo or revision on this device.
    NotFound,
    /// Anything else; the log has the cause.
    Internal,
}
