//! The queue: claimed, looked at with all that can be done to a photo, and
//! confirmed one after the other.

use anyhow::{Context, Result, ensure};
use protocol::SlotId;

use super::person::{ENTER, ESCAPE, RIGHT};
use super::{Walk, on, verify};

/// Forms that are confirmed in a row, where there are so many.
const LOOKS: usize = 30;
/// Forms of the village that are left for reading blind.
const LEFT: usize = 4;
/// The slot on the screen.
const ITEM: &str = "document.querySelector('article[data-slot]')?.dataset.slot";
/// The large photo is drawn.
const PHOTO: &str =
    "[...document.querySelectorAll('.picture:not(.hidden) img:not(.small-copy):not(.loading)')]
    .some((it) => it.complete && it.naturalWidth > 0)";
/// How the photo stands in its pane.
const STAND: &str = "document.querySelector('.picture')?.style.transform";

/// What was decided in the queue.
#[derive(Debug, Clone)]
pub struct Worked {
    /// Confirmed by a look.
    pub looked: Vec<SlotId>,
    /// Settled field by field.
    pub settled: Vec<SlotId>,
}

/// The next item with its photo, or that there is none.
pub(super) fn next() -> String {
    format!("document.querySelector('.none:not([aria-busy])') ? 'nothing' : ({PHOTO}) && ({ITEM})")
}

/// Works until the village's looks are done.
pub(super) async fn work(walk: &mut Walk<'_>) -> Result<Worked> {
    let person = &mut walk.person;
    person.waits("queue_open", "A", &next()).await?;
    let village = walk.village.as_str().to_owned();
    let path = "document.querySelector('.bar nav strong')?.textContent";
    walk.narrow("queue_narrow", &village, path).await?;
    let mut worked = Worked {
        looked: Vec::new(),
        settled: Vec::new(),
    };
    // What is on the screen is finished first, then what matters most.
    while way(walk).await? != "look" || !is_in(walk, &village).await? {
        one(walk, &mut worked).await?;
    }
    photo(walk).await?;
    kinds(walk).await?;
    let slots = walk.evening.papers.written.keys();
    let all = slots.filter(|slot| slot.tps.as_str().starts_with(&village));
    let looks = all.count().saturating_sub(LEFT + worked.settled.len());
    for _ in 0..looks.min(LOOKS) {
        one(walk, &mut worked).await?;
    }
    ensure!(!worked.settled.is_empty(), "no form was settled");
    Ok(worked)
}

/// Does with the item on the screen what is to be done with it.
async fn one(walk: &mut Walk<'_>, worked: &mut Worked) -> Result<()> {
    let slot = item(walk).await?;
    if way(walk).await? == "resolve" {
        verify::settle(walk).await?;
        worked.settled.push(slot);
    } else {
        let stands = walk.person.read::<bool>(PHOTO).await?;
        ensure!(stands, "{slot} is confirmed without its photo");
        walk.person.waits("queue_confirm", ENTER, &next()).await?;
        worked.looked.push(slot);
    }
    Ok(())
}

/// The slot on the screen.
pub(super) async fn item(walk: &Walk<'_>) -> Result<SlotId> {
    let slot: Option<String> = walk.person.read(&format!("{ITEM} ?? null")).await?;
    Ok(slot.context("no item on the screen")?.parse()?)
}

/// In which way it is to be worked on.
pub(super) async fn way(walk: &Walk<'_>) -> Result<String> {
    let way = "document.querySelector('article[data-slot]')?.dataset.way ?? ''";
    walk.person.read(way).await
}

async fn is_in(walk: &Walk<'_>, village: &str) -> Result<bool> {
    Ok(item(walk).await?.tps.as_str().starts_with(village))
}

/// All that a key does to a photo.
async fn photo(walk: &mut Walk<'_>) -> Result<()> {
    let person = &mut walk.person;
    person.sees(PHOTO).await?;
    person.picture("konsol-antrean").await?;
    for _ in 0..3 {
        person.waits("photo_zoom", "+", STAND).await?;
    }
    person.waits("photo_pan", RIGHT, STAND).await?;
    person.waits("photo_turn", "r", STAND).await?;
    person.waits("photo_turn", "R", STAND).await?;
    person.waits("photo_width", "w", STAND).await?;
    person.waits("photo_whole", "0", STAND).await?;
    let light = "document.querySelector('.picture')?.style.filter";
    for _ in 0..4 {
        person.waits("photo_brightness", "t", light).await?;
    }
    let straight = format!("{} && ({PHOTO})", on(".picture.sheet"));
    person.waits("photo_straight", "l", &straight).await?;
    person.picture("konsol-lurus").await?;
    let as_taken = format!("!{} && ({PHOTO})", on(".pane .view"));
    person.waits("photo_as_taken", "l", &as_taken).await?;
    let page = "document.querySelector('.strip [aria-current]')?.title
        + document.querySelector('.strip [aria-current]')?.textContent";
    person
        .waits("photo_next", "n", &format!("({PHOTO}) && {page}"))
        .await?;
    person
        .waits("photo_previous", "p", &format!("({PHOTO}) && {page}"))
        .await?;
    let beside = "[...document.querySelectorAll('.beside .picture:not(.hidden) img:not(.loading)')]
        .filter((it) => it.complete && it.naturalWidth > 0).length > 1";
    person.waits("photo_beside", "c", beside).await?;
    person.picture("konsol-bandingkan").await?;
    let under = "document.querySelector('.seat.under .which')?.textContent";
    person.waits("photo_flicker", "f", under).await?;
    person.waits("photo_flicker", "f", under).await?;
    let ended = format!("!{}", on(".seat .which"));
    person.waits("photo_compared", ESCAPE, &ended).await?;
    person
        .waits("key_sheet", "?", &on("dialog[open] kbd"))
        .await?;
    person.picture("konsol-tombol").await?;
    let shut = format!("!{}", on("dialog[open]"));
    person.waits("key_sheet_shut", "?", &shut).await
}

/// Goes through the kinds until all are wanted again.
async fn kinds(walk: &mut Walk<'_>) -> Result<()> {
    let chosen = "[...document.querySelectorAll('.kinds button')]
        .findIndex((it) => it.ariaPressed === 'true') + 1
        + document.querySelector('.kinds [aria-pressed=true]')?.textContent";
    let is_every = "document.querySelector('.kinds button')?.ariaPressed === 'true'";
    loop {
        walk.person.waits("queue_kind", "K", chosen).await?;
        if walk.person.read(is_every).await? {
            return Ok(());
        }
    }
}
