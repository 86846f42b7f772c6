//! Bodies of the calls about official figures: bringing a file of them, and how
//! they differ from ours.

use std::collections::BTreeMap;

use domain::irregularity::Difference;
use domain::{Level, RegionCode, SlotState};
use serde::{Deserialize, Serialize};

use crate::paper::{PaperMatch, PaperPlace};
use crate::slot_id::SlotId;
use crate::timestamp::Timestamp;

/// A file of official figures that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct OfficialImport {
    /// Its name.
    pub file: String,
    /// Its hash.
    pub sha256: String,
    /// Places that it has figures of.
    pub places: u32,
    /// Who brought it; `None` from the command line.
    pub by: Option<String>,
    /// By the endpoint's clock.
    pub at: Timestamp,
    /// Its entry in the log.
    pub log_index: u64,
}

/// Something in a file that cannot be taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct OfficialError {
    /// Line of a table; 0 in JSON, which has none.
    pub line: u64,
    /// Code of the place, as far as it is known, or what stands in its stead.
    pub place: String,
    /// What is wrong, in English.
    pub why: String,
}

/// Answer to `POST /v1/official`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct OfficialImportAnswer {
    /// What was taken in: all of it, or nothing when anything is wrong.
    pub imported: Option<OfficialImport>,
    /// Places with figures.
    pub places: u32,
    /// Places without any figure, passed over.
    pub blank: u32,
    /// Places outside the election or the user's region, passed over.
    pub elsewhere: u32,
    /// The first hundred things that are wrong.
    pub errors: Vec<OfficialError>,
    /// How many there are.
    pub errors_all: u32,
}

/// Votes of one option in the places compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct OfficialVotes {
    /// By our figures.
    pub ours: u64,
    /// By the official ones.
    pub official: u64,
}

/// What the differences of one region come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct OfficialRegion {
    /// Code.
    pub code: RegionCode,
    /// Name.
    pub name: String,
    /// Places that both have figures of.
    pub compared: u32,
    /// Those of them that differ.
    pub differ: u32,
    /// Votes by ballot number, in the places compared.
    pub votes: BTreeMap<String, OfficialVotes>,
}

/// What there is of a polling station's form besides its figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct OfficialEvidence {
    /// Photos of its form that witnesses announced.
    pub photos_announced: u32,
    /// Those of them that are here.
    pub photos_received: u32,
    /// Where the paper is.
    pub paper: PaperPlace,
    /// Whether it says what the photo says; `None` while nobody compared.
    pub paper_compared: Option<PaperMatch>,
}

/// A place whose figures differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct OfficialDifference {
    /// Code of a polling station, or of a region above it.
    pub code: RegionCode,
    /// Regency, district, village, and TPS, as far down as it goes.
    pub place: Vec<String>,
    /// A polling station's slot.
    pub slot: Option<SlotId>,
    /// Where that stands.
    pub state: Option<SlotState>,
    /// What there is of a polling station to prove its figures with.
    pub evidence: Option<OfficialEvidence>,
    /// Polling stations of a region whose votes are here, and all of it.
    pub coverage: Option<(u32, u32)>,
    /// What differs: ours (`first`) and the official figure (`other`).
    pub figures: Vec<Difference>,
}

/// Answer to `GET /v1/official`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct OfficialAnswer {
    /// The newest files of this contest, newest first.
    pub imports: Vec<OfficialImport>,
    /// What is compared: polling stations, or the deepest level that there are
    /// official figures of; `None` when there are none.
    pub level: Option<Level>,
    /// Places with official figures.
    pub places: u32,
    /// Those from which we have nothing.
    pub missing: u32,
    /// Polling stations where our own figures are in conflict.
    pub conflict: u32,
    /// By region below the one asked for.
    pub regions: Vec<OfficialRegion>,
    /// The places that differ by most votes, at most 500.
    pub differences: Vec<OfficialDifference>,
    /// How many places differ.
    pub differences_all: u32,
}
