//! What is irregular in the forms that are here, worked out as they arrive.
//!
//! A task behind the requests ([`run`]) follows the log. A village in which a
//! form, a ruling, a photo's sameness, official figures or the settings have
//! changed is read (`village`), looked at by `domain::irregularity`
//! (`look`), and what has become different is written in one transaction
//! (`settle`): the list with its ranks, the strongest flag of each slot for the
//! queue, and an entry of the log so that consoles follow. Several endpoints on
//! one database come to the same, and the second writes nothing. After a start
//! it goes on where it was.
//!
//! What somebody ruled (`rulings`) is evidence, append-only and logged, and
//! holds as long as the numbers that it was made on stand there.
//!
//! Promised: a finding changes no state, no figure and no total, and never
//! holds up a request. Absent: where a polling station lies, which nothing here
//! says; a form sent from far away is told by its neighbours' positions.

mod export;
mod list;
mod look;
mod row;
mod rulings;
mod settings;
mod settle;
mod turnout;
mod village;
mod zone;

pub(crate) use row::of_slot;
pub(crate) use rulings::{digest as ruling_digest, ruling_in};
pub(crate) use settings::digest as settings_digest;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use domain::Level;
use giving_way::giving_way;
use protocol::SlotId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use look::Looked;
use village::{Cache, Village};

use crate::app::{App, AppState};
use crate::log::{self, Event};
use crate::storage::StorageError;

/// Log entries read at once.
const PAGE_ENTRIES: i64 = 1_000;
/// Villages that are looked at before the writer is asked to keep it.
const VILLAGES_AT_ONCE: usize = 16;
/// Least time between two rounds, in which what changes again is looked at once.
const ROUND_EVERY: Duration = Duration::from_millis(500);
/// So many times as long as a round took is rested after it: those who wait for
/// a receipt come first.
const REST_TIMES: u32 = 3;
/// How long to wait after a fault of the database before trying again.
const AFTER_A_FAULT: Duration = Duration::from_secs(10);

/// Its routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(export::export))
        .routes(routes!(rulings::rule))
        .routes(routes!(settings::show, settings::set))
        .routes(routes!(turnout::show))
}

/// What the task knows.
#[derive(Debug, Default)]
pub struct Irregularities {
    /// Villages to be looked at.
    waiting: BTreeSet<Village>,
    /// The log has been read up to here; `None` before the first step.
    after: Option<i64>,
    /// What was read out of envelopes.
    cache: Cache,
}

/// Works until the endpoint stops.
pub async fn run(app: &App) {
    let mut task = Irregularities::default();
    let mut newest = app.changes.subscribe();
    loop {
        let began = Instant::now();
        let pause = match task.work(app).await {
            Ok(true) => began.elapsed().saturating_mul(REST_TIMES).max(ROUND_EVERY),
            Ok(false) => {
                tokio::select! {
                    () = app.stopping.cancelled() => return,
                    changed = newest.changed() => if changed.is_err() { return },
                }
                continue;
            }
            Err(error) => {
                tracing::warn!(%error, "irregularities could not be worked out");
                AFTER_A_FAULT
            }
        };
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

impl Irregularities {
    /// Does all that there is to do now.
    ///
    /// # Errors
    /// [`StorageError`]; it can be called again.
    pub async fn finish(&mut self, app: &App) -> Result<(), StorageError> {
        while self.work(app).await? {}
        Ok(())
    }

    /// One round; `false` when there was nothing to do.
    async fn work(&mut self, app: &App) -> Result<bool, StorageError> {
        let mut has_read = false;
        while self.follow(app).await? {
            has_read = true;
        }
        let has_looked = self.look(app).await?;
        if self.waiting.is_empty()
            && let Some(after) = self.after
        {
            settle::remember(app, after).await?;
        }
        Ok(has_read || has_looked)
    }

    /// Reads on in the log; `false` when there is nothing new.
    async fn follow(&mut self, app: &App) -> Result<bool, StorageError> {
        let pool = app.storage.reading();
        let after = match self.after {
            Some(after) => after,
            None => *self.after.insert(settle::settled_up_to(pool).await?),
        };
        let entries = log::entries_after(pool, after, PAGE_ENTRIES).await?;
        let Some(last) = entries.last() else {
            return Ok(false);
        };
        for event in entries.iter().filter_map(log::Entry::event) {
            match &event {
                Event::Revision { slot, .. } | Event::Decision { slot, .. } => {
                    self.waiting.extend(village_of(slot));
                }
                Event::SamePhoto { slots } => {
                    self.waiting.extend(slots.iter().filter_map(village_of));
                }
                Event::OfficialImport {
                    election, contest, ..
                } => {
                    let all = village::all(pool, election, Some(contest)).await?;
                    self.waiting.extend(all);
                }
                Event::IrregularitySettings { election, .. } | Event::Catalogue { election } => {
                    self.waiting
                        .extend(village::all(pool, election, None).await?);
                }
                _ => {}
            }
        }
        self.after = Some(last.log_index);
        Ok(true)
    }

    /// Looks at some of the villages that wait; `false` when none does.
    async fn look(&mut self, app: &App) -> Result<bool, StorageError> {
        let some: Vec<Village> = self
            .waiting
            .iter()
            .take(VILLAGES_AT_ONCE)
            .cloned()
            .collect();
        if some.is_empty() {
            return Ok(false);
        }
        let catalogue = app.catalogues.get().await?;
        let mut read = Vec::with_capacity(some.len());
        for village in &some {
            let one = village::read(app, &catalogue, &mut self.cache, village).await?;
            read.extend(one.map(|one| (village.clone(), one)));
        }
        let looking = move || {
            let all = read.iter();
            all.map(|(village, read)| look::look(village, read))
                .collect()
        };
        let looking = tokio::task::spawn_blocking(|| giving_way(looking));
        let looked: Vec<Looked> = looking.await.map_err(|_| StorageError::BrokeDown)?;
        let overtaken = settle::settle(app, looked).await?;
        for village in &some {
            // One that changed meanwhile is looked at again.
            if !overtaken.contains(village) {
                self.waiting.remove(village);
            }
        }
        Ok(true)
    }
}

fn village_of(slot: &SlotId) -> Option<Village> {
    Some(Village {
        election: slot.election.clone(),
        contest: slot.contest.clone(),
        code: slot.tps.region().at(Level::Village)?,
    })
}
