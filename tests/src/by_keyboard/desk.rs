//! The entry desk: a polling station found, its form keyed, on to the next.

use anyhow::{Context, Result};
use protocol::SlotId;
use protocol::limits::DESK_STATIONS_MAX;

use super::Walk;
use super::person::ENTER;

/// Digits of a village's code.
const VILLAGE_DIGITS: usize = 10;

/// Enters one form from the paper.
pub(super) async fn work(walk: &mut Walk<'_>) -> Result<SlotId> {
    let papers = &walk.evening.papers;
    let (_, stations) = walk.elsewhere()?;
    let slots = stations.iter().map(|tps| walk.slot(tps));
    let mut whole = slots.filter(|slot| !papers.broken.contains(slot));
    let slot = whole.next().context("no form there adds up")?;
    let person = &mut walk.person;
    let is_ready = "document.activeElement?.matches('[data-search]')";
    person.waits("desk_open", "E", is_ready).await?;
    let (village, number) = slot.tps.as_str().split_at(VILLAGE_DIGITS);
    person.press(village).await?;
    let options = "document.querySelectorAll('[role=option]').length";
    let all = format!("{options} === {}", stations.len().min(DESK_STATIONS_MAX));
    person.sees(&all).await?;
    let number = format!(" {}", number.trim_start_matches('0'));
    let found = format!("{options} === 1");
    person.waits("desk_search", &number, &found).await?;
    let is_open = "!!document.activeElement?.dataset.box";
    person.waits("desk_form", ENTER, is_open).await?;
    walk.key_form(walk.written(&slot)?).await?;
    walk.person.picture("konsol-entri").await?;
    let next = "document.querySelector('.form h2')?.textContent";
    walk.person.waits("desk_save", ENTER, next).await?;
    walk.leave_field().await?;
    Ok(slot)
}
