//! A phone's disk that loses what it may lose.
//!
//! It keeps to the contract of [`Disk`] and to nothing beyond it: bytes that
//! were only appended may be gone after a power cut, or there in part, or
//! there as zeros; a file that was removed may be back; a file that was being
//! written may have left a torn one beside it. What was settled or written
//! whole stays. The app's database is not on it: SQLite looks after itself.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use device::{Disk, Listed, SystemDisk};

use super::chance::Chance;
use super::trap::Trap;

/// A disk that loses what it may.
pub struct LosingDisk {
    below: SystemDisk,
    state: Mutex<State>,
    trap: Arc<Trap>,
}

struct State {
    chance: Chance,
    is_full: bool,
    /// Files with bytes that are not durable, and how many are.
    appended: BTreeMap<PathBuf, u64>,
    /// Files whose removal is not durable, and what was in them.
    removed: BTreeMap<PathBuf, Vec<u8>>,
    /// A file that is being written at this moment.
    writing: Option<(PathBuf, Vec<u8>)>,
}

impl LosingDisk {
    /// An empty disk; `chance` decides what a power cut takes.
    #[must_use]
    pub fn new(chance: Chance, trap: Arc<Trap>) -> Self {
        let state = State {
            chance,
            is_full: false,
            appended: BTreeMap::new(),
            removed: BTreeMap::new(),
            writing: None,
        };
        Self {
            below: SystemDisk,
            state: Mutex::new(state),
            trap,
        }
    }

    /// Makes it full, or not any more.
    pub fn set_full(&self, is_full: bool) {
        self.state().is_full = is_full;
    }

    /// The app ended without the power: what it wrote stays, except what it
    /// was about to write.
    pub fn end_app(&self) {
        self.state().writing = None;
    }

    /// The power goes: whatever was not durable may be lost.
    ///
    /// # Errors
    /// When the simulation's own folder cannot be written.
    pub fn lose_power(&self) -> io::Result<()> {
        let mut state = self.state();
        let State {
            chance,
            appended,
            removed,
            writing,
            ..
        } = &mut *state;
        for (path, durable_bytes) in std::mem::take(appended) {
            tear(&path, durable_bytes, chance)?;
        }
        for (path, bytes) in std::mem::take(removed) {
            if chance.one_in(2) && !path.exists() {
                fs::write(path, bytes)?;
            }
        }
        if let Some((path, bytes)) = writing.take() {
            let kept = chance.index(bytes.len() + 1);
            if chance.one_in(2) {
                fs::write(path.with_extension("aside"), &bytes[..kept])?;
            }
        }
        Ok(())
    }

    /// Another folder's content came in the place of this one's.
    pub fn forget(&self) {
        let mut state = self.state();
        state.appended.clear();
        state.removed.clear();
        state.writing = None;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refuse_when_full(&self) -> io::Result<()> {
        if self.state().is_full {
            return Err(ErrorKind::StorageFull.into());
        }
        Ok(())
    }
}

/// Leaves of a file what a power cut leaves of it.
fn tear(path: &Path, durable_bytes: u64, chance: &mut Chance) -> io::Result<()> {
    let Ok(mut bytes) = fs::read(path) else {
        return Ok(());
    };
    let durable = usize::try_from(durable_bytes).unwrap_or(usize::MAX);
    let durable = durable.min(bytes.len());
    if durable == 0 && chance.one_in(3) {
        return fs::remove_file(path);
    }
    let left = durable + chance.index(bytes.len() - durable + 1);
    if chance.one_in(2) {
        bytes.truncate(left);
    } else {
        // The length was written, the bytes were not.
        bytes[left..].fill(0);
    }
    fs::write(path, bytes)
}

/// Removals in a folder are durable once the folder is.
fn folder_is_durable(state: &mut State, path: &Path) {
    let folder = path.parent().map(Path::to_owned);
    state
        .removed
        .retain(|gone, _| gone.parent().map(Path::to_owned) != folder);
}

impl Disk for LosingDisk {
    fn append(&self, path: &Path, bytes: &[u8], anew: bool) -> io::Result<()> {
        self.trap.touch();
        let before = fs::metadata(path).map_or(0, |facts| facts.len());
        {
            let mut state = self.state();
            let durable_bytes = if anew { 0 } else { before };
            let known = state
                .appended
                .entry(path.to_owned())
                .or_insert(durable_bytes);
            *known = (*known).min(durable_bytes);
        }
        if self.state().is_full {
            // A full disk takes what still fits.
            let fits = bytes.len() / 2;
            self.below.append(path, &bytes[..fits], anew)?;
            return Err(ErrorKind::StorageFull.into());
        }
        self.below.append(path, bytes, anew)
    }

    fn settle(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.trap.touch();
        fs::rename(from, to)?;
        let mut state = self.state();
        state.appended.remove(from);
        state.appended.remove(to);
        folder_is_durable(&mut state, to);
        drop(state);
        self.trap.touch();
        Ok(())
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.state().writing = Some((path.to_owned(), bytes.to_vec()));
        self.trap.touch();
        self.state().writing = None;
        self.refuse_when_full()?;
        self.below.write(path, bytes)?;
        let mut state = self.state();
        state.appended.remove(path);
        folder_is_durable(&mut state, path);
        drop(state);
        self.trap.touch();
        Ok(())
    }

    fn read(&self, path: &Path, offset: u64, max_bytes: u64) -> io::Result<Vec<u8>> {
        self.trap.touch();
        self.below.read(path, offset, max_bytes)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.trap.touch();
        if let Ok(bytes) = fs::read(path) {
            let mut state = self.state();
            let never_durable = state.appended.remove(path) == Some(0);
            if !never_durable {
                state.removed.insert(path.to_owned(), bytes);
            }
        }
        self.below.remove(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Listed>> {
        self.trap.touch();
        self.below.list(folder)
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        self.trap.touch();
        self.below.make_folder(folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_cut_takes_what_was_only_appended_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let mut torn = 0;
        for seed in 0..40 {
            let disk = LosingDisk::new(Chance::of(seed, 0), Arc::default());
            let [part, whole, kept] =
                ["part", "whole", "kept"].map(|name| folder.path().join(format!("{name}{seed}")));
            disk.append(&part, b"half a photo", true).unwrap();
            disk.append(&whole, b"a whole photo", true).unwrap();
            disk.settle(&whole, &kept).unwrap();
            disk.lose_power().unwrap();
            assert_eq!(fs::read(&kept).unwrap(), b"a whole photo");
            torn += usize::from(fs::read(&part).ok().as_deref() != Some(b"half a photo"));
        }
        assert!(torn > 20, "{torn} of 40");
    }
}
