//! The window of the witness app.
//!
//! It knows Tauri and one thing of Saksi: [`device::Device`]. Every command is
//! a line that asks the device; nothing is decided, stored or sent here. What
//! the window may do is in `capabilities/window.json`: its own commands, and
//! hearing that something changed. Photos and bundles come through the page's
//! own file chooser (on Android, the camera), and enrolment links are pasted.
//! The one plugin is our own and Android's alone: `phone`, which no screen
//! can call.
//!
//! A device that cannot be opened (another app is running on its data, the
//! database is damaged or from a newer app, the disk is full) is no reason to
//! crash: the window opens, and every command answers with the failure, for
//! which the screens have a sentence.

mod background;
mod commands;
mod giving;
#[cfg(target_os = "android")]
mod job;
mod opening;
#[cfg(target_os = "android")]
mod phone;
mod photos;
mod surroundings;

use tauri::{Builder, Manager, Runtime};

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
    let builder = Builder::default();
    #[cfg(target_os = "android")]
    let builder = builder.plugin(phone::plugin());
    let app = with_commands(builder)
        .register_asynchronous_uri_scheme_protocol(photos::SCHEME, photos::answer)
        .setup(|app| {
            let handle = app.handle();
            app.manage(opening::open(handle));
            opening::build_window(handle)?;
            Ok(())
        })
        .build(tauri::generate_context!());
    match app {
        Ok(app) => {
            app.run(background::heed);
            std::process::ExitCode::SUCCESS
        }
        Err(cause) => {
            tracing::error!(%cause, "the window could not be opened");
            std::process::ExitCode::FAILURE
        }
    }
}

fn with_commands<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.invoke_handler(tauri::generate_handler![
        commands::home,
        commands::open_again,
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
        commands::look_at_photo,
        commands::discard_draft,
        commands::seal,
        commands::history,
        commands::deliver_now,
        commands::connection_returned,
        commands::read_inbox,
        commands::set_language,
        commands::around,
        commands::export_bundle,
        commands::begin_import,
        commands::add_import_piece,
        commands::import_text,
        commands::carried,
        commands::set_link,
        #[cfg(target_os = "android")]
        commands::compose_sms,
    ])
}
