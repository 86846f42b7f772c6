//! The inbox: what the counting room tells a device.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::console::Role;
use crate::encoding::{is_sha256_hex, sha256_hex};
use crate::envelope::Envelope;
use crate::limits::HELD_RECEIPTS_MAX;
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
    /// Whether all receipts named by [`HeldReceipts`] stand in this endpoint's
    /// log; absent when none was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<bool>,
    /// Photos should not be sent before this, by the endpoint's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photos_not_before: Option<Timestamp>,
}

/// Hex digits of a receipt's hash that tell it from every other.
const TAG_DIGITS: usize = 16;

/// A receipt that a device holds, as it names it to the endpoint that gave it.
///
/// Place and thing alone would not name it: an endpoint that was restored from
/// a backup may by chance give the same place to the same photo, for somebody
/// else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldReceipt {
    /// Position in the endpoint's log.
    pub log_index: u64,
    /// What it was given for: a `rev_id`, or a photo's hash.
    pub id: String,
    /// The receipt itself: the first 16 hex digits of the SHA-256 of its
    /// envelope's `payload`, base64 as it came.
    pub tag: String,
}

impl HeldReceipt {
    /// The name of a receipt in this envelope.
    #[must_use]
    pub fn new(log_index: u64, id: String, receipt: &Envelope) -> Self {
        let hash = sha256_hex(receipt.payload.as_bytes());
        Self {
            log_index,
            id,
            tag: hash.get(..TAG_DIGITS).unwrap_or_default().to_owned(),
        }
    }
}

impl fmt::Display for HeldReceipt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.log_index, self.id, self.tag)
    }
}

impl FromStr for HeldReceipt {
    type Err = NotAReceipt;

    fn from_str(text: &str) -> Result<Self, NotAReceipt> {
        let mut parts = text.split('.');
        let (Some(index), Some(id), Some(tag), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NotAReceipt);
        };
        let is_hex = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
        if !is_sha256_hex(id) || tag.len() != TAG_DIGITS || !tag.bytes().all(is_hex) {
            return Err(NotAReceipt);
        }
        Ok(Self {
            log_index: index.parse().map_err(|_| NotAReceipt)?,
            id: id.to_owned(),
            tag: tag.to_owned(),
        })
    }
}

/// Receipts that a device holds, as it names them in
/// `GET /v1/inbox?held=<log_index>.<id>.<tag>,<log_index>.<id>.<tag>,…`: from 1 to
/// [`HELD_RECEIPTS_MAX`]. An endpoint that was restored from a backup no longer
/// has the end of its log, and this tells the device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldReceipts(pub Vec<HeldReceipt>);

impl fmt::Display for HeldReceipts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, receipt) in self.0.iter().enumerate() {
            let comma = if number == 0 { "" } else { "," };
            write!(out, "{comma}{receipt}")?;
        }
        Ok(())
    }
}

impl FromStr for HeldReceipts {
    type Err = NotAReceipt;

    fn from_str(text: &str) -> Result<Self, NotAReceipt> {
        if text.split(',').count() > HELD_RECEIPTS_MAX {
            return Err(NotAReceipt);
        }
        let receipts: Result<_, _> = text.split(',').map(str::parse).collect();
        receipts.map(Self)
    }
}

/// Not the name of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not <log index>.<id>.<tag>, nor up to {HELD_RECEIPTS_MAX} of them with commas between")]
pub struct NotAReceipt;

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
    /// Of a message from the counting room: its id, which the device names in
    /// [`READ_HEADER`] once it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub message: Option<String>,
    /// Of such a message: what its sender is in the counting room; who that is
    /// by name, nobody is told.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "known_role"
    )]
    #[ts(optional)]
    pub from: Option<Role>,
}

/// Header of `GET /v1/inbox` in which a device says how many forms are begun on
/// it and not sealed: a whole number. An endpoint that does not know it does not
/// look at it.
pub const DRAFTS_HEADER: &str = "saksi-drafts";
/// Header of `GET /v1/inbox` in which a device names the newest message that was
/// read on it.
pub const READ_HEADER: &str = "saksi-read";

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

/// A role that only a newer endpoint knows is left out.
fn known_role<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Role>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

fn known_kind<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<InboxKind, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_is_named_by_its_place_its_thing_and_itself() {
        let envelope = |payload: &str| Envelope {
            payload_type: crate::envelope::RECEIPT_TYPE.to_owned(),
            payload: payload.to_owned(),
            signatures: Vec::new(),
        };
        let id = "ab".repeat(32);
        let named = HeldReceipt::new(1_234, id.clone(), &envelope("e30="));
        assert_eq!(named.to_string().parse().as_ref(), Ok(&named));
        assert_ne!(
            HeldReceipt::new(1_234, id.clone(), &envelope("e31=")),
            named
        );
        let without_tag = format!("1234.{id}");
        let with_more = format!("{named}.00");
        let not_hex = format!("1234.{id}.{}", "x".repeat(16));
        let whole = [without_tag.as_str(), &with_more, &not_hex];
        for wrong in ["", "12", "x.00", ".", "..", "-1.00", "1.XYZ"]
            .iter()
            .chain(&whole)
        {
            assert_eq!(wrong.parse::<HeldReceipt>(), Err(NotAReceipt), "{wrong}");
            assert_eq!(wrong.parse::<HeldReceipts>(), Err(NotAReceipt), "{wrong}");
        }
    }

    #[test]
    fn a_question_names_some_receipts_and_not_any_number_of_them() {
        let some = |count: u64| {
            let receipts = (1..=count).map(|log_index| HeldReceipt {
                log_index,
                id: "cd".repeat(32),
                tag: "ef".repeat(8),
            });
            HeldReceipts(receipts.collect())
        };
        for count in [1, 2, 16] {
            assert_eq!(some(count).to_string().parse(), Ok(some(count)));
        }
        let too_many = some(17).to_string();
        assert_eq!(too_many.parse::<HeldReceipts>(), Err(NotAReceipt));
    }
}
