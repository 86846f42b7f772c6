//! From the start of the witness app to its first screen standing there.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

use super::figures::{Figures, median};
use crate::stage::driver::app_window;
use crate::stage::log::Log;
use crate::stage::process::{built, find, signal};

/// Names of the figures.
pub const NAMES: &[&str] = &["app_window_to_usable_ms"];

/// How often the window is opened; the first is left aside, for the disk.
const ROUNDS: usize = 6;

/// Kernel ticks per second in `/proc`, the same on every Linux.
const TICKS_PER_S: f64 = 100.0;

/// Opens the window of an app that has never run, again and again.
///
/// # Errors
/// When it does not open.
pub async fn measure(figures: &mut Figures) -> Result<()> {
    let mut times_ms = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let data = tempfile::tempdir()?;
        times_ms.push(open_once(data.path()).await?);
    }
    figures.add(
        NAMES[0],
        median(times_ms.get(1..).unwrap_or_default()),
        "ms",
        None,
    );
    Ok(())
}

/// Milliseconds from the process's start to the enrolment form being there.
async fn open_once(data: &Path) -> Result<f64> {
    let log = Log::of("the app")?;
    let (_driver, screen) = app_window(data, "", &log).await?;
    screen.find("form input").await?;
    let there_at = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let app = built("saksi-app")?;
    let id = find(&app, "SAKSI_DATA_DIR", data.as_os_str())
        .into_iter()
        .next();
    let id = id.context("the app is not running")?;
    let began_at = started_at(id)?;
    signal("-KILL", &id.to_string())?;
    Ok((there_at.saturating_sub(began_at)).as_secs_f64() * 1_000.0)
}

/// When a process started, since the epoch; to a hundredth of a second.
fn started_at(id: u32) -> Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The name in parentheses may hold anything; the fields after it do not.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: f64 = after_name
        .split_whitespace()
        .nth(19)
        .and_then(|field| field.parse().ok())
        .context("the kernel says no start")?;
    let boot = std::fs::read_to_string("/proc/stat")?
        .lines()
        .find_map(|line| line.strip_prefix("btime "))
        .and_then(|seconds| seconds.trim().parse::<u64>().ok())
        .context("the kernel says no boot")?;
    // `btime` is in whole seconds; the machine's uptime makes it exact.
    let uptime: f64 = std::fs::read_to_string("/proc/uptime")?
        .split_whitespace()
        .next()
        .and_then(|seconds| seconds.parse().ok())
        .context("the kernel says no uptime")?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64();
    let exact_boot = now - uptime;
    anyhow::ensure!(
        (exact_boot - boot as f64).abs() < 2.0,
        "the clock was set while measuring"
    );
    Ok(Duration::from_secs_f64(exact_boot + ticks / TICKS_PER_S))
}
