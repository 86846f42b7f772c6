//! What a witness's hands do in the app's window: enrol, attach photos, key
//! what stands on the paper, and go on to the review.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use domain::Counts;
use protocol::SlotId;

use super::screen::Screen;
use crate::demo::papers::Papers;

/// The contest of these forms.
const CONTEST: &str = "gub";

/// Types address and code, which the window offers boxes for.
///
/// # Errors
/// When the polling station does not come up.
pub async fn enrol(screen: &Screen, code: &str) -> Result<()> {
    screen.see("Daftarkan ponsel ini").await?;
    screen.fill("#enrol-code", code).await?;
    screen.press_at("#enrol-submit").await?;
    screen.see("TPS saya").await?;
    screen.see("Gubernur dan Wakil Gubernur").await
}

/// Opens the form of governor and deputy.
///
/// # Errors
/// When it is not there.
pub async fn open_form(screen: &Screen) -> Result<()> {
    screen
        .press_at("[data-slot$='/gub'] [data-action='open']")
        .await?;
    screen.see("Foto formulir").await
}

/// Picks a file for a page, and waits until it stands in the draft.
///
/// # Errors
/// When it does not.
pub async fn attach(screen: &Screen, page: usize, photo: &Path) -> Result<()> {
    let input = screen.find(&format!("#photo-form-{page}-gallery")).await?;
    input.send_keys(&photo.to_string_lossy()).await?;
    screen
        .find(&format!("[data-group='form-{page}'] [data-photo] img"))
        .await
        .map(drop)
}

/// Types every figure of the page on the screen into its box, in the paper's order.
///
/// # Errors
/// When the page has no boxes or the paper lacks one.
pub async fn key_page(screen: &Screen, paper: &Counts) -> Result<()> {
    let boxes = screen
        .client()
        .execute(
            "return [...document.querySelectorAll('input[data-box]')].map(box => box.dataset.box)",
            vec![],
        )
        .await?;
    let ids: Vec<String> = serde_json::from_value(boxes)?;
    ensure!(!ids.is_empty(), "the page has no boxes");
    for id in ids.iter().filter(|id| *id != "form_tps") {
        let value = paper
            .get(id)
            .with_context(|| format!("the paper has no {id}"))?;
        screen
            .fill(&format!("[data-box='{id}']"), &value.to_string())
            .await?;
    }
    let first = ids
        .iter()
        .find(|id| *id != "form_tps")
        .context("no figures")?;
    screen
        .find(&format!("#words-{}", first.replace('.', "\\.")))
        .await?;
    Ok(())
}

/// Presses on until the last step.
///
/// # Errors
/// When there is none.
pub async fn go_to_review(screen: &Screen) -> Result<()> {
    const IS_LAST: &str = "return document.querySelector('#seal') !== null";
    const STEP: &str = "return document.querySelector('#all-steps')?.innerText ?? null";
    screen.find("#all-steps").await?;
    while screen.client().execute(IS_LAST, vec![]).await? != true {
        let step = screen.client().execute(STEP, vec![]).await?;
        screen.press_at("#step-next").await?;
        // The step changes once all that was typed is kept.
        let is_next = "document.querySelector('#all-steps')?.innerText";
        screen
            .until(&format!("return {is_next} !== {step}"))
            .await?;
    }
    screen.see("Periksa dan simpan").await
}

/// The slot of these forms at a polling station.
///
/// # Errors
/// When the code is none.
pub fn slot(tps: &str) -> Result<SlotId> {
    Ok(format!("{}/{tps}/{CONTEST}", sample::ELECTION_ID).parse()?)
}

/// What the paper of a polling station says.
///
/// # Errors
/// When the sample has no such form.
pub fn paper(tps: &str) -> Result<Counts> {
    sample::kaltim()?
        .truth(&tps.parse()?, CONTEST)
        .context("no such form")
}

/// Specimen photos of the form's pages, as files to pick.
///
/// # Errors
/// When they cannot be drawn or kept.
pub async fn photograph(folder: &Path, tps: &str) -> Result<Vec<PathBuf>> {
    let election = Arc::new(sample::kaltim()?);
    let photos = Papers::new(1).photograph(election, slot(tps)?, 1).await?;
    let mut files = Vec::with_capacity(photos.len());
    for (page, jpeg) in photos {
        let file = folder.join(format!("gub-halaman-{page}.jpg"));
        std::fs::write(&file, jpeg)?;
        files.push(file);
    }
    Ok(files)
}
