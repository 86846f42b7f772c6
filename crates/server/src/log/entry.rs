//! One entry of the log, and the hash that chains it to the one before.
//!
//! The hash goes over the hash before and a hash of the entry's content, so
//! that a part of the log can be shown, and its chain checked, without the
//! content of entries that are nobody's business there (see [`super::part`]).
//! Entries of endpoints before 2026-11-22 were hashed in one step
//! ([`Entry::hash_before_parts`]); they stay as they are and are still believed.

use protocol::encoding::sha256_hex;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::event::Event;
use crate::storage::{Cell, StorageError};

/// The hash before the first entry.
pub const FIRST_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash of an entry with this content after `previous`.
#[must_use]
pub fn chained(previous: &str, content: &str) -> String {
    sha256_hex(format!("saksi-log-v2\n{previous}\n{content}").as_bytes())
}

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

    /// Hash of all that it says. The actor's length stands before the name,
    /// so that no two entries are hashed over the same bytes.
    #[must_use]
    pub fn content_hash(&self) -> String {
        let text = format!(
            "saksi-entry-v2\n{}\n{}\n{}\n{}\n{}",
            self.log_index,
            self.at_ms,
            self.actor_text(),
            self.kind,
            self.body
        );
        sha256_hex(text.as_bytes())
    }

    /// What its hash should be after `previous`.
    #[must_use]
    pub fn hash_after(&self, previous: &str) -> String {
        chained(previous, &self.content_hash())
    }

    /// What its hash should be after `previous` when an older endpoint wrote it.
    #[must_use]
    pub fn hash_before_parts(&self, previous: &str) -> String {
        let text = format!(
            "saksi-log-v1\n{previous}\n{}\n{}\n{}\n{}\n{}",
            self.log_index,
            self.at_ms,
            self.actor_text(),
            self.kind,
            self.body
        );
        sha256_hex(text.as_bytes())
    }

    /// Whether its hash is right after `previous`.
    #[must_use]
    pub fn follows(&self, previous: &str) -> bool {
        self.hash == self.hash_after(previous) || self.is_before_parts(previous)
    }

    /// Whether an older endpoint chained it to `previous`: then nobody can check
    /// that without its content.
    #[must_use]
    pub fn is_before_parts(&self, previous: &str) -> bool {
        self.hash == self.hash_before_parts(previous)
    }

    fn actor_text(&self) -> String {
        self.actor
            .as_deref()
            .map_or_else(|| "-".to_owned(), |name| format!("{}:{name}", name.len()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_changed_in_an_entry_breaks_its_hash_and_older_hashes_are_still_believed() {
        let event = Event::SignedOut {
            name: "rani".to_owned(),
        };
        let entry = Entry::after(FIRST_HASH, 7, 1_000, Some("rani"), &event).unwrap();
        assert!(entry.follows(FIRST_HASH) && !entry.is_before_parts(FIRST_HASH));
        let changes: [fn(&mut Entry); 5] = [
            |one| one.log_index = 8,
            |one| one.at_ms = 1_001,
            |one| one.actor = None,
            |one| one.kind = "signed_in".to_owned(),
            |one| one.body.push(' '),
        ];
        for change in changes {
            let mut changed = entry.clone();
            change(&mut changed);
            assert!(!changed.follows(FIRST_HASH), "{changed:?}");
        }
        let mut old = entry;
        old.hash = old.hash_before_parts(FIRST_HASH);
        assert!(old.follows(FIRST_HASH) && !old.follows(&old.hash));
    }
}
