//! One entry of the log.

use protocol::encoding::sha256_hex;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::event::Event;
use crate::storage::{Cell, StorageError};

/// The hash before the first entry.
pub(super) const FIRST_HASH: &str =
    "0000000000000000000000000000000000000000000000000000000000000000";

/// One entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Position, from 1, without gaps.
    pub log_index: i64,
    /// By the endpoint's clock, milliseconds since 1970.
    pub at_ms: i64,
    /// The user of the counting room who acted, if one did.
    pub actor: Option<String>,
    /// The event's kind, for filtering.
    pub kind: String,
    /// The event as JSON, exactly as it was hashed.
    pub body: String,
    /// Over the hash before and this entry, in hex.
    pub hash: String,
}

impl Entry {
    /// The entry that follows one with the hash `previous`.
    pub(crate) fn after(
        previous: &str,
        log_index: i64,
        at_ms: i64,
        actor: Option<&str>,
        event: &Event,
    ) -> Result<Self, StorageError> {
        let body =
            serde_json::to_string(event).map_err(|cause| StorageError::corrupt("event", cause))?;
        let mut entry = Self {
            log_index,
            at_ms,
            actor: actor.map(str::to_owned),
            kind: event.kind().to_owned(),
            body,
            hash: String::new(),
        };
        entry.hash = entry.hash_after(previous);
        Ok(entry)
    }

    /// What its hash should be after `previous`. Lengths stand before texts,
    /// so that no two entries are hashed over the same bytes.
    #[must_use]
    pub fn hash_after(&self, previous: &str) -> String {
        let actor = self
            .actor
            .as_deref()
            .map_or_else(|| "-".to_owned(), |name| format!("{}:{name}", name.len()));
        let text = format!(
            "saksi-log-v1\n{previous}\n{}\n{}\n{actor}\n{}\n{}",
            self.log_index, self.at_ms, self.kind, self.body
        );
        sha256_hex(text.as_bytes())
    }

    /// The event in it; `None` for a kind that this version does not know.
    #[must_use]
    pub fn event(&self) -> Option<Event> {
        serde_json::from_str(&self.body).ok()
    }

    pub(crate) fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        Ok(Self {
            log_index: row.try_get("log_index")?,
            at_ms: row.try_get("at")?,
            actor: row.try_get("actor")?,
            kind: row.try_get("kind")?,
            body: row.try_get("body")?,
            hash: row.try_get("hash")?,
        })
    }

    pub(crate) fn into_row(self) -> Vec<Cell> {
        vec![
            self.log_index.into(),
            self.at_ms.into(),
            self.actor.into(),
            self.kind.into(),
            self.body.into(),
            self.hash.into(),
        ]
    }
}
