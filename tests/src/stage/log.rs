//! What a program under a story writes into its log: kept while the story plays
//! and, where `SAKSI_SHOW_LOGS` asks for it, shown at its end. `cargo xtask test`
//! asks, and of a story that went well its harness shows nothing.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::process::Stdio;

use anyhow::Result;

/// Asks for logs to be shown.
const SHOW: &str = "SAKSI_SHOW_LOGS";

/// Most lines that are shown, the newest.
const SHOWN_MAX: usize = 80;

/// The log of one program, however often it is started.
pub struct Log {
    whose: String,
    file: File,
}

impl Log {
    /// A new one.
    ///
    /// # Errors
    /// When the machine has no room for temporary files.
    pub fn of(whose: &str) -> Result<Self> {
        Ok(Self {
            whose: whose.to_owned(),
            file: tempfile::tempfile()?,
        })
    }

    /// Where the program writes to. All starts share one place in the file.
    ///
    /// # Errors
    /// When the system has no handle left.
    pub fn stdio(&self) -> Result<Stdio> {
        Ok(self.file.try_clone()?.into())
    }

    fn text(&mut self) -> std::io::Result<String> {
        let mut bytes = Vec::new();
        self.file.rewind()?;
        self.file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        if std::env::var_os(SHOW).is_none() {
            return;
        }
        let text = match self.text() {
            Ok(text) => text,
            Err(cause) => format!("its log cannot be read: {cause}"),
        };
        let lines: Vec<&str> = text.lines().collect();
        let first = lines.len().saturating_sub(SHOWN_MAX);
        let shown = lines.get(first..).unwrap_or_default();
        if !shown.is_empty() {
            eprintln!("── {} ──\n{}", self.whose, shown.join("\n"));
        }
    }
}
