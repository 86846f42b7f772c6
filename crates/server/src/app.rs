//! What every request works with.

use std::sync::Arc;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::StartError;
use crate::bundles::Bundles;
use crate::catalogue::Catalogues;
use crate::clock::Clock;
use crate::config::Config;
use crate::keys::ServerKey;
use crate::log::{self, Changes, checkpoint};
use crate::operations::{Metrics, Readiness};
use crate::photos::{Arrivals, Backlog, PhotoStore};
use crate::room::{Feed, Room};
use crate::sms;
use crate::storage::{Storage, StorageError};
use crate::workbooks::Workbooks;
use crate::writer::Writer;

/// Shared by all requests.
pub type AppState = Arc<App>;

/// The running endpoint without its sockets.
pub struct App {
    /// What the operator set.
    pub config: Config,
    /// For reading.
    pub storage: Storage,
    /// For writing.
    pub writer: Writer,
    /// Signs receipts.
    pub key: Arc<ServerKey>,
    /// Wakes who waits for news.
    pub changes: Changes,
    /// The election's data.
    pub catalogues: Catalogues,
    /// What the counting room keeps in memory.
    pub room: Room,
    /// What the endpoint counts about itself.
    pub metrics: Arc<Metrics>,
    /// When a write last worked.
    pub readiness: Readiness,
    /// Complete photos.
    pub photos: PhotoStore,
    /// Photos that are on their way in.
    pub arrivals: Arrivals,
    /// Photos that are expected.
    pub backlog: Backlog,
    /// Bundles that are being taken in.
    pub bundles: Bundles,
    /// Workbooks and exports that are being worked on.
    pub workbooks: Workbooks,
    /// Counts wrong SMS.
    pub sms_tries: sms::Tries,
    /// Cancelled when the endpoint stops: long polls and event streams end.
    pub stopping: CancellationToken,
}

/// The tasks behind an [`App`], ended by [`Tasks::finish`].
pub struct Tasks {
    writing: JoinHandle<()>,
    following: JoinHandle<()>,
    feeding: JoinHandle<()>,
    closing: CancellationToken,
}

impl App {
    /// Opens storage and key, and starts the tasks that write and follow.
    ///
    /// # Errors
    /// [`StartError`], a sentence for the operator.
    pub async fn open(config: Config) -> Result<(AppState, Tasks), StartError> {
        let storage = Storage::open(&config.data, config.database_url.as_deref()).await?;
        let key = Arc::new(ServerKey::open_for(&config.data, &storage).await?);
        let photos = PhotoStore::open(&config.data, config.photos_url.as_deref())?;
        let newest = log::newest_index(storage.reading()).await?;
        let changes = Changes::new(newest);
        let closing = CancellationToken::new();
        let (writer, writing) = Writer::start(
            storage.clone(),
            Arc::clone(&key),
            config.clock.clone(),
            changes.clone(),
            closing.clone(),
        )
        .map_err(StartError::Thread)?;
        key.claim(&writer).await?;
        let stopping = CancellationToken::new();
        let following = tokio::spawn(
            changes
                .clone()
                .follow(storage.reading().clone(), stopping.clone()),
        );
        let feed = Feed::default();
        let feeding = tokio::spawn(feed.clone().run(
            storage.reading().clone(),
            changes.subscribe(),
            stopping.clone(),
        ));
        let app = Self {
            room: Room::new(feed),
            metrics: Arc::default(),
            photos,
            arrivals: Arrivals::new(&config.data),
            backlog: Backlog::default(),
            bundles: Bundles::new(&config.data),
            workbooks: Workbooks::default(),
            sms_tries: sms::Tries::default(),
            readiness: Readiness::default(),
            catalogues: Catalogues::new(storage.clone(), changes.subscribe()),
            config,
            storage,
            writer,
            key,
            changes,
            stopping,
        };
        let tasks = Tasks {
            writing,
            following,
            feeding,
            closing,
        };
        Ok((Arc::new(app), tasks))
    }

    /// The endpoint's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.config.clock
    }

    /// Signs the log's head as it is now.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn sign_log_head(&self) -> Result<(), StorageError> {
        let key = Arc::clone(&self.key);
        self.writer
            .run(move |tx| Box::pin(async move { checkpoint::sign_head(tx, &key, true).await }))
            .await
    }
}

impl Tasks {
    /// Ends what runs behind `app`, after everything accepted is written.
    pub async fn finish(self, app: AppState) {
        app.stopping.cancel();
        if let Err(error) = app.sign_log_head().await {
            tracing::warn!(%error, "the log's head could not be signed on stopping");
        }
        self.closing.cancel();
        for (what, task) in [
            ("writing", self.writing),
            ("following", self.following),
            ("feeding", self.feeding),
        ] {
            if let Err(error) = task.await {
                tracing::error!(%error, what, "a task ended badly");
            }
        }
        app.storage.close().await;
    }
}
