//! Bodies of the entry desk: figures that somebody of the counting room keys
//! from a paper, a phone call or a workbook.
//!
//! They become a revision like a witness's, signed with a key of the desk's own
//! ([`crate::revision::Revision::desk`] says where they are from). Nothing here
//! has a member for other people's figures or for the state of a slot, so
//! whoever keys learns nothing of them.

use domain::{Counts, Finding, TpsCode};
use serde::{Deserialize, Serialize};

use crate::pack::Roll;
use crate::slot_id::SlotId;
use crate::timestamp::Timestamp;

/// From what a desk has its figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DeskSource {
    /// The form itself, on paper.
    Paper,
    /// Somebody read it out over the telephone.
    Phone,
    /// A workbook that was filled in elsewhere.
    Workbook,
}

/// Where a desk's figures are from, as its revision says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct DeskOrigin {
    /// From what.
    pub source: DeskSource,
    /// Who read them out; empty unless it was a call.
    #[serde(default)]
    pub called: String,
}

/// Body of `POST /v1/desk/entries`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct DeskEntryRequest {
    /// The form's place.
    pub slot: SlotId,
    /// From what the figures are; `workbook` is for uploads alone.
    pub source: DeskSource,
    /// Who read them out; required for a call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub called: Option<String>,
    /// What else is to be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
    /// The figures; a box that is blank on the form is absent.
    pub counts: Counts,
    /// The caller's own entry that this one corrects; absent for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub after: Option<String>,
}

/// Answer to `POST /v1/desk/entries`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct DeskEntryAnswer {
    /// The entry as it is kept.
    pub entry: DeskEntry,
    /// Whether it is new; an entry that says what the one before says is not.
    pub is_new: bool,
    /// The next form of the same contest.
    pub next: Option<SlotId>,
}

/// What somebody entered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct DeskEntry {
    /// The form's place.
    pub slot: SlotId,
    /// Id of the revision.
    pub rev_id: String,
    /// The desk's number for it in this slot.
    pub seq: u64,
    /// From what the figures are.
    pub source: DeskSource,
    /// Who read them out; empty unless it was a call.
    pub called: String,
    /// What else is to be known.
    pub note: String,
    /// The figures.
    pub counts: Counts,
    /// What in them does not add up.
    pub findings: Vec<Finding>,
    /// By the endpoint's clock.
    pub entered_at: Timestamp,
}

/// Answer to `GET /v1/desk/entries`: what the caller entered, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct DeskEntries {
    /// One page.
    pub entries: Vec<DeskEntryLine>,
    /// Number of slots in which the caller has entered anything.
    pub forms: u64,
    /// Pass as `before` for the next page; `None` on the last.
    pub next: Option<u64>,
}

/// An entry in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct DeskEntryLine {
    /// The station.
    pub station: DeskStation,
    /// The entry.
    pub entry: DeskEntry,
}

/// Answer to `GET /v1/desk/stations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct DeskStations {
    /// Stations that fit, by code, at most
    /// [`crate::limits::DESK_STATIONS_MAX`].
    pub stations: Vec<DeskStation>,
    /// Whether more fit than are listed.
    pub is_cut: bool,
}

/// A polling station, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct DeskStation {
    /// Its code.
    pub tps: TpsCode,
    /// Its number.
    pub number: String,
    /// Regency, district, village.
    pub place: Vec<String>,
}

/// Answer to `GET /v1/desk/forms/{election}/{tps}/{contest}`: what is needed to
/// key one form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct DeskForm {
    /// The form's place.
    pub slot: SlotId,
    /// The station.
    pub station: DeskStation,
    /// Voters on the roll, if known.
    pub dpt: Option<Roll>,
    /// The caller's own newest entry here.
    pub own: Option<DeskEntry>,
    /// The next form of the same contest, by village and number.
    pub next: Option<SlotId>,
    /// The one before.
    pub previous: Option<SlotId>,
}
