//! Ending an app at an exact moment.
//!
//! Everything that an app does to the world, it does through its ports: it
//! looks at a clock, asks for randomness, writes a file, sends a request. A
//! trap counts these and ends the app at the one that was chosen, by unwinding
//! through it: no statement of the app runs after that, and a transaction that
//! is open is taken back, as it would be by a kill.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Not armed.
const NEVER: u64 = u64::MAX;

/// What unwinds through an app that is killed.
struct Killed;

/// Ends an app at the touch of the world that was chosen.
pub struct Trap {
    left: AtomicU64,
    has_sprung: AtomicBool,
}

impl Default for Trap {
    fn default() -> Self {
        Self {
            left: AtomicU64::new(NEVER),
            has_sprung: AtomicBool::new(false),
        }
    }
}

impl Trap {
    /// Springs at the `touches`-th touch from now, counted from 1.
    pub fn arm(&self, touches: u64) {
        self.left.store(touches.max(1), Ordering::SeqCst);
    }

    /// Springs no more, and forgets that it has.
    pub fn disarm(&self) {
        self.left.store(NEVER, Ordering::SeqCst);
        self.has_sprung.store(false, Ordering::SeqCst);
    }

    /// Whether the app was killed.
    #[must_use]
    pub fn has_sprung(&self) -> bool {
        self.has_sprung.load(Ordering::SeqCst)
    }

    /// The app touches the world. Does not return when that is the end of it.
    pub fn touch(&self) {
        let left = self.left.load(Ordering::SeqCst);
        if left == NEVER {
            return;
        }
        if left <= 1 {
            self.has_sprung.store(true, Ordering::SeqCst);
            // Not `panic!`: nothing is wrong, and nothing is to be printed.
            resume_unwind(Box::new(Killed));
        }
        self.left.store(left - 1, Ordering::SeqCst);
    }
}

/// What `work` gives, or `None` when the app was killed in it.
pub fn unless_killed<T>(work: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(value) => Some(value),
        Err(cause) if cause.is::<Killed>() => None,
        Err(cause) => resume_unwind(cause),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use super::*;

    #[test]
    fn an_app_ends_at_the_touch_that_was_chosen() {
        let trap = Trap::default();
        trap.touch();
        trap.arm(3);
        let touches = AtomicU32::new(0);
        let ended: Option<()> = unless_killed(|| {
            loop {
                trap.touch();
                touches.fetch_add(1, Ordering::Relaxed);
            }
        });
        assert!(ended.is_none() && trap.has_sprung());
        assert_eq!(touches.into_inner(), 2);
        trap.disarm();
        trap.touch();
    }
}
