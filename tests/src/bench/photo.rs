//! A camera's 12 megapixels into a reading copy, in a process of its own so
//! that the peak of memory is this work's alone.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::figures::{Figures, Goal, median};

/// Names of the figures.
pub const NAMES: &[&str] = &[
    "photo_12mp_to_reading_copy_ms",
    "reading_copy_bytes",
    "photo_12mp_peak_mb",
];

/// How often the same photo is reduced.
const ROUNDS: usize = 9;

/// What one round cost, said by the child to its parent.
#[derive(Debug, Serialize, Deserialize)]
struct Cost {
    ms: f64,
    size_bytes: u64,
    peak_kb: u64,
}

/// Measures with a photo that a phone of 12 megapixels would take.
///
/// # Errors
/// When the photo is refused.
pub fn measure(figures: &mut Figures, photo: &Path) -> Result<()> {
    let mut costs = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let said = Command::new(std::env::current_exe()?)
            .arg("--reduce")
            .arg(photo)
            .output()?;
        ensure!(
            said.status.success(),
            "{}",
            String::from_utf8_lossy(&said.stderr)
        );
        let cost: Cost = serde_json::from_slice(&said.stdout).context("the child said no cost")?;
        costs.push(cost);
    }
    let of = |pick: fn(&Cost) -> f64| median(&costs.iter().map(pick).collect::<Vec<_>>());
    figures.add(
        NAMES[0],
        of(|cost| cost.ms),
        "ms",
        Some(Goal::AtMost(200.0)),
    );
    figures.add(
        NAMES[1],
        of(|cost| cost.size_bytes as f64),
        "bytes",
        Some(Goal::AtMost(300_000.0)),
    );
    figures.add(
        NAMES[2],
        of(|cost| cost.peak_kb as f64 / 1_000.0),
        "MB",
        None,
    );
    Ok(())
}

/// The child's work: reduces one photo and says what it cost.
///
/// # Errors
/// When the photo is refused.
pub fn reduce(photo: &Path) -> Result<()> {
    let original = std::fs::read(photo)?;
    let started = Instant::now();
    let copy = photo::reduce(&original)?;
    let cost = Cost {
        ms: started.elapsed().as_secs_f64() * 1_000.0,
        size_bytes: copy.jpeg.len() as u64,
        peak_kb: peak_kb(),
    };
    println!("{}", serde_json::to_string(&cost)?);
    Ok(())
}

/// `VmHWM` of this process: its greatest resident memory so far.
fn peak_kb() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|value| value.split_whitespace().next()?.parse().ok())
        .unwrap_or_default()
}
