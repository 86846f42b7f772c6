//! Drivers of real windows: `tauri-driver` for the app, `chromedriver` for the
//! console.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use fantoccini::ClientBuilder;
use fantoccini::error::NewSessionError;
use fantoccini::wd::Capabilities;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use super::log::Log;
use super::process::{Process, built, free_port};
use super::screen::Screen;

/// How often, and how far apart, a driver that is still starting is asked.
const START_TRIES: u32 = 200;
const START_WAIT: Duration = Duration::from_millis(100);

/// What the app logs: whatever delivery says, of the rest what went wrong.
const APP_LOG: &str = "warn,device=debug,sync=debug";

/// A window of the witness app with its data in `data`, and the driver behind it.
/// Both write into `log`.
///
/// # Errors
/// When a program is missing or the window does not open.
pub async fn app_window(data: &Path, endpoint: &str, log: &Log) -> Result<(Process, Screen)> {
    let driver = Command::new(tauri_driver());
    app_window_by(driver, data, endpoint, log).await
}

/// The same, all of it on one core of this machine.
///
/// # Errors
/// When a program is missing or the window does not open.
pub async fn app_window_on_one_core(
    data: &Path,
    endpoint: &str,
    log: &Log,
) -> Result<(Process, Screen)> {
    let mut driver = Command::new("taskset");
    driver.args(["-c", "0"]).arg(tauri_driver());
    app_window_by(driver, data, endpoint, log).await
}

fn tauri_driver() -> PathBuf {
    std::env::var_os("SAKSI_TAURI_DRIVER")
        .map_or_else(|| PathBuf::from("tauri-driver"), PathBuf::from)
}

async fn app_window_by(
    mut command: Command,
    data: &Path,
    endpoint: &str,
    log: &Log,
) -> Result<(Process, Screen)> {
    let (port, native_port) = (free_port()?, free_port()?);
    command.args([
        "--port",
        &port.to_string(),
        "--native-port",
        &native_port.to_string(),
    ]);
    command
        .env("SAKSI_DATA_DIR", data)
        .env("SAKSI_ENDPOINT", endpoint)
        .env("XDG_CONFIG_HOME", downloads_in(data)?)
        .env("RUST_LOG", APP_LOG);
    let process = Process::start(command.stdout(Stdio::null()).stderr(log.stdio()?))?;
    let application = built("saksi-app")?;
    let wanted = json!({ "browserName": "wry", "tauri:options": { "application": application } });
    let screen = connect(port, &wanted)
        .await
        .context("the app's window did not open")?;
    Ok((process, screen))
}

/// A folder of settings that name a folder for downloads in `data`, where they
/// go away with it.
fn downloads_in(data: &Path) -> Result<PathBuf> {
    let settings = data.join("settings");
    std::fs::create_dir_all(&settings)?;
    let downloads = data.join("downloads");
    let named = format!("XDG_DOWNLOAD_DIR=\"{}\"\n", downloads.display());
    std::fs::write(settings.join("user-dirs.dirs"), named)?;
    Ok(settings)
}

/// A browser of the counting room, and the driver behind it.
///
/// # Errors
/// When a program is missing or the browser does not start.
pub async fn browser(width: u32, height: u32) -> Result<(Process, Screen)> {
    browser_with(width, height, &json!({})).await
}

/// The same; files that it is given are kept in `downloads`, without asking.
///
/// # Errors
/// When a program is missing or the browser does not start.
pub async fn browser_keeping(
    width: u32,
    height: u32,
    downloads: &Path,
) -> Result<(Process, Screen)> {
    let settings = json!({
        "download.default_directory": downloads,
        "download.prompt_for_download": false,
    });
    browser_with(width, height, &settings).await
}

async fn browser_with(
    width: u32,
    height: u32,
    settings: &serde_json::Value,
) -> Result<(Process, Screen)> {
    let port = free_port()?;
    let mut command = Command::new("chromedriver");
    command.arg(format!("--port={port}"));
    let process = Process::start(command.stdout(Stdio::null()).stderr(Stdio::null()))?;
    let arguments = [
        "--headless=new".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--hide-scrollbars".to_owned(),
        format!("--window-size={width},{height}"),
    ];
    let options = json!({ "args": arguments, "prefs": settings });
    let wanted = json!({ "browserName": "chrome", "goog:chromeOptions": options });
    let screen = connect(port, &wanted)
        .await
        .context("the browser did not start")?;
    screen.resize(width, height).await?;
    Ok((process, screen))
}

async fn connect(port: u16, wanted: &serde_json::Value) -> Result<Screen> {
    let capabilities: Capabilities = wanted.as_object().cloned().unwrap_or_default();
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities);
    let address = format!("http://127.0.0.1:{port}");
    let mut tries = 0;
    loop {
        match builder.connect(&address).await {
            Ok(client) => return Ok(Screen::new(client, address)),
            // Not listening yet: there is no other sign of readiness than to ask.
            Err(
                NewSessionError::Failed(_)
                | NewSessionError::FailedC(_)
                | NewSessionError::Lost(_)
                | NewSessionError::NotW3C(_),
            ) if tries < START_TRIES => {
                tries += 1;
                tokio::time::sleep(START_WAIT).await;
            }
            Err(cause) => return Err(cause.into()),
        }
    }
}
