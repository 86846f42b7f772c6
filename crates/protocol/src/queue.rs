//! Bodies of the queue's calls: what is to be looked at next, by whom, and what
//! came of it.
//!
//! Who reads a form blind is given a [`BlindSheet`], which has no member for
//! anybody's figures; what cannot be said cannot slip out.

use domain::{Contest, Counts, RegionCode};
use serde::{Deserialize, Serialize};

use crate::console::{PhotoDetail, SlotDetail};
use crate::slot_id::SlotId;
use crate::timestamp::Timestamp;

/// Why a slot is in the queue; those that matter most come first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum QueueKind {
    /// Heads differ.
    Conflict,
    /// A reading differs from what stands, or somebody could not read it.
    Difference,
    /// Something does not add up, or a photo is another slot's too.
    Finding,
    /// The bubbles of a photo say another figure.
    Bubbles,
    /// A device sent two revisions with one number, and no figure differs.
    Fork,
    /// Ruled, and something that differs has come since.
    Stale,
    /// Verified by a look, and drawn to be read blind.
    Check,
    /// One witness's word alone, and nobody has ruled.
    First,
    /// Several witnesses who agree.
    Rest,
}

/// How forms without a conflict are verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum QueueMode {
    /// Figures stand beside the photo and are confirmed.
    Look,
    /// Figures are keyed from the photo without seeing the witness's.
    Blind,
}

/// In which way one item is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Way {
    /// Figures beside the photo.
    Look,
    /// Photo only.
    Blind,
    /// All versions side by side, for a coordinator.
    Resolve,
}

/// Answer to `GET /v1/queue/settings`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct QueueSettings {
    /// How forms are verified.
    pub mode: QueueMode,
    /// Of a hundred that were looked at, how many are drawn to be read blind.
    pub check_percent: u32,
    /// Who set this last; `None` while nobody has.
    pub changed_by: Option<String>,
    /// When.
    pub changed_at: Option<Timestamp>,
}

/// Body of `POST /v1/queue/settings`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct QueueSettingsRequest {
    /// How forms are verified from now on.
    pub mode: QueueMode,
    /// 0 to 100.
    pub check_percent: u32,
}

/// Answer to `GET /v1/queue`: what waits, and who holds what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct QueueAnswer {
    /// How forms are verified.
    pub settings: QueueSettings,
    /// What waits in the region and contest asked for, most urgent first; kinds
    /// of which nothing waits are left out.
    pub waiting: Vec<QueueCount>,
    /// What is being worked on there.
    pub held: Vec<HeldItem>,
}

/// How many items of one kind wait, those that somebody holds among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct QueueCount {
    /// The kind.
    pub kind: QueueKind,
    /// Items.
    pub items: u32,
}

/// One item that somebody holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct HeldItem {
    /// The slot.
    pub slot: SlotId,
    /// User name.
    pub by: String,
    /// How it is worked on.
    pub way: Way,
    /// Since when it has been on that person's screen; `None` while it waits
    /// behind another one.
    pub on_screen_since: Option<Timestamp>,
    /// When the claim lapses.
    pub until: Timestamp,
}

/// Body of `POST /v1/queue/claim`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ClaimRequest {
    /// In this region; by default the user's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub region: Option<RegionCode>,
    /// Of this contest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub contest: Option<String>,
    /// Of these kinds; none named means all that the user may work on.
    #[serde(default)]
    pub kinds: Vec<QueueKind>,
    /// How many items to hold, the one on the screen among them: at least 1, at
    /// most [`crate::limits::QUEUE_HELD_MAX`].
    pub hold: u32,
    /// Items that the caller has been told; one that is still as its tag says is
    /// not told again. At most [`crate::limits::QUEUE_HELD_MAX`].
    #[serde(default)]
    pub known: Vec<KnownItem>,
}

/// An item as the caller was told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct KnownItem {
    /// The slot.
    pub slot: SlotId,
    /// The item's `tag`.
    pub tag: String,
}

/// Answer to `POST /v1/queue/claim`: all that the caller holds now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct ClaimAnswer {
    /// All of it, in the order in which it should be worked on.
    pub held: Vec<SlotId>,
    /// Of these, what the caller does not know as it is, in the same order.
    pub items: Vec<QueueItem>,
    /// How long the claims last from now on, in milliseconds; renewing or
    /// claiming again begins that anew.
    pub lasts_ms: u32,
}

/// One item with all that is needed to work on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct QueueItem {
    /// The slot.
    pub slot: SlotId,
    /// Names what is told here: another one, once something of it has changed.
    pub tag: String,
    /// What is to be done, with what may be seen of the slot.
    pub task: Task,
}

/// What is to be done with a slot, and what may be seen of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "way", rename_all = "snake_case")]
#[ts(export)]
pub enum Task {
    /// Compare the figures with the photo, and confirm them or say otherwise.
    Look {
        /// Why it is in the queue.
        kind: QueueKind,
        /// The slot.
        detail: Box<SlotDetail>,
    },
    /// Key the figures from the photo.
    Blind {
        /// All that may be seen.
        sheet: Box<BlindSheet>,
    },
    /// Rule, field by field where versions differ.
    Resolve {
        /// Why it is in the queue.
        kind: QueueKind,
        /// The slot.
        detail: Box<SlotDetail>,
        /// What people read from its photos.
        readings: Vec<Reading>,
    },
}

/// A slot for somebody who reads it blind: no figure of anybody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct BlindSheet {
    /// Regency, district, village.
    pub place: Vec<String>,
    /// TPS number.
    pub number: String,
    /// The contest with its options.
    pub contest: Contest,
    /// Photos of all heads, each once.
    pub photos: Vec<PhotoDetail>,
}

/// What somebody read from the photos of a slot. Immutable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Reading {
    /// Its number in the slot, from 1.
    pub number: u32,
    /// Who read.
    pub by: String,
    /// By the endpoint's clock.
    pub at: Timestamp,
    /// Whether the figures of others were seen (`look`) or not (`blind`).
    pub way: Way,
    /// What was read; empty when nothing could be.
    pub counts: Counts,
    /// In the reader's words, such as why nothing could be read.
    pub note: String,
    /// Revision ids of the heads that it was held against.
    pub against: Vec<String>,
    /// What came of it.
    pub outcome: ReadingOutcome,
}

/// What came of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ReadingOutcome {
    /// It agrees with all heads, and they are verified with it.
    Verified,
    /// It agrees with what was verified by a look.
    Agrees,
    /// It differs, or nothing could be read: a coordinator resolves it.
    Differs,
}

/// Body of `POST /v1/queue/readings`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ReadingRequest {
    /// The slot, which the caller holds.
    pub slot: SlotId,
    /// What was read from its photos; empty only together with a note.
    pub counts: Counts,
    /// For the coordinator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
}

/// Answer to `POST /v1/queue/readings`. It does not say what differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct ReadingAnswer {
    /// What came of it.
    pub outcome: ReadingOutcome,
}

/// Body of `POST /v1/queue/renew`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct RenewRequest {
    /// The item on the screen.
    pub on_screen: SlotId,
}

/// Answer to `POST /v1/queue/renew`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct RenewAnswer {
    /// What the caller still holds.
    pub held: Vec<SlotId>,
}

/// Body of `POST /v1/queue/release`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct ReleaseRequest {
    /// Which; none named means all that the caller holds.
    #[serde(default)]
    pub slots: Vec<SlotId>,
    /// Whether they should not be offered to the caller again as they are.
    #[serde(default)]
    pub is_skipped: bool,
}

/// Answer to `GET /v1/queue/people`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct PeopleAnswer {
    /// By name.
    pub people: Vec<PersonFigures>,
}

/// How one person of the counting room gets on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct PersonFigures {
    /// User name.
    pub user: String,
    /// Items done.
    pub done: u32,
    /// Items done in the last hour.
    pub last_hour: u32,
    /// Middle time on the screen of an item of the last hour, in milliseconds;
    /// `None` when there was none.
    pub median_ms: Option<u32>,
    /// Looks and readings of which it has been found out whether they were
    /// right: by a blind check, by agreement, or when a difference was resolved.
    pub judged: u32,
    /// Those that were wrong.
    pub wrong: u32,
}
