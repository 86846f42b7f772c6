//! Delivery: by itself, and when the witness taps.
//!
//! One delivery runs at a time. Between two, the loop sleeps until something
//! is due, or is told that the world changed, or hears news; it never spins.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use protocol::Timestamp;
use sync::{Courier, Outbox, Outcome, Progress};
use tokio::sync::{Mutex as Gate, Notify, watch};

use crate::core::{Core, lock};
use crate::failure::code_of;
use crate::view::{DeliveryView, Failure};

/// Shortest time from one question for news to the next, in milliseconds, when
/// an endpoint does not hold the question open.
const LISTEN_EVERY_MS: u64 = 20_000;
/// Longest sleep, in milliseconds: whatever the clock says, it is looked at
/// again after this.
const SLEEP_MAX_MS: u64 = 60 * 60 * 1_000;
/// Shortest sleep, in milliseconds.
const SLEEP_MIN_MS: u64 = 200;

/// The live part of a device.
pub(crate) struct Delivery {
    core: Arc<Core>,
    pub(crate) courier: Courier,
    /// Held while a delivery or an enrolment runs.
    pub(crate) gate: Gate<()>,
    is_running: AtomicBool,
    next_try_at: Mutex<Option<Timestamp>>,
    nudged: Notify,
    /// A delivery ended, so that `next_try_at` may be another.
    rescheduled: Notify,
    is_reset_wanted: AtomicBool,
    changed: watch::Sender<u64>,
}

impl Delivery {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        let ports = core.ports.clone();
        let outbox: Arc<dyn Outbox> = Arc::<Core>::clone(&core);
        Self {
            courier: Courier::new(outbox, ports.transport, ports.clock, ports.random),
            core,
            gate: Gate::default(),
            is_running: AtomicBool::new(false),
            next_try_at: Mutex::default(),
            nudged: Notify::new(),
            rescheduled: Notify::new(),
            is_reset_wanted: AtomicBool::new(false),
            changed: watch::Sender::new(0),
        }
    }

    /// Grows whenever something changed that `home` shows.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    pub(crate) fn announce_change(&self) {
        self.changed
            .send_modify(|count| *count = count.wrapping_add(1));
    }

    /// The world changed: whatever waits is worth trying now.
    pub(crate) fn nudge(&self) {
        self.is_reset_wanted.store(true, Ordering::SeqCst);
        self.nudged.notify_one();
    }

    /// The live part of how delivery stands.
    pub(crate) fn fill_in(&self, view: DeliveryView) -> DeliveryView {
        let has_work = view.revisions_only_here > 0 || view.photos_only_here > 0;
        DeliveryView {
            is_running: self.is_running.load(Ordering::SeqCst),
            next_try_at: lock(&self.next_try_at).filter(|_| has_work || view.trouble.is_some()),
            photos_wait_until: self
                .courier
                .photos_wait_until()
                .filter(|_| view.photos_only_here > 0),
            ..view
        }
    }

    /// The witness's tap: everything is tried now, refused things too. While a
    /// delivery runs, it goes on with them, and nothing has to be waited for.
    pub(crate) async fn deliver_now(&self) -> Result<(), Failure> {
        self.reset(true).await?;
        self.courier.hurry_photos();
        if let Ok(held) = self.gate.try_lock() {
            self.deliver(&|_| ()).await?;
            drop(held);
        }
        // The loop may be waiting out a failure that is over now: it goes on
        // with what is left, or listens for news again.
        self.nudged.notify_one();
        Ok(())
    }

    /// One delivery of what is due. The caller holds the gate.
    pub(crate) async fn deliver(
        &self,
        on_progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Outcome, Failure> {
        let running = Running::begin(self);
        let outcome = self
            .courier
            .deliver(&|progress| {
                self.announce_change();
                on_progress(progress);
            })
            .await;
        *lock(&self.next_try_at) = outcome.next_try_at;
        self.rescheduled.notify_one();
        let noted = self.note_trouble(&outcome).await;
        drop(running);
        noted.map(|()| outcome)
    }

    async fn note_trouble(&self, outcome: &Outcome) -> Result<(), Failure> {
        let Some(report) = &outcome.trouble else {
            return self.keep_trouble(None).await;
        };
        let Some(code) = code_of(report.trouble) else {
            // This device's own memory failed, in a way that was kept.
            let failure = lock(&self.core.last_failure).take();
            return Err(failure.unwrap_or(Failure::Internal));
        };
        let json = serde_json::to_string(&code)?;
        self.keep_trouble(Some(json)).await
    }

    async fn keep_trouble(&self, json: Option<String>) -> Result<(), Failure> {
        on_disk(&self.core, move |core| {
            let mut store = core.store();
            // Most deliveries change nothing here; a write would wake the disk.
            if store.trouble()? == json {
                return Ok(());
            }
            Ok(store.put_trouble(json.as_deref())?)
        })
        .await
    }

    /// Lets everything that waits be tried at once.
    pub(crate) async fn reset(&self, refused_too: bool) -> Result<(), Failure> {
        self.courier.forget_failures();
        on_disk(&self.core, move |core| {
            Ok(core.store().reset_back_off(refused_too)?)
        })
        .await
    }

    /// One turn of the loop: delivers, then sleeps or listens until there is a
    /// reason for the next.
    pub(crate) async fn turn(&self) {
        if self.is_reset_wanted.swap(false, Ordering::SeqCst)
            && let Err(failure) = self.reset(false).await
        {
            tracing::error!(%failure, "waiting times were not reset");
        }
        let held = self.gate.lock().await;
        let delivered = self.deliver(&|_| ()).await;
        drop(held);
        let is_enrolled = self
            .core
            .identity()
            .is_ok_and(|identity| identity.is_some());
        match delivered {
            _ if !is_enrolled => self.nudged.notified().await,
            Ok(outcome) if !outcome.is_stopped => self.listen().await,
            Ok(_) => self.sleep_until_due().await,
            Err(failure) => {
                tracing::error!(%failure, "delivery stopped by this device");
                self.sleep_until_due().await;
            }
        }
    }

    /// Listens for news until something is due, news came, or the world
    /// changed.
    async fn listen(&self) {
        tokio::select! {
            () = self.sleep_until_due() => {}
            () = self.hear() => self.announce_change(),
        }
    }

    /// Asks for news until there are any, or the road fails: then it waits as
    /// long as after any failure, and the next turn finds out what is wrong.
    async fn hear(&self) {
        loop {
            let asked_ms = self.core.ports.clock.monotonic_ms();
            match self.courier.listen().await {
                Ok(true) => return,
                Ok(false) => {
                    let now_ms = self.core.ports.clock.monotonic_ms();
                    let held_ms = now_ms.saturating_sub(asked_ms);
                    let rest_ms = LISTEN_EVERY_MS.saturating_sub(held_ms);
                    tokio::time::sleep(Duration::from_millis(rest_ms)).await;
                }
                Err(report) => {
                    tracing::debug!(%report, "listening ended");
                    return self.sleep(Some(self.courier.rest_after(&report))).await;
                }
            }
        }
    }

    /// Sleeps until the next delivery is due, which a tap meanwhile may
    /// change, or until the world changed.
    async fn sleep_until_due(&self) {
        loop {
            let until = *lock(&self.next_try_at);
            tokio::select! {
                () = self.nudged.notified() => return,
                () = self.sleep(until) => return,
                () = self.rescheduled.notified() => {}
            }
        }
    }

    async fn sleep(&self, until: Option<Timestamp>) {
        let wait_ms = match until {
            Some(until) => {
                let wait_ms = until.unix_ms().saturating_sub(self.core.now().unix_ms());
                u64::try_from(wait_ms).unwrap_or_default()
            }
            None => SLEEP_MAX_MS,
        };
        let wait_ms = wait_ms.clamp(SLEEP_MIN_MS, SLEEP_MAX_MS);
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
    }
}

/// Says that a delivery is running, until it is dropped, also by a stop.
struct Running<'a>(&'a Delivery);

impl<'a> Running<'a> {
    fn begin(delivery: &'a Delivery) -> Self {
        delivery.is_running.store(true, Ordering::SeqCst);
        delivery.announce_change();
        Self(delivery)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.is_running.store(false, Ordering::SeqCst);
        self.0.announce_change();
    }
}

/// Runs a use-case on a thread that may wait for a disk.
pub(crate) async fn on_disk<T: Send + 'static>(
    core: &Arc<Core>,
    work: impl FnOnce(&Core) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let core = Arc::clone(core);
    match tokio::task::spawn_blocking(move || work(&core)).await {
        Ok(result) => result,
        Err(cause) => {
            tracing::error!(%cause, "a use-case was cut short");
            Err(Failure::Internal)
        }
    }
}
