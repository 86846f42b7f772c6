//! Who waits for news is woken when the log has grown, whoever made it grow.
//!
//! This process's own commits are announced at once; those of other processes
//! (replicas, the command line) are found by looking at the log's head every
//! second.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::{AnyPool, Row as _};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use super::newest_index;
use crate::storage::StorageError;

/// How often the log's head is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Least time between two looks for news of devices.
const LOOK_AT_MOST_EVERY: Duration = Duration::from_millis(100);

/// Wakes who waits.
#[derive(Clone)]
pub struct Changes {
    newest: watch::Sender<i64>,
    devices: Arc<Mutex<HashMap<String, Arc<Notify>>>>,
}

impl Changes {
    /// Nobody waits yet; the log ends at `newest`.
    #[must_use]
    pub fn new(newest: i64) -> Self {
        Self {
            newest: watch::Sender::new(newest),
            devices: Arc::default(),
        }
    }

    /// The index of the log's newest entry, and when it grows.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<i64> {
        self.newest.subscribe()
    }

    /// The log has grown up to `index`, durably.
    pub fn announce(&self, index: i64) {
        self.newest.send_if_modified(|newest| {
            let grown = index > *newest;
            *newest = index.max(*newest);
            grown
        });
    }

    /// Wakes when there is news in the inbox of `device`. Take it before
    /// looking into the inbox, or news in between is missed.
    #[must_use]
    pub fn news_for(&self, device: &str) -> Arc<Notify> {
        let mut devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
        // Those whom nobody waits for any more are forgotten here.
        devices.retain(|_, notify| Arc::strong_count(notify) > 1);
        Arc::clone(devices.entry(device.to_owned()).or_default())
    }

    /// Devices for which somebody waits.
    #[must_use]
    pub fn waiting_devices(&self) -> usize {
        let devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = |notify: &&Arc<Notify>| Arc::strong_count(notify) > 1;
        devices.values().filter(waiting).count()
    }

    fn wake(&self, device: &str) {
        let devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(notify) = devices.get(device) {
            notify.notify_waiters();
        }
    }

    /// Follows the database until `stop`.
    pub async fn follow(self, pool: AnyPool, stop: CancellationToken) {
        let mut newest = self.subscribe();
        let mut inbox_seen = newest_inbox(&pool).await.unwrap_or_default();
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = newest.changed() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            match self.look(&pool, inbox_seen).await {
                Ok(seen) => inbox_seen = seen,
                Err(error) => tracing::warn!(%error, "the log could not be followed"),
            }
            newest.mark_unchanged();
            tokio::time::sleep(LOOK_AT_MOST_EVERY).await;
        }
    }

    async fn look(&self, pool: &AnyPool, inbox_seen: i64) -> Result<i64, StorageError> {
        self.announce(newest_index(pool).await?);
        let news = sqlx::query("SELECT id, device FROM inbox WHERE id > $1 ORDER BY id")
            .bind(inbox_seen)
            .fetch_all(pool)
            .await?;
        let mut seen = inbox_seen;
        for row in news {
            seen = row.try_get("id")?;
            self.wake(row.try_get("device")?);
        }
        Ok(seen)
    }
}

async fn newest_inbox(pool: &AnyPool) -> Result<i64, StorageError> {
    let newest: Option<i64> = sqlx::query_scalar("SELECT MAX(id) FROM inbox")
        .fetch_one(pool)
        .await?;
    Ok(newest.unwrap_or_default())
}
