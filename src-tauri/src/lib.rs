//! The window of the witness app.
//!
//! It knows Tauri and one thing of Saksi: [`device::Device`]. Every command is
//! a line that asks the device; nothing is decided, stored or sent here. What
//! the window may do is in `capabilities/window.json`: its own commands, and
//! hearing that something changed. There is no plugin: photos come through the
//! page's own file chooser (on Android, the camera), and enrolment links are
//! pasted.
//!
//! A device that cannot be opened (another app is running on its data, the
//! database is damaged or from a newer app, the disk is full) is no reason to
//! crash: the window opens, and every command answers with the failure, for
//! which the screens have a sentence.

mod commands;
mod opening;
mod photos;
mod surroundings;

use tauri::{AppHandle, Builder, Emitter, Manager, RunEvent, Runtime, WindowEvent};

use crate::opening::Opened;

/// Told to the window when delivery or the inbox changed anything; it then
/// asks for `home` again.
const CHANGED: &str = "changed";

/// Least time between two `changed` events, in milliseconds: four a second
/// are smooth enough for progress, and leave a cheap phone its battery.
const CHANGED_EVERY_MS: u64 = 250;

/// The phone's way into the app; a desktop comes in through `main`.
#[cfg(mobile)]
#[tauri::mobile_entry_point]
fn enter() {
    if run() == std::process::ExitCode::FAILURE {
        tracing::error!("the app has ended");
    }
}

/// Opens the window and stays until it is closed. Fails only when there is no
/// window system to open it in; the log has the cause.
#[must_use]
pub fn run() -> std::process::ExitCode {
    surroundings::log_to_stderr();
    let app = with_commands(Builder::default())
        .register_asynchronous_uri_scheme_protocol(photos::SCHEME, photos::answer)
        .setup(|app| {
            let handle = app.handle();
            app.manage(opening::open(handle));
            start(handle);
            opening::build_window(handle)?;
            Ok(())
        })
        .build(tauri::generate_context!());
    match app {
        Ok(app) => {
            app.run(heed);
            std::process::ExitCode::SUCCESS
        }
        Err(cause) => {
            tracing::error!(%cause, "the window could not be opened");
            std::process::ExitCode::FAILURE
        }
    }
}

/// Delivery by itself, and word of it to the window, for as long as the app
/// lives. Neither is wound down: nothing the device does needs an orderly end.
fn start<R: Runtime>(handle: &AppHandle<R>) {
    let opened = handle.state::<Opened>();
    let Ok(device) = opened.device().cloned() else {
        return;
    };
    let mut changes = device.changes();
    let window = handle.clone();
    tauri::async_runtime::spawn(async move {
        while changes.changed().await.is_ok() {
            if let Err(cause) = window.emit(CHANGED, ()) {
                tracing::warn!(%cause, "the window could not be told of a change");
            }
            tokio::time::sleep(std::time::Duration::from_millis(CHANGED_EVERY_MS)).await;
        }
    });
    tauri::async_runtime::spawn(async move { device.run(std::future::pending()).await });
}

/// An app that comes to the foreground may have a connection again.
fn heed<R: Runtime>(handle: &AppHandle<R>, event: RunEvent) {
    let is_back = matches!(
        event,
        RunEvent::Resumed
            | RunEvent::WindowEvent {
                event: WindowEvent::Focused(true),
                ..
            }
    );
    if is_back && let Ok(device) = handle.state::<Opened>().device() {
        device.nudge();
    }
}

fn with_commands<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.invoke_handler(tauri::generate_handler![
        commands::home,
        commands::enrol,
        commands::suggested_endpoint,
        commands::open_form,
        commands::change_draft,
        commands::set_place,
        commands::expect_photo,
        commands::add_photo_piece,
        commands::cancel_photo,
        commands::remove_photo,
        commands::move_photo,
        commands::set_photo_page,
        commands::discard_draft,
        commands::seal,
        commands::history,
        commands::deliver_now,
        commands::connection_returned,
        commands::read_inbox,
        commands::set_language,
    ])
}
