//! The paper: where the form of each slot is, on its way from the witness's
//! hand into a folder of the counting room, and whether it says what the photo
//! says.
//!
//! Absent: figures that count. What a paper says otherwise is noted here and
//! changes nothing; it comes into the totals as a revision or a ruling.

use domain::{Counts, RegionCode, SlotState};
use serde::{Deserialize, Serialize};

use crate::slot_id::SlotId;
use crate::timestamp::Timestamp;

/// Where a paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PaperPlace {
    /// Nothing is known of it: nothing has arrived from the slot.
    Unknown,
    /// With the witness, who has sent figures of it.
    Witness,
    /// With somebody who took it over.
    HandedOver,
    /// In a folder of the counting room.
    Here,
}

/// What somebody found who held the paper against the photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PaperMatch {
    /// Both say the same.
    Matches,
    /// They do not.
    Differs,
}

/// One thing that happens to a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
#[ts(export)]
pub enum PaperAct {
    /// Somebody took it over.
    HandedOver {
        /// Who: a person or an office, 1 to 100 characters.
        to: String,
    },
    /// It came into the counting room, or into another folder there.
    Arrived {
        /// The folder or box that it lies in, 1 to 40 characters.
        folder: String,
    },
    /// It was held against the photo.
    Compared {
        /// With which outcome.
        outcome: PaperMatch,
        /// What the paper says where it differs, by field id.
        #[serde(default)]
        figures: Counts,
    },
    /// What was noted so far was a mistake: it is where it was at first.
    TakenBack,
}

/// One thing that happened to a paper, with who noted it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct PaperStep {
    /// Number in the slot, from 1.
    pub number: u32,
    /// What happened.
    pub act: PaperAct,
    /// Who noted it: a user of the counting room.
    pub by: String,
    /// When, by the endpoint's clock.
    pub at: Timestamp,
    /// A note; empty for none.
    pub note: String,
}

/// Where one paper stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct PaperCustody {
    /// Where it is.
    pub place: PaperPlace,
    /// Who took it over last.
    pub holder: Option<String>,
    /// The folder that it lies in.
    pub folder: Option<String>,
    /// Whether it says what the photo says; `None` while nobody compared.
    pub compared: Option<PaperMatch>,
    /// When anything was noted last.
    pub changed_at: Option<Timestamp>,
}

/// A paper in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct PaperLine {
    /// Its slot.
    pub slot: SlotId,
    /// District, village, and the number of the polling station.
    pub place: Vec<String>,
    /// Where the slot's figures stand.
    pub state: SlotState,
    /// Names of the witnesses who are posted there.
    pub witnesses: Vec<String>,
    /// Where the paper stands.
    pub custody: PaperCustody,
}

/// Body of `POST /v1/paper`: the same thing happened to these papers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct PaperRequest {
    /// Whose papers, at most 500.
    pub slots: Vec<SlotId>,
    /// What happened.
    pub act: PaperAct,
    /// A note, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
}

/// Papers, as answer to what was asked or noted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct PapersAnswer {
    /// In the order asked for.
    pub papers: Vec<PaperLine>,
    /// Of these, the ones of which nothing new was noted: it stood there already.
    pub unchanged: Vec<SlotId>,
}

/// Answer to `GET /v1/paper/slots/{election}/{tps}/{contest}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct PaperHistory {
    /// Where it stands now.
    pub custody: PaperCustody,
    /// All that was noted, oldest first.
    pub steps: Vec<PaperStep>,
}

/// Which papers a list is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PapersWanted {
    /// Those that are not in the counting room.
    NotHere,
    /// All of them.
    All,
}

/// Body of `POST /v1/paper/lists`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct PaperListRequest {
    /// What stands above it, 1 to 100 characters.
    pub title: String,
    /// The papers of this region.
    pub region: RegionCode,
    /// Of this contest; by default of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub contest: Option<String>,
    /// In this folder; by default in any, or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub folder: Option<String>,
    /// Which of them.
    pub wanted: PapersWanted,
}

/// A hand-over list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct PaperList {
    /// Eight digits, the last of which is a check digit; the QR code on it holds
    /// nothing else.
    pub code: String,
    /// What stands above it.
    pub title: String,
    /// Its region.
    pub region: RegionCode,
    /// Name of the region.
    pub region_name: String,
    /// Who made it.
    pub made_by: String,
    /// When, by the endpoint's clock.
    pub made_at: Timestamp,
    /// Papers on it.
    pub papers: u32,
    /// Those of them that are in the counting room now.
    pub here: u32,
}

/// Answer to `GET /v1/paper/lists`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct PaperListsAnswer {
    /// The newest of the user's region, newest first.
    pub lists: Vec<PaperList>,
}

/// Answer to `GET /v1/paper/lists/{code}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct PaperListAnswer {
    /// The list.
    pub list: PaperList,
    /// Its papers as they stand now, in its order.
    pub papers: Vec<PaperLine>,
}
