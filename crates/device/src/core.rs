//! What all use-cases of a device share: its folder, its database, its ports.
//!
//! Use-cases are synchronous methods of [`Core`], a module each; they may wait
//! for the disk and are called off the window's threads.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError};

use protocol::Timestamp;
use store::{Identity, Store};

use crate::import::Imports;
use crate::lock::{Hold, hold};
use crate::ports::Ports;
use crate::view::Failure;

const DATABASE: &str = "saksi.db";
/// Photos that are arriving from the window.
pub(crate) const INCOMING: &str = "photos/incoming";
/// Untouched originals, `{pending}-{source}`.
pub(crate) const ORIGINALS: &str = "photos/originals";
/// Reading copies, `{pending}.jpg`.
pub(crate) const COPIES: &str = "photos/copies";
/// Files that were to be photos and cannot be read, `{pending}-{millis}`.
pub(crate) const UNREADABLE: &str = "photos/unreadable";

/// Others' photos that this phone carries, `{sha256}.jpg`.
pub(crate) const CARRIED: &str = "photos/carried";
/// Files that are arriving to be imported; empty at every start.
pub(crate) const IMPORTS: &str = "imports";
/// Bundles that were written to be shared; empty at every start.
pub(crate) const EXPORTS: &str = "exports";

/// A device without its delivery.
pub(crate) struct Core {
    dir: PathBuf,
    pub(crate) ports: Ports,
    store: Mutex<Store>,
    /// Photos arriving from the window, and the bytes that have come.
    pub(crate) incoming: Mutex<HashMap<i64, u64>>,
    /// Held while a photo is looked at: a slow phone does one thing at a time.
    pub(crate) looking: Mutex<()>,
    /// Files arriving to be imported.
    pub(crate) imports: Mutex<Imports>,
    /// Held while one of them is taken in.
    pub(crate) importing: Mutex<()>,
    /// Whether originals go without being asked for: the link costs nothing.
    pub(crate) is_link_free: AtomicBool,
    /// What last went wrong with this device's own memory while delivering.
    pub(crate) last_failure: Mutex<Option<Failure>>,
    /// Keeps other devices out of the folder; given up last.
    _hold: Hold,
}

impl Core {
    /// Opens the folder and brings everything in it to a state to go on from.
    pub(crate) fn open(dir: &Path, ports: Ports) -> Result<Self, Failure> {
        ports.disk.make_folder(dir)?;
        let hold = hold(ports.disk.as_ref(), dir)?;
        for folder in [
            INCOMING, ORIGINALS, COPIES, UNREADABLE, CARRIED, IMPORTS, EXPORTS,
        ] {
            ports.disk.make_folder(&dir.join(folder))?;
        }
        let mut store = Store::open(&dir.join(DATABASE))?;
        if store.identity()?.is_some() {
            // What changed while the app was closed is asked for once a start.
            store.put_pack_wanted(true)?;
        }
        let core = Self {
            dir: dir.to_owned(),
            ports,
            store: Mutex::new(store),
            incoming: Mutex::default(),
            looking: Mutex::default(),
            imports: Mutex::default(),
            importing: Mutex::default(),
            is_link_free: AtomicBool::new(false),
            last_failure: Mutex::default(),
            _hold: hold,
        };
        core.sweep_imports();
        core.sweep_exports();
        core.sweep_carried();
        core.release_carried();
        core.adopt_orphans();
        Ok(core)
    }

    /// The database, for the time of a few statements.
    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        lock(&self.store)
    }

    /// Where a file of the data folder is.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.dir.join(file)
    }

    /// The device's time of day.
    pub(crate) fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    /// The identity in use.
    pub(crate) fn identity(&self) -> Result<Option<Identity>, Failure> {
        Ok(self.store().identity()?)
    }
}

/// What a lock holds, also after a panic elsewhere: everything kept under one
/// here is whole after every statement.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
