//! The air that all connections of a relay share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

/// Bytes that have passed a relay.
#[derive(Debug, Default)]
pub struct Traffic {
    up: AtomicU64,
    down: AtomicU64,
}

impl Traffic {
    /// From phones.
    #[must_use]
    pub fn up_bytes(&self) -> u64 {
        self.up.load(Ordering::Relaxed)
    }

    /// To phones.
    #[must_use]
    pub fn down_bytes(&self) -> u64 {
        self.down.load(Ordering::Relaxed)
    }

    /// Both ways.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.up_bytes() + self.down_bytes()
    }
}

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

/// Carries one piece after the other.
#[derive(Debug)]
pub(super) struct Air {
    free_at: Mutex<Instant>,
    traffic: Arc<Traffic>,
}

impl Air {
    pub(super) fn new(traffic: Arc<Traffic>) -> Self {
        Self {
            free_at: Mutex::new(Instant::now()),
            traffic,
        }
    }

    /// Waits until a piece of so many bytes has gone through the air; returns
    /// when that was.
    pub(super) async fn carry(&self, bytes: u64, bytes_per_s: Option<u64>) -> Instant {
        let Some(rate) = bytes_per_s else {
            return Instant::now();
        };
        let through_at = {
            let mut free_at = self.free_at.lock().await;
            let begins_at = (*free_at).max(Instant::now());
            *free_at = begins_at + Duration::from_micros(bytes * 1_000_000 / rate.max(1));
            *free_at
        };
        tokio::time::sleep_until(through_at).await;
        through_at
    }

    /// Counts bytes that passed.
    pub(super) fn count(&self, way: Way, bytes: u64) {
        let counter = match way {
            Way::Up => &self.traffic.up,
            Way::Down => &self.traffic.down,
        };
        counter.fetch_add(bytes, Ordering::Relaxed);
    }
}
