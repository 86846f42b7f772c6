//! Coverage and calling: how far each polling station is, who is to be called,
//! and what was said.
//!
//! A witness's phone number is in [`StationWitness`] and nowhere else, and only
//! for coordinators.

use domain::{Level, RegionCode, TpsCode};
use serde::{Deserialize, Serialize};

use crate::console::{Region, Role};
use crate::pack::WitnessRole;
use crate::timestamp::Timestamp;

/// How far a polling station is; each stands in exactly one stage, where its
/// contest that is least far stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Stage {
    /// Nobody is posted there.
    NoWitness,
    /// Somebody is, without a device so far.
    Posted,
    /// A device is enrolled, and has not been heard of since polling day began.
    Enrolled,
    /// The app was open: a device has asked for news since polling day began.
    Opened,
    /// A device says that a form is begun and not sealed.
    Drafting,
    /// Figures of every contest are here.
    Figures,
    /// And all photos that were announced of them.
    Photos,
    /// Every contest is verified.
    Verified,
}

/// Polling stations in each stage; together they are all of the region's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct StageCounts {
    /// See [`Stage::NoWitness`].
    pub no_witness: u64,
    /// See [`Stage::Posted`].
    pub posted: u64,
    /// See [`Stage::Enrolled`].
    pub enrolled: u64,
    /// See [`Stage::Opened`].
    pub opened: u64,
    /// See [`Stage::Drafting`].
    pub drafting: u64,
    /// See [`Stage::Figures`].
    pub figures: u64,
    /// See [`Stage::Photos`].
    pub photos: u64,
    /// See [`Stage::Verified`].
    pub verified: u64,
}

/// One region of the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct CoverageRow {
    /// The region.
    pub region: Region,
    /// Its polling stations.
    pub tps: u64,
    /// How far they are.
    pub stages: StageCounts,
    /// Those whose papers are in the counting room, however far the figures are.
    pub paper: u64,
    /// Those with a witness that lack figures and have not been heard of for
    /// as long as was asked.
    pub silent: u64,
}

/// Answer to `GET /v1/coverage`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct CoverageAnswer {
    /// One entry per region, by code.
    pub rows: Vec<CoverageRow>,
    /// The level of the rows.
    pub level: Level,
    /// When this was read, by the endpoint's clock.
    pub read_at: Timestamp,
}

/// Answer to `GET /v1/coverage/stations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct StationsAnswer {
    /// At most 500.
    pub stations: Vec<Station>,
    /// How many there are in all.
    pub total: u64,
    /// When this was read, by the endpoint's clock.
    pub read_at: Timestamp,
}

/// One polling station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Station {
    /// Its code.
    pub tps: TpsCode,
    /// District, village and number, for people.
    pub place: Vec<String>,
    /// How far it is.
    pub stage: Stage,
    /// Contests that are asked for and held there.
    pub slots: u32,
    /// Those of which figures are here.
    pub figures: u32,
    /// Those whose paper is in the counting room.
    pub papers: u32,
    /// Forms begun and not sealed, as its devices said last.
    pub drafts: u32,
    /// When a device was last heard of.
    pub seen_at: Option<Timestamp>,
    /// Who is posted there.
    pub witnesses: Vec<StationWitness>,
    /// The newest call.
    pub last_call: Option<Call>,
}

/// A witness, to be called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct StationWitness {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Where the witness stands.
    pub role: WitnessRole,
    /// International phone number: `+` and digits. `None` when it is not known,
    /// and always for who coordinates nothing.
    pub phone: Option<String>,
    /// Devices that are enrolled and not revoked.
    pub devices: u32,
    /// When one of them was last heard of.
    pub seen_at: Option<Timestamp>,
}

/// What came of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CallResult {
    /// Spoke with the witness.
    Reached,
    /// It rang.
    NoAnswer,
    /// Switched off, or out of reach.
    Unreachable,
    /// Somebody else's number.
    WrongNumber,
    /// Wrote instead.
    Wrote,
}

/// One call, as it was noted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Call {
    /// Its number, from 1.
    pub number: u64,
    /// About which polling station.
    pub tps: TpsCode,
    /// Id of the witness who was called; `None` when it was somebody else.
    pub witness: Option<String>,
    /// What came of it.
    pub result: CallResult,
    /// A note; empty for none.
    pub note: String,
    /// Who called.
    pub by: String,
    /// When it was noted, by the endpoint's clock.
    pub at: Timestamp,
}

/// Body of `POST /v1/coverage/calls`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct CallRequest {
    /// About which polling station.
    pub tps: TpsCode,
    /// Id of the witness who was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub witness: Option<String>,
    /// What came of it.
    pub result: CallResult,
    /// A note, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
}

/// Answer to `GET /v1/coverage/calls`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct CallsAnswer {
    /// Newest first, at most 100.
    pub calls: Vec<Call>,
}

/// Body of `POST /v1/coverage/witnesses/{id}/phone`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct PhoneRequest {
    /// The number as people write it; empty for none.
    pub phone: String,
}

/// Whom a message is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "whom", rename_all = "snake_case", deny_unknown_fields)]
#[ts(export)]
pub enum MessageTo {
    /// Everybody posted in a region.
    Region {
        /// The region.
        region: RegionCode,
    },
    /// One witness.
    Witness {
        /// Id of the witness.
        witness: String,
    },
}

/// Body of `POST /v1/messages`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct MessageRequest {
    /// Chosen by the console, new for each message: the same request again
    /// sends nothing again. 8 to 64 letters, digits and hyphens.
    pub key: String,
    /// Whom it is for.
    pub to: MessageTo,
    /// At most 500 characters.
    pub text: String,
}

/// A message as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Message {
    /// Its number, from 1.
    pub number: u64,
    /// Whom it was for.
    pub to: MessageTo,
    /// Name of that region or witness.
    pub to_name: String,
    /// What it says.
    pub text: String,
    /// Who sent it. The witnesses are told the role only.
    pub by: String,
    /// As what.
    pub sent_as: Role,
    /// When, by the endpoint's clock.
    pub at: Timestamp,
    /// Witnesses whom it was for when it was sent.
    pub witnesses: u64,
}

/// Answer to `GET /v1/messages`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct MessagesAnswer {
    /// Newest first, at most 50.
    pub messages: Vec<Message>,
}

/// Answer to `GET /v1/messages/{number}/reach`: how many witnesses' devices say
/// that they have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct MessageReach {
    /// Witnesses in whose devices' inboxes it is.
    pub addressed: u64,
    /// Of these, those with a device that has fetched it.
    pub delivered: u64,
    /// Of these, those on whose device it was marked as read.
    pub read: u64,
}
