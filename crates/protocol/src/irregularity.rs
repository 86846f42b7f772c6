//! Bodies of the calls about irregularities: what is odd, how much it deserves a
//! look, and what people ruled on it.

use std::collections::BTreeMap;

use domain::irregularity::Evidence;
use domain::{Counts, RegionCode, SlotState, TpsCode};
use serde::{Deserialize, Serialize};

use crate::slot_id::SlotId;
use crate::timestamp::Timestamp;

/// What somebody of the counting room makes of an irregularity.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum IrregularityRulingKind {
    /// There is a reason for it, told in the note.
    Explained,
    /// Somebody looks into it: the paper, a call, a complaint.
    FollowUp,
    /// It was looked into, and is done with.
    Settled,
}

/// One ruling on an irregularity. Immutable; a later one stands before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct IrregularityRuling {
    /// Its number for this irregularity, from 1.
    pub number: u32,
    /// What was ruled.
    pub ruling: IrregularityRulingKind,
    /// In the words of who ruled.
    pub note: String,
    /// Who ruled.
    pub by: String,
    /// By the endpoint's clock.
    pub at: Timestamp,
    /// Hash of the numbers that it was made on.
    pub numbers: String,
}

/// One irregularity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct IrregularityItem {
    /// The slot.
    pub slot: SlotId,
    /// Names it among those of the slot, as long as it is the same one.
    pub key: String,
    /// Regency, district, village.
    pub place: Vec<String>,
    /// TPS number.
    pub number: String,
    /// Where the slot stands.
    pub state: SlotState,
    /// Stable code; see `docs/irregularities.md`.
    pub code: String,
    /// Ids of the figures it is about.
    pub fields: Vec<String>,
    /// The station's own figures among those.
    pub figures: Counts,
    /// The numbers behind it.
    pub evidence: Evidence,
    /// Other slots that it names, of those the user sees.
    pub others: Vec<SlotId>,
    /// How much it deserves a look, 0 to 100.
    pub score: u32,
    /// What the slot's flags weigh together, 0 to 10,000.
    pub weight: u32,
    /// Votes, voters or ballots that hang on it.
    pub stake: u32,
    /// Whether somebody should look at it; otherwise it is a notice.
    pub is_flag: bool,
    /// The finding in Indonesian.
    pub text: String,
    /// The finding in English.
    pub text_en: String,
    /// Since when it has stood there.
    pub since: Timestamp,
    /// Hash of its numbers: a ruling names the one that was seen.
    pub numbers: String,
    /// The ruling in force: the newest, when it was made on these numbers.
    pub ruling: Option<IrregularityRulingKind>,
    /// All rulings, oldest first, also those made on other numbers.
    pub rulings: Vec<IrregularityRuling>,
}

/// How many irregularities of one code there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct IrregularityCount {
    /// The code.
    pub code: String,
    /// How many.
    pub items: u32,
    /// How many of them have no ruling in force.
    pub open: u32,
}

/// Answer to `GET /v1/irregularities`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct IrregularitiesAnswer {
    /// The heaviest slots first; of one slot the heaviest finding first.
    pub items: Vec<IrregularityItem>,
    /// Pass as `from` for the next page; `None` on the last.
    pub next: Option<u32>,
    /// By code, in the region and contest asked for, whatever the code and
    /// ruling asked for.
    pub codes: Vec<IrregularityCount>,
}

/// Body of `POST /v1/irregularities/rulings`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct IrregularityRulingRequest {
    /// The slot.
    pub slot: SlotId,
    /// The irregularity's key.
    pub key: String,
    /// Hash of the numbers that were seen.
    pub numbers: String,
    /// What is ruled.
    pub ruling: IrregularityRulingKind,
    /// Why; required to explain.
    #[serde(default)]
    pub note: String,
}

/// Which option of a contest is the party's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct OwnOption {
    /// The region that the contest is held in.
    pub region: RegionCode,
    /// Id of the contest.
    pub contest: String,
    /// Ballot number of the own option.
    pub option: u32,
}

/// Body of `POST /v1/irregularities/settings`: what the analysis cannot know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct IrregularitySettingsRequest {
    /// When the polling stations close; votes that arrive before are odd. `None`
    /// when that is not looked at.
    pub polls_close_at: Option<Timestamp>,
    /// The own options, one for a contest; for one that is not named, zero votes
    /// are nobody's worry.
    pub own: Vec<OwnOption>,
}

/// Answer to `GET /v1/irregularities/settings`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct IrregularitySettings {
    /// What is set.
    #[serde(flatten)]
    pub settings: IrregularitySettingsRequest,
    /// Who set this last; `None` while nobody has.
    pub changed_by: Option<String>,
    /// When.
    pub changed_at: Option<Timestamp>,
}

/// Answer to `GET /v1/turnout`: a point for each polling station of which roll
/// and voters are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct TurnoutAnswer {
    /// By code.
    pub points: Vec<TurnoutPoint>,
    /// Polling stations with figures that have no point, because the roll or the
    /// voters are not known.
    pub left_out: u32,
}

/// One polling station in the picture of turnout and shares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct TurnoutPoint {
    /// The polling station.
    pub tps: TpsCode,
    /// Voters on the roll.
    pub roll: u32,
    /// Voters who came.
    pub came: u32,
    /// Votes by ballot number.
    pub votes: BTreeMap<String, u32>,
    /// Whether somebody should look at it.
    pub is_flagged: bool,
}
