//! Rows and receipts of complete photos.

use std::collections::BTreeMap;
use std::sync::Arc;

use protocol::receipt::VERSION;
use protocol::{Envelope, Receipt, ReceiptKind, SlotId, Timestamp};
use sqlx::{AnyPool, Row as _};

use crate::keys::ServerKey;
use crate::log::Event;
use crate::storage::{StorageError, Tx};

/// A photo that is in the photo store.
#[derive(Debug, Clone)]
pub(super) struct Complete {
    pub(super) sha256: String,
    pub(super) size_bytes: u64,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Size of a complete photo in bytes; `None` when it is not complete.
pub(super) async fn size_of(pool: &AnyPool, sha256: &str) -> Result<Option<u64>, StorageError> {
    let size: Option<i64> = sqlx::query_scalar("SELECT size_bytes FROM photos WHERE sha256 = $1")
        .bind(sha256.to_owned())
        .fetch_optional(pool)
        .await?;
    Ok(size.and_then(|size| u64::try_from(size).ok()))
}

/// The receipt that `device` has for this photo.
pub(super) async fn given(
    pool: &AnyPool,
    sha256: &str,
    device: &str,
) -> Result<Option<Envelope>, StorageError> {
    let text: Option<String> =
        sqlx::query_scalar("SELECT receipt FROM photo_receipts WHERE sha256 = $1 AND device = $2")
            .bind(sha256.to_owned())
            .bind(device.to_owned())
            .fetch_optional(pool)
            .await?;
    text.as_deref().map(envelope).transpose()
}

fn envelope(text: &str) -> Result<Envelope, StorageError> {
    serde_json::from_str(text).map_err(|cause| StorageError::corrupt("receipt", cause))
}

/// Notes that a photo is in the photo store, and gives `device` its receipt.
pub(super) async fn note_complete(
    tx: &mut Tx,
    key: Arc<ServerKey>,
    photo: Complete,
    device: String,
) -> Result<Envelope, StorageError> {
    let now_ms = tx.now_ms();
    let inserted = sqlx::query(
        "INSERT INTO photos (sha256, size_bytes, width, height, completed_at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (sha256) DO NOTHING",
    )
    .bind(photo.sha256.clone())
    .bind(i64::try_from(photo.size_bytes).unwrap_or(i64::MAX))
    .bind(i64::from(photo.width))
    .bind(i64::from(photo.height))
    .bind(now_ms)
    .execute(tx.conn())
    .await?;
    if inserted.rows_affected() == 0 {
        return vouch(tx, key, photo.sha256, device).await;
    }
    let slots = count_in_slots(tx, &photo.sha256).await?;
    let event = Event::Photo {
        sha256: photo.sha256.clone(),
        device: device.clone(),
        slots,
    };
    let log_index = tx.append(None, &event)?;
    give(tx, &key, photo.sha256, device, log_index).await
}

/// Gives `device` a receipt for a photo that is here; the same again when it
/// has one.
pub(super) async fn vouch(
    tx: &mut Tx,
    key: Arc<ServerKey>,
    sha256: String,
    device: String,
) -> Result<Envelope, StorageError> {
    let text: Option<String> =
        sqlx::query_scalar("SELECT receipt FROM photo_receipts WHERE sha256 = $1 AND device = $2")
            .bind(sha256.clone())
            .bind(device.clone())
            .fetch_optional(tx.conn())
            .await?;
    if let Some(text) = text {
        return envelope(&text);
    }
    let event = Event::PhotoKnown {
        sha256: sha256.clone(),
        device: device.clone(),
    };
    let log_index = tx.append(None, &event)?;
    give(tx, &key, sha256, device, log_index).await
}

async fn give(
    tx: &mut Tx,
    key: &ServerKey,
    sha256: String,
    device: String,
    log_index: i64,
) -> Result<Envelope, StorageError> {
    let json = |cause| StorageError::corrupt("receipt", cause);
    let receipt = Receipt {
        v: VERSION,
        kind: ReceiptKind::Photo,
        id: sha256.clone(),
        device: device.clone(),
        log_index: u64::try_from(log_index).unwrap_or_default(),
        received_at: Timestamp::from_unix_ms(tx.now_ms()),
    };
    let envelope = receipt.seal(key.id(), key.secret()).map_err(json)?;
    sqlx::query(
        "INSERT INTO photo_receipts (sha256, device, receipt, log_index) VALUES ($1, $2, $3, $4)",
    )
    .bind(sha256)
    .bind(device)
    .bind(serde_json::to_string(&envelope).map_err(json)?)
    .bind(log_index)
    .execute(tx.conn())
    .await?;
    Ok(envelope)
}

/// Counts a new photo in every slot whose heads name it as a reading copy, and
/// returns the slots whose heads name it as one or as an original.
async fn count_in_slots(tx: &mut Tx, sha256: &str) -> Result<Vec<SlotId>, StorageError> {
    let now_ms = tx.now_ms();
    let rows = sqlx::query(
        "SELECT s.slot, s.heads, r.rev_id, a.kind FROM announced a
         JOIN revisions r ON r.rev_id = a.rev_id JOIN slots s ON s.slot = r.slot
         WHERE a.sha256 = $1",
    )
    .bind(sha256.to_owned())
    .fetch_all(tx.conn())
    .await?;
    // By slot, how many more reading copies it has: one, or none.
    let mut slots: BTreeMap<String, i64> = BTreeMap::new();
    for row in rows {
        let heads: Vec<String> = serde_json::from_str(row.try_get("heads")?)
            .map_err(|cause| StorageError::corrupt("heads", cause))?;
        if heads.contains(&row.try_get("rev_id")?) {
            let is_copy = row.try_get::<&str, _>("kind")? == "copy";
            let more = slots.entry(row.try_get("slot")?).or_default();
            *more = (*more).max(i64::from(is_copy));
        }
    }
    for (slot, more) in &slots {
        sqlx::query(
            "UPDATE slots SET photos_received = photos_received + $3, version = version + 1,
               changed_at = $2 WHERE slot = $1",
        )
        .bind(slot.clone())
        .bind(now_ms)
        .bind(*more)
        .execute(tx.conn())
        .await?;
    }
    let parsed = slots.keys().map(|slot| slot.parse());
    parsed
        .collect::<Result<_, _>>()
        .map_err(|cause| StorageError::corrupt("slot", cause))
}
