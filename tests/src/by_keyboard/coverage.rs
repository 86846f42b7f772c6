//! Coverage and calling: the board down to a village, a call noted, a message
//! sent.

use anyhow::{Context, Result};
use domain::{Level, RegionCode, TpsCode};

use super::person::{BACKSPACE, CTRL_ENTER, ENTER, ESCAPE, TAB};
use super::{Walk, on};

/// What is noted of the call.
pub const NOTE: &str = "Saksi masih di TPS, formulir menyusul.";
/// What the village is told.
pub const MESSAGE: &str = "Mohon foto ulang halaman 2 bila buram.";

/// Who was called.
#[derive(Debug, Clone)]
pub struct Called {
    /// At which polling station.
    pub tps: TpsCode,
    /// Which village was written to.
    pub village: RegionCode,
}

/// Looks at the board, calls somebody, writes to a village.
pub(super) async fn work(walk: &mut Walk<'_>) -> Result<Called> {
    let person = &mut walk.person;
    let board = on("section .pane tbody button");
    person.waits("board_open", "J", &board).await?;
    let row = "document.activeElement?.closest('tbody')?.contains(document.activeElement)
        && document.activeElement.textContent";
    for _ in 0..5 {
        person.waits("board_next", "j", row).await?;
    }
    let path = "document.querySelector('.picker nav strong')?.textContent";
    let shown = format!("({board}) && ({path})");
    person.waits("board_region", ENTER, &shown).await?;
    person.waits("board_up", BACKSPACE, &shown).await?;
    person
        .waits("silent_list", "s", &on("section .pane .head"))
        .await?;
    person.waits("board_back", ESCAPE, &board).await?;
    let regency = walk.village.at(Level::Regency);
    let regency = regency.map_or_else(String::new, |code| code.as_str().to_owned());
    walk.narrow("board_region", &regency, &shown).await?;
    let person = &mut walk.person;
    person
        .waits("silent_list", "s", &on("section .pane .head"))
        .await?;
    person
        .waits(
            "silent_order",
            "r",
            "document.querySelector('.head select')?.value",
        )
        .await?;
    let (village, stations) = walk.elsewhere()?;
    let listed = format!(
        "document.querySelectorAll('.pane tbody tr').length === {} && ({path})",
        stations.len()
    );
    walk.narrow("stations_village", village.as_str(), &listed)
        .await?;
    let active =
        "[...document.querySelectorAll('.pane tr')].findIndex((it) => it.matches('.active'))";
    walk.person.waits("stations_next", "j", active).await?;
    let tps = stations
        .into_iter()
        .nth(1)
        .context("a village with one station")?;
    call(walk).await?;
    message(walk).await?;
    Ok(Called { tps, village })
}

async fn call(walk: &mut Walk<'_>) -> Result<()> {
    let person = &mut walk.person;
    person
        .waits("call_asked", "l", &on("dialog[open] [name=result]"))
        .await?;
    person.is_on("dialog [name=result]").await?;
    person.press(&format!("{TAB}{TAB}{NOTE}")).await?;
    person.picture("konsol-panggilan").await?;
    let shut = format!("!{}", on("dialog[open]"));
    person.waits("call_noted", ENTER, &shut).await
}

async fn message(walk: &mut Walk<'_>) -> Result<()> {
    let person = &mut walk.person;
    person
        .waits("message_asked", "m", &on("dialog[open] textarea"))
        .await?;
    person.is_on("dialog textarea").await?;
    person.press(MESSAGE).await?;
    let sent = "document.querySelector('dialog textarea')?.value === ''";
    person.waits("message_sent", CTRL_ENTER, sent).await?;
    person.sees(&on("dialog li .text")).await?;
    person.press(ESCAPE).await?;
    person.sees(&format!("!{}", on("dialog[open]"))).await
}
