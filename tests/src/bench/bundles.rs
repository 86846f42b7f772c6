//! What a phone and a coordinator's browser load: at once, and when a screen
//! that few need is opened.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::figures::{Figures, Goal};

/// Names of the figures.
pub const NAMES: &[&str] = &[
    "field_bundle_kb_gz",
    "field_later_kb_gz",
    "console_bundle_kb_gz",
];

/// What a window loads.
const LOADED: &[&str] = &["html", "js", "css"];

/// Sums up what each build loads, compressed as a server would.
///
/// # Errors
/// When the screens are not built.
pub fn measure(figures: &mut Figures, dist: &Path) -> Result<()> {
    let field = Build::of(&dist.join("field"))?;
    let goal = Some(Goal::AtMost(60.0));
    figures.add("field_bundle_kb_gz", field.first_kb, "KB", goal);
    figures.add("field_later_kb_gz", field.later_kb, "KB", None);
    let console = Build::of(&dist.join("console"))?;
    let whole_kb = console.first_kb + console.later_kb;
    figures.add("console_bundle_kb_gz", whole_kb, "KB", None);
    Ok(())
}

/// The sizes of a build.
struct Build {
    /// What the page names, and so loads before it shows anything.
    first_kb: f64,
    /// Everything else.
    later_kb: f64,
}

impl Build {
    fn of(folder: &Path) -> Result<Self> {
        let page = folder.join("index.html");
        let named = std::fs::read_to_string(&page)
            .with_context(|| format!("{} is not built", folder.display()))?;
        let (mut first, mut later) = (0, 0);
        for file in files(folder)? {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let is_first = file == page || named.contains(name.as_ref());
            *(if is_first { &mut first } else { &mut later }) += compressed(&file)?;
        }
        ensure!(first > 0, "{} holds no screens", folder.display());
        Ok(Self {
            first_kb: first as f64 / 1_000.0,
            later_kb: later as f64 / 1_000.0,
        })
    }
}

/// Everything that a window loads from a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next)? {
            let path = entry?.path();
            let ending = path.extension().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                folders.push(path);
            } else if LOADED.contains(&ending.as_ref()) {
                files.push(path);
            }
        }
    }
    Ok(files)
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
