//! What a kept text says, whichever way it came.

use domain::Channel;
use protocol::{Envelope, Revision, SlotId, Timestamp};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::catalogue::Catalogue;
use crate::sms;
use crate::storage::StorageError;

/// The revision in a row of `device`, `channel`, `envelope` and `received_at`
/// that was kept for `slot`. What proves it (signature or mac) was checked
/// when it came.
///
/// # Errors
/// [`StorageError`] when what is kept is no revision.
pub fn statement_in(
    row: &AnyRow,
    slot: &SlotId,
    catalogue: &Catalogue,
) -> Result<(Channel, Revision), StorageError> {
    let channel = channel_in(row)?;
    let text: &str = row.try_get("envelope")?;
    let revision = match channel {
        Channel::App => signed(text)?,
        Channel::Sms => {
            let received_at: i64 = row.try_get("received_at")?;
            let at = Timestamp::from_unix_ms(received_at);
            sms::revision_of(text, slot, row.try_get("device")?, catalogue, at)
                .map_err(|cause| StorageError::corrupt("SMS", cause))?
        }
    };
    Ok((channel, revision))
}

/// The channel in a row.
///
/// # Errors
/// [`StorageError`] when it is none.
pub fn channel_in(row: &AnyRow) -> Result<Channel, StorageError> {
    match row.try_get("channel")? {
        "app" => Ok(Channel::App),
        "sms" => Ok(Channel::Sms),
        other => Err(StorageError::corrupt("channel", other)),
    }
}

/// The word that a channel is kept by.
pub(super) fn word(channel: Channel) -> &'static str {
    match channel {
        Channel::App => "app",
        Channel::Sms => "sms",
    }
}

fn signed(envelope: &str) -> Result<Revision, StorageError> {
    let broken = |cause: String| StorageError::corrupt("envelope", cause);
    let envelope: Envelope =
        serde_json::from_str(envelope).map_err(|cause| broken(cause.to_string()))?;
    let payload = envelope
        .payload_bytes()
        .map_err(|cause| broken(cause.to_string()))?;
    Revision::from_payload(&payload).map_err(|cause| broken(cause.to_string()))
}
