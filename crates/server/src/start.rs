//! Starting and stopping the whole endpoint.

use std::fs::{File, OpenOptions, TryLockError};
use std::net::SocketAddr;
use std::path::Path;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::app::{App, AppState, Tasks};
use crate::config::Config;
use crate::http;
use crate::irregularities;
use crate::keys::KeyError;
use crate::operations::metrics::serve_alone;
use crate::photos::StoreError;
use crate::sameness;
use crate::storage::{OpenError, StorageError, make_folder};

/// Held as long as an endpoint runs on a data folder: parts of photos would
/// suffer from two.
const SERVE_LOCK_FILE: &str = "serve.lock";

/// Why the endpoint does not start, as a sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The storage cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// There is no usable signing key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The place for photos cannot be used.
    #[error(transparent)]
    Photos(#[from] StoreError),
    /// The database answers, but not as it should.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The system has no thread to write with.
    #[error("the thread that writes could not be started: {0}")]
    Thread(std::io::Error),
    /// Another process serves from the same folder.
    #[error(
        "another saksi-server is running on the data folder {0}; stop it first, or use another folder"
    )]
    AlreadyServed(String),
    /// The lock file cannot be made.
    #[error("the data folder {folder} cannot be written to: {cause}")]
    Folder {
        /// Its path.
        folder: String,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {cause} (is another program using this port?)")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        cause: std::io::Error,
    },
}

/// An endpoint that runs in this process.
pub struct Running {
    /// The address it listens on, with the actual port.
    pub addr: SocketAddr,
    /// The address of the metrics' own listener, if there is one.
    pub metrics_addr: Option<SocketAddr>,
    app: AppState,
    tasks: Tasks,
    serving: JoinHandle<()>,
    stopping: CancellationToken,
    _lock: File,
}

/// Starts the endpoint and returns once it takes requests.
///
/// # Errors
/// [`StartError`], a sentence for the operator.
pub async fn start(config: Config) -> Result<Running, StartError> {
    let lock = lock_folder(&config.data)?;
    let (listener, addr) = bind(config.listen).await?;
    let metrics = match config.metrics_listen {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    let mut config = config;
    if config.public_urls.is_empty() {
        config.public_urls.push(format!("http://{addr}"));
    }
    let (app, tasks) = App::open(config).await?;
    let stopping = app.stopping.clone();
    let router = http::router(app.clone());
    let metrics_addr = metrics.map(|(listener, addr)| {
        tokio::spawn(serve_alone(listener, app.clone()));
        addr
    });
    let sweeper = app.clone();
    tokio::spawn(async move { sweeper.arrivals.sweep(&sweeper.stopping).await });
    let looking = app.clone();
    tokio::spawn(async move { sameness::run(&looking).await });
    let analysing = app.clone();
    tokio::spawn(async move { irregularities::run(&analysing).await });
    let serving = tokio::spawn(http::serve(listener, router, stopping.clone()));
    Ok(Running {
        addr,
        metrics_addr,
        app,
        tasks,
        serving,
        stopping,
        _lock: lock,
    })
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |cause| StartError::Listen { address, cause };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let addr = listener.local_addr().map_err(failed)?;
    Ok((listener, addr))
}

impl Running {
    /// The address for clients, such as `http://127.0.0.1:8080`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// What its requests work with, for tests that look inside.
    #[must_use]
    pub fn app(&self) -> AppState {
        self.app.clone()
    }

    /// Takes no more requests, finishes those that it has, writes what waits,
    /// and closes.
    pub async fn stop(self) {
        self.stopping.cancel();
        if let Err(error) = self.serving.await {
            tracing::error!(%error, "serving ended badly");
        }
        self.tasks.finish(self.app).await;
    }
}

pub(crate) fn lock_folder(folder: &Path) -> Result<File, StartError> {
    let name = folder.display().to_string();
    let in_folder = |cause| StartError::Folder {
        folder: name.clone(),
        cause,
    };
    make_folder(folder)?;
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(SERVE_LOCK_FILE))
        .map_err(in_folder)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::AlreadyServed(name)),
        Err(TryLockError::Error(cause)) => Err(in_folder(cause)),
    }
}
