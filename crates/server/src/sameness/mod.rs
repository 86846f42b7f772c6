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
/// Least time between two readings of the log, which grows with every commit of
/// a busy evening.
const FOLLOW_EVERY: Duration = Duration::from_millis(500);
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
        let pause = match sameness.work(app).await {
            Ok(Some(pause)) => pause,
            Ok(None) => {
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
    /// One round; how long to rest before the next, or `None` when there is
    /// nothing to do until the log grows.
    async fn work(&mut self, app: &App) -> Result<Option<Duration>, StorageError> {
        let has_followed = self.follow(app).await?;
        let began = Instant::now();
        if self.look(app).await? {
            let rest = match app.arrivals.are_arriving() {
                true => began.elapsed().saturating_mul(REST_TIMES),
                false => Duration::ZERO,
            };
            return Ok(Some(rest));
        }
        Ok(has_followed.then_some(FOLLOW_EVERY))
    }

    /// Does all that there is to do now.
    ///
    /// # Errors
    /// [`StorageError`]; it can be called again.
    pub async fn finish(&mut self, app: &App) -> Result<(), StorageError> {
        while self.follow(app).await? || self.look(app).await? {}
        Ok(())
    }

    /// Reads on in the log; `false` when there is nothing new.
    async fn follow(&mut self, app: &App) -> Result<bool, StorageError> {
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
        let Some(last) = entries.last() else {
            return Ok(false);
        };
        let (mut changed, mut arrived) = (Vec::new(), Vec::new());
        for event in entries.iter().filter_map(log::Entry::event) {
            match event {
                Event::Revision { slot, .. } | Event::Decision { slot, .. } => {
                    changed.push(slot.to_string());
                }
                Event::Photo { sha256, .. } => arrived.push(sha256),
                _ => {}
            }
        }
        changed.sort_unstable();
        changed.dedup();
        settle::settle(app, &changed).await?;
        settle::remember(app, after, last.log_index).await?;
        self.waiting.extend(arrived);
        self.after = Some(last.log_index);
        Ok(true)
    }

    /// Looks at some of the photos that wait; `false` when none does.
    async fn look(&mut self, app: &App) -> Result<bool, StorageError> {
        let some = self.waiting.iter().take(likenesses::AT_ONCE);
        let some: Vec<String> = some.cloned().collect();
        if some.is_empty() {
            return Ok(false);
        }
        likenesses::look_at(app, &mut self.index, &some).await?;
        self.waiting.drain(..some.len());
        Ok(true)
    }
}
