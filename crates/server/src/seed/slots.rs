//! One slot for each polling station and contest held there.

use std::collections::{BTreeMap, BTreeSet};

use domain::rollup::{Contribution, Tally};
use domain::{Level, SlotState, TpsCode};
use protocol::{SlotId, crockford};
use sqlx::Row as _;

use super::{ElectionData, Seeded, UNLESS_THERE, chunks, json};
use crate::slots::totals_key;
use crate::storage::{Cell, StorageError, Tx, insert_rows};

/// A slot that is to be there.
pub(super) struct NewSlot {
    id: SlotId,
    contest_region: String,
    district: String,
    /// Voters on the roll of its polling station.
    roll: Option<i64>,
}

/// All slots of an election's data, in the order of their names.
pub(super) fn all(data: &ElectionData) -> Result<Vec<NewSlot>, StorageError> {
    let mut slots = Vec::new();
    for (tps, roll) in &data.tps {
        let place = tps.region();
        for held in &data.contests {
            if place.is_within(&held.region) {
                slots.push(NewSlot {
                    id: SlotId {
                        election: data.election.id.clone(),
                        tps: tps.clone(),
                        contest: held.contest.id.clone(),
                    },
                    contest_region: held.region.to_string(),
                    district: district(tps)?,
                    roll: roll
                        .map(|roll| i64::from(roll.male).saturating_add(i64::from(roll.female))),
                });
            }
        }
    }
    slots.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(slots)
}

fn district(tps: &TpsCode) -> Result<String, StorageError> {
    tps.region()
        .at(Level::District)
        .map(|code| code.to_string())
        .ok_or_else(|| StorageError::corrupt("tps", "it lies in no district"))
}

const SLOTS: &str = "INSERT INTO slots (slot, election, tps, contest, contest_region, district,
     sms_code, state, marks, heads, contribution, findings, photos_announced, photos_received,
     decisions, version, changed_at, roll)";
const COUNTS: &str = "INSERT INTO totals (key, district, slots, tally)";
const ADDED: &str = "ON CONFLICT (key) DO UPDATE SET slots = totals.slots + excluded.slots";

/// Puts in those that are not there yet, and counts them in their districts.
pub(super) async fn put(
    tx: &mut Tx,
    election: &str,
    slots: Vec<NewSlot>,
    mut progress: impl FnMut(usize) + Send,
) -> Result<Seeded, StorageError> {
    let there = there_already(tx, election).await?;
    let mut number: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM slots")
        .fetch_one(tx.conn())
        .await?;
    let all = slots.len();
    let new: Vec<NewSlot> = slots
        .into_iter()
        .filter(|slot| !there.contains(&slot.id.to_string()))
        .collect();
    let new_slots = new.len();
    let nothing = json(&Contribution::default())?;
    let mut counted: BTreeMap<(String, String), i64> = BTreeMap::new();
    let mut done = all.saturating_sub(new_slots);
    for chunk in chunks(new) {
        done = done.saturating_add(chunk.len());
        let mut rows = Vec::with_capacity(chunk.len());
        for slot in chunk {
            let key = (slot.id.contest.clone(), slot.district.clone());
            let count = counted.entry(key).or_default();
            *count = count.saturating_add(1);
            rows.push(row(slot, number, &nothing)?);
            number = number.saturating_add(1);
        }
        insert_rows(tx.conn(), SLOTS, rows, UNLESS_THERE).await?;
        progress(done);
    }
    let none = json(&Tally::default())?;
    let counts = counted.into_iter().map(|((contest, district), count)| {
        let key = totals_key(election, &contest, &district);
        let none = none.as_str();
        vec![key.into(), district.into(), count.into(), none.into()]
    });
    insert_rows(tx.conn(), COUNTS, counts.collect(), ADDED).await?;
    Ok(Seeded {
        new_slots,
        slots: all,
    })
}

async fn there_already(tx: &mut Tx, election: &str) -> Result<BTreeSet<String>, StorageError> {
    let rows = sqlx::query("SELECT slot FROM slots WHERE election = $1")
        .bind(election.to_owned())
        .fetch_all(tx.conn())
        .await?;
    rows.iter().map(|row| Ok(row.try_get("slot")?)).collect()
}

fn row(slot: NewSlot, number: i64, nothing: &str) -> Result<Vec<Cell>, StorageError> {
    let state = json(&SlotState::Empty)?;
    Ok(vec![
        slot.id.to_string().into(),
        slot.id.election.into(),
        slot.id.tps.to_string().into(),
        slot.id.contest.into(),
        slot.contest_region.into(),
        slot.district.into(),
        sms_code(number).into(),
        state.trim_matches('"').into(),
        "[]".into(),
        "[]".into(),
        nothing.into(),
        0.into(),
        0.into(),
        0.into(),
        0.into(),
        0.into(),
        Cell::Int(None),
        slot.roll.into(),
    ])
}

/// Symbols of a slot's code in an SMS, 5 bits each.
const SMS_SYMBOLS: u32 = 5;
/// An odd factor, so that every number below 2^25 has a code of its own and
/// neighbours do not look alike.
const SCATTER: u64 = 0x0131_6A2D;

/// The code of the slot with this number, counted over all elections.
fn sms_code(number: i64) -> String {
    let bits = SMS_SYMBOLS.saturating_mul(5);
    let scattered = number.unsigned_abs().wrapping_mul(SCATTER) & (1_u64 << bits).wrapping_sub(1);
    (0..SMS_SYMBOLS)
        .rev()
        .map(|at| {
            let value = (scattered >> at.saturating_mul(5)) & 31;
            crockford::symbol(u8::try_from(value).unwrap_or_default())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slot_has_a_code_of_its_own() {
        let codes: BTreeSet<String> = (0..40_000).map(sms_code).collect();
        assert_eq!(codes.len(), 40_000);
        assert!(codes.iter().all(|code| code.len() == 5));
    }
}
