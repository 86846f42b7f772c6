//! `strace`, attached to a process for the time of one operation.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::NamedTempFile;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use super::points::{CALLS, Point};
use crate::stage::process::signal;

/// How long it may take to let a process go.
const PATIENCE: Duration = Duration::from_secs(2);

/// An attached `strace`.
pub(super) struct Strace {
    child: Child,
    log: NamedTempFile,
}

impl Strace {
    /// Only looks.
    pub(super) async fn watching(id: u32) -> Result<Self> {
        let mut command = Command::new("strace");
        command.args(["-y", "-s", "1", "-e", &format!("trace={CALLS}")]);
        Self::attach(command, id).await
    }

    /// Makes one call fail.
    pub(super) async fn injecting(id: u32, folder: &Path, point: &Point) -> Result<Self> {
        let mut command = Command::new("strace");
        let inject = format!(
            "inject={}:{}:when={}",
            point.call,
            point.fault.word(),
            point.time
        );
        // Joining nothing would put a slash behind the folder.
        let file = if point.file.as_os_str().is_empty() {
            folder.to_owned()
        } else {
            folder.join(&point.file)
        };
        command
            .args(["-e", &format!("trace={}", point.call), "-e", &inject])
            .arg("-P")
            .arg(file);
        Self::attach(command, id).await
    }

    /// Attached means: every thread there is stopped once and goes on.
    async fn attach(mut command: Command, id: u32) -> Result<Self> {
        let log = NamedTempFile::new()?;
        let mut child = command
            .args(["-f", "-p", &id.to_string(), "-o"])
            .arg(log.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("strace is missing: `cargo xtask setup` installs it")?;
        let stderr = child.stderr.take().context("no standard error")?;
        let mut lines = BufReader::new(stderr).lines();
        let mut said = String::new();
        while !said.contains("attached") {
            said = lines
                .next_line()
                .await?
                .with_context(|| format!("strace attaches to nothing; it said: {said}"))?;
        }
        // What it says further is of no interest, but must be read.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { child, log })
    }

    /// Lets the process go, or, when it is dying, sees it off; returns what was
    /// seen. A dying process must not be let go: its threads would wait for one
    /// another.
    pub(super) async fn detach(mut self, is_dying: bool) -> Result<String> {
        if let Some(id) = self.child.id().filter(|_| !is_dying) {
            // It may have ended by itself, with the process.
            let _ = signal("-INT", &id.to_string());
        }
        if tokio::time::timeout(PATIENCE, self.child.wait())
            .await
            .is_err()
        {
            // The process died after all, while it was being let go.
            self.child.kill().await?;
        }
        match std::fs::read(self.log.path()) {
            Ok(log) => Ok(String::from_utf8_lossy(&log).into_owned()),
            Err(cause) => bail!("strace left no log: {cause}"),
        }
    }
}
