//! Irregularities: the list, the evidence of one, the ruling on it, turnout.

use anyhow::{Context, Result};

use super::person::{CTRL_ENTER, ESCAPE};
use super::{Walk, on};
use domain::Level;
use protocol::SlotId;

/// What is written with the ruling.
pub const NOTE: &str = "Sudah dilihat di foto; memang tertulis begitu.";

/// What was ruled on.
#[derive(Debug, Clone)]
pub struct Ruled {
    /// In which slot.
    pub slot: SlotId,
}

/// Walks the list, rules on one, looks at the picture.
pub(super) async fn work(walk: &mut Walk<'_>) -> Result<Ruled> {
    let person = &mut walk.person;
    person
        .waits("irregular_open", "K", &on(".panes article .sentence"))
        .await?;
    let active =
        "[...document.querySelectorAll('.panes li')].findIndex((it) => it.matches('.active')) + 1";
    let many: u64 = person
        .read("document.querySelectorAll('.panes li').length")
        .await?;
    for _ in 1..many.min(20) {
        person.waits("irregular_next", "j", active).await?;
    }
    for _ in 1..many.min(20) {
        person.press("k").await?;
    }
    let photo = "document.querySelector('.photos img')?.naturalWidth > 0";
    person.sees(photo).await?;
    if many > 1 {
        person.press("j").await?;
        person.sees(photo).await?;
        let anew = format!("({photo}) && ({active})");
        person.waits("irregular_evidence", "k", &anew).await?;
    }
    for _ in 0..5 {
        let listed = format!(
            "location.hash && (({}) || ({})) && location.hash",
            on(".panes li"),
            on(".middle .lead")
        );
        person.waits("irregular_filter", "r", &listed).await?;
    }
    person.sees(&on(".panes li")).await?;
    let slot = "decodeURIComponent(document.querySelector('.panes article .where a').hash.split('/slot/')[1])";
    let slot: String = person.read(slot).await?;
    person
        .waits("irregular_asked", "e", &on("dialog[open] textarea"))
        .await?;
    person.is_on("dialog textarea").await?;
    person.press(NOTE).await?;
    let shut = format!("!{}", on("dialog[open]"));
    person.waits("irregular_ruled", CTRL_ENTER, &shut).await?;
    person
        .waits("turnout_open", "p", &on("section .caution"))
        .await?;
    let regency = walk.village.at(Level::Regency).context("no regency")?;
    walk.narrow("turnout_picture", regency.as_str(), &on(".panes canvas"))
        .await?;
    walk.person.picture("konsol-partisipasi").await?;
    let person = &mut walk.person;
    person.waits("turnout_option", "o", "document.querySelector('.panes svg text.name + text.name')?.textContent ?? document.querySelectorAll('.top select')[2]?.value").await?;
    person.press(ESCAPE).await?;
    Ok(Ruled {
        slot: slot.parse()?,
    })
}
