//! Writing what was worked out back into the slots' rows.

use std::collections::{BTreeMap, BTreeSet};

use protocol::SlotId;
use serde::Serialize;
use sqlx::Row as _;

use super::HeldSlot;
use crate::queue::rank;
use crate::storage::{StorageError, Tx, insert_rows, keyed_in};

const UPDATE: &str = "UPDATE slots SET state = new.column2, marks = new.column3,
       heads = new.column4, contribution = new.column5, findings = new.column6,
       photos_announced = new.column7, photos_received = new.column8, decisions = new.column9,
       version = slots.version + 1, changed_at = new.column10, bubbles_differ = new.column11,
       queue_open = new.column12, queue_base = new.column13
     FROM (";
const OF_SLOTS: &str = ") AS new WHERE slots.slot = new.column1";

pub(super) async fn save(
    tx: &mut Tx,
    held: &BTreeMap<SlotId, HeldSlot>,
) -> Result<(), StorageError> {
    let here = photos_here(tx, held).await?;
    let now_ms = tx.now_ms();
    let mut rows = Vec::with_capacity(held.len());
    for slot in held.values() {
        let questions = slot.questions_of_heads();
        let photos = head_photos(slot);
        let received = photos.iter().filter(|photo| here.contains(**photo)).count();
        rows.push(vec![
            slot.id.to_string().into(),
            word(&slot.view.state)?.into(),
            json(&slot.view.marks)?.into(),
            json(&slot.view.heads)?.into(),
            json(&slot.counted)?.into(),
            questions.findings.into(),
            number(photos.len()).into(),
            number(received).into(),
            number(slot.rulings.len()).into(),
            now_ms.into(),
            questions.bubbles_differ.into(),
            slot.open.as_str().into(),
            rank::base(
                &slot.view,
                &slot.rulings,
                slot.open,
                questions.findings,
                questions.bubbles_differ,
            )
            .into(),
        ]);
    }
    insert_rows(tx.conn(), UPDATE, rows, OF_SLOTS).await
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

pub(super) fn json<T: Serialize>(value: &T) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|cause| StorageError::corrupt("slot", cause))
}

fn word<T: Serialize>(value: &T) -> Result<String, StorageError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(StorageError::corrupt("word", format!("{other:?}"))),
    }
}
