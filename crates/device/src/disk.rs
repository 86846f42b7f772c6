//! Files, so that a power cut leaves each of them whole or absent.
//!
//! A file appears under its name only after its bytes are durable: written
//! aside, synced, renamed, and the folder synced.

use std::any::Any;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// Files as a device needs them. The real ones are [`SystemDisk`]'s; tests
/// bring disks that are full.
pub trait Disk: Send + Sync + 'static {
    /// Writes `bytes` at the end of `path`, or, when `anew`, in place of what
    /// is there. Not durable yet.
    ///
    /// # Errors
    /// As the file system says; all of these.
    fn append(&self, path: &Path, bytes: &[u8], anew: bool) -> io::Result<()>;
    /// Makes the bytes of `from` durable and gives the file the name `to`.
    ///
    /// # Errors
    /// Then `from` is still there.
    fn settle(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// A durable file `path` with these bytes.
    ///
    /// # Errors
    /// Then there is no such file, or the one before.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// At most `max_bytes` of a file, from `offset` on.
    ///
    /// # Errors
    /// As the file system says.
    fn read(&self, path: &Path, offset: u64, max_bytes: u64) -> io::Result<Vec<u8>>;
    /// Removes a file; one that is not there is removed already.
    ///
    /// # Errors
    /// As the file system says.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// The plain files of a folder; none when there is no such folder.
    ///
    /// # Errors
    /// As the file system says.
    fn list(&self, folder: &Path) -> io::Result<Vec<Listed>>;
    /// Makes sure that a folder is there, for its user only.
    ///
    /// # Errors
    /// As the file system says.
    fn make_folder(&self, folder: &Path) -> io::Result<()>;
    /// Keeps everybody else from locking `path` for as long as what is
    /// returned lives. A disk that only one device can reach needs no locks:
    /// this one then holds nothing.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] when somebody has it; else as the file
    /// system says.
    fn lock(&self, _path: &Path) -> io::Result<Box<dyn Any + Send + Sync>> {
        Ok(Box::new(()))
    }
}

/// A file in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Where.
    pub path: PathBuf,
    /// How long, in bytes.
    pub size_bytes: u64,
    /// Last change, in milliseconds since 1970.
    pub modified_ms: i64,
}

/// The system's disk.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemDisk;

impl Disk for SystemDisk {
    fn append(&self, path: &Path, bytes: &[u8], anew: bool) -> io::Result<()> {
        let mut options = private();
        if anew {
            options.truncate(true);
        } else {
            options.append(true);
        }
        options.open(path)?.write_all(bytes)
    }

    fn settle(&self, from: &Path, to: &Path) -> io::Result<()> {
        File::open(from)?.sync_all()?;
        fs::rename(from, to)?;
        sync_folder_of(to)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let aside = path.with_extension("aside");
        let mut options = private();
        options.truncate(true);
        let written = options.open(&aside).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        if let Err(cause) = written {
            // Half a file would only take room away.
            let _ = fs::remove_file(&aside);
            return Err(cause);
        }
        fs::rename(&aside, path)?;
        sync_folder_of(path)
    }

    fn read(&self, path: &Path, offset: u64, max_bytes: u64) -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::new();
        file.take(max_bytes).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Listed>> {
        let entries = match fs::read_dir(folder) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        let mut listed = Vec::new();
        for entry in entries {
            let entry = entry?;
            let facts = entry.metadata()?;
            if facts.is_file() {
                listed.push(Listed {
                    path: entry.path(),
                    size_bytes: facts.len(),
                    modified_ms: chrono::DateTime::<chrono::Utc>::from(facts.modified()?)
                        .timestamp_millis(),
                });
            }
        }
        listed.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(listed)
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)
    }

    fn lock(&self, path: &Path) -> io::Result<Box<dyn Any + Send + Sync>> {
        crate::lock::lock_file(path, &private())
    }
}

/// Options for a file that only its user may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a rename durable. Windows has no such thing as syncing a folder.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    if cfg!(windows) {
        return Ok(());
    }
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}
