//! Devices and desks against the entries that enrolled and opened them.

use std::collections::BTreeMap;

use sqlx::{AnyPool, Row as _};

use super::{broken, event_at, same_count};
use crate::log::Event;
use crate::operations::verify_log::Broken;
use crate::storage::StorageError;

/// Every device's key against the entry of its enrolment, where that says it.
///
/// # Errors
/// [`Broken`], the first that does not fit.
pub(in crate::operations) async fn device_entries(pool: &AnyPool) -> Result<(), Broken> {
    let kept: BTreeMap<String, String> = sqlx::query("SELECT id, public_key FROM devices")
        .fetch_all(pool)
        .await?
        .iter()
        .map(|row| Ok((row.try_get("id")?, row.try_get("public_key")?)))
        .collect::<Result<_, StorageError>>()?;
    let rows =
        sqlx::query("SELECT log_index, body FROM log WHERE kind IN ('enrolled', 'desk_opened')")
            .fetch_all(pool)
            .await?;
    for row in rows {
        let index: i64 = row.try_get("log_index")?;
        let event = serde_json::from_str(row.try_get("body")?);
        if let Ok(
            Event::Enrolled {
                device,
                public_key: Some(said),
                ..
            }
            | Event::DeskOpened {
                device,
                public_key: Some(said),
                ..
            },
        ) = event
            && kept.get(&device) != Some(&said)
        {
            return Err(broken(index, "the device kept for it has another key"));
        }
    }
    Ok(())
}

/// Every desk of the counting room against the entry that opened it, so that
/// nobody's figures become somebody else's.
///
/// # Errors
/// [`Broken`], the first thing that does not fit.
pub(in crate::operations) async fn desks(pool: &AnyPool) -> Result<(), Broken> {
    let rows = sqlx::query("SELECT device, user_name, election, log_index FROM desks")
        .fetch_all(pool)
        .await?;
    for row in &rows {
        let index: i64 = row.try_get("log_index")?;
        let kept: (String, String, String) = (
            row.try_get("device")?,
            row.try_get("user_name")?,
            row.try_get("election")?,
        );
        match event_at(pool, index).await? {
            Some(Event::DeskOpened {
                device,
                user,
                election,
                ..
            }) if kept == (device.clone(), user.clone(), election.clone()) => {}
            _ => {
                return Err(broken(
                    index,
                    "the desk kept for it is not the one that was opened",
                ));
            }
        }
    }
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    same_count(pool, "desk_opened", "desks", count).await
}
