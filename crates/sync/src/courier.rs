//! The courier: takes planned steps until nothing is left or something stops it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::Timestamp;

use crate::back_off;
use crate::clock::{Clock, Random, jitter};
use crate::outbox::{Account, ItemKey, Outbox, OutboxError};
use crate::pace::Pace;
use crate::photos_wait::PhotosWait;
use crate::plan::{Situation, Step, plan};
use crate::transport::Transport;
use crate::trouble::{Trouble, TroubleReport};

/// Faults of the endpoint on single things that one delivery bears before it
/// takes them for a fault of the endpoint as a whole.
const FAULTS_BORNE: u32 = 1;
/// Failures that a thing may have, without a wait of its own, when the road
/// failed under it.
const FREE_FAILURES: u32 = 2;
/// Failures that a fault counts as when nothing of this device has to wait for
/// its end: the pack or the inbox could not be had.
const FAULT_FAILURES: u32 = 6;
/// Failures that a trouble counts as when only a person can end it.
const PERSON_FAILURES: u32 = 8;

/// Sends what the outbox holds. One per device; one delivery at a time.
pub struct Courier {
    pub(crate) outbox: Arc<dyn Outbox>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    road: Mutex<Road>,
}

/// What is known of the road to the endpoint. Forgotten when the app ends.
#[derive(Debug, Default)]
pub(crate) struct Road {
    pub(crate) pace: Pace,
    /// Index of the address that answered last.
    pub(crate) preferred: usize,
    /// When something last answered, and how far ahead this clock is of its.
    pub(crate) answered: Option<(Timestamp, Option<i64>)>,
    /// The same, once it was sure that the endpoint answered.
    pub(crate) contact: Option<(Timestamp, Option<i64>)>,
    pub(crate) photos: PhotosWait,
    /// The witness wants photos sent now, whatever the endpoint wishes.
    are_photos_urgent: bool,
    failures: u32,
}

/// What came of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What stopped it, or what went wrong with a single thing.
    pub trouble: Option<TroubleReport>,
    /// Whether the trouble stopped it: then nothing else would have gone
    /// either.
    pub is_stopped: bool,
    /// When it is worth trying again by itself; `None` when nothing is left
    /// that could go by itself.
    pub next_try_at: Option<Timestamp>,
}

/// How far one thing has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What.
    pub key: ItemKey,
    /// Bytes that the endpoint holds.
    pub sent_bytes: u64,
    /// Of how many.
    pub size_bytes: u64,
}

/// What one delivery has learnt so far.
pub(crate) struct Round<'a> {
    pub(crate) on_progress: &'a (dyn Fn(Progress) + Send + Sync),
    /// Whether the pack and the inbox still are to be asked for.
    pub(crate) may_ask_pack: bool,
    pub(crate) inbox_pages_left: u32,
    /// Whether the endpoint still is to be asked if it has our receipts.
    pub(crate) may_ask_held: bool,
    are_photos_urgent: bool,
    /// Offsets of photos, as the endpoint said in this delivery; `None` after
    /// it contradicted itself.
    pub(crate) offsets: HashMap<ItemKey, Option<u64>>,
    /// Times that the endpoint named another offset.
    pub(crate) conflicts: HashMap<ItemKey, u32>,
    /// Whether the endpoint answered anything in this delivery: only then can
    /// a silence be a single thing's fault.
    pub(crate) is_answered: bool,
    faults: u32,
    borne: Option<TroubleReport>,
}

/// Most pages of the inbox that one delivery reads.
const INBOX_PAGES_MAX: u32 = 20;

impl Courier {
    /// A courier between `outbox` and `transport`.
    #[must_use]
    pub fn new(
        outbox: Arc<dyn Outbox>,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self {
            outbox,
            transport,
            clock,
            random,
            road: Mutex::default(),
        }
    }

    /// Sends everything that is due, asks for news, and says what came of it.
    /// Dropping the future at any point loses nothing.
    pub async fn deliver(&self, on_progress: &(dyn Fn(Progress) + Send + Sync)) -> Outcome {
        let mut round = Round {
            on_progress,
            may_ask_pack: true,
            inbox_pages_left: INBOX_PAGES_MAX,
            may_ask_held: true,
            are_photos_urgent: false,
            offsets: HashMap::new(),
            conflicts: HashMap::new(),
            is_answered: false,
            faults: 0,
            borne: None,
        };
        let ended = self.steps(&mut round).await;
        let contact = self.road().contact.take();
        if let Some((at, skew)) = contact {
            let noted = self
                .ask_outbox(move |outbox| outbox.note_contact(at, skew))
                .await;
            if let Err(report) = noted {
                tracing::warn!(%report, "the contact was not noted");
            }
        }
        self.outcome(ended, round.borne)
    }

    /// Waits for news, as long as the endpoint holds the question open.
    ///
    /// # Errors
    /// [`TroubleReport`]; when to try again is [`Courier::rest_after`]'s to say.
    pub async fn listen(&self) -> Result<bool, TroubleReport> {
        let Some(account) = self.account().await? else {
            return Ok(false);
        };
        self.ask_inbox(
            &account,
            Some(protocol::limits::INBOX_WAIT_MAX_SECONDS),
            true,
        )
        .await
        .map(|answered| answered.is_news)
        .map_err(|no| match no {
            crate::understand::No::Stopped(report) => report,
            crate::understand::No::Refused(refusal) => TroubleReport::new(
                Trouble::Refused,
                format!("the inbox: status {}", refusal.status),
            ),
        })
    }

    /// Notes that the road failed, and says when to try it again.
    pub fn rest_after(&self, report: &TroubleReport) -> Timestamp {
        let failures = {
            let mut road = self.road();
            road.failures = road.failures.saturating_add(1);
            if report.trouble.needs_a_person() {
                road.failures = road.failures.max(PERSON_FAILURES);
            }
            road.failures
        };
        let own_ms = back_off::wait_ms(failures, jitter(self.random.as_ref()));
        let wait_ms = own_ms.max(report.retry_after_ms.unwrap_or_default());
        back_off::after(self.clock.now(), wait_ms)
    }

    /// The witness wants everything sent: photos do not wait for the endpoint's
    /// wish in the delivery that runs, or in the next one.
    pub fn hurry_photos(&self) {
        self.road().are_photos_urgent = true;
    }

    /// Until when photos wait because the endpoint asked for it.
    #[must_use]
    pub fn photos_wait_until(&self) -> Option<Timestamp> {
        self.road().photos.until(self.clock.now())
    }

    /// Forgets the failures of the road: the network changed, or somebody
    /// wants it tried now.
    pub fn forget_failures(&self) {
        self.road().failures = 0;
    }

    async fn steps(&self, round: &mut Round<'_>) -> Result<Option<Timestamp>, TroubleReport> {
        let Some(account) = self.account().await? else {
            return Ok(None);
        };
        loop {
            match self.next_step(round).await? {
                Step::Rest { until } => return Ok(until),
                Step::Post(keys) => self.post(&account, &keys, round).await?,
                Step::Carry(keys) => self.carry(&account, &keys, round).await?,
                Step::Upload(item) => self.upload(&account, item, round).await?,
                Step::AskPack => self.refresh_pack(&account, round).await?,
                Step::AskInbox => self.read_inbox(&account, round).await?,
            }
        }
    }

    async fn next_step(&self, round: &mut Round<'_>) -> Result<Step, TroubleReport> {
        let now = self.clock.now();
        round.are_photos_urgent |= std::mem::take(&mut self.road().are_photos_urgent);
        let photos_not_before = if round.are_photos_urgent {
            None
        } else {
            self.photos_wait_until()
        };
        let may_ask_pack = round.may_ask_pack;
        let is_inbox_wanted = round.inbox_pages_left > 0;
        self.ask_outbox(move |outbox| {
            Ok(plan(&Situation {
                items: &outbox.items()?,
                photos_not_before,
                is_pack_wanted: may_ask_pack && outbox.is_pack_wanted()?,
                is_inbox_wanted,
                now,
            }))
        })
        .await
    }

    async fn account(&self) -> Result<Option<Account>, TroubleReport> {
        self.ask_outbox(|outbox| outbox.account()).await
    }

    fn outcome(
        &self,
        ended: Result<Option<Timestamp>, TroubleReport>,
        borne: Option<TroubleReport>,
    ) -> Outcome {
        match ended {
            Ok(next_try_at) => {
                self.forget_failures();
                let later = || {
                    let wait_ms = back_off::wait_ms(FAULT_FAILURES, jitter(self.random.as_ref()));
                    back_off::after(self.clock.now(), wait_ms)
                };
                Outcome {
                    next_try_at: next_try_at.or_else(|| borne.is_some().then(later)),
                    trouble: borne,
                    is_stopped: false,
                }
            }
            Err(report) => {
                tracing::info!(%report, "delivery stopped");
                Outcome {
                    next_try_at: Some(self.rest_after(&report)),
                    trouble: Some(report),
                    is_stopped: true,
                }
            }
        }
    }

    /// Notes, after the road failed under `keys`, that they may be the reason;
    /// and decides whether the delivery goes on with the others.
    pub(crate) async fn bear(
        &self,
        keys: Vec<(ItemKey, u32)>,
        report: TroubleReport,
        round: &mut Round<'_>,
    ) -> Result<(), TroubleReport> {
        let is_fault = report.trouble == Trouble::ServerFault;
        if report.trouble.may_be_the_items() {
            for (key, attempts) in keys {
                // Counting the failure lets others go first; waiting on top of
                // it is for what fails while the road is good.
                let is_its_own = round.is_answered && attempts >= FREE_FAILURES;
                let wait_ms = if is_fault || is_its_own {
                    back_off::wait_ms(attempts.saturating_add(1), jitter(self.random.as_ref()))
                } else {
                    0
                };
                self.note_failure(key, wait_ms).await?;
            }
        }
        if is_fault && round.faults < FAULTS_BORNE {
            round.faults = round.faults.saturating_add(1);
            round.borne = Some(report);
            return Ok(());
        }
        Err(report)
    }

    /// Notes that `key` failed and waits `wait_ms`.
    pub(crate) async fn note_failure(
        &self,
        key: ItemKey,
        wait_ms: u64,
    ) -> Result<(), TroubleReport> {
        let at = back_off::after(self.clock.now(), wait_ms);
        self.ask_outbox(move |outbox| outbox.note_failure(&key, at))
            .await
    }

    /// Asks the outbox on a thread that may wait for a disk.
    pub(crate) async fn ask_outbox<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&dyn Outbox) -> Result<T, OutboxError> + Send + 'static,
    ) -> Result<T, TroubleReport> {
        let outbox = Arc::clone(&self.outbox);
        let asked = tokio::task::spawn_blocking(move || ask(outbox.as_ref())).await;
        let device = |cause: String| TroubleReport::new(Trouble::Device, cause);
        match asked {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(cause)) => Err(device(cause.to_string())),
            Err(cause) => Err(device(cause.to_string())),
        }
    }

    pub(crate) fn road(&self) -> MutexGuard<'_, Road> {
        // A panic elsewhere leaves nothing half-written in it.
        self.road.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
