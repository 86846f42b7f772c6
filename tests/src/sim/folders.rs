//! Folders of devices and of the endpoint, copied and compared.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;

use super::endpoint::wait_for;

/// Name of the database in both kinds of folders.
pub const DATABASE: &str = "saksi.db";

/// Copies a folder with everything in it.
///
/// # Errors
/// When something cannot be read or written.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

/// Puts the content of one folder in the place of another's.
///
/// # Errors
/// When something cannot be read or written.
pub fn replace(what: &Path, by: &Path) -> Result<()> {
    if what.exists() {
        fs::remove_dir_all(what)?;
    }
    copy(by, what)
}

/// Where the endpoint keeps a complete photo.
#[must_use]
pub fn photo_file(folder: &Path, sha256: &str) -> PathBuf {
    let shelf = sha256.get(..2).unwrap_or_default();
    folder
        .join("photos")
        .join(shelf)
        .join(format!("{sha256}.jpg"))
}

/// Waits until nothing of this process has a file of the folder's database
/// open any more: the threads of dropped connections end by themselves.
///
/// # Errors
/// When they do not.
pub fn wait_until_closed(folder: &Path, limit: Duration) -> Result<()> {
    let database = folder.join(DATABASE);
    wait_for("closing the database", limit, || !is_open(&database))
}

fn is_open(file: &Path) -> bool {
    let Ok(handles) = fs::read_dir("/proc/self/fd") else {
        // Elsewhere the journal tells it well enough: it goes with the last
        // connection.
        return file.with_extension("db-wal").exists();
    };
    let mut targets = handles
        .flatten()
        .filter_map(|one| fs::read_link(one.path()).ok());
    targets.any(|target| target == file)
}
