//! One life of the phone's process, from its start to its death.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{ChildStdout, Command};

use super::memory::Memory;
use crate::campaign::phone::Line;
use crate::stage::process::built;

/// A phone that is silent for so long is stuck.
const PATIENCE: Duration = Duration::from_secs(30);

/// When it dies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Death {
    /// How long after.
    pub(super) after: Duration,
    /// After being ready, instead of after the start.
    pub(super) from_ready: bool,
}

/// What was seen of a life.
pub(super) struct Lived {
    pub(super) start: Option<Start>,
    pub(super) acknowledged: u64,
}

/// How long a start took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    /// From starting the process to its saying that it is ready.
    pub(super) process_ms: f64,
    /// Opening the folder, by its own word.
    pub(super) open_ms: f64,
}

/// Lets it live once; `memory` learns what it said and complains.
pub(super) async fn live_once(
    folder: &Path,
    death: Death,
    seed: u64,
    first_value: u64,
    memory: &mut Memory,
) -> Result<Lived> {
    let began = Instant::now();
    let mut child = Command::new(built("saksi-phone")?)
        .arg("--data")
        .arg(folder)
        .args(["live", "--seed", &seed.to_string()])
        .args(["--first-value", &first_value.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let stdout = child.stdout.take().context("no standard output")?;
    let mut lines = BufReader::new(stdout).lines();
    let mut lived = Lived {
        start: None,
        acknowledged: 0,
    };
    let mut dies_at = began + death.after;
    if death.from_ready {
        dies_at = began + PATIENCE;
    }
    loop {
        let next = tokio::time::timeout_at(dies_at.into(), lines.next_line()).await;
        let Ok(line) = next else { break };
        let Some(line) = line? else {
            bail!("the phone ended by itself: {:?}", child.wait().await?);
        };
        let line = serde_json::from_str(&line).with_context(|| format!("it said {line}"))?;
        if let Line::Ready { open_ms } = line {
            lived.start = Some(Start {
                process_ms: began.elapsed().as_secs_f64() * 1_000.0,
                open_ms,
            });
            if death.from_ready {
                dies_at = Instant::now() + death.after;
            }
            continue;
        }
        lived.acknowledged += u64::from(memory.hear(line)?);
    }
    child.kill().await?;
    lived.acknowledged += last_words(&mut lines, memory).await?;
    memory.bury();
    Ok(lived)
}

/// What it had said before it died, and nobody had heard yet. The very last
/// line may have been cut short by its death.
async fn last_words(lines: &mut Lines<BufReader<ChildStdout>>, memory: &mut Memory) -> Result<u64> {
    let mut acknowledged = 0;
    while let Some(line) = lines.next_line().await? {
        match serde_json::from_str(&line) {
            Ok(Line::Ready { .. }) => {}
            Ok(line) => acknowledged += u64::from(memory.hear(line)?),
            Err(_) => break,
        }
    }
    Ok(acknowledged)
}
