//! Whose message it is: the slot by its code, the device by the mac.

use protocol::sms::{KEY_BYTES, Sms};
use protocol::{SlotId, encoding};
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row as _};

use crate::storage::StorageError;

/// Where a message comes from.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    pub(super) slot: SlotId,
    /// TPS number, for people.
    pub(super) number: String,
    pub(super) device: String,
}

/// The slot that the message names and the device of that slot whose key fits
/// its mac; `None` when there is none.
///
/// Devices of a slot are those of its witnesses and those that have reported
/// about it, revoked ones included: what they may send is not decided here.
pub(super) async fn sender_of(
    pool: &AnyPool,
    body: &str,
    sms: &Sms,
) -> Result<Option<Sender>, StorageError> {
    let found = sqlx::query(
        "SELECT s.slot, t.number FROM slots s JOIN tps t ON t.code = s.tps WHERE s.sms_code = $1",
    )
    .bind(sms.slot_code.clone())
    .fetch_optional(pool)
    .await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let slot: &str = row.try_get("slot")?;
    let slot: SlotId = slot
        .parse()
        .map_err(|cause| StorageError::corrupt("slot", cause))?;
    let devices = sqlx::query(
        "SELECT id, sms_key FROM devices
         WHERE witness IN (SELECT witness FROM assignments WHERE election = $1 AND tps = $2)
            OR id IN (SELECT device FROM revisions WHERE slot = $3)
         ORDER BY id",
    )
    .bind(slot.election.clone())
    .bind(slot.tps.to_string())
    .bind(slot.to_string())
    .fetch_all(pool)
    .await?;
    for device in devices {
        if Sms::open(body, &key_in(&device)?).is_ok() {
            return Ok(Some(Sender {
                slot,
                number: row.try_get("number")?,
                device: device.try_get("id")?,
            }));
        }
    }
    Ok(None)
}

/// The key in a row of `sms_key`.
///
/// # Errors
/// [`StorageError`] when it is none.
pub(crate) fn key_in(row: &AnyRow) -> Result<[u8; KEY_BYTES], StorageError> {
    let key: &str = row.try_get("sms_key")?;
    encoding::array_from_base64(key)
        .ok_or_else(|| StorageError::corrupt("device", "its SMS key is none"))
}
