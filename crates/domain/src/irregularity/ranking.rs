//! Which stations to look at first.

use super::finding::Irregularity;

/// The flags of one station, summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// 0 to 10,000: how much the station deserves a look. Several findings
    /// weigh more than the heaviest of them, and less than their sum.
    pub score: u32,
    /// The largest number of votes that hangs on one of its flags.
    pub stake: u32,
}

/// What the findings of one station weigh together; notices weigh nothing.
#[must_use]
pub fn weigh<'a>(findings: impl IntoIterator<Item = &'a Irregularity>) -> Weight {
    const WHOLE: u32 = 10_000;
    let mut doubt = WHOLE;
    let mut stake = 0;
    for finding in findings.into_iter().filter(|one| one.is_flag()) {
        let left = 100_u32.saturating_sub(u32::from(finding.score));
        doubt = doubt.saturating_mul(left) / 100;
        stake = stake.max(finding.stake);
    }
    Weight {
        score: WHOLE.saturating_sub(doubt),
        stake,
    }
}
