//! Runs a child to its end, with a spinner instead of its output.
//!
//! The output is kept and shown whole when the child fails, so that nothing
//! must be run again to learn why. On a terminal the spinner shows the last
//! line that the child said; elsewhere one line marks the start and one the
//! end.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::background::{Signal, signal_group};
use crate::interrupt;

/// How often a waiting loop looks at the child and at Ctrl-C.
const POLL: Duration = Duration::from_millis(30);

/// How long a child in the foreground may take to end by itself after Ctrl-C.
const FOREGROUND_PATIENCE: Duration = Duration::from_secs(2);

/// Lines of a failed child that are shown; the whole of it is rarely longer.
const SHOWN_LINES: usize = 400;

/// One child to run to its end.
pub(crate) struct Run {
    title: String,
    command: Command,
}

/// What a child that succeeded leaves.
pub(crate) struct Finished {
    /// What it wrote to its standard output.
    pub(crate) stdout: String,
}

/// What a child said, as it says it.
#[derive(Clone)]
struct Heard {
    lines: Arc<Mutex<VecDeque<String>>>,
    spinner: ProgressBar,
    title: String,
}

impl Run {
    /// A child with a title for people.
    pub(crate) fn new(title: impl Into<String>, program: impl AsRef<OsStr>) -> Self {
        Self {
            title: title.into(),
            command: Command::new(program),
        }
    }

    /// `cargo`, the same one that runs this command.
    pub(crate) fn cargo(title: impl Into<String>) -> Self {
        Self::new(title, cargo()).dir(&crate::paths::root())
    }

    /// `npm` in the screens' folder.
    pub(crate) fn npm(title: impl Into<String>) -> Self {
        Self::new(title, "npm").dir(&crate::paths::ui())
    }

    /// Adds arguments.
    pub(crate) fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(mut self, args: I) -> Self {
        self.command.args(args);
        self
    }

    /// Adds one argument.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    /// Sets a variable.
    pub(crate) fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sets many variables.
    pub(crate) fn envs<'a>(
        mut self,
        pairs: impl IntoIterator<Item = &'a (String, String)>,
    ) -> Self {
        for (name, value) in pairs {
            self.command.env(name, value);
        }
        self
    }

    /// Takes a variable away.
    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Runs it in a folder.
    pub(crate) fn dir(mut self, dir: &Path) -> Self {
        self.command.current_dir(dir);
        self
    }

    /// Runs it, and fails with its output when it fails.
    pub(crate) fn run(self) -> Result<Finished> {
        let title = self.title.clone();
        let (status, finished, said) = self.run_any()?;
        if status.success() {
            return Ok(finished);
        }
        let shown: Vec<&String> = said.iter().rev().take(SHOWN_LINES).collect();
        for line in shown.into_iter().rev() {
            eprintln!("  {line}");
        }
        bail!("{title}: {status}");
    }

    /// Runs it whatever comes of it: status, standard output, all it said.
    fn run_any(mut self) -> Result<(ExitStatus, Finished, VecDeque<String>)> {
        interrupt::check()?;
        let started = Instant::now();
        let spinner = spinner(&self.title);
        let heard = Heard {
            lines: Arc::default(),
            spinner: spinner.clone(),
            title: self.title.clone(),
        };
        let mut child = self
            .command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .with_context(|| format!("{}: cannot start", self.title))?;
        let stdout = child.stdout.take().map(|pipe| heard.clone().listen(pipe));
        let stderr = child.stderr.take().map(|pipe| heard.clone().listen(pipe));
        let status = wait(&mut child)?;
        let stdout = stdout.map(join).unwrap_or_default();
        stderr.map(join);
        let took = started.elapsed();
        spinner.finish_and_clear();
        let mark = if status.success() { "✓" } else { "✗" };
        eprintln!("{mark} {} ({})", self.title, in_words(took));
        let said = std::mem::take(&mut *heard.lines.lock().unwrap_or_else(PoisonError::into_inner));
        Ok((status, Finished { stdout }, said))
    }
}

impl Heard {
    /// Reads a pipe to its end in a thread; the thread gives back all of it.
    fn listen<R: Read + Send + 'static>(self, pipe: R) -> JoinHandle<String> {
        thread::spawn(move || {
            let mut whole = String::new();
            let mut reader = BufReader::new(pipe);
            let mut bytes = Vec::new();
            while matches!(reader.read_until(b'\n', &mut bytes), Ok(n) if n > 0) {
                let line = String::from_utf8_lossy(&bytes);
                whole.push_str(&line);
                self.hear(line.trim_end());
                bytes.clear();
            }
            whole
        })
    }

    fn hear(&self, line: &str) {
        // Messages for programs are kept apart from those for people.
        if line.starts_with("{\"") {
            return;
        }
        let short: String = line.trim().chars().take(60).collect();
        if !short.is_empty() {
            self.spinner
                .set_message(format!("{} · {short}", self.title));
        }
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push_back(line.to_owned());
    }
}

/// Runs a child that talks to the user itself, to its end.
///
/// It shares this program's process group, so that a terminal's Ctrl-C reaches
/// it directly; asked to stop in another way, this program passes that on.
pub(crate) fn in_foreground(mut command: Command, name: &str) -> Result<()> {
    interrupt::check()?;
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {name}"))?;
    let mut asked_at = None;
    loop {
        if let Some(status) = child.try_wait().context("cannot wait for a child")? {
            if status.success() {
                return Ok(());
            }
            bail!("{name}: {status}");
        }
        if interrupt::requested() {
            let since = *asked_at.get_or_insert_with(Instant::now);
            if since.elapsed() > FOREGROUND_PATIENCE {
                crate::background::signal_one(child.id(), Signal::SIGTERM);
            }
        }
        thread::sleep(POLL);
    }
}

/// Lets the disk finish what a build has left to be written: whoever is
/// measured next would wait for it.
pub(crate) fn settle_disk() -> Result<()> {
    Run::new("let the disk settle", "sync").run().map(drop)
}

/// The program name of the cargo that runs this command.
pub(crate) fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".into())
}

/// Waits for a child; an interruption ends it with its whole group.
fn wait(child: &mut Child) -> Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait().context("cannot wait for a child")? {
            return Ok(status);
        }
        if interrupt::requested() {
            signal_group(child.id(), Signal::SIGTERM);
            child.wait().context("cannot wait for a child")?;
            bail!("interrupted");
        }
        thread::sleep(POLL);
    }
}

fn join(thread: JoinHandle<String>) -> String {
    thread.join().unwrap_or_default()
}

/// A spinner on a terminal, one line elsewhere.
fn spinner(title: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        eprintln!("… {title}");
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {elapsed:>4} {wide_msg}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    let spinner = ProgressBar::new_spinner()
        .with_style(style)
        .with_message(title.to_owned());
    spinner.enable_steady_tick(Duration::from_millis(120));
    spinner
}

/// A duration as people say it.
pub(crate) fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds >= 60 {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    } else {
        format!("{seconds}.{} s", duration.subsec_millis() / 100)
    }
}
