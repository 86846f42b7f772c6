//! Totals: the tree down to a polling station, lead, curve, other contests.
//!
//! Seats are absent: the sample election has no assembly to divide.

use anyhow::{Result, ensure};

use super::person::{BACKSPACE, ENTER};
use super::{CONTEST, Walk, on};

/// Region and rows are there.
const TABLE: &str = "document.querySelector('.pane tbody tr')
    && document.querySelector('.picker nav strong')?.textContent";
/// The totals of the whole region are there.
const OPEN: &str = "location.hash === '#/totals' && !!document.querySelector('.pane tbody tr')";
/// Levels between the province and a polling station's form.
const LEVELS: usize = 3;

/// Goes down to a form, and up again.
pub(super) async fn work(walk: &mut Walk<'_>) -> Result<()> {
    let person = &mut walk.person;
    person.waits("totals_open", "T", OPEN).await?;
    let told =
        "[!!document.querySelector('.pane p[title]'), !!document.querySelector('.pane svg')]";
    person.sees(&format!("{told}.every(Boolean)")).await?;
    let contest = "document.querySelector('.pane tbody tr')
        && document.querySelector('.top select[aria-label]:not(.picker *)')?.value";
    loop {
        person.waits("totals_contest", "c", contest).await?;
        let shown: String = person.read(contest).await?;
        if shown == CONTEST {
            break;
        }
    }
    let row = "document.activeElement?.closest('tbody') && document.activeElement.textContent";
    for _ in 0..5 {
        person.waits("totals_next", "j", row).await?;
    }
    for _ in 0..LEVELS {
        let is_on_row = "!!document.activeElement?.closest('tbody')";
        if !person.read::<bool>(is_on_row).await? {
            person.waits("totals_next", "j", row).await?;
        }
        person.waits("totals_region", ENTER, TABLE).await?;
    }
    person.press("j").await?;
    person
        .waits("totals_form", ENTER, &on("main article"))
        .await?;
    let hash: String = person.read("location.hash").await?;
    ensure!(hash.starts_with("#/slot/"), "{hash} is no form");
    person.press(BACKSPACE).await?;
    person.sees(TABLE).await?;
    person.waits("totals_up", BACKSPACE, TABLE).await?;
    person.waits("totals_open", "T", OPEN).await
}
