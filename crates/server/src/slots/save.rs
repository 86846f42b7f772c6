//! Writing what was worked out back into the slots' rows.

use std::collections::{BTreeMap, BTreeSet};

use protocol::SlotId;
use serde::Serialize;
use sqlx::Row as _;

use super::HeldSlot;
use crate::storage::{StorageError, Tx, keyed_in};

const UPDATE: &str = "UPDATE slots SET state = $2, marks = $3, heads = $4, contribution = $5,
       findings = $6, photos_announced = $7, photos_received = $8, decisions = $9,
       version = version + 1, changed_at = $10
     WHERE slot = $1";

pub(super) async fn save(
    tx: &mut Tx,
    held: &BTreeMap<SlotId, HeldSlot>,
) -> Result<(), StorageError> {
    let here = photos_here(tx, held).await?;
    let now_ms = tx.now_ms();
    for slot in held.values() {
        let photos = head_photos(slot);
        let received = photos.iter().filter(|photo| here.contains(**photo)).count();
        sqlx::query(UPDATE)
            .bind(slot.id.to_string())
            .bind(word(&slot.view.state)?)
            .bind(json(&slot.view.marks)?)
            .bind(json(&slot.view.heads)?)
            .bind(json(&slot.counted)?)
            .bind(slot.findings_of_heads())
            .bind(number(photos.len()))
            .bind(number(received))
            .bind(number(slot.rulings.len()))
            .bind(now_ms)
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

/// The reading copies that a slot's heads name, each once.
fn head_photos(slot: &HeldSlot) -> BTreeSet<&str> {
    slot.heads()
        .flat_map(|head| head.photos.iter().map(String::as_str))
        .collect()
}

/// Which of the heads' photos are complete.
async fn photos_here(
    tx: &mut Tx,
    held: &BTreeMap<SlotId, HeldSlot>,
) -> Result<BTreeSet<String>, StorageError> {
    let named: BTreeSet<&str> = held.values().flat_map(head_photos).collect();
    let named: Vec<String> = named.into_iter().map(str::to_owned).collect();
    let mut here = BTreeSet::new();
    for query in keyed_in("SELECT sha256 FROM photos WHERE sha256", &named, "") {
        for row in query.fetch_all(tx.conn()).await? {
            here.insert(row.try_get("sha256")?);
        }
    }
    Ok(here)
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn json<T: Serialize>(value: &T) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|cause| StorageError::corrupt("slot", cause))
}

fn word<T: Serialize>(value: &T) -> Result<String, StorageError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(StorageError::corrupt("word", format!("{other:?}"))),
    }
}
