//! The list of forms: filtered, walked through, a form opened and left.

use anyhow::Result;

use super::person::{ENTER, ESCAPE};
use super::{Walk, on};

/// Presses of the key for states until those that agree are listed.
pub(super) const TO_AGREED: usize = 4;
/// Steps down the list.
const STEPS: usize = 20;

/// The list is read, whatever there is in it.
pub(super) fn read() -> String {
    let rows = on("tr[data-slot], section .none");
    format!("!{} && {rows} && location.hash", on("[aria-busy=true]"))
}

/// Filters, steps, opens. Ends on the list of forms that agree.
pub(super) async fn work(walk: &mut Walk<'_>) -> Result<()> {
    let person = &mut walk.person;
    person.waits("list_open", "D", &on("tr[data-slot]")).await?;
    for _ in 0..TO_AGREED {
        person.waits("list_filter", "s", &read()).await?;
    }
    let row = "document.activeElement?.closest('tr')?.dataset.slot";
    for _ in 0..STEPS {
        person.waits("list_next", "j", row).await?;
    }
    let form = format!(
        "{} && [...document.images].every((it) => it.complete)",
        on("main article .panes img")
    );
    person.waits("form_open", ENTER, &form).await?;
    let title = "document.querySelector('main article')
        && [...document.querySelectorAll('.panes img')].every((it) => it.complete)
        && location.hash";
    for _ in 0..5 {
        person.waits("form_next", "j", title).await?;
    }
    person
        .waits("form_left", ESCAPE, &on("tr[data-slot]"))
        .await
}
