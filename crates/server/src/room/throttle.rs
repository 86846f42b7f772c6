//! Slows down the guessing of passwords, and of links of wall displays.
//!
//! Wrong tries are counted per user and caller, per caller, and per user.
//! A try is counted before the password is looked at, so that a hundred tries
//! at once are a hundred tries; a right one takes its count back.
//!
//! Kept in memory: a restart forgives, and each replica counts for itself,
//! which multiplies the bounds by the number of replicas and no more.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How long a wrong try counts, in seconds.
pub(super) const WINDOW_SECONDS: u64 = 15 * 60;
const WINDOW: Duration = Duration::from_secs(WINDOW_SECONDS);
/// Wrong tries of one user from one caller, per window.
pub(super) const TRIES_PER_PAIR: u32 = 5;
/// Wrong tries from one caller, whatever the user: a counting room may share
/// one address.
pub(super) const TRIES_PER_CALLER: u32 = 60;
/// Wrong tries of one user from anywhere: high, so that a stranger cannot
/// easily shut a coordinator out.
pub(super) const TRIES_PER_USER: u32 = 100;
/// Most counters kept; the oldest windows go first.
pub(super) const COUNTERS_MAX: usize = 20_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Of {
    Pair(String, String),
    Caller(String),
    User(String),
}

impl Of {
    fn most(&self) -> u32 {
        match self {
            Self::Pair(..) => TRIES_PER_PAIR,
            Self::Caller(_) => TRIES_PER_CALLER,
            Self::User(_) => TRIES_PER_USER,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Window {
    since: Instant,
    tries: u32,
}

/// Counters of wrong tries.
#[derive(Debug, Default)]
pub(super) struct Throttle(Mutex<HashMap<Of, Window>>);

impl Throttle {
    /// Counts a try of `user` from `caller`, before it is looked at.
    ///
    /// # Errors
    /// How long to wait, when there were too many; the try is not counted.
    pub(super) fn begin(&self, user: &str, caller: &str, now: Instant) -> Result<(), Duration> {
        let Ok(mut counters) = self.0.lock() else {
            return Ok(());
        };
        let keys = keys(user, caller);
        if let Some(wait) = wait(&counters, &keys, now) {
            return Err(wait);
        }
        count(&mut counters, keys, now);
        Ok(())
    }

    /// How long to wait before another try, when there were too many; nothing
    /// is counted.
    pub(super) fn wait(&self, user: &str, caller: &str, now: Instant) -> Option<Duration> {
        let counters = self.0.lock().ok()?;
        wait(&counters, &keys(user, caller), now)
    }

    /// Counts a try that was wrong.
    pub(super) fn wrong(&self, user: &str, caller: &str, now: Instant) {
        if let Ok(mut counters) = self.0.lock() {
            count(&mut counters, keys(user, caller), now);
        }
    }

    /// Takes back the count of a try that was right, and forgives the earlier
    /// wrong ones of this user from this caller.
    pub(super) fn right(&self, user: &str, caller: &str) {
        let Ok(mut counters) = self.0.lock() else {
            return;
        };
        for key in keys(user, caller) {
            if matches!(key, Of::Pair(..)) {
                counters.remove(&key);
            } else if let Some(counter) = counters.get_mut(&key) {
                counter.tries = counter.tries.saturating_sub(1);
            }
        }
    }
}

fn keys(user: &str, caller: &str) -> [Of; 3] {
    [
        Of::Pair(user.to_owned(), caller.to_owned()),
        Of::Caller(caller.to_owned()),
        Of::User(user.to_owned()),
    ]
}

fn wait(counters: &HashMap<Of, Window>, keys: &[Of], now: Instant) -> Option<Duration> {
    keys.iter().find_map(|key| {
        let counter = counters.get(key)?;
        let age = now.saturating_duration_since(counter.since);
        (age < WINDOW && counter.tries >= key.most()).then(|| WINDOW.saturating_sub(age))
    })
}

fn count(counters: &mut HashMap<Of, Window>, keys: [Of; 3], now: Instant) {
    make_room(counters, now, WINDOW);
    for key in keys {
        let counter = counters.entry(key).or_insert(Window {
            since: now,
            tries: 0,
        });
        if now.saturating_duration_since(counter.since) >= WINDOW {
            *counter = Window {
                since: now,
                tries: 0,
            };
        }
        counter.tries = counter.tries.saturating_add(1);
    }
}

/// Drops windows that are over; when that is not enough, the oldest half.
fn make_room(counters: &mut HashMap<Of, Window>, now: Instant, window: Duration) {
    if counters.len() < COUNTERS_MAX {
        return;
    }
    counters.retain(|_, counter| now.saturating_duration_since(counter.since) < window);
    if counters.len() < COUNTERS_MAX {
        return;
    }
    let mut starts: Vec<Instant> = counters.values().map(|counter| counter.since).collect();
    starts.sort_unstable();
    if let Some(middle) = starts.get(starts.len() / 2).copied() {
        counters.retain(|_, counter| counter.since > middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_wrong_try_from_one_place_has_to_wait_until_the_window_is_over() {
        let throttle = Throttle::default();
        let start = Instant::now();
        for _ in 0..TRIES_PER_PAIR {
            assert_eq!(throttle.begin("rani", "10.0.0.1", start), Ok(()));
        }
        let wait = throttle.begin("rani", "10.0.0.1", start).unwrap_err();
        assert_eq!(wait, Duration::from_secs(WINDOW_SECONDS));
        assert_eq!(throttle.begin("rani", "10.0.0.2", start), Ok(()));
        assert_eq!(throttle.begin("rani", "10.0.0.1", start + wait), Ok(()));
    }

    #[test]
    fn a_right_try_forgives_the_wrong_ones() {
        let throttle = Throttle::default();
        let now = Instant::now();
        for _ in 0..10 * TRIES_PER_CALLER {
            assert_eq!(throttle.begin("rani", "10.0.0.1", now), Ok(()));
            throttle.right("rani", "10.0.0.1");
        }
    }

    #[test]
    fn guessing_many_users_from_one_place_has_to_wait_too() {
        let throttle = Throttle::default();
        let now = Instant::now();
        let refused = (0..TRIES_PER_CALLER + 1)
            .filter(|n| {
                throttle
                    .begin(&format!("user{n}"), "10.0.0.1", now)
                    .is_err()
            })
            .count();
        assert_eq!(refused, 1);
    }
}
