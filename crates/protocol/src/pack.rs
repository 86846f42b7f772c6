//! The pack: all that a device must know to work without a connection.

use domain::{Contest, FormLayout, TpsCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::timestamp::Timestamp;

/// What a device gets at enrolment and from `GET /v1/pack`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Pack {
    /// Grows with every change.
    pub version: u64,
    /// Oldest app that may go on.
    pub min_app: String,
    /// The election.
    pub election: Election,
    /// The contests of the assignments.
    pub contests: Vec<Contest>,
    /// The forms of those contests.
    pub forms: Vec<FormLayout>,
    /// Whose device this is.
    pub witness: Witness,
    /// Where that witness is posted.
    pub assignments: Vec<Assignment>,
    /// How to send by SMS; absent when the election takes none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sms: Option<SmsAccess>,
}

/// One election.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Election {
    /// Id, such as `kaltim-2024`.
    pub id: String,
    /// Name for the screens.
    pub name: String,
    /// Polling day, `YYYY-MM-DD`.
    pub date: String,
    /// IANA name of its time zone.
    pub timezone: String,
    /// Whether this is an exercise.
    pub rehearsal: bool,
    /// From when revisions are taken in.
    pub opens_at: Timestamp,
    /// Until when.
    pub closes_at: Timestamp,
}

/// A party's witness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Witness {
    /// Name.
    pub name: String,
    /// Where the witness stands.
    pub role: WitnessRole,
}

/// Two witnesses per polling station are normal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum WitnessRole {
    /// Inside the polling station, with a mandate.
    Inside,
    /// Outside, as the second.
    Outside,
    /// In reserve.
    Reserve,
}

/// One polling station that a witness is posted to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Assignment {
    /// Its code.
    pub tps: TpsCode,
    /// Its number as on the form's head.
    pub number: String,
    /// Province, regency, district, village.
    pub place: Vec<String>,
    /// Voters on the permanent roll, if known.
    #[serde(default)]
    pub dpt: Option<Roll>,
    /// Ids of the contests held there.
    pub contests: Vec<String>,
    /// SMS slot code by contest.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(as = "Option<BTreeMap<String, String>>", optional)]
    pub sms: BTreeMap<String, String>,
}

/// Voters on a roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Roll {
    /// Men.
    pub male: u32,
    /// Women.
    pub female: u32,
}

/// How a device sends by SMS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct SmsAccess {
    /// Numbers to send to, in order.
    pub numbers: Vec<String>,
    /// The device's mac key, base64 of 32 bytes.
    pub key: String,
}
