//! The one file of a backup: a zip that any tool opens.
//!
//! `manifest.json`, `server.key`, `tables/{name}.jsonl`, `photos/{sha256}.jpg`.
//! It is written under another name and moved into place when it is whole and
//! on disk, so a backup that was interrupted is never mistaken for one. Who
//! holds it holds the signing key: it is readable by its owner only.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use protocol::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The format that this version writes and reads.
pub const FORMAT: u32 = 1;
/// Name of the manifest in the archive.
pub const MANIFEST: &str = "manifest.json";
/// Name of the signing key in the archive.
pub const KEY: &str = "server.key";
/// Pieces that wait for the disk.
const QUEUE_PIECES: usize = 64;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// Version of the program that made it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// Number of the newest migration of its tables.
    pub schema: i64,
    /// Index of the newest entry of its log.
    pub log_index: i64,
    /// Hash of that entry.
    pub log_hash: String,
    /// Id of its signing key.
    pub server_key_id: String,
    /// Number of photos.
    pub photos: u64,
}

/// Name of a table in the archive.
#[must_use]
pub fn table_name(table: &str) -> String {
    format!("tables/{table}.jsonl")
}

/// Name of a photo in the archive.
#[must_use]
pub fn photo_name(sha256: &str) -> String {
    format!("photos/{sha256}.jpg")
}

/// Why the file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The system refuses.
    #[error("the backup file cannot be written: {0}")]
    File(#[from] std::io::Error),
    /// The zip refuses.
    #[error("the backup file cannot be written: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// The writing task is gone; its own error says why.
    #[error("the backup file could not be written to its end")]
    Ended,
}

enum Piece {
    Begin { name: String, is_packed: bool },
    Bytes(Vec<u8>),
}

/// Writes an archive on a thread of its own.
pub struct Archive {
    pieces: mpsc::Sender<Piece>,
    writing: JoinHandle<Result<PathBuf, ArchiveError>>,
    out: PathBuf,
}

impl Archive {
    /// Begins the file that will be called `out`.
    ///
    /// # Errors
    /// [`ArchiveError`], also when there is a file of that name already.
    pub fn create(out: &Path) -> Result<Self, ArchiveError> {
        if out.exists() {
            let cause = format!("{} exists already", out.display());
            return Err(std::io::Error::new(std::io::ErrorKind::AlreadyExists, cause).into());
        }
        let mut name = out.file_name().unwrap_or_default().to_os_string();
        name.push(".part");
        let staged = out.with_file_name(name);
        let file = new_private(&staged)?;
        let (pieces, waiting) = mpsc::channel(QUEUE_PIECES);
        Ok(Self {
            pieces,
            writing: tokio::task::spawn_blocking(move || write(file, waiting).map(|()| staged)),
            out: out.to_owned(),
        })
    }

    /// Begins an entry; photos do not get smaller by packing.
    ///
    /// # Errors
    /// [`ArchiveError::Ended`].
    pub async fn begin(&self, name: String, is_packed: bool) -> Result<(), ArchiveError> {
        self.send(Piece::Begin { name, is_packed }).await
    }

    /// Adds to the entry.
    ///
    /// # Errors
    /// [`ArchiveError::Ended`].
    pub async fn bytes(&self, bytes: Vec<u8>) -> Result<(), ArchiveError> {
        self.send(Piece::Bytes(bytes)).await
    }

    async fn send(&self, piece: Piece) -> Result<(), ArchiveError> {
        self.pieces
            .send(piece)
            .await
            .map_err(|_| ArchiveError::Ended)
    }

    /// Waits until all is on disk, and gives the file its name.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub async fn finish(self) -> Result<(), ArchiveError> {
        drop(self.pieces);
        let staged = self.writing.await.map_err(|_| ArchiveError::Ended)??;
        std::fs::rename(&staged, &self.out)?;
        if let Some(folder) = self
            .out
            .parent()
            .filter(|path| !path.as_os_str().is_empty())
        {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

fn new_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).read(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

fn write(file: File, mut waiting: mpsc::Receiver<Piece>) -> Result<(), ArchiveError> {
    let mut zip = ZipWriter::new(BufWriter::new(file));
    while let Some(piece) = waiting.blocking_recv() {
        match piece {
            Piece::Begin { name, is_packed } => {
                let method = if is_packed {
                    CompressionMethod::Deflated
                } else {
                    CompressionMethod::Stored
                };
                let options = SimpleFileOptions::default()
                    .compression_method(method)
                    .large_file(true);
                zip.start_file(name, options)?;
            }
            Piece::Bytes(bytes) => zip.write_all(&bytes)?,
        }
    }
    let file = zip
        .finish()?
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(())
}
