//! Rows that the log vouches for by their whole entry: what somebody of the
//! counting room noted about papers, calls and messages.

use std::collections::BTreeMap;

use sqlx::AnyPool;

use super::evidence::{event_at, same_count};
use super::verify_log::Broken;
use crate::log::Event;
use crate::{coverage, paper};

/// A row as it is kept, with the entry that the log should have for it.
#[derive(Debug)]
pub(crate) struct Vouched {
    /// Kind of that entry.
    pub kind: &'static str,
    /// Where it stands.
    pub log_index: i64,
    /// What it should say, the row's hash included.
    pub event: Event,
}

/// Kinds of entries that have such a row each, with what they are called.
const KINDS: [(&str, &str); 4] = [
    ("paper", "steps of papers"),
    ("paper_list", "lists of papers"),
    ("called", "calls"),
    ("message", "messages"),
];

/// Every such row against its entry in the log. Returns how many there are.
///
/// # Errors
/// [`Broken`], the first thing that does not fit.
pub(super) async fn notes(pool: &AnyPool) -> Result<i64, Broken> {
    let mut rows = paper::verify(pool).await?;
    rows.extend(coverage::verify(pool).await?);
    let mut kept: BTreeMap<&str, i64> = BTreeMap::new();
    for row in &rows {
        if event_at(pool, row.log_index).await?.as_ref() != Some(&row.event) {
            return Err(Broken::Entry {
                index: row.log_index,
                what: format!("the {} kept for it is not the one that was noted", row.kind),
            });
        }
        let count = kept.entry(row.kind).or_default();
        *count = count.saturating_add(1);
    }
    let mut all = 0_i64;
    for (kind, what) in KINDS {
        let count = kept.get(kind).copied().unwrap_or_default();
        same_count(pool, kind, what, count).await?;
        all = all.saturating_add(count);
    }
    Ok(all)
}
