//! Simulated time, and the clocks that show it more or less rightly.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use device::Clock;
use protocol::Timestamp;

use super::trap::Trap;

/// The moment at which every simulation begins, by a clock that is right.
pub const BEGINS_AT_MS: i64 = 1_732_698_000_000;

/// Milliseconds since the simulation began; shared by all clocks.
#[derive(Debug, Clone, Default)]
pub struct Time(Arc<AtomicI64>);

impl Time {
    /// Milliseconds since the simulation began.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Lets time pass up to `at_ms`; it never goes back.
    pub fn reach(&self, at_ms: i64) {
        self.0.fetch_max(at_ms, Ordering::SeqCst);
    }
}

/// A device's clock.
pub struct SimClock {
    time: Time,
    /// How far it is ahead of the right time, in milliseconds.
    ahead_ms: AtomicI64,
    boot: AtomicU64,
    booted_at_ms: AtomicI64,
    trap: Arc<Trap>,
}

impl SimClock {
    /// A clock that is right.
    #[must_use]
    pub fn new(time: Time, trap: Arc<Trap>) -> Self {
        Self {
            booted_at_ms: AtomicI64::new(time.now_ms()),
            time,
            ahead_ms: AtomicI64::new(0),
            boot: AtomicU64::new(1),
            trap,
        }
    }

    /// Sets it wrong by so much from now on.
    pub fn jump(&self, ahead_ms: i64) {
        self.ahead_ms.store(ahead_ms, Ordering::SeqCst);
    }

    /// The phone starts again.
    pub fn reboot(&self) {
        self.boot.fetch_add(1, Ordering::SeqCst);
        self.booted_at_ms
            .store(self.time.now_ms(), Ordering::SeqCst);
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        self.trap.touch();
        let right_ms = BEGINS_AT_MS + self.time.now_ms();
        Timestamp::from_unix_ms(right_ms + self.ahead_ms.load(Ordering::SeqCst))
    }

    fn monotonic_ms(&self) -> u64 {
        self.trap.touch();
        let since_ms = self.time.now_ms() - self.booted_at_ms.load(Ordering::SeqCst);
        u64::try_from(since_ms).unwrap_or_default()
    }

    fn boot(&self) -> String {
        format!("boot-{}", self.boot.load(Ordering::SeqCst))
    }
}
