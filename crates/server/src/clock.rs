//! The endpoint's clock, as an argument: stories set it, `serve` does not.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use protocol::Timestamp;

/// Tells the time.
#[derive(Clone, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands still until it is set.
    #[must_use]
    pub fn standing_at(unix_ms: i64) -> Self {
        Self(Some(Arc::new(AtomicI64::new(unix_ms))))
    }

    /// Sets a standing clock, and all its clones; the system's clock is left
    /// as it is.
    pub fn set(&self, unix_ms: i64) {
        if let Some(standing) = &self.0 {
            standing.store(unix_ms, Ordering::SeqCst);
        }
    }

    /// Milliseconds since 1970 in UTC.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        match &self.0 {
            Some(standing) => standing.load(Ordering::SeqCst),
            None => Timestamp::from(chrono::Utc::now()).unix_ms(),
        }
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Clock({})", self.now_ms())
    }
}
