//! The paper: arrived, compared, and handed over by a printed list.

use anyhow::{Context, Result, ensure};
use domain::TpsCode;

use super::person::{DOWN, ENTER, ESCAPE, TAB};
use super::{Walk, on};

/// The folder of the counting room.
pub const FOLDER: &str = "Map 7";
/// What is written beside a paper that differs.
pub const NOTE: &str = "Di kertas angkanya lain.";
/// The figure that is written on it.
pub const ON_PAPER: u32 = 7;
/// Title of the list.
pub const TITLE: &str = "Kotak 3, sore";

/// What was noted.
#[derive(Debug, Clone)]
pub struct Papers {
    /// Arrived, and one of its papers differs from the photo.
    pub differs: TpsCode,
    /// Arrived by its number alone; one of its papers matches the photo.
    pub matches: TpsCode,
    /// The hand-over list's code.
    pub list: String,
}

/// Notes papers, and makes, prints and ticks a list.
pub(super) async fn work(walk: &mut Walk<'_>) -> Result<Papers> {
    let (_, stations) = walk.elsewhere()?;
    let [first, second, ..] = stations.as_slice() else {
        anyhow::bail!("a village with one station");
    };
    let rows = "document.querySelectorAll('.rows tbody tr').length";
    let person = &mut walk.person;
    person
        .waits("paper_open", "P", &on(".desk .folder"))
        .await?;
    person.is_on(".folder input").await?;
    person.press(FOLDER).await?;
    person.press(ENTER).await?;
    person.is_on(".number input").await?;
    let keys = format!("{first}{ENTER}");
    person.waits("paper_arrived", &keys, rows).await?;
    let compared =
        "[...document.querySelectorAll('.rows tbody td')].map((it) => it.textContent).join()";
    person
        .waits("paper_differs_asked", "b", &on("dialog[open] select"))
        .await?;
    person.is_on("dialog select").await?;
    person.press(&format!("{DOWN}{TAB}{ON_PAPER}")).await?;
    person.tab_to("dialog label input").await?;
    person.press(NOTE).await?;
    person.waits("paper_compared", ENTER, compared).await?;
    person.press("/").await?;
    person.is_on(".number input").await?;
    let keys = format!("{}{ENTER}", second.number());
    person.waits("paper_arrived", &keys, rows).await?;
    person.waits("paper_compared", "m", compared).await?;
    person
        .waits(
            "paper_next",
            DOWN,
            "[...document.querySelectorAll('.rows tr')].findIndex((it) => it.matches('.active'))",
        )
        .await?;
    person.picture("konsol-kertas").await?;
    let list = listed(walk).await?;
    Ok(Papers {
        differs: first.clone(),
        matches: second.clone(),
        list,
    })
}

/// Makes a list of what is not here yet, prints it, and ticks one off.
async fn listed(walk: &mut Walk<'_>) -> Result<String> {
    let person = &mut walk.person;
    person
        .waits("paper_list_asked", "n", &on("dialog[open] form"))
        .await?;
    person.sees(&on("dialog nav strong")).await?;
    person.is_on("dialog [data-first]").await?;
    person.press(TITLE).await?;
    person
        .waits("paper_list_made", ENTER, &on("section .top h1"))
        .await?;
    let code: String = person.read("location.hash.split('/').at(-1)").await?;
    ensure!(code.len() == 8, "a list with the code {code}");
    person
        .sees("document.querySelector('.sheet img')?.naturalWidth > 0")
        .await?;
    // The printer itself is not there; what it would be given is.
    person
        .script("window.print = () => (window.saksiPrinted = true)")
        .await?;
    person
        .waits("paper_print", "p", "window.saksiPrinted")
        .await?;
    let screen = person.screen;
    screen
        .devtools(
            "Emulation.setEmulatedMedia",
            &serde_json::json!({ "media": "print" }),
        )
        .await?;
    screen.picture("konsol-serah-terima").await?;
    let pdf = screen
        .devtools(
            "Page.printToPDF",
            &serde_json::json!({ "printBackground": true }),
        )
        .await?;
    let pdf = pdf
        .get("data")
        .and_then(serde_json::Value::as_str)
        .context("no print")?;
    ensure!(pdf.len() > 10_000, "a print of {} bytes", pdf.len());
    screen
        .devtools(
            "Emulation.setEmulatedMedia",
            &serde_json::json!({ "media": "" }),
        )
        .await?;
    let here = "document.querySelectorAll('.rows tr.here').length";
    person.waits("paper_tick", " ", here).await?;
    person
        .waits("paper_list_left", ESCAPE, &on(".desk .folder"))
        .await?;
    walk.leave_field().await?;
    Ok(code)
}
