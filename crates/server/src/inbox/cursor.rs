//! Where a device goes on reading its inbox.
//!
//! A cursor names the newest item that a device has read, by its number and by
//! what it says. The number alone would not do: an endpoint that was restored
//! from a backup gives the same numbers to other items, and a device would
//! take those for read.

use std::fmt;
use std::str::FromStr;

use protocol::encoding::sha256_hex;

/// Hex digits of an item's hash that a cursor carries.
const TAG_DIGITS: usize = 16;

/// Where to go on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Cursor {
    /// Number of the newest item that was read; 0 for none.
    pub(super) id: i64,
    /// The beginning of its hash.
    tag: String,
}

/// Not a cursor of any endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor")]
pub(super) struct NotACursor;

impl Cursor {
    /// The cursor after this item.
    pub(super) fn after(id: i64, item: &str) -> Self {
        let hash = sha256_hex(item.as_bytes());
        let tag = hash.get(..TAG_DIGITS).unwrap_or_default().to_owned();
        Self { id, tag }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.id {
            0 => out.write_str("0"),
            id => write!(out, "{id}.{}", self.tag),
        }
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let (id, tag) = text.split_once('.').unwrap_or((text, ""));
        let id = id.parse().map_err(|_| NotACursor)?;
        let tag = tag.to_owned();
        Ok(Self { id, tag })
    }
}
