//! The log: everything that happened, in one chain.
//!
//! Each entry holds a hash over the entry before it and itself, so an entry
//! that is changed, removed or slipped in later breaks every hash after it.
//! The endpoint signs the chain's head now and then ([`checkpoint`]); a signed
//! head kept elsewhere (a phone, a printout) shows that nothing before it was
//! rewritten by whoever holds the database.
//!
//! Figures and names are not in the log: a revision stands there by its hash,
//! which covers the figures.

mod changes;
pub mod checkpoint;
mod entry;
mod event;
pub mod part;
pub(crate) mod subject;
mod verify;

pub use changes::Changes;
pub use entry::{Entry, FIRST_HASH, chained};
pub use event::{Event, ExportedTable};
pub use verify::{LogFault, LogSummary, verify};

use sqlx::AnyPool;

use crate::storage::StorageError;

/// Index of the newest entry; 0 when there is none.
///
/// # Errors
/// [`StorageError`].
pub async fn newest_index(pool: &AnyPool) -> Result<i64, StorageError> {
    let next: i64 = sqlx::query_scalar("SELECT next_index FROM log_head WHERE id = 1")
        .fetch_one(pool)
        .await?;
    Ok(next.saturating_sub(1))
}

/// At most `limit` entries after the one with index `after`, oldest first.
///
/// # Errors
/// [`StorageError`].
pub async fn entries_after(
    pool: &AnyPool,
    after: i64,
    limit: i64,
) -> Result<Vec<Entry>, StorageError> {
    let rows = sqlx::query(
        "SELECT log_index, at, actor, kind, body, hash FROM log
         WHERE log_index > $1 ORDER BY log_index LIMIT $2",
    )
    .bind(after)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    rows.iter().map(Entry::from_row).collect()
}
