//! Where the bubbles of a revision's photos say something else than its
//! figures.

use domain::Counts;
use protocol::{BubbleReading, Revision};

/// Whether the bubbles say another figure than was keyed. Where nothing was
/// keyed yet there is nothing to differ from.
#[must_use]
pub(crate) fn differs(reading: &BubbleReading, counts: &Counts) -> bool {
    let keyed = counts.get(&reading.field).copied();
    keyed.is_some() && keyed != reading.number()
}

/// How many figures do.
#[must_use]
pub(super) fn differing(revision: &Revision) -> i64 {
    let fields: std::collections::BTreeSet<String> = revision
        .bubble_readings()
        .filter(|reading| differs(reading, &revision.counts))
        .map(|reading| reading.field)
        .collect();
    i64::try_from(fields.len()).unwrap_or(i64::MAX)
}
