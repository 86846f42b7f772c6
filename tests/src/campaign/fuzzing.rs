//! Drives `cargo fuzz`: each target for some minutes, from the kept inputs and
//! from whole examples, and keeps the figures.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tokio::process::Command;

use super::stop;
use super::targets::{ALL, Target};
use crate::bench::figures::{Figures, Goal};

/// Most memory of a target, in megabytes, its sanitizer's included.
const MEMORY_MB: u32 = 1_536;

/// Most memory of the photos' target, in megabytes: what is promised of the
/// whole way of a photo. Its limit is the program's own, so that target runs
/// without a sanitizer, which would need several times as much.
const PHOTO_MEMORY_MB: u32 = 300;
const PHOTO: &str = "photo";

/// Largest single allocation of a target, in megabytes: more than the largest
/// photo of a bundle and its growth.
const ALLOCATION_MB: u32 = 128;

/// Largest input that is tried, in bytes.
const INPUT_MAX_BYTES: u32 = 64 * 1024;

/// Most bytes that are kept of one target's inputs in the repository.
const KEPT_MAX_BYTES: u64 = 40 * 1024;

/// Where things are.
#[derive(Debug, Clone)]
pub struct Workshop {
    /// The program `cargo-fuzz`.
    pub cargo_fuzz: PathBuf,
    /// The folder of the targets' workspace.
    pub fuzz_dir: PathBuf,
    /// Where it is built, and where inputs of this machine are.
    pub build_dir: PathBuf,
    /// `address`, or `none` where its runtime is missing.
    pub sanitizer: String,
}

/// Runs the targets, or the one of this name, so many minutes each.
///
/// # Errors
/// A finding, with the file that holds it.
pub async fn run(
    workshop: &Workshop,
    minutes: u64,
    only: Option<&str>,
    figures: &mut Figures,
) -> Result<()> {
    let chosen: Vec<&Target> = ALL
        .iter()
        .filter(|target| only.is_none_or(|name| name == target.name))
        .collect();
    ensure!(!chosen.is_empty(), "there is no target {only:?}");
    for target in chosen {
        let inputs = workshop.gather(target)?;
        println!("fuzz: {} for {minutes} min", target.name);
        let (status, said) = workshop.fuzz(target, &inputs, minutes).await?;
        if stop::requested() {
            return Ok(());
        }
        if !status.success() {
            let tail: Vec<&str> = said.lines().rev().take(40).collect();
            let tail: Vec<&str> = tail.into_iter().rev().collect();
            bail!("{} found something:\n{}", target.name, tail.join("\n"));
        }
        let executions = executions(&said).context("libFuzzer said no number")?;
        let kept = workshop.keep(target, &inputs)?;
        println!(
            "fuzz: {}: {executions} executions, {kept} inputs kept",
            target.name
        );
        let name = |what: &str| format!("fuzz_{}_{what}", target.name);
        figures.add(&name("executions"), executions as f64, "", None);
        let enough = Some(Goal::AtLeast(10.0));
        figures.add(&name("minutes"), minutes as f64, "min", enough);
        figures.add(&name("findings"), 0.0, "", Some(Goal::AtMost(0.0)));
    }
    Ok(())
}

impl Workshop {
    /// The folder that libFuzzer works in: what was found before, what is kept
    /// in the repository, and whole examples.
    fn gather(&self, target: &Target) -> Result<PathBuf> {
        let inputs = self.build_dir.join("corpus").join(target.name);
        std::fs::create_dir_all(&inputs)?;
        for file in files(&self.kept(target))? {
            let name = file.file_name().context("a file has a name")?;
            std::fs::copy(&file, inputs.join(name))?;
        }
        for (number, seed) in (target.seeds)().iter().enumerate() {
            std::fs::write(inputs.join(format!("seed-{number}")), seed)?;
        }
        Ok(inputs)
    }

    async fn fuzz(
        &self,
        target: &Target,
        inputs: &Path,
        minutes: u64,
    ) -> Result<(ExitStatus, String)> {
        let artifacts = self.build_dir.join("artifacts").join(target.name);
        std::fs::create_dir_all(&artifacts)?;
        let seconds = Duration::from_secs(minutes * 60).as_secs();
        let (sanitizer, memory_mb, allocation_mb) = if target.name == PHOTO {
            ("none", PHOTO_MEMORY_MB, PHOTO_MEMORY_MB)
        } else {
            (self.sanitizer.as_str(), MEMORY_MB, ALLOCATION_MB)
        };
        let said = Command::new(&self.cargo_fuzz)
            .arg("run")
            .arg("--fuzz-dir")
            .arg(&self.fuzz_dir)
            .arg("--target-dir")
            .arg(&self.build_dir)
            .args(["--sanitizer", sanitizer, target.name])
            .arg(inputs)
            .arg("--")
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-rss_limit_mb={memory_mb}"))
            .arg(format!("-malloc_limit_mb={allocation_mb}"))
            .arg(format!("-max_len={INPUT_MAX_BYTES}"))
            .arg(format!("-artifact_prefix={}/", artifacts.display()))
            .arg("-print_final_stats=1")
            // The stable compiler takes the flags that coverage wants.
            .env("RUSTC_BOOTSTRAP", "1")
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .context("cannot start cargo-fuzz: `cargo xtask setup fuzz` installs it")?;
        let text = String::from_utf8_lossy(&said.stderr).into_owned();
        Ok((said.status, text))
    }

    /// Keeps the smallest inputs in the repository, as many as have room.
    fn keep(&self, target: &Target, inputs: &Path) -> Result<usize> {
        let mut found = Vec::new();
        for file in files(inputs)? {
            let is_seed = file
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("seed-"));
            if !is_seed {
                found.push((file.metadata()?.len(), file));
            }
        }
        found.sort();
        let kept = self.kept(target);
        std::fs::create_dir_all(&kept)?;
        for file in files(&kept)? {
            std::fs::remove_file(file)?;
        }
        let (mut bytes, mut count) = (0, 0);
        for (size_bytes, file) in found {
            bytes += size_bytes;
            if bytes > KEPT_MAX_BYTES {
                break;
            }
            let name = file.file_name().context("a file has a name")?;
            std::fs::copy(&file, kept.join(name))?;
            count += 1;
        }
        Ok(count)
    }

    fn kept(&self, target: &Target) -> PathBuf {
        self.fuzz_dir.join("corpus").join(target.name)
    }
}

/// The files of a folder, in order; none when there is no such folder.
///
/// # Errors
/// When it cannot be listed.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.sort();
    Ok(files)
}

fn executions(said: &str) -> Option<u64> {
    let line = said
        .lines()
        .find(|line| line.starts_with("stat::number_of_executed_units:"))?;
    line.rsplit(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_executions_is_found_among_the_statistics() {
        let said = "Done 12 runs\nstat::number_of_executed_units: 123456\nstat::peak_rss_mb: 40";
        assert_eq!(executions(said), Some(123_456));
    }
}
