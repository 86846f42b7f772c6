//! What is here already, and what is kept aside.

use std::collections::BTreeMap;

use protocol::ProblemCode;
use sqlx::Row as _;

use super::judge::Candidate;
use super::statement::word;
use crate::storage::{StorageError, Tx, keyed_in};

/// Most refused revisions that are kept for one device: a device that was
/// stolen, or a client gone wild, must not fill the disk.
const KEPT_PER_DEVICE_MAX: i64 = 500;

/// Those revisions that are stored, by id, with their receipts; an SMS has
/// none.
pub(super) async fn receipts(
    tx: &mut Tx,
    rev_ids: &[String],
) -> Result<BTreeMap<String, Option<String>>, StorageError> {
    let mut known = BTreeMap::new();
    let head = "SELECT rev_id, receipt FROM revisions WHERE rev_id";
    for query in keyed_in(head, rev_ids, "") {
        for row in query.fetch_all(tx.conn()).await? {
            known.insert(row.try_get("rev_id")?, row.try_get("receipt")?);
        }
    }
    Ok(known)
}

/// Whether what is refused with this code may be let in later.
fn is_kept(code: ProblemCode) -> bool {
    matches!(
        code,
        ProblemCode::NotAssigned | ProblemCode::WindowClosed | ProblemCode::DeviceRevoked
    )
}

/// Keeps a refused revision aside, if it is one of those that may be let in.
pub(super) async fn keep_aside(
    tx: &mut Tx,
    candidate: &Candidate,
    code: Option<ProblemCode>,
) -> Result<(), StorageError> {
    let Some(code) = code.filter(|code| is_kept(*code)) else {
        return Ok(());
    };
    let now_ms = tx.now_ms();
    sqlx::query(
        "INSERT INTO refused (rev_id, slot, device, code, channel, envelope, received_at)
         SELECT $1, $2, $3, $4, $5, $6, $7
         WHERE (SELECT COUNT(*) FROM refused WHERE device = $3) < $8
         ON CONFLICT (rev_id) DO UPDATE SET code = excluded.code",
    )
    .bind(candidate.rev_id.clone())
    .bind(candidate.slot.to_string())
    .bind(candidate.revision.device.clone())
    .bind(code.as_str())
    .bind(word(candidate.channel))
    .bind(candidate.envelope.clone())
    .bind(now_ms)
    .bind(KEPT_PER_DEVICE_MAX)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Forgets what was kept aside and has come in now.
pub(super) async fn let_go(tx: &mut Tx, rev_ids: &[String]) -> Result<(), StorageError> {
    for query in keyed_in("DELETE FROM refused WHERE rev_id", rev_ids, "") {
        query.execute(tx.conn()).await?;
    }
    Ok(())
}
