//! Signed heads of the log.

use protocol::{Envelope, PublicKey};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row as _};

use crate::keys::ServerKey;
use crate::storage::{StorageError, Tx};

/// Type of a checkpoint's payload.
pub const CHECKPOINT_TYPE: &str = "application/vnd.saksi.checkpoint.v1+json";
/// Entries after which the log's head is signed again.
pub const ENTRIES_PER_CHECKPOINT: i64 = 1_000;

/// What is signed: "up to this entry the log hashes to this".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Version of this payload, 1.
    pub v: u32,
    /// Index of the entry.
    pub log_index: i64,
    /// Its hash.
    pub hash: String,
}

/// Signs the head that `tx` leaves behind, when the last one signed is far
/// enough back or `at_once` is asked for.
///
/// # Errors
/// [`StorageError`].
pub async fn sign_head(tx: &mut Tx, key: &ServerKey, at_once: bool) -> Result<(), StorageError> {
    let newest = tx.next_log_index().saturating_sub(1);
    let signed: Option<i64> = sqlx::query_scalar("SELECT MAX(log_index) FROM checkpoints")
        .fetch_one(tx.conn())
        .await?;
    let unsigned = newest.saturating_sub(signed.unwrap_or_default());
    if unsigned <= 0 || (!at_once && unsigned < ENTRIES_PER_CHECKPOINT) {
        return Ok(());
    }
    let checkpoint = Checkpoint {
        v: 1,
        log_index: newest,
        hash: tx.head_hash().to_owned(),
    };
    let json = |cause| StorageError::corrupt("checkpoint", cause);
    let payload = serde_json::to_vec(&checkpoint).map_err(json)?;
    let envelope = Envelope::seal(CHECKPOINT_TYPE, &payload, key.id(), key.secret());
    let now_ms = tx.now_ms();
    sqlx::query("INSERT INTO checkpoints (log_index, envelope, signed_at) VALUES ($1, $2, $3)")
        .bind(newest)
        .bind(serde_json::to_string(&envelope).map_err(json)?)
        .bind(now_ms)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// All signed heads, oldest first, each with its index.
pub(super) async fn all(pool: &AnyPool) -> Result<Vec<(i64, Envelope)>, StorageError> {
    let rows = sqlx::query("SELECT log_index, envelope FROM checkpoints ORDER BY log_index")
        .fetch_all(pool)
        .await?;
    rows.iter().map(in_row).collect()
}

/// The signed heads from one index to another, both included, oldest first.
///
/// # Errors
/// [`StorageError`].
pub async fn between(
    pool: &AnyPool,
    from: i64,
    upto: i64,
) -> Result<Vec<(i64, Envelope)>, StorageError> {
    let rows = sqlx::query(
        "SELECT log_index, envelope FROM checkpoints WHERE log_index >= $1 AND log_index <= $2
         ORDER BY log_index",
    )
    .bind(from)
    .bind(upto)
    .fetch_all(pool)
    .await?;
    rows.iter().map(in_row).collect()
}

/// The newest signed head at or before `upto`, with its index and when it was
/// signed, in milliseconds since 1970.
///
/// # Errors
/// [`StorageError`].
pub async fn newest_upto(
    pool: &AnyPool,
    upto: i64,
) -> Result<Option<(i64, Envelope, i64)>, StorageError> {
    let row = sqlx::query(
        "SELECT log_index, envelope, signed_at FROM checkpoints WHERE log_index <= $1
         ORDER BY log_index DESC LIMIT 1",
    )
    .bind(upto)
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        let (index, envelope) = in_row(&row)?;
        Ok((index, envelope, row.try_get("signed_at")?))
    })
    .transpose()
}

fn in_row(row: &AnyRow) -> Result<(i64, Envelope), StorageError> {
    let text: String = row.try_get("envelope")?;
    let envelope =
        serde_json::from_str(&text).map_err(|cause| StorageError::corrupt("checkpoint", cause))?;
    Ok((row.try_get("log_index")?, envelope))
}

/// What a signed head says, once it verifies under `key`.
#[must_use]
pub fn opened(envelope: &Envelope, key: &PublicKey) -> Option<Checkpoint> {
    let payload = envelope.open(CHECKPOINT_TYPE, key).ok()?;
    serde_json::from_slice(&payload).ok()
}

/// Whether this signed head says that the entry at `index` hashes to `hash`.
#[must_use]
pub fn fits(envelope: &Envelope, key: &PublicKey, index: i64, hash: &str) -> bool {
    opened(envelope, key).is_some_and(|head| head.log_index == index && head.hash == hash)
}
