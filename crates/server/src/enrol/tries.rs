//! Counting wrong tries of enrolment codes, per code and per caller.
//!
//! A code has 50 bits, so guessing one is hopeless as long as guesses are
//! counted. Both counts are in the database: a caller cannot go on at another
//! replica. After a quiet quarter of an hour a count is forgotten.

use protocol::limits::ENROL_WRONG_TRIES_MAX;
use sqlx::Row as _;

use crate::storage::{StorageError, Tx};

/// How long wrong tries are remembered, in milliseconds.
const REMEMBERED_MS: i64 = 15 * 60 * 1_000;

/// Whose tries are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// One code, by its hash.
    Code(String),
    /// One address.
    Caller(std::net::IpAddr),
}

impl Subject {
    fn key(&self) -> String {
        match self {
            Self::Code(hash) => format!("code:{hash}"),
            Self::Caller(address) => format!("caller:{}", grouped(*address)),
        }
    }
}

/// An IPv6 caller owns at least a /64, so that is what is counted.
fn grouped(address: std::net::IpAddr) -> String {
    match address {
        std::net::IpAddr::V4(v4) => v4.to_string(),
        std::net::IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.to_string(),
            None => v6
                .segments()
                .iter()
                .take(4)
                .map(|part| format!("{part:x}:"))
                .collect(),
        },
    }
}

/// Seconds to wait when there were too many wrong tries; `None` when one more
/// is allowed.
pub(super) async fn wait_seconds(
    tx: &mut Tx,
    subject: &Subject,
) -> Result<Option<u64>, StorageError> {
    let now_ms = tx.now_ms();
    let row = sqlx::query("SELECT wrong_tries, since FROM enrol_tries WHERE subject = $1")
        .bind(subject.key())
        .fetch_optional(tx.conn())
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let wrong: i64 = row.try_get("wrong_tries")?;
    let since: i64 = row.try_get("since")?;
    let free_at_ms = since.saturating_add(REMEMBERED_MS);
    if wrong < i64::from(ENROL_WRONG_TRIES_MAX) || now_ms >= free_at_ms {
        return Ok(None);
    }
    let wait_ms = u64::try_from(free_at_ms.saturating_sub(now_ms)).unwrap_or_default();
    Ok(Some(wait_ms.div_ceil(1_000)))
}

/// Counts one wrong try. The time remembered begins anew with each.
pub(super) async fn count_wrong(tx: &mut Tx, subject: &Subject) -> Result<(), StorageError> {
    let now_ms = tx.now_ms();
    let forgotten_before = now_ms.saturating_sub(REMEMBERED_MS);
    sqlx::query("DELETE FROM enrol_tries WHERE since <= $1")
        .bind(forgotten_before)
        .execute(tx.conn())
        .await?;
    sqlx::query(
        "INSERT INTO enrol_tries (subject, wrong_tries, since) VALUES ($1, 1, $2)
         ON CONFLICT (subject) DO UPDATE
         SET wrong_tries = enrol_tries.wrong_tries + 1, since = excluded.since",
    )
    .bind(subject.key())
    .bind(now_ms)
    .execute(tx.conn())
    .await?;
    Ok(())
}
