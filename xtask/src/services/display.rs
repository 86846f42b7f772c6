//! A screen that nobody sees, for windows under test.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::background::{Background, tied};

/// The coordinator's screen, the smallest that must be pleasant, in pixels
/// and with room for the witness app's window beside it.
const SCREEN: &str = "1800x1000x24";

/// How long the display may take to come up.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running virtual display.
pub(crate) struct Display {
    number: u32,
    _server: Background,
}

impl Display {
    /// Starts one under a number that is free.
    pub(crate) fn start() -> Result<Self> {
        let mut command: Command = tied("Xvfb", None);
        command.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            SCREEN,
            "-nolisten",
            "tcp",
        ]);
        let mut server = Background::start("display", command)?;
        // The server writes the number that it took, alone on a line.
        let number = server.wait_until(PATIENCE, |said| {
            said.lines().find_map(|line| line.trim().parse().ok())
        })?;
        Ok(Self {
            number,
            _server: server,
        })
    }

    /// The value of `DISPLAY`.
    pub(crate) fn name(&self) -> String {
        format!(":{}", self.number)
    }
}
