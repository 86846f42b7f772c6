//! Reading slots with all that their state is worked out from.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{Ruling, RulingKind, SlotRevision, SlotView};
use protocol::SlotId;
use serde::de::DeserializeOwned;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{HeldSlot, Questions};
use crate::queue::Open;
use crate::storage::{StorageError, Tx, keyed_in};

const SLOTS: &str =
    "SELECT slot, contest_region, district, state, contribution, decisions, version,
         queue_open
     FROM slots WHERE slot";
const REVISIONS: &str =
    "SELECT slot, rev_id, device, seq, counts, photos, findings, bubbles_differ, channel
     FROM revisions WHERE slot";
const DECISIONS: &str =
    "SELECT slot, number, kind, counts, device, considered FROM decisions WHERE slot";

pub(super) async fn load(
    tx: &mut Tx,
    ids: &BTreeSet<SlotId>,
) -> Result<BTreeMap<SlotId, HeldSlot>, StorageError> {
    let keys: Vec<String> = ids.iter().map(SlotId::to_string).collect();
    let mut held = BTreeMap::new();
    let (mut unknown, mut ruled) = (Vec::new(), Vec::new());
    for query in keyed_in(SLOTS, &keys, "") {
        for row in query.fetch_all(tx.conn()).await? {
            let id = slot_id(&row)?;
            let slot = match tx.recent_slots().take(&id, row.try_get("version")?) {
                Some(slot) => slot,
                None => {
                    unknown.push(id.to_string());
                    if row.try_get::<i64, _>("decisions")? > 0 {
                        ruled.push(id.to_string());
                    }
                    slot_of(id.clone(), &row)?
                }
            };
            held.insert(id, slot);
        }
    }
    for query in keyed_in(REVISIONS, &unknown, "") {
        for row in query.fetch_all(tx.conn()).await? {
            if let Some(slot) = held.get_mut(&slot_id(&row)?) {
                let questions = Questions {
                    findings: row.try_get("findings")?,
                    bubbles_differ: row.try_get("bubbles_differ")?,
                };
                slot.add(revision_of(&row)?, questions);
            }
        }
    }
    for query in keyed_in(DECISIONS, &ruled, "ORDER BY slot, number") {
        for row in query.fetch_all(tx.conn()).await? {
            if let Some(slot) = held.get_mut(&slot_id(&row)?) {
                slot.rulings.push(ruling_of(&row)?);
            }
        }
    }
    Ok(held)
}

fn slot_id(row: &AnyRow) -> Result<SlotId, StorageError> {
    let text: &str = row.try_get("slot")?;
    text.parse()
        .map_err(|cause| StorageError::corrupt("slot", cause))
}

fn slot_of(id: SlotId, row: &AnyRow) -> Result<HeldSlot, StorageError> {
    let counted: domain::rollup::Contribution = json_in(row, "contribution")?;
    Ok(HeldSlot {
        id,
        version: row.try_get("version")?,
        revisions: Vec::new(),
        questions: HashMap::new(),
        rulings: Vec::new(),
        before: word("state", row.try_get("state")?)?,
        view: nothing(),
        open: Open::of(row.try_get("queue_open")?),
        contest_region: row.try_get("contest_region")?,
        district: row.try_get("district")?,
        counted_before: counted.clone(),
        counted,
    })
}

fn nothing() -> SlotView {
    domain::slot::view(&[], &[])
}

fn revision_of(row: &AnyRow) -> Result<SlotRevision, StorageError> {
    let seq: i64 = row.try_get("seq")?;
    Ok(SlotRevision {
        rev_id: row.try_get("rev_id")?,
        device: row.try_get("device")?,
        seq: u64::try_from(seq).map_err(|cause| StorageError::corrupt("seq", cause))?,
        counts: json_in(row, "counts")?,
        photos: json_in(row, "photos")?,
        channel: word("channel", row.try_get("channel")?)?,
    })
}

fn ruling_of(row: &AnyRow) -> Result<Ruling, StorageError> {
    let number: i64 = row.try_get("number")?;
    let kind: RulingKind = word("kind of a ruling", row.try_get("kind")?)?;
    Ok(Ruling {
        number: u32::try_from(number).map_err(|cause| StorageError::corrupt("number", cause))?,
        kind,
        counts: json_in(row, "counts")?,
        device: row.try_get("device")?,
        considered: json_in(row, "considered")?,
    })
}

/// What is kept as JSON in this column.
pub(super) fn json_in<T: DeserializeOwned>(
    row: &AnyRow,
    column: &'static str,
) -> Result<T, StorageError> {
    let text: &str = row.try_get(column)?;
    serde_json::from_str(text).map_err(|cause| StorageError::corrupt(column, cause))
}

/// A value of a closed list, stored as its word on the wire.
fn word<T: DeserializeOwned>(what: &'static str, word: &str) -> Result<T, StorageError> {
    serde_json::from_value(serde_json::Value::String(word.to_owned()))
        .map_err(|cause| StorageError::corrupt(what, cause))
}
