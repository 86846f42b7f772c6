//! What the app takes from the machine it runs on: folders, environment, and
//! what kind of device this is.

use std::io::IsTerminal;
use std::path::PathBuf;

use device::view::Failure;
use protocol::enrol::DeviceInfo;
use tauri::{AppHandle, Manager, Runtime};
use tracing_subscriber::EnvFilter;

/// Names the data folder, for demonstrations and tests.
const DATA_DIR: &str = "SAKSI_DATA_DIR";

/// Names an endpoint whose address the enrolment screen then offers.
const ENDPOINT: &str = "SAKSI_ENDPOINT";

/// The folder that holds everything the app keeps.
///
/// # Errors
/// [`Failure::Internal`] when the system names no such folder.
pub(crate) fn data_dir<R: Runtime>(app: &AppHandle<R>) -> Result<PathBuf, Failure> {
    if let Some(dir) = std::env::var_os(DATA_DIR) {
        return Ok(dir.into());
    }
    app.path().app_data_dir().map_err(|cause| {
        tracing::error!(%cause, "the system names no folder for the app's data");
        Failure::Internal
    })
}

/// The app's own Pictures folder, into which Android's file chooser lets the
/// camera write. A photo is still there when the app was killed meanwhile.
/// On a desktop the Pictures folder is the person's own, and none of ours.
#[cfg(target_os = "android")]
pub(crate) fn camera_folder<R: Runtime>(app: &AppHandle<R>) -> Option<PathBuf> {
    app.path().picture_dir().ok()
}

/// See the phone's.
#[cfg(not(target_os = "android"))]
pub(crate) fn camera_folder<R: Runtime>(_app: &AppHandle<R>) -> Option<PathBuf> {
    None
}

/// The address that the enrolment screen offers, if the surroundings name one.
pub(crate) fn suggested_endpoint() -> Option<String> {
    std::env::var(ENDPOINT)
        .ok()
        .filter(|address| !address.trim().is_empty())
}

/// What the endpoint is told about this device.
pub(crate) fn device_info() -> DeviceInfo {
    DeviceInfo {
        model: model(),
        os: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        app: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// The phone's model as Android names it.
#[cfg(target_os = "android")]
fn model() -> String {
    let asked = std::process::Command::new("getprop")
        .arg("ro.product.model")
        .output();
    asked
        .ok()
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .filter(|model| !model.is_empty())
        .unwrap_or_else(|| "phone".to_owned())
}

#[cfg(not(target_os = "android"))]
fn model() -> String {
    "desktop".to_owned()
}

/// Logs go to stderr, which Android carries into its own log; `RUST_LOG`
/// widens or narrows them. They hold causes, never figures or names.
pub(crate) fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    let logger = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    if let Err(cause) = logger.try_init() {
        tracing::debug!(%cause, "a log was already set up");
    }
}

/// What a refusal of the disk means to the witness; the cause is logged here.
#[cfg(not(target_os = "android"))]
pub(crate) fn failure_of(cause: &std::io::Error) -> Failure {
    use std::io::ErrorKind;
    tracing::error!(%cause, "the disk refused");
    match cause.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Failure::DiskFull,
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Failure::ReadOnly,
        _ => Failure::Internal,
    }
}
