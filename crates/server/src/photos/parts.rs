//! Part files: what has arrived of a photo that is not complete.
//!
//! `parts/{sha256}-{length}` holds the first bytes of an announced photo; how
//! many have arrived is the file's length, so a crash leaves nothing to mend.
//! A photo that is ahead of its revision lies in `parts/ahead/{device}/` until
//! it is announced: one for each device.
//!
//! Parts are not flushed to disk: no receipt has been given for them, and a
//! device that finds fewer bytes than it sent goes on from there.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use tokio::fs;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// Folder of parts in the data folder.
const PARTS_FOLDER: &str = "parts";
/// Folder in it for those that no revision has named.
const AHEAD_FOLDER: &str = "ahead";
/// A part ahead of its revision that has not grown for this long gives way to
/// another one of its device.
const AHEAD_STALE: Duration = Duration::from_secs(10 * 60);

/// The folder of parts.
pub(super) struct Parts {
    folder: PathBuf,
}

/// One part file, which may not exist yet.
#[derive(Debug, Clone)]
pub(super) struct Part {
    path: PathBuf,
    /// Bytes of the whole photo.
    pub(super) length: u64,
}

impl Parts {
    pub(super) fn new(data: &Path) -> Self {
        Self {
            folder: data.join(PARTS_FOLDER),
        }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The part of an announced photo. What `device` sent of it ahead of its
    /// revision becomes the part, when it is more.
    pub(super) async fn announced(
        &self,
        sha256: &str,
        length: u64,
        device: &str,
    ) -> std::io::Result<Part> {
        let part = self.named(sha256, length);
        let ahead = self.ahead(sha256, length, device);
        if ahead.received().await? > part.received().await? {
            fs::create_dir_all(&self.folder).await?;
            fs::rename(&ahead.path, &part.path).await?;
        }
        Ok(part)
    }

    /// The part of an announced photo as it lies there.
    pub(super) fn named(&self, sha256: &str, length: u64) -> Part {
        Part {
            path: self.folder.join(file_name(sha256, length)),
            length,
        }
    }

    /// The part of a photo ahead of its revision.
    pub(super) fn ahead(&self, sha256: &str, length: u64, device: &str) -> Part {
        Part {
            path: self.ahead_folder(device).join(file_name(sha256, length)),
            length,
        }
    }

    fn ahead_folder(&self, device: &str) -> PathBuf {
        self.folder.join(AHEAD_FOLDER).join(device)
    }

    /// What `device` has here ahead of its revision: hash and length.
    pub(super) async fn ahead_of(&self, device: &str) -> std::io::Result<Option<(String, u64)>> {
        let mut files = match fs::read_dir(self.ahead_folder(device)).await {
            Ok(files) => files,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(cause),
        };
        while let Some(file) = files.next_entry().await? {
            let grew_at = file.metadata().await?.modified()?;
            let quiet = SystemTime::now().duration_since(grew_at);
            if quiet.is_ok_and(|quiet| quiet >= AHEAD_STALE) {
                fs::remove_file(file.path()).await?;
                continue;
            }
            let name = file.file_name().to_string_lossy().into_owned();
            if let Some((sha256, length)) = name.split_once('-')
                && let Ok(length) = length.parse()
            {
                return Ok(Some((sha256.to_owned(), length)));
            }
        }
        Ok(None)
    }
}

fn file_name(sha256: &str, length: u64) -> String {
    format!("{sha256}-{length}")
}

impl Part {
    /// Where it lies.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes that have arrived.
    pub(super) async fn received(&self) -> std::io::Result<u64> {
        match fs::metadata(&self.path).await {
            Ok(file) => Ok(file.len()),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(0),
            Err(cause) => Err(cause),
        }
    }

    /// Adds bytes at the end.
    pub(super) async fn append(&self, pieces: &[Bytes]) -> std::io::Result<()> {
        let mut options = fs::OpenOptions::new();
        options.create(true).append(true);
        let opened = match options.open(&self.path).await {
            Err(cause) if cause.kind() == ErrorKind::NotFound => {
                if let Some(folder) = self.path.parent() {
                    fs::create_dir_all(folder).await?;
                }
                options.open(&self.path).await
            }
            other => other,
        };
        let mut file = opened?;
        for piece in pieces {
            file.write_all(piece).await?;
        }
        file.flush().await
    }

    /// All bytes that have arrived.
    pub(super) async fn read(&self) -> std::io::Result<Vec<u8>> {
        match fs::read(&self.path).await {
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            other => other,
        }
    }

    /// The first bytes that have arrived, at most so many.
    pub(super) async fn read_up_to(&self, most_bytes: u64) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let file = fs::File::open(&self.path).await?;
        file.take(most_bytes).read_to_end(&mut bytes).await?;
        Ok(bytes)
    }

    /// Throws away what has arrived.
    pub(super) async fn discard(&self) -> std::io::Result<()> {
        match fs::remove_file(&self.path).await {
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }
}
