//! A dossier: forms picked in the list, made, kept.

use std::path::PathBuf;

use anyhow::Result;

use super::person::ENTER;
use super::{Walk, on};

/// Forms in it.
const FORMS: usize = 3;

/// Picks forms and makes a dossier of them. Begins on the list.
pub(super) async fn work(walk: &mut Walk<'_>) -> Result<PathBuf> {
    let person = &mut walk.person;
    let picked = "document.querySelector('.read button')?.textContent";
    for _ in 0..FORMS {
        person.press("j").await?;
        person.waits("dossier_pick", "x", picked).await?;
    }
    person
        .waits(
            "dossier_asked",
            "F",
            &on("dialog[open] .amount p:not(.soft)"),
        )
        .await?;
    person.picture("konsol-berkas-bukti").await?;
    let before = walk.kept()?;
    let person = &mut walk.person;
    let shut = format!("!{}", on("dialog[open]"));
    person.waits_for_file("dossier_made", ENTER, &shut).await?;
    walk.downloaded(".zip", &before).await
}
