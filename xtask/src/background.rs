//! A child that lives as long as its guard.
//!
//! It has a process group of its own, which is ended when the guard is
//! dropped: politely first, by force after a few seconds. Should this program
//! itself be killed, the kernel ends the child (`setpriv --pdeathsig`, on
//! machines that have it). What the child says goes to a log file, whose end
//! is shown when the child dies early.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
pub(crate) use nix::sys::signal::Signal;
use nix::sys::signal::{kill, killpg};
use nix::unistd::Pid;

use crate::{interrupt, paths};

/// How long a child may take to end politely.
const POLITE: Duration = Duration::from_secs(8);

/// How often a waiting loop looks again.
const POLL: Duration = Duration::from_millis(30);

/// Lines of the log that are shown when the child dies early.
const SHOWN_LINES: usize = 60;

/// A running child, ended on drop.
pub(crate) struct Background {
    name: String,
    child: Child,
    log: PathBuf,
    politely: Signal,
}

impl Background {
    /// Starts a child whose output goes to `target/xtask-logs/{name}-{pid}.log`,
    /// with this program's own number: two may run side by side.
    pub(crate) fn start(name: &str, mut command: Command) -> Result<Self> {
        interrupt::check()?;
        fs::create_dir_all(paths::logs()).context("cannot make the folder of logs")?;
        let log = paths::logs().join(format!("{name}-{}.log", std::process::id()));
        let out = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let err = out.try_clone().context("cannot share the log")?;
        let child = command
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err)
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        Ok(Self {
            name: name.to_owned(),
            child,
            log,
            politely: Signal::SIGTERM,
        })
    }

    /// The signal that asks this child to end.
    pub(crate) fn ended_by(mut self, signal: Signal) -> Self {
        self.politely = signal;
        self
    }

    /// Waits until `ready` gives something, for at most `patience`.
    pub(crate) fn wait_until<T>(
        &mut self,
        patience: Duration,
        mut ready: impl FnMut(&str) -> Option<T>,
    ) -> Result<T> {
        let started = Instant::now();
        loop {
            interrupt::check()?;
            let said = fs::read_to_string(&self.log).unwrap_or_default();
            if let Some(found) = ready(&said) {
                return Ok(found);
            }
            if let Some(status) = self.child.try_wait().context("cannot look after a child")? {
                bail!("{} ended early ({status}):\n{}", self.name, end_of(&said));
            }
            if started.elapsed() > patience {
                bail!(
                    "{} is not ready after {patience:?}:\n{}",
                    self.name,
                    end_of(&said)
                );
            }
            thread::sleep(POLL);
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        signal_group(self.child.id(), self.politely);
        let asked = Instant::now();
        while asked.elapsed() < POLITE {
            match self.child.try_wait() {
                Ok(None) => thread::sleep(POLL),
                Ok(Some(_)) | Err(_) => break,
            }
        }
        // Whoever of the group is still there, or stopped listening.
        signal_group(self.child.id(), Signal::SIGKILL);
        if let Err(cause) = self.child.wait() {
            eprintln!("{}: {cause}", self.name);
        }
    }
}

/// Prefixes a command so that the kernel ends it when this program dies.
pub(crate) fn tied(program: &str, user: Option<&str>) -> Command {
    let mut command = Command::new("setpriv");
    if let Some(user) = user {
        command.args(["--reuid", user, "--regid", user, "--clear-groups"]);
    }
    command.args(["--pdeathsig", "INT", "--", program]);
    command
}

/// Sends a signal to a child's whole process group; a group that is gone is fine.
pub(crate) fn signal_group(leader: u32, signal: Signal) {
    if let Ok(leader) = i32::try_from(leader) {
        killpg(Pid::from_raw(leader), signal).ok();
    }
}

/// Sends a signal to one process; one that is gone is fine.
pub(crate) fn signal_one(id: u32, signal: Signal) {
    if let Ok(id) = i32::try_from(id) {
        kill(Pid::from_raw(id), signal).ok();
    }
}

fn end_of(said: &str) -> String {
    let lines: Vec<&str> = said.lines().collect();
    let from = lines.len().saturating_sub(SHOWN_LINES);
    lines.get(from..).unwrap_or_default().join("\n")
}
