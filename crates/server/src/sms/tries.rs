//! Slows down senders whose messages are wrong again and again.
//!
//! A mac has 50 bits, so nobody guesses one by SMS; this keeps a gateway's
//! bill and the witnesses' replies in bounds. Kept in memory, under a keyed
//! hash: a restart forgives, and nobody reads a number out of it.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Wrong messages of one sender, per window, before no more are read.
const WRONG_MAX: u32 = 10;
/// How long a wrong message counts.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Most senders counted at a time; beyond, those whose windows are over go,
/// or else all.
const SENDERS_MAX: usize = 20_000;

/// Counts wrong messages by sender.
#[derive(Debug, Default)]
pub struct Tries {
    hasher: RandomState,
    counts: Mutex<HashMap<u64, Count>>,
}

#[derive(Debug, Clone, Copy)]
struct Count {
    since_ms: i64,
    wrong: u32,
}

impl Tries {
    /// How long `from` has to wait before a message is read again.
    pub(super) fn wait(&self, from: &str, now_ms: i64) -> Option<Duration> {
        let count = *self.counts().get(&self.hasher.hash_one(from))?;
        let left = left(count, now_ms)?;
        (count.wrong >= WRONG_MAX).then_some(left)
    }

    /// Counts a wrong message.
    pub(super) fn wrong(&self, from: &str, now_ms: i64) {
        let mut counts = self.counts();
        if counts.len() >= SENDERS_MAX {
            counts.retain(|_, count| left(*count, now_ms).is_some());
            if counts.len() >= SENDERS_MAX {
                counts.clear();
            }
        }
        let begun = Count {
            since_ms: now_ms,
            wrong: 0,
        };
        let count = counts.entry(self.hasher.hash_one(from)).or_insert(begun);
        if left(*count, now_ms).is_none() {
            *count = begun;
        }
        count.wrong = count.wrong.saturating_add(1);
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<u64, Count>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is left of a count's window; `None` when it is over, also when the
/// clock was set back behind it.
fn left(count: Count, now_ms: i64) -> Option<Duration> {
    let age_ms = u64::try_from(now_ms.saturating_sub(count.since_ms)).ok()?;
    WINDOW
        .checked_sub(Duration::from_millis(age_ms))
        .filter(|left| !left.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_wrong_ten_times_waits_until_the_window_is_over_and_others_do_not() {
        let tries = Tries::default();
        for _ in 0..WRONG_MAX {
            assert_eq!(tries.wait("a", 1_000), None);
            tries.wrong("a", 1_000);
        }
        assert_eq!(tries.wait("a", 1_000), Some(WINDOW));
        assert_eq!(tries.wait("b", 1_000), None);
        let over_ms = 1_000 + i64::try_from(WINDOW.as_millis()).unwrap();
        assert_eq!(tries.wait("a", over_ms), None);
        tries.wrong("a", over_ms);
        assert_eq!(tries.wait("a", over_ms), None);
    }
}
