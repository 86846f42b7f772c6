//! The official result: a file taken in, what differs, the way to its form.

use std::fmt::Write as _;

use anyhow::{Context, Result, ensure};
use protocol::SlotId;

use super::person::{ENTER, ESCAPE};
use super::{CONTEST, Walk, on};

/// By how much one official figure differs from the paper.
const OFF_BY: u32 = 40;

/// What was taken in.
#[derive(Debug, Clone)]
pub struct Imported {
    /// Places.
    pub places: u32,
    /// The one that differs by design.
    pub differs: SlotId,
}

/// Takes a file in, looks at the differences, opens one.
pub(super) async fn work(walk: &mut Walk<'_>) -> Result<Imported> {
    let person = &mut walk.person;
    person
        .waits("official_open", "R", &on("section .middle p"))
        .await?;
    person
        .waits("official_asked", "b", &on("dialog[open] input[type=file]"))
        .await?;
    let (text, imported) = table(walk)?;
    let file = walk.downloads.join("hasil-resmi.csv");
    std::fs::write(&file, text)?;
    let person = &mut walk.person;
    person.is_on("dialog [data-first]").await?;
    person.press(ENTER).await?;
    let input = "dialog input[type=file]";
    let said = on("dialog section [role=status] + .small, dialog section .bad");
    let taken = format!("{said} && !{}", on("dialog progress"));
    person
        .brings("official_import", input, &file, &taken)
        .await?;
    let bad = person.read::<bool>(&on("dialog .bad")).await?;
    ensure!(!bad, "not taken in: {}", person.screen.words().await?);
    person.press(ESCAPE).await?;
    person.sees(&on("section .pane tr.active")).await?;
    person.picture("konsol-hasil-resmi").await?;
    let active =
        "[...document.querySelectorAll('.pane tr')].findIndex((it) => it.matches('.active'))";
    let differences = "document.querySelector('.pane tr.active').parentElement.children.length";
    if person.read::<u64>(differences).await? > 1 {
        person.waits("official_next", "j", active).await?;
        person.press("k").await?;
    }
    let reread = "document.querySelector('section .pane')";
    person.sees(reread).await?;
    person
        .waits("official_form", ENTER, &on("main article"))
        .await?;
    person.press(ESCAPE).await?;
    person.sees(&on("section .pane tr.active")).await?;
    Ok(imported)
}

/// A table of the papers' figures, one of them changed.
fn table(walk: &Walk<'_>) -> Result<(String, Imported)> {
    let slots = walk.evening.papers.written.iter();
    let slots: Vec<_> = slots.filter(|(slot, _)| slot.contest == CONTEST).collect();
    let (first, votes) = slots.first().context("no form of the province")?;
    let options: Vec<&String> = votes.keys().filter(|id| id.starts_with("votes.")).collect();
    let mut text = String::from("kode_tps");
    for id in &options {
        write!(text, ",paslon_{}", id.trim_start_matches("votes."))?;
    }
    text.push('\n');
    for (slot, counts) in &slots {
        write!(text, "{}", slot.tps)?;
        for (at, id) in options.iter().enumerate() {
            let off = if slot == first && at == 0 { OFF_BY } else { 0 };
            let figure = counts.get(*id).copied().unwrap_or_default() + off;
            write!(text, ",{figure}")?;
        }
        text.push('\n');
    }
    let imported = Imported {
        places: u32::try_from(slots.len())?,
        differs: (*first).clone(),
    };
    Ok((text, imported))
}
