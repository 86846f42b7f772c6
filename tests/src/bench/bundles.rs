//! What a phone and a coordinator's browser load.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::figures::{Figures, Goal};

/// Names of the figures.
pub const NAMES: &[&str] = &["field_bundle_kb_gz", "console_bundle_kb_gz"];

/// What a window needs before it shows anything.
const LOADED: &[&str] = &["html", "js", "css"];

/// Sums up what each build loads, compressed as a server would.
///
/// # Errors
/// When the screens are not built.
pub fn measure(figures: &mut Figures, dist: &Path) -> Result<()> {
    let field = size_kb(&dist.join("field"))?;
    figures.add("field_bundle_kb_gz", field, "KB", Some(Goal::AtMost(60.0)));
    let console = size_kb(&dist.join("console"))?;
    figures.add("console_bundle_kb_gz", console, "KB", None);
    Ok(())
}

fn size_kb(folder: &Path) -> Result<f64> {
    let mut bytes = 0;
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        let entries =
            std::fs::read_dir(&next).with_context(|| format!("{} is not built", next.display()))?;
        for entry in entries {
            let path = entry?.path();
            let ending = path
                .extension()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if LOADED.contains(&ending.as_str()) {
                bytes += compressed(&path)?;
            }
        }
    }
    ensure!(bytes > 0, "{} holds no screens", folder.display());
    Ok(bytes as f64 / 1_000.0)
}

fn compressed(file: &Path) -> Result<usize> {
    let said = Command::new("gzip")
        .args(["-9", "--stdout"])
        .arg(file)
        .stderr(Stdio::null())
        .output()
        .context("gzip is needed")?;
    ensure!(said.status.success(), "gzip failed on {}", file.display());
    Ok(said.stdout.len())
}
