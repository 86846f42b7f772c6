//! `cargo xtask layout`: the places on a form, taken from its official blank
//! PDF and kept as data in `crates/photo/data`.
//!
//! Poppler's `pdftocairo` turns each page into SVG, and `form-layout` (in
//! `crates/specimen`) finds marks, tag, boxes and bubbles among its paths. The
//! blank forms themselves are not in the repository: they are large, and their
//! places are all that is used of them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::cli::LayoutOptions;
use crate::paths;
use crate::run::Run;

/// `cargo xtask layout`.
pub(crate) fn command(options: &LayoutOptions) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let pages = drawings(&options.blank, folder.path())?;
    let found = Run::cargo("find the places")
        .args([
            "run",
            "--quiet",
            "-p",
            "saksi-specimen",
            "--bin",
            "form-layout",
            "--",
        ])
        .arg(&options.form)
        .args(&pages)
        .run()?
        .stdout;
    let file = paths::layouts().join(format!("{}.json", options.form));
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    if kept == found {
        eprintln!("{} pages; {} stays as it is", pages.len(), file.display());
        return Ok(());
    }
    if options.check {
        bail!("{} is not what the drawing says", file.display());
    }
    std::fs::write(&file, found).with_context(|| format!("cannot write {}", file.display()))?;
    eprintln!("{} pages; {} is written", pages.len(), file.display());
    Ok(())
}

/// Each page of the PDF as a file of SVG, in their order.
fn drawings(blank: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    let blank = std::path::absolute(blank)?;
    ensure!(blank.is_file(), "there is no file {}", blank.display());
    let mut pages = Vec::new();
    for page in 1..=page_count(&blank)? {
        let number = page.to_string();
        let file = folder.join(format!("{page}.svg"));
        Run::new(format!("draw page {page}"), "pdftocairo")
            .args(["-svg", "-f", &number, "-l", &number])
            .arg(&blank)
            .arg(&file)
            .run()?;
        pages.push(file);
    }
    Ok(pages)
}

fn page_count(blank: &Path) -> Result<u32> {
    let said = Command::new("pdfinfo")
        .arg(blank)
        .output()
        .context("cannot run pdfinfo; please install poppler (Debian: poppler-utils)")?;
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    text.lines()
        .find_map(|line| line.strip_prefix("Pages:")?.trim().parse().ok())
        .with_context(|| format!("{} has no pages", blank.display()))
}
