//! `restore`: a backup becomes an endpoint again.
//!
//! Into an empty place by default. With `--force` what is there is set aside,
//! not deleted: the old signing key stays beside the new one, photos stay
//! where they are (their names are their hashes), and the tables are replaced
//! in one transaction. The whole backup is read and checked before anything is
//! touched.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use protocol::encoding;
use sqlx::{AnyConnection, AssertSqlSafe};
use tokio::sync::mpsc;
use zip::ZipArchive;

use super::archive::{self, Manifest};
use super::backup::{progress, schema};
use super::open;
use super::tables::{self, Import, LEFT_OUT, TABLES};
use crate::app::AppState;
use crate::config::{DataArgs, PhotosArgs};
use crate::desk;
use crate::keys::{KEY_FILE, ServerKey};
use crate::log::Event;
use crate::start::lock_folder;
use crate::storage::{Database, SQLITE_FILE, Storage, StorageError};

/// Lines that wait to be written.
const LINES_QUEUE: usize = 1_024;
/// Photos that wait to be written.
const PHOTOS_QUEUE: usize = 4;
/// Largest manifest or key that is read, in bytes.
const SMALL_MAX_BYTES: u64 = 1024 * 1024;
/// Largest photo that is read, in bytes.
const PHOTO_MAX_BYTES: u64 = protocol::limits::ORIGINAL_MAX_BYTES;

/// Flags of `restore`.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    photos: PhotosArgs,
    /// The backup.
    #[arg(long = "in", value_name = "FILE")]
    input: PathBuf,
    /// Replace what is in the data folder and the database.
    #[arg(long)]
    force: bool,
}

/// Does it, and says what came back.
///
/// # Errors
/// A sentence for the operator.
pub async fn run(args: RestoreArgs) -> anyhow::Result<()> {
    let backup = args.input.display().to_string();
    let input = args.input.clone();
    let looked = tokio::task::spawn_blocking(move || look_into(&input)).await?;
    let (manifest, key) =
        looked.with_context(|| format!("{backup} is not a whole backup; nothing was changed"))?;
    if !args.force {
        refuse_used_folder(&args.data.data)?;
    }
    let lock = lock_folder(&args.data.data)?;
    put_key(&args.data.data, &key)?;
    fill_tables(&args, &manifest)
        .await
        .with_context(|| format!("the tables of {backup} could not be restored"))?;
    let (app, tasks) = open::with_photos(&args.data, &args.photos).await?;
    let outcome = fill_rest(&app, &args.input, &manifest).await;
    tasks.finish(app).await;
    outcome.with_context(|| {
        format!("the photos of {backup} could not be restored; do it again with --force")
    })?;
    drop(lock);
    writeln!(
        std::io::stdout().lock(),
        "restored {} log entries and {} photos from the backup of {}",
        manifest.log_index,
        manifest.photos,
        manifest.made_at
    )?;
    Ok(())
}

type Zip = ZipArchive<BufReader<File>>;

fn opened(input: &Path) -> anyhow::Result<Zip> {
    Ok(ZipArchive::new(BufReader::new(File::open(input)?))?)
}

/// The manifest and the signing key, once they fit each other.
fn look_into(input: &Path) -> anyhow::Result<(Manifest, String)> {
    let mut zip = opened(input)?;
    let manifest = small(&mut zip, archive::MANIFEST)?;
    let manifest: Manifest = serde_json::from_str(&manifest)?;
    ensure!(
        manifest.format == archive::FORMAT,
        "it has format {}, this version reads {}",
        manifest.format,
        archive::FORMAT
    );
    let key = small(&mut zip, archive::KEY)?;
    let seed = encoding::array_from_base64(key.trim()).context("its signing key cannot be read")?;
    ensure!(
        ServerKey::from_seed(&seed).id() == manifest.server_key_id,
        "its signing key is not the one in its manifest"
    );
    for table in TABLES {
        zip.by_name(&archive::table_name(table))?;
    }
    check_photos(&mut zip, manifest.photos)?;
    Ok((manifest, key))
}

/// Reads and hashes every photo before anything is touched.
fn check_photos(zip: &mut Zip, said: u64) -> anyhow::Result<()> {
    let bar = progress("looking at the photos", zip.len());
    let mut photos = 0_u64;
    for at in 0..zip.len() {
        if photo_at(zip, at)?.is_some() {
            photos = photos.saturating_add(1);
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    ensure!(photos == said, "it holds {photos} photos of {said}");
    Ok(())
}

/// The photo at a place of the archive, with its hash; `None` when something
/// else is there.
fn photo_at(zip: &mut Zip, at: usize) -> anyhow::Result<Option<(String, Vec<u8>)>> {
    let entry = zip.by_index(at)?;
    let name = entry.name().to_owned();
    let inner = name.strip_prefix("photos/");
    let Some(hash) = inner.and_then(|name| name.strip_suffix(".jpg")) else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    entry
        .take(PHOTO_MAX_BYTES.saturating_add(1))
        .read_to_end(&mut bytes)?;
    ensure!(
        encoding::sha256_hex(&bytes) == hash,
        "photo {hash} is damaged"
    );
    Ok(Some((hash.to_owned(), bytes)))
}

fn small(zip: &mut Zip, name: &str) -> anyhow::Result<String> {
    let mut text = String::new();
    let entry = zip
        .by_name(name)
        .with_context(|| format!("it has no {name}"))?;
    entry.take(SMALL_MAX_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

fn refuse_used_folder(folder: &Path) -> anyhow::Result<()> {
    for name in [KEY_FILE, SQLITE_FILE] {
        if folder.join(name).exists() {
            bail!(
                "{} is in use ({name} is there): restore into an empty folder, or use --force to replace it",
                folder.display()
            );
        }
    }
    Ok(())
}

/// Puts the signing key into the folder; another one is set aside first.
fn put_key(folder: &Path, key: &str) -> anyhow::Result<()> {
    let file = folder.join(KEY_FILE);
    if let Ok(present) = std::fs::read_to_string(&file) {
        if present.trim() == key.trim() {
            return Ok(());
        }
        let hash: String = encoding::sha256_hex(present.as_bytes())
            .chars()
            .take(8)
            .collect();
        std::fs::rename(
            &file,
            folder.join(format!("{KEY_FILE}.before-restore-{hash}")),
        )?;
    }
    crate::keys::write_new(&file, key.trim()).context("server.key could not be written")
}

/// Fills the tables, in one transaction.
async fn fill_tables(args: &RestoreArgs, manifest: &Manifest) -> anyhow::Result<()> {
    let url = args
        .data
        .database_url
        .as_deref()
        .filter(|url| !url.is_empty());
    let storage = Storage::open(&args.data.data, url).await?;
    let mut tx = storage.reading().begin().await?;
    let here = schema(&mut tx).await?;
    ensure!(
        here == manifest.schema,
        "it was made with migration {} and this version has {here}: restore it with saksi-server {}",
        manifest.schema,
        manifest.made_by
    );
    if !args.force {
        let entries: i64 = sqlx::query_scalar("SELECT next_index - 1 FROM log_head")
            .fetch_one(&mut *tx)
            .await?;
        ensure!(
            entries == 0,
            "the database is not empty: --force replaces what is in it"
        );
    }
    empty(&mut tx).await?;
    for table in TABLES {
        fill_table(storage.database(), &mut tx, &args.input, table).await?;
    }
    tables::move_counters(&mut tx, storage.database()).await?;
    tx.commit().await?;
    storage.close().await;
    Ok(())
}

/// Puts the photos into their store, and the fact into the log.
async fn fill_rest(app: &AppState, input: &Path, manifest: &Manifest) -> anyhow::Result<()> {
    let (send, mut photos) = mpsc::channel(PHOTOS_QUEUE);
    let mut zip = opened(input)?;
    let bar = progress("photos", zip.len());
    let reading = tokio::task::spawn_blocking(move || -> anyhow::Result<()> {
        for at in 0..zip.len() {
            if let Some(photo) = photo_at(&mut zip, at)?
                && send.blocking_send(photo).is_err()
            {
                break;
            }
        }
        Ok(())
    });
    while let Some((sha256, bytes)) = photos.recv().await {
        app.photos.write(&sha256, bytes.into()).await?;
        bar.inc(1);
    }
    reading.await??;
    bar.finish_and_clear();
    let log_index = manifest.log_index;
    app.writer
        .run::<_, StorageError, _>(move |tx| {
            Box::pin(async move {
                desk::after_restore(tx).await?;
                tx.append(None, &Event::Restored { log_index }).map(|_| ())
            })
        })
        .await?;
    Ok(())
}

/// Empties all tables, those first that refer to others.
async fn empty(connection: &mut AnyConnection) -> Result<(), StorageError> {
    for table in LEFT_OUT.iter().chain(TABLES.iter().rev()) {
        let sql = AssertSqlSafe(format!("DELETE FROM {table}"));
        sqlx::query(sql).execute(&mut *connection).await?;
    }
    Ok(())
}

async fn fill_table(
    database: Database,
    connection: &mut AnyConnection,
    input: &Path,
    table: &'static str,
) -> anyhow::Result<()> {
    let (send, mut lines) = mpsc::channel(LINES_QUEUE);
    let name = archive::table_name(table);
    let input = input.to_owned();
    let reading = tokio::task::spawn_blocking(move || -> anyhow::Result<()> {
        let mut zip = opened(&input)?;
        for line in BufReader::new(zip.by_name(&name)?).lines() {
            if send.blocking_send(line?).is_err() {
                break;
            }
        }
        Ok(())
    });
    let first = lines
        .recv()
        .await
        .with_context(|| format!("table {table} is empty"))?;
    let mut import = Import::begin(connection, database, table, &first).await?;
    while let Some(line) = lines.recv().await {
        import.row(connection, &line).await?;
    }
    import.write(connection).await?;
    reading.await?
}
