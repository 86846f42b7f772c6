//! The name of a slot: one form's place.

use std::fmt;
use std::str::FromStr;

use domain::TpsCode;
use serde::{Deserialize, Serialize};

/// Longest id of an election or contest, in bytes.
pub const ID_MAX_BYTES: usize = 40;

/// One form's place, written `{election}/{tps}/{contest}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(try_from = "String", into = "String")]
#[ts(export, type = "string")]
pub struct SlotId {
    /// Id of the election.
    pub election: String,
    /// The polling station.
    pub tps: TpsCode,
    /// Id of the contest in the election.
    pub contest: String,
}

/// A text that does not name a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a slot is written election/tps/contest")]
pub struct NotASlot;

/// Whether `text` can be an id of an election or contest: small letters,
/// digits and hyphens.
#[must_use]
pub fn is_id(text: &str) -> bool {
    let fits = (1..=ID_MAX_BYTES).contains(&text.len());
    fits && text
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for SlotId {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("One form's place: election/tps/contest"))
            .pattern(Some("^[a-z0-9-]{1,40}/[0-9]{13}/[a-z0-9-]{1,40}$"))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for SlotId {}

impl FromStr for SlotId {
    type Err = NotASlot;
    fn from_str(text: &str) -> Result<Self, NotASlot> {
        let mut parts = text.split('/');
        let (Some(election), Some(tps), Some(contest), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NotASlot);
        };
        if !is_id(election) || !is_id(contest) {
            return Err(NotASlot);
        }
        let tps = tps.parse().map_err(|_| NotASlot)?;
        Ok(Self {
            election: election.to_owned(),
            tps,
            contest: contest.to_owned(),
        })
    }
}

impl TryFrom<String> for SlotId {
    type Error = NotASlot;
    fn try_from(text: String) -> Result<Self, NotASlot> {
        text.parse()
    }
}

impl From<SlotId> for String {
    fn from(slot: SlotId) -> Self {
        slot.to_string()
    }
}

impl fmt::Display for SlotId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}/{}", self.election, self.tps, self.contest)
    }
}
