//! What changes, read once per process and handed to every console.
//!
//! Follows the log, whoever made it grow, and says which slots changed and
//! where they stand now. A console that does not keep up loses its place and
//! is told so; nobody waits for it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use protocol::SlotId;
use protocol::console::SlotChanged;
use sqlx::{AnyPool, Row as _};
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

use crate::log::{self, Entry};
use crate::storage::{StorageError, keyed_in};

/// Changes that a console may lie behind before it loses its place.
const BEHIND_MAX: usize = 4_096;
/// Log entries read at once.
const PAGE_ENTRIES: i64 = 1_000;

/// How long what changes is gathered before it is handed out. The first change
/// after a quiet moment goes out at once; on a busy evening every console gets
/// a handful at a time, and one word about a slot that changed twice, instead of
/// being woken for each revision of ten thousand phones.
const GATHERED: Duration = Duration::from_millis(100);

/// A change, and how it is told, written once for all who are told.
#[derive(Debug)]
pub(super) struct News {
    pub(super) change: SlotChanged,
    pub(super) json: String,
}

impl News {
    /// # Errors
    /// [`StorageError`] when it cannot be written as JSON.
    pub(super) fn of(change: SlotChanged) -> Result<Self, StorageError> {
        let json = serde_json::to_string(&change);
        let json = json.map_err(|cause| StorageError::corrupt("change", cause))?;
        Ok(Self { change, json })
    }
}

/// Hands out what changes.
#[derive(Debug, Clone)]
pub struct Feed(broadcast::Sender<Arc<News>>);

impl Default for Feed {
    fn default() -> Self {
        Self(broadcast::Sender::new(BEHIND_MAX))
    }
}

impl Feed {
    /// All changes from now on.
    #[must_use]
    pub(super) fn subscribe(&self) -> broadcast::Receiver<Arc<News>> {
        self.0.subscribe()
    }

    /// Consoles that follow.
    #[must_use]
    pub fn followers(&self) -> usize {
        self.0.receiver_count()
    }

    /// Follows the log until `stop`.
    pub async fn run(
        self,
        pool: AnyPool,
        mut newest: watch::Receiver<i64>,
        stop: CancellationToken,
    ) {
        let mut after = *newest.borrow_and_update();
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                changed = newest.changed() => if changed.is_err() { return },
            }
            let head = *newest.borrow_and_update();
            if self.followers() == 0 {
                // Who subscribes later reads what was before from the log.
                after = head;
                continue;
            }
            match self.hand_out(&pool, after).await {
                Ok(seen) => after = seen,
                Err(error) => tracing::warn!(%error, "the log could not be followed"),
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(GATHERED) => {}
            }
        }
    }

    async fn hand_out(&self, pool: &AnyPool, after: i64) -> Result<i64, StorageError> {
        let mut after = after;
        loop {
            let entries = log::entries_after(pool, after, PAGE_ENTRIES).await?;
            let Some(last) = entries.last() else {
                return Ok(after);
            };
            after = last.log_index;
            for change in changed_slots(pool, &entries).await? {
                // Nobody listening is no failure.
                let _ = self.0.send(Arc::new(News::of(change)?));
            }
        }
    }
}

/// The slots that these entries changed, each once, by the index of its last
/// change, with where it stands now.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn changed_slots(
    pool: &AnyPool,
    entries: &[Entry],
) -> Result<Vec<SlotChanged>, StorageError> {
    let mut last_change: BTreeMap<String, i64> = BTreeMap::new();
    for entry in entries {
        let event = entry.event();
        for slot in event.iter().flat_map(log::Event::slots) {
            last_change.insert(slot.to_string(), entry.log_index);
        }
    }
    let slots: Vec<String> = last_change.keys().cloned().collect();
    let mut changes = Vec::with_capacity(slots.len());
    for query in keyed_in("SELECT slot, state FROM slots WHERE slot", &slots, "") {
        for row in query.fetch_all(pool).await? {
            let text: String = row.try_get("slot")?;
            let slot: SlotId = text
                .parse()
                .map_err(|cause| StorageError::corrupt("slot", cause))?;
            let index = last_change.get(&text).copied().unwrap_or_default();
            changes.push(SlotChanged {
                tps: slot.tps.clone(),
                slot,
                state: super::from_word("slot", row.try_get("state")?)?,
                log_index: u64::try_from(index).unwrap_or_default(),
            });
        }
    }
    changes.sort_by_key(|change| change.log_index);
    Ok(changes)
}
