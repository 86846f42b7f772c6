//! Keeping in the slots' rows how many of their photos others use too.

use std::collections::{BTreeMap, BTreeSet};

use protocol::SlotId;
use sqlx::{AnyConnection, AnyPool, Row as _};

use super::twins::twins;
use crate::app::App;
use crate::log::Event;
use crate::storage::{StorageError, Tx, keyed_in};

/// Where the log has been read up to, kept now and then.
const KEY: &str = "same_photos_settled_up_to";
/// Log entries after which the place is kept: so many are read again, and
/// nothing comes of it, after a start.
const KEPT_EVERY: i64 = 5_000;

/// The place to go on from.
pub(super) async fn settled_up_to(pool: &AnyPool) -> Result<i64, StorageError> {
    let kept: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = $1")
        .bind(KEY)
        .fetch_optional(pool)
        .await?;
    let newest = crate::log::newest_index(pool).await?;
    let kept = kept.and_then(|text| text.parse().ok());
    Ok(kept.filter(|kept| *kept <= newest).unwrap_or_default())
}

/// Keeps the place when it has moved on far enough.
pub(super) async fn remember(app: &App, from: i64, to: i64) -> Result<(), StorageError> {
    if from / KEPT_EVERY == to / KEPT_EVERY {
        return Ok(());
    }
    app.writer
        .run(move |tx| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO meta (key, value) VALUES ($1, $2)
                     ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                )
                .bind(KEY)
                .bind(to.to_string())
                .execute(tx.conn())
                .await?;
                Ok(())
            })
        })
        .await
}

/// Works out these slots, whose heads or pairs have changed, and those that
/// share photos with them or did.
pub(super) async fn settle(app: &App, slots: &[String]) -> Result<(), StorageError> {
    if slots.is_empty() {
        return Ok(());
    }
    let mut reading = app.storage.reading().acquire().await?;
    let found = twins(&mut reading, slots).await?;
    let flagged = flagged(&mut reading, slots).await?;
    let mut touched: BTreeSet<String> = found.keys().cloned().collect();
    let others = found.values().flatten();
    touched.extend(others.map(|twin| twin.slot.to_string()));
    if !flagged.is_empty() {
        // They may have let go of a photo, and others stand alone with it now.
        let all = "SELECT slot FROM slots WHERE same_photos > 0";
        for row in sqlx::query(all).fetch_all(&mut *reading).await? {
            touched.insert(row.try_get("slot")?);
        }
    }
    drop(reading);
    if touched.is_empty() {
        return Ok(());
    }
    let touched: Vec<String> = touched.into_iter().collect();
    app.writer
        .run(move |tx| Box::pin(async move { write(tx, &touched).await }))
        .await
}

/// Those of these slots that share photos by what was known, with how many.
async fn flagged(
    connection: &mut AnyConnection,
    slots: &[String],
) -> Result<BTreeMap<String, i64>, StorageError> {
    let mut flagged = BTreeMap::new();
    let head = "SELECT slot, same_photos FROM slots WHERE same_photos > 0 AND slot";
    for query in keyed_in(head, slots, "") {
        for row in query.fetch_all(&mut *connection).await? {
            flagged.insert(row.try_get("slot")?, row.try_get("same_photos")?);
        }
    }
    Ok(flagged)
}

/// Writes how many photos of others these slots share, where that has changed.
pub(super) async fn write(tx: &mut Tx, slots: &[String]) -> Result<(), StorageError> {
    let now_ms = tx.now_ms();
    let found = twins(tx.conn(), slots).await?;
    let before = flagged(tx.conn(), slots).await?;
    let mut changed: Vec<SlotId> = Vec::new();
    for slot in slots {
        let twins = found.get(slot).map_or(0, Vec::len);
        let count = i64::try_from(twins).unwrap_or(i64::MAX);
        if before.get(slot).copied().unwrap_or_default() == count {
            continue;
        }
        sqlx::query(
            "UPDATE slots SET same_photos = $2, version = version + 1, changed_at = $3
             WHERE slot = $1",
        )
        .bind(slot.clone())
        .bind(count)
        .bind(now_ms)
        .execute(tx.conn())
        .await?;
        let id = slot.parse();
        changed.push(id.map_err(|cause| StorageError::corrupt("slot", cause))?);
    }
    if !changed.is_empty() {
        tx.append(None, &Event::SamePhoto { slots: changed })?;
    }
    Ok(())
}
