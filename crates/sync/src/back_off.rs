//! How long to wait after failures.

use protocol::Timestamp;

/// The wait after the first failure, in milliseconds. Short, because most first
/// failures are cuts of a thin link that is there again at once.
const BASE_MS: u64 = 1_000;
/// The longest wait that grows out of failures, in milliseconds.
pub(crate) const MAX_MS: u64 = 10 * 60 * 1_000;
/// The longest wait that an endpoint may ask for, in milliseconds.
pub(crate) const RETRY_AFTER_MAX_MS: u64 = 60 * 60 * 1_000;

/// Milliseconds to wait after `failures` in a row: it doubles from one second
/// to ten minutes, of which half is chance (`random`), so that the phones of a
/// city do not all come back in the same second.
#[must_use]
pub(crate) fn wait_ms(failures: u32, random: u64) -> u64 {
    let doublings = failures.saturating_sub(1).min(16);
    let whole = BASE_MS.saturating_mul(1 << doublings).min(MAX_MS);
    let half = whole / 2;
    half + random % (half + 1)
}

/// The moment `wait_ms` after `now`.
#[must_use]
pub(crate) fn after(now: Timestamp, wait_ms: u64) -> Timestamp {
    let wait = i64::try_from(wait_ms).unwrap_or(i64::MAX);
    Timestamp::from_unix_ms(now.unix_ms().saturating_add(wait))
}

/// Whether the moment to try again has come. One further away than any wait
/// can be was written when the clock was wrong: it has come too.
#[must_use]
pub(crate) fn is_due(next_try_at: Option<Timestamp>, now: Timestamp) -> bool {
    next_try_at.is_none_or(|at| at <= now || at > after(now, RETRY_AFTER_MAX_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_to_ten_minutes_and_half_of_each_is_chance() {
        assert_eq!(wait_ms(1, 0), 500);
        assert_eq!(wait_ms(1, 500), 1_000);
        assert_eq!(wait_ms(3, 0), 2_000);
        assert_eq!(wait_ms(u32::MAX, u64::MAX) / MAX_MS, 0);
        assert!((MAX_MS / 2..=MAX_MS).contains(&wait_ms(40, 12_345_678)));
    }

    #[test]
    fn a_clock_that_was_years_ahead_delays_nothing() {
        let now: Timestamp = "2024-11-27T10:00:00.000Z".parse().unwrap();
        assert!(is_due(None, now));
        assert!(is_due(Some(now), now));
        assert!(!is_due(Some(after(now, 1)), now));
        assert!(is_due(
            Some("2034-11-27T10:00:00.000Z".parse().unwrap()),
            now
        ));
    }
}
