//! Walks the whole chain and says where it breaks.

use protocol::PublicKey;
use sqlx::AnyPool;

use super::checkpoint::{self, fits};
use super::entries_after;
use super::entry::FIRST_HASH;
use crate::storage::StorageError;

/// Entries read at once.
const PAGE: i64 = 2_000;

/// What a sound log holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSummary {
    /// Number of entries.
    pub entries: i64,
    /// Hash of the newest.
    pub hash: String,
    /// Number of signed heads, all of which fit.
    pub checkpoints: usize,
}

/// Why the log is not to be believed.
#[derive(Debug, thiserror::Error)]
pub enum LogFault {
    /// An entry is missing or stands twice.
    #[error("entry {0} is missing")]
    Gap(i64),
    /// An entry, or one before it, was changed.
    #[error("the hash of entry {0} does not fit: it, or what stands before it, was changed")]
    Hash(i64),
    /// Entries at the end are missing.
    #[error("the log should go on to entry {0}")]
    Short(i64),
    /// A signed head does not fit the chain.
    #[error("the signed head at entry {0} does not fit")]
    Checkpoint(i64),
    /// It could not be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Walks the log from its first entry, calling `progress` with the number of
/// entries seen.
///
/// # Errors
/// [`LogFault`], the first break.
pub async fn verify(
    pool: &AnyPool,
    key: &PublicKey,
    mut progress: impl FnMut(i64) + Send,
) -> Result<LogSummary, LogFault> {
    // Read before the walk: a running endpoint goes on writing meanwhile.
    let newest = super::newest_index(pool).await?;
    let mut signed = checkpoint::all(pool).await?.into_iter().peekable();
    let mut hash = FIRST_HASH.to_owned();
    let mut index = 0_i64;
    let mut checkpoints = 0_usize;
    loop {
        let page = entries_after(pool, index, PAGE).await?;
        if page.is_empty() {
            break;
        }
        for entry in page {
            index = index.saturating_add(1);
            if entry.log_index != index {
                return Err(LogFault::Gap(index));
            }
            if !entry.follows(&hash) {
                return Err(LogFault::Hash(index));
            }
            hash = entry.hash;
            if let Some((_, envelope)) = signed.next_if(|(at, _)| *at == index) {
                if !fits(&envelope, key, index, &hash) {
                    return Err(LogFault::Checkpoint(index));
                }
                checkpoints = checkpoints.saturating_add(1);
            }
        }
        progress(index);
    }
    if let Some((at, _)) = signed.next() {
        return Err(LogFault::Short(at));
    }
    if newest > index {
        return Err(LogFault::Short(newest));
    }
    Ok(LogSummary {
        entries: index,
        hash,
        checkpoints,
    })
}
