//! The audit: who did what, filtered, and exported to be checked elsewhere.

use std::path::PathBuf;

use anyhow::Result;

use super::person::ENTER;
use super::{ADMIN, Walk, on};

/// Looks through the trail, narrows it to one person, exports that.
pub(super) async fn work(walk: &mut Walk<'_>) -> Result<PathBuf> {
    let person = &mut walk.person;
    person
        .waits("audit_open", "L", &on("tr[data-entry]"))
        .await?;
    let active = "document.querySelector('tr.active')?.dataset.entry";
    for _ in 0..20 {
        person.waits("audit_next", "j", active).await?;
    }
    let who = format!("[...document.querySelectorAll('td.who')].every((it) => it.textContent.trim() === {ADMIN:?})
        && {}", on("tr[data-entry]"));
    let keys = format!("{ADMIN}{ENTER}");
    person.press("/").await?;
    person.is_on("#audit-actor").await?;
    person.waits("audit_filter", &keys, &who).await?;
    person.picture("konsol-jejak").await?;
    person.press("j").await?;
    let kinds = "new Set([...document.querySelectorAll('tr[data-entry] td:nth-child(4)')]
        .map((it) => it.textContent.split(' ')[0])).size && location.hash.includes('kind=')";
    person
        .waits(
            "audit_filter",
            "a",
            &format!("({kinds}) && !{}", on("[aria-busy=true]")),
        )
        .await?;
    person.press("a").await?;
    person.sees("!location.hash.includes('kind=')").await?;
    person
        .waits("audit_export_asked", "e", &on("dialog[open] form"))
        .await?;
    let before = walk.kept()?;
    let person = &mut walk.person;
    let shut = format!("!{}", on("dialog[open]"));
    person.waits_for_file("audit_export", ENTER, &shut).await?;
    walk.downloaded(".jsonl", &before).await
}
