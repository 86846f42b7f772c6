//! Moving the totals of districts by what slots add now and added before.

use std::collections::BTreeMap;

use domain::rollup::Contribution;

use super::HeldSlot;
use crate::storage::{Cell, StorageError, Tx, insert_rows};

/// Names one total: election, contest, district, kind, field.
type Key = (String, String, String, &'static str, String);

/// Writes the differences that these slots make.
pub(super) async fn save<'a>(
    tx: &mut Tx,
    slots: impl Iterator<Item = &'a HeldSlot>,
) -> Result<(), StorageError> {
    let mut moved: BTreeMap<Key, i64> = BTreeMap::new();
    for slot in slots {
        add(&mut moved, slot, &slot.counted_before, -1);
        add(&mut moved, slot, &slot.counted, 1);
    }
    let rows: Vec<Vec<Cell>> = moved
        .into_iter()
        .filter(|(_, by)| *by != 0)
        .map(|((election, contest, district, kind, field), by)| {
            vec![
                election.into(),
                contest.into(),
                district.into(),
                kind.into(),
                field.into(),
                by.into(),
            ]
        })
        .collect();
    insert_rows(
        tx.conn(),
        "INSERT INTO rollups (election, contest, district, kind, field, value)",
        rows,
        "ON CONFLICT (election, contest, district, kind, field)
         DO UPDATE SET value = rollups.value + excluded.value",
    )
    .await
}

fn add(moved: &mut BTreeMap<Key, i64>, slot: &HeldSlot, counted: &Contribution, sign: i64) {
    let mut put = |kind: &'static str, field: &str, value: i64| {
        let key = (
            slot.id.election.clone(),
            slot.id.contest.clone(),
            slot.district.clone(),
            kind,
            field.to_owned(),
        );
        let by = moved.entry(key).or_default();
        *by = by.saturating_add(value.saturating_mul(sign));
    };
    put("received_slots", "", counted.is_received.into());
    put("verified_slots", "", counted.is_verified.into());
    put("conflict_slots", "", counted.is_conflict.into());
    put("voteless_slots", "", counted.lacks_votes.into());
    for (id, value) in &counted.verified {
        put("verified", id, (*value).into());
    }
    for (id, value) in &counted.received {
        put("received", id, (*value).into());
    }
    for (id, (low, high)) in &counted.contested {
        put("low", id, (*low).into());
        put("high", id, (*high).into());
    }
}
