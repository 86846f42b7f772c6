//! What an operation needs in order to be played again and again.

use std::path::{Path, PathBuf};

use anyhow::Result;
use tempfile::TempDir;

use super::Ended;

/// An operation on a data folder.
pub(super) trait Scene {
    /// Its name, in `snake_case`.
    const NAME: &'static str;
    /// A process that is ready for it.
    type Live;

    /// Starts a process on a fresh copy of the same folder.
    async fn start(&self) -> Result<Self::Live>;
    /// Its process id, and its data folder.
    fn place(&self, live: &Self::Live) -> (u32, PathBuf);
    /// Does it; how it ended.
    async fn act(&self, live: &mut Self::Live) -> Result<Ended>;
    /// Kills the process, starts it again without faults, and looks: the old
    /// state or the new one, nothing acknowledged missing, and the operation
    /// can be done to its end.
    async fn judge(&self, live: Self::Live, ended: Ended) -> Result<()>;
}

/// A copy of a folder and all in it.
pub(super) fn copy(folder: &Path) -> Result<TempDir> {
    let to = tempfile::tempdir()?;
    copy_into(folder, to.path())?;
    Ok(to)
}

fn copy_into(from: &Path, to: &Path) -> Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            std::fs::create_dir(&target)?;
            copy_into(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
