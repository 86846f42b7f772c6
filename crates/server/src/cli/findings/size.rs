//! How large a polling station may be in the election that a table is of.

use super::table::Table;

/// The limits that have been set: general elections, regional ones in 2020 and
/// 2024, and the law's own.
const LIMITS: &[u32] = &[300, 500, 600, 800];
/// Share of polling stations that must be within the limit.
const WITHIN_PER_MILLE: usize = 990;

/// The smallest limit that nearly all rolls of the table keep to; the law's
/// when the table has no rolls.
#[must_use]
pub fn of(table: &Table) -> u32 {
    let largest = LIMITS.last().copied().unwrap_or(u32::MAX);
    let rolls: Vec<u32> = table
        .villages
        .iter()
        .flat_map(|village| &village.stations)
        .filter_map(|station| table.sheet.roll(&station.first))
        .collect();
    if rolls.is_empty() {
        return largest;
    }
    let within = |limit: u32| rolls.iter().filter(|roll| **roll <= limit).count();
    let nearly_all = rolls.len().saturating_mul(WITHIN_PER_MILLE) / 1000;
    LIMITS
        .iter()
        .copied()
        .find(|limit| within(*limit) >= nearly_all)
        .unwrap_or(largest)
}
