//! One device per data folder.
//!
//! Two would each number their revisions, and one device would contradict
//! itself; and both would send everything. The lock is the operating system's
//! on an open file, so a killed app leaves none behind. Android's standard
//! library has none, so a list within the process does there, where an app and
//! its background job are one process.

use std::any::Any;
use std::collections::BTreeSet;
use std::fs::{self, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use crate::core::lock;
use crate::disk::Disk;
use crate::view::Failure;

/// The file in the data folder that an open device holds locked.
const LOCK_FILE: &str = "device.lock";
/// Code of [`Failure::Database`] when another device has the folder open.
const IN_USE: &str = "in_use";
/// How long an open waits for one that is just ending, in milliseconds.
const WAIT_MAX_MS: u64 = 2_000;
/// How often it looks, in milliseconds.
const LOOK_EVERY_MS: u64 = 25;

/// Held for as long as a folder is one device's own.
pub(crate) type Hold = Box<dyn Any + Send + Sync>;

/// Waits a little for the folder to be free, and holds it.
///
/// # Errors
/// [`Failure::Database`] `in_use`.
pub(crate) fn hold(disk: &dyn Disk, folder: &Path) -> Result<Hold, Failure> {
    let path = folder.join(LOCK_FILE);
    let mut waited_ms = 0;
    loop {
        match disk.lock(&path) {
            Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => {}
            other => return Ok(other?),
        }
        if waited_ms >= WAIT_MAX_MS {
            return Err(Failure::Database {
                code: IN_USE.to_owned(),
            });
        }
        std::thread::sleep(Duration::from_millis(LOOK_EVERY_MS));
        waited_ms += LOOK_EVERY_MS;
    }
}

/// Locks a file with the system's own lock, and in this process's list.
pub(crate) fn lock_file(path: &Path, options: &OpenOptions) -> io::Result<Hold> {
    let file = options.open(path)?;
    let listed = Listed::take(fs::canonicalize(path)?)?;
    match file.try_lock() {
        Ok(()) => Ok(Box::new((file, listed))),
        Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
        Err(TryLockError::Error(cause)) if cause.kind() == io::ErrorKind::Unsupported => {
            Ok(Box::new(listed))
        }
        Err(TryLockError::Error(cause)) => Err(cause),
    }
}

/// Lock files that this process holds.
static HELD: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

struct Listed(PathBuf);

impl Listed {
    fn take(path: PathBuf) -> io::Result<Self> {
        if lock(&HELD).insert(path.clone()) {
            Ok(Self(path))
        } else {
            Err(io::ErrorKind::WouldBlock.into())
        }
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        lock(&HELD).remove(&self.0);
    }
}
