//! A wall display: its link made, opened in a window of its own, and revoked.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use fantoccini::Client;
use fantoccini::wd::WindowHandle;

use super::person::{ENTER, ESCAPE};
use super::{Walk, on};

/// Where it hangs.
pub const NAME: &str = "Aula lantai 2";

/// How long a window may take to open.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is looked for.
const LOOK: Duration = Duration::from_millis(50);

/// Makes a link, looks at the screen, revokes the link. Begins on the totals.
pub(super) async fn work(walk: &mut Walk<'_>) -> Result<String> {
    let person = &mut walk.person;
    person
        .waits("wall_asked", "w", &on("dialog[open] form"))
        .await?;
    person.is_on("dialog [data-first]").await?;
    person.press(NAME).await?;
    person
        .waits("wall_made", ENTER, &on("dialog .made a"))
        .await?;
    person.tab_to("dialog .made a").await?;
    let room = person.screen.client().window().await?;
    person.press(ENTER).await?;
    let screen = person.screen;
    let client = screen.client();
    let display = opened(client, &room).await?;
    client.switch_to_window(display).await?;
    person
        .sees(&format!("{} && {}", on("main header h1"), on("main svg")))
        .await?;
    person.picture("konsol-layar-dinding").await?;
    client.close_window().await?;
    client
        .switch_to_window(room)
        .await
        .context("the room is gone")?;
    person.tab_to("dialog li button").await?;
    let label = "document.querySelector('dialog li button')?.textContent";
    person.waits("wall_revoke_asked", ENTER, label).await?;
    person
        .waits("wall_revoked", ENTER, &on("dialog li.soft"))
        .await?;
    person.press(ESCAPE).await?;
    person.sees(&format!("!{}", on("dialog[open]"))).await?;
    Ok(NAME.to_owned())
}

/// The window that was opened beside this one.
async fn opened(client: &Client, room: &WindowHandle) -> Result<WindowHandle> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let windows = client.windows().await?;
        if let Some(other) = windows.into_iter().find(|it| it != room) {
            return Ok(other);
        }
        ensure!(Instant::now() < deadline, "no window opens");
        tokio::time::sleep(LOOK).await;
    }
}
