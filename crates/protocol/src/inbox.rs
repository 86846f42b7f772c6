//! The inbox: what the counting room tells a device.

use serde::{Deserialize, Serialize};

use crate::slot_id::SlotId;
use crate::timestamp::Timestamp;

/// Answer to `GET /v1/inbox?after=<cursor>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InboxAnswer {
    /// Where to go on from.
    pub cursor: String,
    /// What is new, oldest first.
    pub items: Vec<InboxItem>,
}

/// One piece of news.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct InboxItem {
    /// What it is; an unknown one from a newer endpoint reads as a message.
    #[serde(default, deserialize_with = "known_kind")]
    pub kind: InboxKind,
    /// The slot that it is about.
    #[serde(default)]
    pub slot: Option<SlotId>,
    /// A reason or a message, in a person's words.
    #[serde(default)]
    pub text: String,
    /// By the endpoint's clock.
    pub at: Timestamp,
    /// For `original_wanted`: hash of the reading copy whose original is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub photo: Option<String>,
}

/// Kinds of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum InboxKind {
    /// The slot was verified.
    Verified,
    /// The slot came back with a reason.
    Returned,
    /// The slot is in conflict.
    Conflict,
    /// The original of a photo is asked for.
    OriginalWanted,
    /// A message from a coordinator.
    #[default]
    Message,
    /// The pack is new: fetch it.
    PackChanged,
    /// This device was revoked.
    Revoked,
}

fn known_kind<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<InboxKind, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}
