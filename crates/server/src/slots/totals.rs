//! Moving the totals of districts by what slots add now and added before.
//!
//! All that is summed of a contest in a district is one row: a form moves
//! dozens of sums at once, and whoever reads totals reads all of them.

use std::collections::{BTreeMap, BTreeSet};

use domain::rollup::Tally;
use sqlx::Row as _;

use super::HeldSlot;
use super::load::json_in;
use super::save::json;
use crate::storage::{StorageError, Tx, insert_rows, keyed_in};

/// The name of the totals of a contest in a district. All of a contest inside
/// a region follow one another.
#[must_use]
pub(crate) fn key(election: &str, contest: &str, district: &str) -> String {
    format!("{election}/{contest}/{district}")
}

fn key_of(slot: &HeldSlot) -> String {
    key(&slot.id.election, &slot.id.contest, &slot.district)
}

/// Writes the differences that these slots make.
pub(super) async fn save<'a>(
    tx: &mut Tx,
    slots: impl Iterator<Item = &'a HeldSlot>,
) -> Result<(), StorageError> {
    let moving: Vec<&HeldSlot> = slots
        .filter(|slot| slot.counted != slot.counted_before)
        .collect();
    let keys: BTreeSet<String> = moving.iter().map(|slot| key_of(slot)).collect();
    let mut kept = load(tx, keys).await?;
    let mut moved: BTreeMap<String, (&str, Tally)> = BTreeMap::new();
    for slot in moving {
        let key = key_of(slot);
        let kept = kept.remove(&key);
        let (_, tally) = moved
            .entry(key)
            .or_insert_with(|| (&slot.district, kept.unwrap_or_default()));
        tally.take_back(&slot.counted_before);
        tally.add(&slot.counted);
    }
    let rows: Result<Vec<_>, StorageError> = moved
        .into_iter()
        .map(|(key, (district, tally))| {
            let tally = json(&tally)?;
            Ok(vec![key.into(), district.into(), 0.into(), tally.into()])
        })
        .collect();
    insert_rows(
        tx.conn(),
        "INSERT INTO totals (key, district, slots, tally)",
        rows?,
        "ON CONFLICT (key) DO UPDATE SET tally = excluded.tally",
    )
    .await
}

async fn load(
    tx: &mut Tx,
    keys: BTreeSet<String>,
) -> Result<BTreeMap<String, Tally>, StorageError> {
    let keys: Vec<String> = keys.into_iter().collect();
    let mut tallies = BTreeMap::new();
    for query in keyed_in("SELECT key, tally FROM totals WHERE key", &keys, "") {
        for row in query.fetch_all(tx.conn()).await? {
            tallies.insert(row.try_get("key")?, json_in(&row, "tally")?);
        }
    }
    Ok(tallies)
}
