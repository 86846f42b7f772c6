//! Taking a device's access away.

use crate::log::Event;
use crate::storage::{StorageError, Tx};

/// Revokes a device: from this transaction's commit on it is refused on every
/// call. Its revisions stay. Returns whether there was such a device with
/// access.
///
/// # Errors
/// [`StorageError`].
pub async fn revoke(tx: &mut Tx, actor: Option<&str>, device: &str) -> Result<bool, StorageError> {
    let now_ms = tx.now_ms();
    let done =
        sqlx::query("UPDATE devices SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
            .bind(device.to_owned())
            .bind(now_ms)
            .execute(tx.conn())
            .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    let event = Event::Revoked {
        device: device.to_owned(),
    };
    tx.append(actor, &event)?;
    Ok(true)
}
