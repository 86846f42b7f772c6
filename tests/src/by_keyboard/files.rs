//! Workbook and exports: a village's workbook filled in elsewhere and brought
//! back, and all figures as a table.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use domain::TpsCode;
use protocol::SlotId;

use super::person::{ENTER, ESCAPE};
use super::sheets::Sheets;
use super::{CONTEST, Walk, on};

/// What became of the files.
#[derive(Debug, Clone)]
pub struct Files {
    /// The row that was filled in right.
    pub entered: SlotId,
    /// The row with something that is no figure.
    pub refused: SlotId,
    /// All figures as a workbook.
    pub xlsx: PathBuf,
    /// All figures as text.
    pub csv: PathBuf,
}

/// A workbook out, filled in and back, and both exports.
pub(super) async fn work(walk: &mut Walk<'_>) -> Result<Files> {
    walk.person
        .waits("files_open", "B", &on(".files h2"))
        .await?;
    let (village, stations) = walk.elsewhere()?;
    // The first one was entered at the desk.
    let stations: Vec<TpsCode> = stations.into_iter().rev().take(2).collect();
    let [right, wrong] = stations.as_slice() else {
        anyhow::bail!("a village with one station");
    };
    let path = "document.querySelector('.picker nav strong')?.textContent";
    walk.narrow("files_narrow", village.as_str(), path).await?;
    let said = "document.querySelector('.notices p')?.textContent";
    let before = walk.kept()?;
    walk.person
        .waits_for_file("workbook_download", "d", said)
        .await?;
    let file = walk.downloaded(".xlsx", &before).await?;
    let mut book = Sheets::open(&file)?;
    book.fill(CONTEST, right, walk.written(&walk.slot(right))?)?;
    book.fill(CONTEST, wrong, walk.written(&walk.slot(wrong))?)?;
    book.spoil(CONTEST, wrong, "valid")?;
    let filled = walk.downloads.join("diisi.xlsx");
    book.save(&filled)?;
    walk.person.press("u").await?;
    let input = ".files input[type=file]";
    let report = on(".report dl");
    walk.person
        .brings("workbook_upload", input, &filled, &report)
        .await?;
    let counts: Vec<String> = walk
        .person
        .read("[...document.querySelectorAll('.report dd')].map((it) => it.textContent)")
        .await?;
    ensure!(
        counts.first().is_some_and(|taken| taken == "1"),
        "{counts:?}"
    );
    walk.person.picture("konsol-berkas").await?;
    let before = walk.kept()?;
    walk.person
        .waits_for_file("workbook_marked", "m", said)
        .await?;
    walk.downloaded(".xlsx", &before).await?;
    let (xlsx, csv) = exports(walk).await?;
    Ok(Files {
        entered: walk.slot(right),
        refused: walk.slot(wrong),
        xlsx,
        csv,
    })
}

/// All figures of the province, as a workbook and as text.
async fn exports(walk: &mut Walk<'_>) -> Result<(PathBuf, PathBuf)> {
    let path = "document.querySelector('.picker nav strong')?.textContent";
    walk.narrow("files_narrow", "64", path).await?;
    let said = "document.querySelector('.notices p')?.textContent";
    let done = format!("!{} && ({said})", on(".files progress"));
    let before = walk.kept()?;
    walk.person
        .waits_for_file("export_xlsx", "x", &done)
        .await?;
    let xlsx = walk.downloaded(".xlsx", &before).await?;
    let form = "document.querySelector('[data-format]')?.value";
    walk.person.waits("export_format", "f", form).await?;
    walk.person.waits_for_file("export_csv", "x", &done).await?;
    let csv = walk.downloaded(".csv", &before).await?;
    let length = std::fs::metadata(&csv)?.len();
    ensure!(length > 0, "an empty table");
    walk.leave_field()
        .await
        .context(format!("{ENTER}{ESCAPE}"))?;
    Ok((xlsx, csv))
}
