//! Calls and messages as they are kept, against their hashes in the log.

use sqlx::{AnyPool, AssertSqlSafe, Row as _};

use super::{calls, messages};
use crate::log::Event;
use crate::operations::Vouched;
use crate::room::from_word;
use crate::storage::StorageError;

/// Every call and every message, as `verify-log` holds them against the log.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn verify(pool: &AnyPool) -> Result<Vec<Vouched>, StorageError> {
    let mut kept = Vec::new();
    let sql = format!("{} ORDER BY c.number", calls::COLUMNS);
    for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(pool).await? {
        let call = calls::call_in(&row)?;
        let digest = calls::digest(row.try_get("election")?, &call);
        kept.push(Vouched {
            kind: "called",
            log_index: row.try_get("log_index")?,
            event: Event::Called {
                number: row.try_get("number")?,
                tps: call.tps,
                digest,
            },
        });
    }
    let sql = format!("{} ORDER BY m.number", messages::COLUMNS);
    for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(pool).await? {
        let (number, witnesses): (i64, i64) = (row.try_get("number")?, row.try_get("witnesses")?);
        let digest = messages::digest(
            number,
            row.try_get("id")?,
            &messages::to_in(&row)?,
            row.try_get("wording")?,
            from_word("role of a sender", row.try_get("sent_as")?)?,
            row.try_get("sent_by")?,
            row.try_get("sent_at")?,
        );
        kept.push(Vouched {
            kind: "message",
            log_index: row.try_get("log_index")?,
            event: Event::Message {
                number,
                witnesses: witnesses.unsigned_abs(),
                digest,
            },
        });
    }
    Ok(kept)
}
