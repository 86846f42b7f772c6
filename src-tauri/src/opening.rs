//! Opening the device and its window.
//!
//! Promises that no two apps work on one data folder: two would each number
//! their revisions, and one device would contradict itself. The lock is the
//! operating system's on an open file, so a killed app leaves none behind.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::sync::{PoisonError, RwLock};

use device::view::Failure;
use device::{Device, Ports};
use tauri::{AppHandle, Runtime, WebviewWindowBuilder};

use crate::{background, surroundings};

/// The file in the data folder that a running app holds locked.
const LOCK_FILE: &str = "app.lock";

/// Code of [`Failure::Database`] when another app runs on the same data.
const IN_USE: &str = "in_use";

/// The device, or why there is none.
pub(crate) struct Opened(RwLock<Opening>);

struct Opening {
    device: Result<Device, Failure>,
    /// Held for as long as the app lives.
    _lock: Option<File>,
}

impl Opened {
    /// The device.
    ///
    /// # Errors
    /// Why it could not be opened.
    pub(crate) fn device(&self) -> Result<Device, Failure> {
        let opening = self.0.read().unwrap_or_else(PoisonError::into_inner);
        opening.device.clone()
    }
}

/// Opens the device in its data folder, and has it deliver by itself.
pub(crate) fn open<R: Runtime>(app: &AppHandle<R>) -> Opened {
    Opened(RwLock::new(try_open(app)))
}

/// Tries again what failed: the other window may be closed by now, and the
/// disk have room.
pub(crate) fn open_again<R: Runtime>(app: &AppHandle<R>, opened: &Opened) {
    let mut opening = opened.0.write().unwrap_or_else(PoisonError::into_inner);
    if opening.device.is_err() {
        *opening = try_open(app);
    }
}

fn try_open<R: Runtime>(app: &AppHandle<R>) -> Opening {
    let opened = surroundings::data_dir(app).and_then(|dir| {
        let lock = lock(&dir)?;
        let mut ports = Ports::real(surroundings::device_info())?;
        ports.pictures = surroundings::camera_folder(app);
        Ok((Device::open(&dir, ports)?, lock))
    });
    match opened {
        Ok((device, lock)) => {
            background::start(app, device.clone());
            Opening {
                device: Ok(device),
                _lock: Some(lock),
            }
        }
        Err(failure) => {
            tracing::error!(?failure, "the device could not be opened");
            Opening {
                device: Err(failure),
                _lock: None,
            }
        }
    }
}

/// The one window, as `tauri.conf.json` describes it. It is built after the
/// device is opened, so that its first question finds an answer.
pub(crate) fn build_window<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    for config in &app.config().app.windows {
        let builder = WebviewWindowBuilder::from_config(app, config)?;
        // The window's own leftovers stay with the data they belong to.
        #[cfg(desktop)]
        let builder = match surroundings::data_dir(app) {
            Ok(dir) => builder.data_directory(dir.join("window")),
            Err(_) => builder,
        };
        builder.build()?;
    }
    Ok(())
}

fn lock(dir: &Path) -> Result<File, Failure> {
    fs::create_dir_all(dir).map_err(|cause| failure_of(&cause))?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(dir.join(LOCK_FILE))
        .map_err(|cause| failure_of(&cause))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Failure::Database {
            code: IN_USE.to_owned(),
        }),
        // Android runs one process of an app and its std has no file locks.
        Err(TryLockError::Error(cause)) if cause.kind() == std::io::ErrorKind::Unsupported => {
            Ok(file)
        }
        Err(TryLockError::Error(cause)) => Err(failure_of(&cause)),
    }
}

fn failure_of(cause: &std::io::Error) -> Failure {
    use std::io::ErrorKind;
    tracing::error!(%cause, "the data folder cannot be used");
    match cause.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Failure::DiskFull,
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Failure::ReadOnly,
        _ => Failure::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_app_on_the_same_data_is_told_so_and_a_third_after_the_first_ended_is_not()
    -> Result<(), Failure> {
        let dir = std::env::temp_dir().join(format!("saksi-lock-{}", std::process::id()));
        let first = lock(&dir)?;
        let second = lock(&dir);
        assert_eq!(
            second.err(),
            Some(Failure::Database {
                code: IN_USE.to_owned()
            })
        );
        drop(first);
        lock(&dir)?;
        fs::remove_dir_all(&dir).map_err(|cause| failure_of(&cause))
    }
}
