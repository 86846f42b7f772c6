//! Opening the device and its window.
//!
//! No two apps work on one data folder: the device sees to that, and a second
//! window says so.

use std::sync::{PoisonError, RwLock};

use device::view::Failure;
use device::{Device, Ports};
use tauri::{AppHandle, Runtime, WebviewWindowBuilder};

use crate::{background, surroundings};

/// The device, or why there is none.
pub(crate) struct Opened(RwLock<Result<Device, Failure>>);

impl Opened {
    /// The device.
    ///
    /// # Errors
    /// Why it could not be opened.
    pub(crate) fn device(&self) -> Result<Device, Failure> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Opens the device in its data folder, and has it deliver by itself.
pub(crate) fn open<R: Runtime>(app: &AppHandle<R>) -> Opened {
    Opened(RwLock::new(try_open(app)))
}

/// Tries again what failed: the other window may be closed by now, and the
/// disk have room.
pub(crate) fn open_again<R: Runtime>(app: &AppHandle<R>, opened: &Opened) {
    let mut device = opened.0.write().unwrap_or_else(PoisonError::into_inner);
    if device.is_err() {
        *device = try_open(app);
    }
}

/// Opens the device; on a phone, a job without a window gives way to it.
fn try_open<R: Runtime>(app: &AppHandle<R>) -> Result<Device, Failure> {
    #[cfg(target_os = "android")]
    let opened = crate::job::before_window(|| open_here(app));
    #[cfg(not(target_os = "android"))]
    let opened = open_here(app);
    let device = opened.inspect_err(|failure| {
        tracing::error!(?failure, "the device could not be opened");
    })?;
    background::start(app, device.clone());
    Ok(device)
}

fn open_here<R: Runtime>(app: &AppHandle<R>) -> Result<Device, Failure> {
    let dir = surroundings::data_dir(app)?;
    let mut ports = Ports::real(surroundings::device_info())?;
    ports.pictures = surroundings::camera_folder(app);
    Device::open(&dir, ports)
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
