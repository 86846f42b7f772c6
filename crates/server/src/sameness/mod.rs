//! One photo used for two polling stations.
//!
//! Every reading copy is looked at after it has arrived and been vouched for
//! (`likenesses`): how it looks is kept, and compared with all others in memory
//! (`index`). Which slots share a photo, or use photos that look the same, is
//! worked out when their heads or the pairs change (`twins`, `settle`), kept in
//! the slots' rows for lists, and told in the log so that consoles follow.
//!
//! All of it happens on one task behind the requests ([`run`]), one photo at a
//! time, and slower while photos are arriving. After a start it goes on with
//! what has not been looked at. A sameness is a question to people: it changes
//! no state, no figure and no total.
//!
//! Absent: originals, which show what their reading copies show; parts of
//! photos; and pictures with hardly any structure (a covered lens), which all
//! look the same.

mod index;
mod likenesses;
mod settle;
mod twins;

pub(crate) use twins::{Twin, twins};

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use index::Index;

use crate::app::App;
use crate::log::{self, Event};
use crate::storage::StorageError;

/// Log entries read at once.
const PAGE_ENTRIES: i64 = 1_000;
/// How long to wait after a fault of the database before trying again.
const AFTER_A_FAULT: Duration = Duration::from_secs(10);
/// While photos arrive, so many times as long as a step took is waited after
/// it: those who wait for a receipt come first.
const REST_TIMES: u32 = 4;

/// What the task knows.
#[derive(Debug, Default)]
pub struct Sameness {
    index: Index,
    /// Photos to be looked at.
    waiting: VecDeque<String>,
    /// The log has been read up to here; `None` before the first step.
    after: Option<i64>,
}

/// Works until the endpoint stops.
pub async fn run(app: &App) {
    let mut sameness = Sameness::default();
    let mut newest = app.changes.subscribe();
    loop {
        let began = Instant::now();
        let pause = match sameness.step(app).await {
            Ok(true) if app.arrivals.are_arriving() => began.elapsed().saturating_mul(REST_TIMES),
            Ok(true) => Duration::ZERO,
            Ok(false) => {
                tokio::select! {
                    () = app.stopping.cancelled() => return,
                    changed = newest.changed() => if changed.is_err() { return },
                }
                continue;
            }
            Err(error) => {
                tracing::warn!(%error, "photos could not be compared");
                AFTER_A_FAULT
            }
        };
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

impl Sameness {
    /// Follows the log, or looks at some photos; `false` when there is nothing
    /// to do until the log grows.
    ///
    /// # Errors
    /// [`StorageError`]; the step can be tried again.
    pub async fn step(&mut self, app: &App) -> Result<bool, StorageError> {
        let pool = app.storage.reading();
        let after = match self.after {
            Some(after) => after,
            None => {
                let after = settle::settled_up_to(pool).await?;
                self.waiting = likenesses::unseen(pool).await?.into();
                *self.after.insert(after)
            }
        };
        let entries = log::entries_after(pool, after, PAGE_ENTRIES).await?;
        if let Some(last) = entries.last() {
            let events = entries.iter().filter_map(log::Entry::event);
            let mut changed = Vec::new();
            for event in events {
                match event {
                    Event::Revision { slot, .. } | Event::Decision { slot, .. } => {
                        changed.push(slot.to_string());
                    }
                    Event::Photo { sha256, .. } => self.waiting.push_back(sha256),
                    _ => {}
                }
            }
            changed.sort_unstable();
            changed.dedup();
            settle::settle(app, &changed).await?;
            settle::remember(app, after, last.log_index).await?;
            self.after = Some(last.log_index);
            return Ok(true);
        }
        let some: Vec<String> = {
            let some = self.waiting.len().min(likenesses::AT_ONCE);
            self.waiting.iter().take(some).cloned().collect()
        };
        if some.is_empty() {
            return Ok(false);
        }
        let alike = likenesses::look_at(app, &mut self.index, &some).await?;
        self.waiting.drain(..some.len());
        if !alike.is_empty() {
            let slots = twins::slots_with(pool, &alike).await?;
            settle::settle(app, &slots).await?;
        }
        Ok(true)
    }
}
