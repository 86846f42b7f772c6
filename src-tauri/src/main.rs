//! The desktop's way into the app; phones come in through the library.
#![cfg_attr(
    all(not(debug_assertions), target_os = "windows"),
    windows_subsystem = "windows"
)]

fn main() -> std::process::ExitCode {
    saksi_app::run()
}
