//! Delivery without a window, on Android: `DeliveryWorker.kt` calls in here
//! when WorkManager finds a connection.
//!
//! Window and job live in one process and never have the device open at once
//! (it sees to that itself). A job that finds the window's device delivers with
//! that; one that works alone gives way as soon as a window wants to open: a
//! delivery can be dropped at any await and loses nothing.

use std::path::Path;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use device::view::{DeliveryView, Failure};
use device::{Device, Ports};
use jni::JNIEnv;
use jni::objects::{JObject, JString};
use jni::sys::jboolean;
use tokio::sync::{Notify, watch};

use crate::surroundings;

/// The window's device, once there is one.
static WINDOW: Mutex<Option<Device>> = Mutex::new(None);

/// Whether a window is about to open the device.
static IS_WINDOW_WAITING: LazyLock<watch::Sender<bool>> =
    LazyLock::new(|| watch::Sender::new(false));

/// Android wants the running job to end.
static STOP: Notify = Notify::const_new();

/// Opens the window's device with `open`, for which a job gives way.
///
/// # Errors
/// Those of `open`.
pub(crate) fn before_window(
    open: impl FnOnce() -> Result<Device, Failure>,
) -> Result<Device, Failure> {
    IS_WINDOW_WAITING.send_replace(true);
    let opened = open();
    *lock(&WINDOW) = opened.clone().ok();
    IS_WINDOW_WAITING.send_replace(false);
    opened
}

/// Delivers what is due; whether anything is left.
async fn deliver(dir: &Path) -> Result<bool, Failure> {
    let of_window = lock(&WINDOW).clone();
    if let Some(device) = of_window {
        return tokio::select! {
            delivered = device.deliver(|_| ()) => Ok(is_anything_left(&delivered?)),
            () = STOP.notified() => Ok(true),
        };
    }
    // Without the camera's folder: what a camera is writing just now is for
    // the window to take up.
    let ports = Ports::real(surroundings::device_info())?;
    let mut window = IS_WINDOW_WAITING.subscribe();
    tokio::select! {
        biased;
        _ = window.wait_for(|is_waiting| *is_waiting) => Ok(true),
        () = STOP.notified() => Ok(true),
        delivered = device::deliver_once(dir, ports) => Ok(is_anything_left(&delivered?)),
    }
}

fn is_anything_left(view: &DeliveryView) -> bool {
    view.revisions_only_here > 0 || view.photos_only_here > 0
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `DeliveryWorker.deliver`: whether anything is left to be delivered.
#[expect(
    unsafe_code,
    reason = "the JVM finds a native method by its exported name, which nothing else here bears"
)]
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_id_saksi_witness_DeliveryWorker_deliver<'local>(
    mut env: JNIEnv<'local>,
    _worker: JObject<'local>,
    folder: JString<'local>,
) -> jboolean {
    surroundings::log_to_stderr();
    let is_left = match env.get_string(&folder) {
        Ok(folder) => {
            let folder = String::from(folder);
            let delivered = tauri::async_runtime::block_on(deliver(Path::new(&folder)));
            delivered.unwrap_or_else(|failure| {
                tracing::error!(?failure, "a delivery without a window failed");
                true
            })
        }
        Err(cause) => {
            tracing::error!(%cause, "a delivery without a folder");
            false
        }
    };
    jboolean::from(is_left)
}

/// `DeliveryWorker.stop`: Android's patience is over, or the connection is.
#[expect(
    unsafe_code,
    reason = "the JVM finds a native method by its exported name, which nothing else here bears"
)]
#[unsafe(no_mangle)]
pub(crate) extern "system" fn Java_id_saksi_witness_DeliveryWorker_stop<'local>(
    _env: JNIEnv<'local>,
    _worker: JObject<'local>,
) {
    STOP.notify_waiters();
}
