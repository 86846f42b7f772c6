//! Verifying: a difference settled field by field, and forms read blind by
//! somebody else.

use anyhow::{Context, Result, ensure};
use protocol::SlotId;
use serde::Deserialize;

use super::person::{CTRL_ENTER, DOWN, ENTER, ESCAPE};
use super::queue::{item, next, way};
use super::{ADMIN, OPERATOR, Walk, on};

/// What was read blind.
#[derive(Debug, Clone)]
pub struct Read {
    /// As it stands.
    pub verified: SlotId,
    /// Otherwise, and settled by a coordinator.
    pub settled: SlotId,
}

/// A field that versions dispute, on the screen.
#[derive(Debug, Deserialize)]
struct Disputed {
    id: String,
    figures: Vec<String>,
}

/// The row at hand, as long as nothing is settled in it.
const AT_HAND: &str = "(() => {
    const row = document.querySelector('tr[data-row][aria-current]:not(.settled)');
    const figures = [...row?.querySelectorAll('td button') ?? []].map((it) => it.textContent);
    return row && { id: row.dataset.row, figures };
})()";

/// Settles the item on the screen as its paper has it.
pub(super) async fn settle(walk: &mut Walk<'_>) -> Result<()> {
    let slot = item(walk).await?;
    let written = walk.written(&slot)?;
    let person = &mut walk.person;
    let settled = "document.querySelectorAll('tr.settled').length";
    while let Some(field) = person.read::<Option<Disputed>>(AT_HAND).await? {
        let figure = written.get(&field.id).map(ToString::to_string);
        let shown = figure.clone().unwrap_or_else(|| "–".to_owned());
        let version = field.figures.iter().position(|it| *it == shown);
        match (version, figure) {
            (Some(at), _) => {
                let key = (at + 1).to_string();
                person.waits("settle_field", &key, settled).await?;
            }
            (None, Some(figure)) => {
                person.press("e").await?;
                person
                    .is_on(&format!("tr[data-row='{}'] input", field.id))
                    .await?;
                person.press(&figure).await?;
                person.press(ENTER).await?;
            }
            (None, None) => person.waits("settle_blank", "x", settled).await?,
        }
    }
    person.picture("konsol-putus").await?;
    person.waits("settle_verify", "v", &next()).await
}

/// Has forms read blind by somebody else, one of them wrongly, and settles that.
pub(super) async fn work(walk: &mut Walk<'_>) -> Result<Read> {
    set(walk, DOWN).await?;
    walk.sign_out().await?;
    walk.sign_in(OPERATOR).await?;
    let person = &mut walk.person;
    person.sees(&next()).await?;
    ensure!(way(walk).await? == "blind", "it is not read blind");
    let settled = read_wrongly(walk).await?;
    let verified = item(walk).await?;
    walk.key_form(walk.written(&verified)?).await?;
    walk.person.waits("blind_send", CTRL_ENTER, &next()).await?;
    walk.sign_out().await?;
    walk.sign_in(ADMIN).await?;
    // Whoever signs in comes to where the one before was.
    walk.person.sees(&next()).await?;
    let path = "document.querySelector('.bar nav strong')?.textContent";
    let village = walk.village.as_str().to_owned();
    walk.narrow("queue_narrow", &village, path).await?;
    // What a reading disputes comes before all but the witnesses' own conflicts.
    walk.person.press("KK").await?;
    while item(walk).await? != settled {
        walk.person.waits("queue_skip", "s", &next()).await?;
    }
    settle(walk).await?;
    walk.person.press("KKKKKKKK").await?;
    set(walk, "\u{e013}").await?;
    Ok(Read { verified, settled })
}

async fn read_wrongly(walk: &mut Walk<'_>) -> Result<SlotId> {
    let slot = item(walk).await?;
    let mut wrong = walk.written(&slot)?.clone();
    let votes = wrong.get_mut("votes.1").context("a form without votes")?;
    *votes += 1;
    walk.key_form(&wrong).await?;
    walk.person.picture("konsol-baca-buta").await?;
    walk.person.waits("blind_send", CTRL_ENTER, &next()).await?;
    Ok(slot)
}

/// Sets how forms are verified: one choice down or up from the present one.
async fn set(walk: &mut Walk<'_>, arrow: &str) -> Result<()> {
    let person = &mut walk.person;
    person
        .waits("queue_settings", "S", &on("dialog[open] [name=mode]"))
        .await?;
    person.tab_to("[name=mode]").await?;
    person.press(arrow).await?;
    let shut = format!("!{}", on("dialog[open]"));
    person.waits("queue_set", ENTER, &shut).await?;
    person
        .waits("queue_people", "P", &on("dialog[open] tbody tr"))
        .await?;
    person.waits("queue_people_shut", ESCAPE, &shut).await
}
