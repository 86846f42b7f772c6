//! `backup`: everything in one file, also while the endpoint runs.
//!
//! The tables are read in one snapshot, so they fit one another whatever is
//! written meanwhile; photos never change and are copied after it. The same
//! on SQLite and PostgreSQL, on a folder and on S3: a backup made on one can
//! be restored on the other.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use futures_util::TryStreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};
use protocol::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

use super::archive::{self, Archive, ArchiveError, Manifest};
use super::open::{self, require_data};
use super::tables::{self, TABLES};
use crate::app::AppState;
use crate::config::{DataArgs, PhotosArgs};
use crate::keys::KEY_FILE;
use crate::log::Event;
use crate::photos::StoreError;
use crate::storage::StorageError;

/// Bytes of lines that are handed on together.
const CHUNK_BYTES: usize = 256 * 1024;

/// Flags of `backup`.
#[derive(Debug, Args)]
pub struct BackupArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    photos: PhotosArgs,
    /// The file to write; it must not exist yet. It holds the signing key:
    /// keep it as safe as the data folder.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The tables.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The signing key.
    #[error("server.key cannot be read: {0}")]
    Key(std::io::Error),
    /// A photo.
    #[error("photo {sha256} cannot be read: {cause}")]
    Photo {
        /// Its hash.
        sha256: String,
        /// What the store says.
        cause: StoreError,
    },
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        StorageError::from(error).into()
    }
}

/// Does it, and says what was saved.
///
/// # Errors
/// A sentence for the operator.
pub async fn run(args: BackupArgs) -> anyhow::Result<()> {
    require_data(&args.data)?;
    let (app, tasks) = open::with_photos(&args.data, &args.photos).await?;
    let outcome = backup(&app, &args.out).await;
    tasks.finish(app).await;
    let manifest = outcome.context("no backup was made")?;
    writeln!(
        std::io::stdout().lock(),
        "backup in {}: {} log entries, {} photos",
        args.out.display(),
        manifest.log_index,
        manifest.photos
    )?;
    Ok(())
}

/// Writes the backup to `out`.
///
/// # Errors
/// [`BackupError`]; no file called `out` is left behind.
pub async fn backup(app: &AppState, out: &std::path::Path) -> Result<Manifest, BackupError> {
    let archive = Archive::create(out)?;
    let key = std::fs::read(app.config.data.join(KEY_FILE)).map_err(BackupError::Key)?;
    archive.begin(archive::KEY.to_owned(), true).await?;
    archive.bytes(key).await?;
    let (mut manifest, photos) = tables(app, &archive).await?;
    manifest.photos = u64::try_from(photos.len()).unwrap_or(u64::MAX);
    copy_photos(app, &archive, photos).await?;
    // Last: an archive with a manifest has everything before it.
    archive.begin(archive::MANIFEST.to_owned(), true).await?;
    let text = serde_json::to_vec_pretty(&manifest)
        .map_err(|cause| StorageError::corrupt("manifest", cause))?;
    archive.bytes(text).await?;
    archive.finish().await?;
    note(app, manifest.log_index).await;
    Ok(manifest)
}

/// Puts it into the log that a backup was made. A backup is a backup also where
/// nothing can be written any more.
async fn note(app: &AppState, log_index: i64) {
    let event = Event::BackedUp { log_index };
    let noted = app
        .writer
        .run::<_, StorageError, _>(move |tx| {
            Box::pin(async move { tx.append(None, &event).map(|_| ()) })
        })
        .await;
    if let Err(error) = noted {
        tracing::warn!(%error, "that a backup was made could not be noted in the log");
    }
}

/// All tables as of one moment, and the hashes of the photos there are.
async fn tables(app: &AppState, archive: &Archive) -> Result<(Manifest, Vec<String>), BackupError> {
    let database = app.storage.database();
    let mut snapshot = app.storage.snapshot().await?;
    let manifest = manifest(app, &mut snapshot).await?;
    for table in TABLES {
        archive.begin(archive::table_name(table), true).await?;
        let mut chunk = Vec::with_capacity(CHUNK_BYTES);
        tables::export(&mut snapshot, database, table, async |line: String| {
            chunk.extend_from_slice(line.as_bytes());
            chunk.push(b'\n');
            if chunk.len() >= CHUNK_BYTES {
                archive.bytes(std::mem::take(&mut chunk)).await?;
            }
            Ok::<_, BackupError>(())
        })
        .await?;
        archive.bytes(chunk).await?;
    }
    let photos = sqlx::query_scalar("SELECT sha256 FROM photos ORDER BY sha256")
        .fetch(&mut *snapshot)
        .try_collect()
        .await?;
    snapshot.rollback().await?;
    Ok((manifest, photos))
}

async fn manifest(
    app: &AppState,
    connection: &mut AnyConnection,
) -> Result<Manifest, StorageError> {
    let head = sqlx::query("SELECT next_index, hash FROM log_head WHERE id = 1")
        .fetch_one(&mut *connection)
        .await?;
    let next_index: i64 = head.try_get("next_index")?;
    Ok(Manifest {
        format: archive::FORMAT,
        made_by: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: Timestamp::from_unix_ms(app.clock().now_ms()),
        schema: schema(connection).await?,
        log_index: next_index.saturating_sub(1),
        log_hash: head.try_get("hash")?,
        server_key_id: app.key.id().to_owned(),
        photos: 0,
    })
}

/// Number of the newest migration.
///
/// # Errors
/// [`StorageError`].
pub async fn schema(connection: &mut AnyConnection) -> Result<i64, StorageError> {
    let sql = AssertSqlSafe("SELECT MAX(version) FROM _sqlx_migrations");
    let newest: Option<i64> = sqlx::query_scalar(sql).fetch_one(connection).await?;
    Ok(newest.unwrap_or_default())
}

async fn copy_photos(
    app: &AppState,
    archive: &Archive,
    photos: Vec<String>,
) -> Result<(), BackupError> {
    let bar = progress("photos", photos.len());
    for sha256 in photos {
        let bytes = app.photos.read(&sha256).await;
        let bytes = bytes.map_err(|cause| BackupError::Photo {
            sha256: sha256.clone(),
            cause,
        })?;
        archive.begin(archive::photo_name(&sha256), false).await?;
        archive.bytes(bytes.to_vec()).await?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}

/// A bar on standard error; none where that is no terminal.
#[must_use]
pub fn progress(what: &'static str, all: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(all).unwrap_or(u64::MAX)).with_message(what);
    match ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
