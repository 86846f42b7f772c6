//! A witness's phone: the app in its own window, which can be killed and
//! started again on the same data.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use tempfile::TempDir;

use super::driver;
use super::log::Log;
use super::process::{self, Process, built};
use super::screen::Screen;

/// Width and height of a phone's screen, in CSS pixels.
pub const PHONE: (u32, u32) = (412, 915);

/// The app on a phone of its own.
pub struct Phone {
    data: TempDir,
    endpoint: String,
    window: Option<(Process, Screen)>,
    log: Log,
}

impl Phone {
    /// A new phone with the app open for the first time.
    ///
    /// # Errors
    /// When the window does not open.
    pub async fn new(endpoint: &str) -> Result<Self> {
        let mut phone = Self {
            data: tempfile::tempdir()?,
            endpoint: endpoint.to_owned(),
            window: None,
            log: Log::of("the app")?,
        };
        phone.start().await?;
        Ok(phone)
    }

    /// Its screen.
    ///
    /// # Panics
    /// When the app is not running: a mistake of the story.
    #[must_use]
    pub fn screen(&self) -> &Screen {
        &self.window.as_ref().expect("the app is not running").1
    }

    /// Where the app keeps its data.
    #[must_use]
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Opens the app.
    ///
    /// # Errors
    /// When the window does not open.
    pub async fn start(&mut self) -> Result<()> {
        let (driver, screen) =
            driver::app_window(self.data.path(), &self.endpoint, &self.log).await?;
        self.window = Some((driver, screen));
        Ok(())
    }

    /// Opens the app with everything it runs on one core.
    ///
    /// # Errors
    /// When the window does not open.
    pub async fn start_on_one_core(&mut self) -> Result<()> {
        let (data, endpoint) = (self.data.path(), &self.endpoint);
        let (driver, screen) = driver::app_window_on_one_core(data, endpoint, &self.log).await?;
        self.window = Some((driver, screen));
        Ok(())
    }

    /// Kills the app with SIGKILL, as a phone short of memory would.
    ///
    /// # Errors
    /// When the app is not running.
    pub fn kill(&mut self) -> Result<()> {
        let program: PathBuf = built("saksi-app")?;
        let running = process::find(&program, "SAKSI_DATA_DIR", self.data.path().as_os_str());
        ensure!(!running.is_empty(), "the app is not running");
        for id in running {
            process::signal("-KILL", &id.to_string())?;
        }
        self.window = None;
        Ok(())
    }
}
