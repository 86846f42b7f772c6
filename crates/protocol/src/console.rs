//! Bodies of the counting room's calls.

use std::collections::BTreeMap;

use domain::lead::Lead;
use domain::{
    Channel, Contest, Counts, Finding, FormLayout, Level, Mark, RegionCode, RulingKind, SlotState,
    TpsCode,
};
use serde::{Deserialize, Serialize};

use crate::desk::DeskOrigin;
use crate::pack::{Election, Roll};
use crate::paper::{PaperCustody, PaperMatch, PaperPlace};
use crate::revision::PhotoRef;
use crate::slot_id::SlotId;
use crate::timestamp::Timestamp;
use crate::totals::DapilSeats;

/// Body of `POST /v1/session`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct SignIn {
    /// User name.
    pub user: String,
    /// Password.
    pub password: String,
}

/// What a person of the counting room may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Role {
    /// Everything, everywhere.
    Admin,
    /// Sees and rules on the slots of one region.
    Coordinator,
    /// Works on the queue of one region, and sees what it hands out.
    Operator,
    /// Sees the slots of one region.
    Viewer,
}

/// Answer to `GET /v1/session`: who is signed in, and for what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Session {
    /// User name.
    pub user: String,
    /// Role.
    pub role: Role,
    /// The region whose slots this user sees.
    pub region: RegionCode,
    /// The election.
    pub election: Election,
    /// Its contests, each with the region that it is held in.
    pub contests: Vec<RegionalContest>,
    /// The forms of those contests.
    pub forms: Vec<FormLayout>,
}

/// A contest and where it is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct RegionalContest {
    /// The region whose polling stations hold it.
    pub region: RegionCode,
    /// The contest.
    #[serde(flatten)]
    pub contest: Contest,
}

/// Answer to `GET /v1/regions?within=64`: the regions directly below one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct RegionsAnswer {
    /// The path from the province down to the region asked for.
    pub path: Vec<Region>,
    /// The regions directly below it.
    pub regions: Vec<Region>,
}

/// A region and its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Region {
    /// Code.
    pub code: RegionCode,
    /// Level.
    pub level: Level,
    /// Name.
    pub name: String,
}

/// Answer to `GET /v1/slots`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct SlotsAnswer {
    /// One page of slots, by TPS and contest.
    pub slots: Vec<SlotSummary>,
    /// Pass as `after` for the next page; `None` on the last.
    pub next: Option<String>,
}

/// A slot in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct SlotSummary {
    /// The slot.
    pub slot: SlotId,
    /// District, village and number, for people.
    pub place: Vec<String>,
    /// Where it stands.
    pub state: SlotState,
    /// What else to know.
    pub marks: Vec<Mark>,
    /// Number of heads.
    pub heads: u32,
    /// Photos of the heads that are here, and that were announced.
    pub photos_received: u32,
    /// See `photos_received`.
    pub photos_announced: u32,
    /// Number of findings of severity error, of the heads.
    pub findings: u32,
    /// Most figures of one head that the bubbles of its photos say otherwise.
    pub bubbles_differ: u32,
    /// Where the paper is.
    pub paper: PaperPlace,
    /// Whether it says what the photo says; `None` while nobody compared.
    pub paper_compared: Option<PaperMatch>,
    /// When anything last changed; `None` when nothing has arrived.
    pub changed_at: Option<Timestamp>,
}

/// Answer to `GET /v1/slots/{election}/{tps}/{contest}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct SlotDetail {
    /// The slot.
    pub slot: SlotId,
    /// The same value as the answer's `ETag` header.
    pub etag: String,
    /// Regency, district, village.
    pub place: Vec<String>,
    /// TPS number.
    pub number: String,
    /// Voters on the roll, if known.
    pub dpt: Option<Roll>,
    /// The contest with its options.
    pub contest: Contest,
    /// Where it stands.
    pub state: SlotState,
    /// What else to know.
    pub marks: Vec<Mark>,
    /// The figures that stand: decided, or the union of heads that agree.
    pub figures: Counts,
    /// The newest revision of each device that is not quarantined.
    pub heads: Vec<RevisionDetail>,
    /// All revisions, oldest first, heads included.
    pub history: Vec<RevisionDetail>,
    /// All rulings, oldest first.
    pub decisions: Vec<Decision>,
    /// Findings of the figures that stand.
    pub findings: Vec<Finding>,
    /// Photos of all heads, each once.
    pub photos: Vec<PhotoDetail>,
    /// Devices whose revisions do not count here.
    pub quarantined: Vec<String>,
    /// Where the paper stood when this was read. No part of the `ETag`: what is
    /// noted of a paper changes no figure.
    pub paper: PaperCustody,
}

/// One revision as the counting room sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct RevisionDetail {
    /// Its id.
    pub rev_id: String,
    /// The device.
    pub device: String,
    /// The witness whose device it is.
    pub witness: String,
    /// The device's number for it.
    pub seq: u64,
    /// The revision before it.
    pub prev: Option<String>,
    /// By which way it came.
    pub channel: Channel,
    /// Its figures.
    pub counts: Counts,
    /// TPS number as read from the form.
    pub form_tps: Option<String>,
    /// Its photos.
    pub photos: Vec<PhotoRef>,
    /// The flags that its witness set.
    pub flags: Vec<String>,
    /// What its phone made out of the bubbles on its photos.
    pub bubbles: Vec<BubbleDetail>,
    /// Its note.
    pub note: String,
    /// What in it does not add up.
    pub findings: Vec<Finding>,
    /// Where a desk of the counting room has the figures from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub desk: Option<DeskOrigin>,
    /// By the device's clock.
    pub recorded_at: Timestamp,
    /// By the endpoint's clock.
    pub received_at: Timestamp,
}

/// One photo as the counting room sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct PhotoDetail {
    /// What the revision says of it.
    #[serde(flatten)]
    pub photo: PhotoRef,
    /// The device that announced it.
    pub device: String,
    /// Whether the reading copy is complete here.
    pub is_received: bool,
    /// Bytes of the reading copy that are here; a part of it can be looked at.
    pub received_bytes: u64,
    /// Whether the original is complete here.
    pub is_original_received: bool,
    /// Whether the phones were asked for it.
    pub is_original_asked: bool,
    /// Slots whose photos are, or look like, this one.
    pub same_as: Vec<SameAs>,
}

/// Another slot's photo that is, or looks like, one of this slot's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct SameAs {
    /// The other slot; `None` when it lies outside the user's region.
    pub slot: Option<SlotId>,
    /// Number of bits of their looks that differ, of 2,048; none in the very
    /// same file.
    pub differing_bits: u32,
    /// Whether it is the very same file.
    pub is_same_file: bool,
}

/// What the bubbles of a photo say of one figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct BubbleDetail {
    /// The figure's id.
    pub field: String,
    /// One digit for each of its boxes, leading zeros too.
    pub digits: String,
    /// Hash of the photo's reading copy.
    pub photo: String,
    /// Whether the witness keyed another figure.
    pub differs: bool,
}

/// Body of `POST /v1/slots/{election}/{tps}/{contest}/originals`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct OriginalRequest {
    /// Hash of the photo's reading copy.
    pub photo: String,
}

/// One ruling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Decision {
    /// Its number in the slot, from 1.
    pub number: u32,
    /// What was ruled.
    pub kind: RulingKind,
    /// Who ruled.
    pub by: String,
    /// By the endpoint's clock.
    pub at: Timestamp,
    /// The head that was chosen.
    pub chosen: Option<String>,
    /// The figures that were decided.
    pub counts: Counts,
    /// The device that a quarantine is about.
    pub device: Option<String>,
    /// In the coordinator's words.
    pub reason: String,
    /// Revision ids of the heads that were considered.
    pub considered: Vec<String>,
}

/// Body of `POST /v1/slots/{election}/{tps}/{contest}/decisions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct DecisionRequest {
    /// What is ruled.
    pub kind: RulingKind,
    /// For `verify`: the head whose figures are right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub chosen: Option<String>,
    /// For `verify`: own figures instead of a head's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub counts: Option<Counts>,
    /// For `quarantine`: the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub device: Option<String>,
    /// Required for `return`, `quarantine` and `reopen`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
}

/// Body of the 412 that answers a ruling on a slot that has changed since.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct PreconditionFailed {
    /// `precondition_failed`.
    #[serde(flatten)]
    pub problem: crate::Problem,
    /// The slot as it stands now.
    pub present: SlotDetail,
}

/// Answer to `GET /v1/rollup`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct RollupAnswer {
    /// One entry per region, by code.
    pub regions: Vec<RegionRollup>,
    /// Whether the leader of the whole region can still be caught up with;
    /// `None` for an assembly, where several contests of that id are held
    /// apart, or while there are no votes.
    #[serde(default)]
    pub lead: Option<Lead>,
    /// An assembly's: the seats of the dapils that lie in the region as a
    /// whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<DapilSeats>>", optional)]
    pub seats: Vec<DapilSeats>,
}

/// The totals of one region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct RegionRollup {
    /// Code.
    pub code: RegionCode,
    /// Name.
    pub name: String,
    /// Polling stations that hold the contest.
    pub tps: u64,
    /// Those from which anything has arrived.
    pub received: u64,
    /// Those ruled on.
    pub verified: u64,
    /// Those in conflict.
    pub conflict: u64,
    /// Those whose paper is in the counting room, ruled on or not.
    #[serde(default)]
    pub paper: u64,
    /// Of these, those whose paper does not say what the photo says.
    #[serde(default)]
    pub paper_differs: u64,
    /// Votes by ballot number.
    pub votes: VoteTotals,
    /// Other fields by id.
    pub fields: FieldTotals,
    /// Legislative only: votes by `party.candidate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub candidates: Option<FieldTotals>,
}

/// Votes by ballot number, in columns that do not overlap.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct VoteTotals {
    /// Decided.
    pub verified: BTreeMap<String, u64>,
    /// Arrived and undisputed, not yet decided.
    pub received: BTreeMap<String, u64>,
    /// In conflict: sums of the lowest and of the highest figures.
    pub contested: BTreeMap<String, (u64, u64)>,
}

/// Figures by field id, in columns that do not overlap.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct FieldTotals {
    /// Decided.
    pub verified: BTreeMap<String, u64>,
    /// Arrived and undisputed, not yet decided.
    pub received: BTreeMap<String, u64>,
}

/// Answer to `GET /v1/refused`: envelopes that were refused but kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct RefusedAnswer {
    /// Newest first.
    pub refused: Vec<Refused>,
}

/// A revision that was refused, for a coordinator to see and perhaps let in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Refused {
    /// Its slot.
    pub slot: SlotId,
    /// Why: `not_assigned`, `window_closed` or `device_revoked`.
    pub code: crate::ProblemCode,
    /// What it says.
    pub revision: RevisionDetail,
}

/// Body of `POST /v1/refused/{rev_id}/admit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct AdmitRequest {
    /// Why it is let in, in the coordinator's words.
    pub reason: String,
}

/// One line of `GET /v1/events`: a slot changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct SlotChanged {
    /// The slot.
    pub slot: SlotId,
    /// The polling station, for prefix questions.
    pub tps: TpsCode,
    /// Where it stands now.
    pub state: SlotState,
    /// Position in the endpoint's log.
    pub log_index: u64,
}
