//! The one thread that writes, and group commit.
//!
//! It is a thread of its own, with a runtime of its own: a transaction is a
//! dozen short steps, and each of them would wait behind whatever answers are
//! being put together on the threads that serve requests.
//!
//! Commands that arrive while a transaction is being committed wait in a
//! bounded queue and then share the next one: durability costs one flush for a
//! hundred revisions instead of a hundred. Each command runs behind a
//! savepoint, so one that fails takes back only its own writes. Nobody is
//! answered before the shared transaction is durable.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::intake::{Batch, take_in_all};
use crate::keys::ServerKey;
use crate::log::{Changes, Event, checkpoint};
use crate::slots::Recent;
use crate::storage::{Storage, StorageError, Tx};

/// Most commands that wait; more are answered with "overloaded".
const QUEUE_MAX: usize = 4_096;
/// Most commands that share a transaction: bounds how long the first waits.
const GROUP_MAX: usize = 512;
/// How long a command waits for room in a full queue.
const QUEUE_WAIT: Duration = Duration::from_secs(5);

type Done = oneshot::Sender<Result<(), StorageError>>;
type JobFn = Box<dyn for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, bool> + Send>;

/// One thing to write.
enum Command {
    /// Revisions, taken in together with those of other requests.
    TakeIn(Batch),
    /// Anything else (`false` takes it back), and who is told when it is durable.
    Job(JobFn, Done),
}

/// Hands commands to the writing thread.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Command>,
}

impl Writer {
    /// Starts the writing thread. After `closing` it takes nothing more, writes
    /// all that waits, closes what it wrote with, and ends; then so does the
    /// task that stands for it.
    ///
    /// # Errors
    /// When the system has no thread for it.
    pub fn start(
        storage: Storage,
        key: Arc<ServerKey>,
        clock: Clock,
        changes: Changes,
        closing: CancellationToken,
    ) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (queue, waiting) = mpsc::channel(QUEUE_MAX);
        let desk = Desk {
            storage,
            key,
            clock,
            changes,
            closing,
            recent: Recent::default(),
        };
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (ended, end) = oneshot::channel();
        let write = async move {
            let storage = desk.storage.clone();
            desk.write_all(waiting).await;
            storage.close_writing().await;
            // Nobody waits for it when the process ends without asking.
            let _ = ended.send(());
        };
        let thread = thread::Builder::new().name("writer".to_owned());
        thread.spawn(move || runtime.block_on(write))?;
        let ending = tokio::spawn(async move {
            if end.await.is_err() {
                tracing::error!("the writing thread broke down");
            }
        });
        Ok((Self { queue }, ending))
    }

    /// Runs `job` in the shared transaction and returns its value once that is
    /// durable. An `Err` of the job takes back what it wrote, and only that.
    ///
    /// # Errors
    /// The job's own, or a [`StorageError`] when it could not be made durable.
    pub async fn run<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let (value_in, value_out) = oneshot::channel();
        let (done, durable) = oneshot::channel();
        let act: JobFn = Box::new(move |tx| {
            Box::pin(async move {
                let value = job(tx).await;
                let keep = value.is_ok();
                // The receiver is gone when the caller has given up: what was
                // asked for is done all the same.
                let _ = value_in.send(value);
                keep
            })
        });
        self.send(Command::Job(act, done)).await?;
        durable.await.map_err(|_| StorageError::Stopped)??;
        value_out.await.map_err(|_| StorageError::BrokeDown)?
    }

    /// Puts something that changes nothing else into the log, done by `by` (a
    /// user; `None` is the endpoint or its command line), and returns the
    /// entry's index.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(crate) async fn note(&self, by: Option<&str>, event: Event) -> Result<i64, StorageError> {
        let by = by.map(str::to_owned);
        self.run(move |tx| Box::pin(async move { tx.append(by.as_deref(), &event) }))
            .await
    }

    /// Hands over revisions; the batch tells its request what became of them.
    pub(crate) async fn take_in(&self, batch: Batch) -> Result<(), StorageError> {
        self.send(Command::TakeIn(batch)).await
    }

    async fn send(&self, command: Command) -> Result<(), StorageError> {
        use mpsc::error::SendTimeoutError;
        let sent = self.queue.send_timeout(command, QUEUE_WAIT).await;
        sent.map_err(|error| match error {
            SendTimeoutError::Timeout(_) => StorageError::Unavailable(sqlx::Error::PoolTimedOut),
            SendTimeoutError::Closed(_) => StorageError::Stopped,
        })
    }

    /// Number of commands that wait, for the metrics.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queue
            .max_capacity()
            .saturating_sub(self.queue.capacity())
    }
}

/// What the writing thread works with.
struct Desk {
    storage: Storage,
    key: Arc<ServerKey>,
    clock: Clock,
    changes: Changes,
    closing: CancellationToken,
    recent: Recent,
}

impl Desk {
    async fn write_all(self, mut waiting: mpsc::Receiver<Command>) {
        let mut group = Vec::with_capacity(GROUP_MAX);
        loop {
            let taken = tokio::select! {
                biased;
                taken = waiting.recv_many(&mut group, GROUP_MAX) => taken,
                () = self.closing.cancelled(), if !waiting.is_closed() => {
                    waiting.close();
                    continue;
                }
            };
            if taken == 0 {
                return;
            }
            let (mut batches, mut acts, mut done) = (Vec::new(), Vec::new(), Vec::new());
            for command in group.drain(..) {
                match command {
                    Command::TakeIn(batch) => batches.push(batch),
                    Command::Job(act, sender) => {
                        acts.push(act);
                        done.push(sender);
                    }
                }
            }
            let outcome = self.write_group(&mut batches, acts).await;
            match &outcome {
                Ok(last) => last.iter().for_each(|last| self.changes.announce(*last)),
                Err(error) => tracing::error!(%error, "a transaction failed"),
            }
            let durable = || outcome.as_ref().map(|_| ()).map_err(StorageError::shared);
            for batch in batches {
                batch.answer(durable());
            }
            for sender in done {
                // Callers who have given up are not there to be told.
                let _ = sender.send(durable());
            }
        }
    }

    /// One transaction for all; returns the index of the last log entry.
    async fn write_group(
        &self,
        batches: &mut [Batch],
        acts: Vec<JobFn>,
    ) -> Result<Option<i64>, StorageError> {
        let mut tx = Tx::begin(&self.storage, self.recent.clone(), self.clock.now_ms()).await?;
        if !batches.is_empty() {
            self.take_in(&mut tx, batches).await?;
        }
        for act in acts {
            let before = tx.savepoint().await?;
            let keep = AssertUnwindSafe(act(&mut tx)).catch_unwind().await;
            if keep.unwrap_or(false) {
                tx.release().await?;
            } else {
                tx.roll_back_to(before).await?;
            }
        }
        checkpoint::sign_head(&mut tx, &self.key, false).await?;
        tx.commit().await
    }

    /// All requests' revisions at once; or, when that fails, each request's by
    /// itself, so that one that cannot be stored does not hold up the others.
    async fn take_in(&self, tx: &mut Tx, batches: &mut [Batch]) -> Result<(), StorageError> {
        let Err(error) = self.try_take_in(tx, batches).await? else {
            return Ok(());
        };
        tracing::error!(%error, "revisions could not be taken in together");
        for batch in batches {
            if let Err(error) = self.try_take_in(tx, std::slice::from_mut(batch)).await? {
                tracing::error!(%error, "a request's revisions could not be taken in");
                batch.mark_failed(error);
            }
        }
        Ok(())
    }

    /// The inner error is of these batches only and was taken back; the outer
    /// one is of the whole transaction.
    async fn try_take_in(
        &self,
        tx: &mut Tx,
        batches: &mut [Batch],
    ) -> Result<Result<(), StorageError>, StorageError> {
        let before = tx.savepoint().await?;
        let taken = AssertUnwindSafe(take_in_all(tx, &self.key, batches))
            .catch_unwind()
            .await
            .unwrap_or(Err(StorageError::BrokeDown));
        match taken {
            Ok(()) => tx.release().await.map(Ok),
            Err(error) => {
                tx.roll_back_to(before).await?;
                Ok(Err(error))
            }
        }
    }
}
