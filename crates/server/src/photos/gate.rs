//! One request at a time per photo; a newer one ends an older one.
//!
//! A phone that lost its connection asks again long before its first request
//! is seen to be dead, so the newest request is the one to believe.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

/// The gates of all photos that are being worked on.
#[derive(Default)]
pub(super) struct Gates(Mutex<HashMap<String, Gate>>);

struct Gate {
    turn: Arc<tokio::sync::Mutex<()>>,
    newest: CancellationToken,
    /// Bytes received by the request inside, those in memory included.
    received: Arc<AtomicU64>,
}

/// The right to work on a photo, until dropped.
pub(super) struct Pass {
    _turn: tokio::sync::OwnedMutexGuard<()>,
    /// Cancelled when a newer request wants in.
    pub(super) ended: CancellationToken,
    received: Arc<AtomicU64>,
}

/// A stored value means "nobody inside".
const NOBODY: u64 = u64::MAX;

impl Gates {
    /// Ends whoever works on the photo `sha256` and waits until he has left.
    pub(super) async fn enter(&self, sha256: &str) -> Pass {
        let ended = CancellationToken::new();
        let (turn, received) = {
            let mut gates = self.gates();
            // Those that nobody uses any more are forgotten here.
            gates.retain(|_, gate| Arc::strong_count(&gate.turn) > 1);
            let gate = gates.entry(sha256.to_owned()).or_default();
            std::mem::replace(&mut gate.newest, ended.clone()).cancel();
            (Arc::clone(&gate.turn), Arc::clone(&gate.received))
        };
        Pass {
            _turn: turn.lock_owned().await,
            ended,
            received,
        }
    }

    /// Bytes that the request inside has received, if there is one that tells.
    pub(super) fn received(&self, sha256: &str) -> Option<u64> {
        let received = self.gates().get(sha256)?.received.load(Ordering::SeqCst);
        (received != NOBODY).then_some(received)
    }

    fn gates(&self) -> MutexGuard<'_, HashMap<String, Gate>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            turn: Arc::default(),
            newest: CancellationToken::new(),
            received: Arc::new(AtomicU64::new(NOBODY)),
        }
    }
}

impl Pass {
    /// Tells how many bytes of the photo are here now.
    pub(super) fn tell(&self, received: u64) {
        self.received.store(received, Ordering::SeqCst);
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.received.store(NOBODY, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_newer_request_ends_the_older_one_and_waits_for_it() {
        let gates = Arc::new(Gates::default());
        let older = gates.enter("a").await;
        older.tell(7);
        assert_eq!(gates.received("a"), Some(7));
        let other = gates.enter("b").await;
        let newer = tokio::spawn({
            let gates = Arc::clone(&gates);
            async move { gates.enter("a").await }
        });
        older.ended.cancelled().await;
        assert!(!newer.is_finished());
        drop(older);
        let newer = newer.await.unwrap();
        assert!(!newer.ended.is_cancelled());
        assert_eq!(gates.received("a"), None);
        assert!(!other.ended.is_cancelled());
    }
}
