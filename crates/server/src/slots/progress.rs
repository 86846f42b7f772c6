//! How a night goes: by how many slots more each quarter of an hour ended.

use std::collections::BTreeMap;

use domain::Level;

use super::HeldSlot;
use crate::storage::{Cell, StorageError, Tx, insert_rows};

/// A quarter of an hour, in milliseconds. Indonesia's time zones lie whole
/// hours from UTC, so it is one of the clock on the wall too.
pub(crate) const QUARTER_MS: i64 = 15 * 60 * 1_000;

/// By how much received and verified change.
type Change = (i64, i64);

/// Notes which of these slots came in, were ruled on, or no longer are.
pub(super) async fn save<'a>(
    tx: &mut Tx,
    slots: impl Iterator<Item = &'a HeldSlot>,
) -> Result<(), StorageError> {
    let now_ms = tx.now_ms();
    let quarter = now_ms.saturating_sub(now_ms.rem_euclid(QUARTER_MS));
    let mut moved: BTreeMap<(String, String, String), Change> = BTreeMap::new();
    for slot in slots {
        let (before, now) = (&slot.counted_before, &slot.counted);
        let by = (
            i64::from(now.is_received) - i64::from(before.is_received),
            i64::from(now.is_verified) - i64::from(before.is_verified),
        );
        let village = slot.id.tps.region().at(Level::Village);
        let Some(village) = village.filter(|_| by != (0, 0)) else {
            continue;
        };
        let key = (
            slot.id.election.clone(),
            slot.id.contest.clone(),
            village.to_string(),
        );
        let sum = moved.entry(key).or_default();
        *sum = (sum.0.saturating_add(by.0), sum.1.saturating_add(by.1));
    }
    let rows: Vec<Vec<Cell>> = moved
        .into_iter()
        .map(|((election, contest, village), (received, verified))| {
            vec![
                election.into(),
                contest.into(),
                village.into(),
                quarter.into(),
                received.into(),
                verified.into(),
            ]
        })
        .collect();
    insert_rows(
        tx.conn(),
        "INSERT INTO progress (election, contest, village, quarter, received, verified)",
        rows,
        "ON CONFLICT (election, contest, village, quarter)
         DO UPDATE SET received = progress.received + excluded.received,
             verified = progress.verified + excluded.verified",
    )
    .await
}
