//! Child processes that end with the story that started them.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// A running program, killed when dropped with all that it started.
pub struct Process {
    child: Child,
}

impl Process {
    /// Starts it.
    ///
    /// # Errors
    /// When it cannot be started; the message names the program.
    pub fn start(command: &mut Command) -> Result<Self> {
        let program = command.get_program().to_owned();
        let child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        Ok(Self { child })
    }

    /// Starts an endpoint, and returns where it says that it listens: an
    /// address without `http://`.
    ///
    /// # Errors
    /// When it cannot be started or does not say.
    pub fn serving(mut command: Command, stderr: Stdio) -> Result<(Self, String)> {
        let mut process = Self::start(command.stdout(Stdio::piped()).stderr(stderr))?;
        let stdout = process.stdout().context("no standard output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let said = || format!("the endpoint did not say where it listens: {line:?}");
        let (_, address) = line.split_once("http://").with_context(said)?;
        Ok((process, address.trim().trim_end_matches('/').to_owned()))
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it writes, if its output was piped.
    pub fn stdout(&mut self) -> Option<std::process::ChildStdout> {
        self.child.stdout.take()
    }

    /// Whether it has ended by itself.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn has_ended(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(&mut self) {
        // A process that has already ended needs no killing.
        let _ = signal("-KILL", &format!("-{}", self.child.id()));
        let _ = self.child.wait();
    }

    /// Asks it to end, and waits until it has.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub fn stop(&mut self) -> Result<std::process::ExitStatus> {
        signal("-TERM", &self.child.id().to_string())?;
        Ok(self.child.wait()?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs a program to its end with this as its input, and returns its output.
///
/// # Errors
/// When it cannot be started or fails; the message holds what it said.
pub fn run(mut command: Command, input: &str) -> Result<String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    child
        .stdin
        .take()
        .context("no standard input")?
        .write_all(input.as_bytes())?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!(
            "{command:?} failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Sends a signal such as `-KILL` to a process, or to a group of them whose
/// leader's id stands behind a minus.
///
/// # Errors
/// When there is no such process.
pub fn signal(name: &str, whom: &str) -> Result<()> {
    let status = Command::new("kill")
        .args([name, "--", whom])
        .stderr(Stdio::null())
        .status()?;
    if !status.success() {
        bail!("process {whom} cannot be signalled");
    }
    Ok(())
}

/// A TCP port that nobody listens on at this moment.
///
/// # Errors
/// When the machine has none.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

/// A program of this workspace, built beside the running test.
///
/// # Errors
/// When it has not been built.
pub fn built(name: &str) -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    let folder = test.ancestors().find(|folder| folder.join(name).is_file());
    let folder =
        folder.with_context(|| format!("{name} is not built: run `cargo build --workspace`"))?;
    Ok(folder.join(name))
}

/// Ids of running processes whose program is `program` and whose environment
/// holds `variable` with exactly `value`.
#[must_use]
pub fn find(program: &Path, variable: &str, value: &OsStr) -> Vec<u32> {
    let wanted = [variable.as_bytes(), b"=", value.as_encoded_bytes()].concat();
    let ids = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    ids.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|id| std::fs::read_link(format!("/proc/{id}/exe")).is_ok_and(|exe| exe == program))
        .filter(|id: &u32| {
            let environment = std::fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
            environment
                .split(|byte| *byte == 0)
                .any(|entry| entry == wanted)
        })
        .collect()
}
