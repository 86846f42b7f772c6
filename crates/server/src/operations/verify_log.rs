//! `verify-log`: proof that nothing that was taken in has been changed,
//! removed or slipped in since.
//!
//! Walks the log's chain with its signed heads; then every revision (its
//! signature or mac, its place in the log, its receipt), every photo's receipt, every
//! device's key, every ruling (those on irregularities too), reading and note of the room against the hash of it in the log;
//! and every desk of the counting room against the entry that opened it. With `--photos` the photos
//! themselves are read and hashed. The first thing that does not fit ends it.
//!
//! With `--export` it is a file of the audit that is checked, without any data.

use std::fs::File;
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use protocol::PublicKey;

use super::backup::progress;
use super::evidence::{
    decisions, desks, device_entries, irregularity_rulings, official_imports, photo_receipts,
    photos, readings, revisions,
};
use super::open::{self, require_data};
use super::vouched::notes;
use crate::app::AppState;
use crate::config::{DataArgs, PhotosArgs};
use crate::log::{self, LogFault, part};
use crate::photos::StoreError;
use crate::storage::StorageError;

/// Flags of `verify-log`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    photos_at: PhotosArgs,
    /// Also read every photo and compare its hash.
    #[arg(long)]
    photos: bool,
    /// Check a file that the audit gave out (.jsonl or .csv) instead; no data
    /// folder is needed.
    #[arg(long, value_name = "FILE", conflicts_with = "photos")]
    export: Option<PathBuf>,
    /// With --export: the endpoint's public key in base64, known from elsewhere;
    /// no other endpoint's log is believed then.
    #[arg(long, value_name = "KEY", requires = "export")]
    key: Option<String>,
}

/// What does not fit.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// The chain of the log.
    #[error(transparent)]
    Log(#[from] LogFault),
    /// Something that the log vouches for.
    #[error("entry {index}: {what}")]
    Entry {
        /// Index in the log.
        index: i64,
        /// What is wrong.
        what: String,
    },
    /// The log vouches for more, or less, than there is.
    #[error("the log has {logged} {what}, the tables have {kept}")]
    Count {
        /// Of what.
        what: &'static str,
        /// In the log.
        logged: i64,
        /// In the table.
        kept: i64,
    },
    /// A photo.
    #[error("photo {0} is missing, or is not what its hash says")]
    Photo(String),
    /// The photos' place.
    #[error(transparent)]
    PhotoStore(StoreError),
    /// It could not be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<sqlx::Error> for Broken {
    fn from(error: sqlx::Error) -> Self {
        StorageError::from(error).into()
    }
}

/// What was found sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    /// Entries of the log.
    pub entries: i64,
    /// Hash of the newest.
    pub hash: String,
    /// Signed heads.
    pub checkpoints: usize,
    /// Revisions.
    pub revisions: i64,
    /// Rulings.
    pub decisions: i64,
    /// Readings by people of the counting room.
    pub readings: i64,
    /// Rulings on irregularities.
    pub irregularity_rulings: i64,
    /// Notes of the counting room: steps and lists of papers, calls, messages.
    pub notes: i64,
    /// Receipts of photos.
    pub photo_receipts: i64,
    /// Photos read and hashed; `None` when that was not asked for.
    pub photos: Option<u64>,
}

/// Does it, and says so; an error is the first thing that does not fit.
///
/// # Errors
/// A sentence for the operator.
pub async fn run(args: VerifyArgs) -> anyhow::Result<()> {
    if let Some(file) = &args.export {
        return export(file, args.key.as_deref());
    }
    require_data(&args.data)?;
    let (app, tasks) = open::with_photos(&args.data, &args.photos_at).await?;
    let outcome = verify(&app, args.photos).await;
    tasks.finish(app).await;
    let sound = outcome?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "the log is sound: {} entries, {} signed heads",
        sound.entries, sound.checkpoints
    )?;
    writeln!(
        out,
        "{} revisions, {} rulings, {} readings, {} notes and {} receipts of photos fit it",
        sound.revisions, sound.decisions, sound.readings, sound.notes, sound.photo_receipts
    )?;
    writeln!(
        out,
        "{} rulings on irregularities fit it",
        sound.irregularity_rulings
    )?;
    if let Some(photos) = sound.photos {
        writeln!(out, "{photos} photos are what their hashes say")?;
    }
    writeln!(out, "head: entry {} {}", sound.entries, sound.hash)?;
    Ok(())
}

/// Checks a file of the audit.
fn export(file: &Path, key: Option<&str>) -> anyhow::Result<()> {
    let pinned = key
        .map(|key| PublicKey::from_base64(key).context("--key is no public key in base64"))
        .transpose()?;
    let opened = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let input = BufReader::new(opened);
    let is_table = file.extension().is_some_and(|end| end == "csv");
    let part = if is_table {
        part::check(part::csv::lines(input)?, pinned.as_ref(), |_| ())?
    } else {
        part::check(part::json_lines(input), pinned.as_ref(), |_| ())?
    };
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "the part of the log is whole: entries {} to {}, {} shown, {} as hashes only, {} signed heads",
        part.after.saturating_add(1),
        part.upto,
        part.shown,
        part.sealed,
        part.checkpoints
    )?;
    writeln!(out, "head: entry {} {}", part.upto, part.hash)?;
    let believed = if pinned.is_some() {
        "the key is the one that was given"
    } else {
        "compare this key with one that you know: --key"
    };
    writeln!(out, "signed by {} {}; {believed}", part.key_id, part.key)?;
    Ok(())
}

/// Checks everything, photos themselves only when `with_photos`.
///
/// # Errors
/// [`Broken`], the first thing that does not fit.
pub async fn verify(app: &AppState, with_photos: bool) -> Result<Sound, Broken> {
    let pool = app.storage.reading();
    let key = app.key.public();
    let newest = log::newest_index(pool).await?;
    let bar = progress("entries", usize::try_from(newest).unwrap_or_default());
    let log = log::verify(pool, &key, |seen| bar.set_position(seen.unsigned_abs())).await?;
    bar.finish_and_clear();
    let revisions = revisions(app).await?;
    let decisions = decisions(pool).await?;
    let readings = readings(pool).await?;
    desks(pool).await?;
    let irregularity_rulings = irregularity_rulings(pool).await?;
    let notes = notes(pool).await?;
    official_imports(pool).await?;
    let photo_receipts = photo_receipts(pool, &key).await?;
    device_entries(pool).await?;
    let photos = if with_photos {
        Some(photos(app).await?)
    } else {
        None
    };
    Ok(Sound {
        entries: log.entries,
        hash: log.hash,
        checkpoints: log.checkpoints,
        revisions,
        decisions,
        readings,
        irregularity_rulings,
        notes,
        photo_receipts,
        photos,
    })
}
