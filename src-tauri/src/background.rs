//! What goes on without the window asking: delivery, and word of it.

use std::time::Duration;

use device::Device;
use tauri::{AppHandle, Emitter, Manager, RunEvent, Runtime, WindowEvent};

use crate::opening::Opened;

/// Told to the window when delivery or the inbox changed anything; it then
/// asks for `home` again.
const CHANGED: &str = "changed";

/// Least time between two `changed` events, in milliseconds: four a second
/// are smooth enough for progress, and leave a cheap phone its battery.
const CHANGED_EVERY_MS: u64 = 250;

/// Delivers, and tells the window of changes, for as long as the app lives.
/// Neither is wound down: nothing the device does needs an orderly end.
pub(crate) fn start<R: Runtime>(app: &AppHandle<R>, device: Device) {
    #[cfg(target_os = "android")]
    crate::phone::begin(app, device.clone());
    let mut changes = device.changes();
    let window = app.clone();
    tauri::async_runtime::spawn(async move {
        while changes.changed().await.is_ok() {
            if let Err(cause) = window.emit(CHANGED, ()) {
                tracing::warn!(%cause, "the window could not be told of a change");
            }
            tokio::time::sleep(Duration::from_millis(CHANGED_EVERY_MS)).await;
        }
    });
    tauri::async_runtime::spawn(async move { device.run(std::future::pending()).await });
}

/// An app that comes to the foreground may have a connection again. The first
/// time it does so, the device is not opened yet. A connection that comes back
/// meanwhile is told by the page (`connection_returned`) and, on a phone, by
/// the system itself; nothing here asks again and again.
pub(crate) fn heed<R: Runtime>(app: &AppHandle<R>, event: RunEvent) {
    let is_back = matches!(
        event,
        RunEvent::Resumed
            | RunEvent::WindowEvent {
                event: WindowEvent::Focused(true),
                ..
            }
    );
    if is_back
        && let Some(opened) = app.try_state::<Opened>()
        && let Ok(device) = opened.device()
    {
        device.nudge();
    }
}

/// Something was sealed. A phone may close the app now, and is asked to deliver
/// later; elsewhere the loop that [`start`] began is enough.
pub(crate) fn sealed<R: Runtime>(app: &AppHandle<R>) {
    #[cfg(target_os = "android")]
    crate::phone::deliver_later(app);
    #[cfg(not(target_os = "android"))]
    let _ = app;
}
