//! What a witness with a slow phone waits for when a photo was picked.
//!
//! The app, its window and its driver are given one core; what is measured is
//! multiplied by six. A camera's photo of 12 megapixels is picked in the real
//! window, and the page itself notes when it heard of it, when the picture was
//! drawn, when the next step stood there after a tap, and when the first figure
//! keyed there was answered for, all while the photo is being taken in and
//! looked at on the same core. In rounds of their own it notes when the photo
//! was kept and when it had been looked at; nobody waits for those two.

use std::path::Path;

use anyhow::{Context, Result};
use specimen::Shot;

use super::figures::{Figures, Goal, median};
use crate::stage::presidential;
use crate::stage::screen::Screen;

/// Names of the figures.
pub const NAMES: &[&str] = &[
    "slow_phone_picture_seen_ms",
    "slow_phone_gone_on_ms",
    "slow_phone_first_figure_ms",
    "slow_phone_photo_kept_ms",
    "slow_phone_photo_looked_at_ms",
];

/// How much slower the phone is than one core of this machine.
const SLOWER: f64 = 6.0;
/// The longest that a witness should wait to go on, in milliseconds.
const PATIENCE_MS: f64 = 2_000.0;
/// How often each is measured.
const ROUNDS: usize = 5;

/// Notes the moments, in milliseconds from when the page heard of the file.
/// With `goesOn` a tap on the next step follows as soon as the picture is seen.
const WATCH: &str = r##"
const [goesOn] = arguments;
const at = (window.moments = {});
const step = () => document.querySelector("#all-steps")?.innerText;
const words = () => document.querySelector("[id^='words-']")?.innerText;
document.addEventListener("change", () => {
  const picked = performance.now();
  const before = step();
  const note = (name) => (at[name] ??= performance.now() - picked);
  const look = () => {
    const picture = document.querySelector(".incoming img, [data-group='form-2'] [data-photo] img");
    if (picture?.complete && picture.naturalWidth > 0 && at.seen === undefined) {
      note("seen");
      if (goesOn) document.querySelector("#step-next").click();
    }
    if (goesOn && at.seen !== undefined && step() !== before && at.gone === undefined) {
      note("gone");
      const box = document.querySelector("input[data-box='dpt_male']");
      box.value = "123";
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (at.gone !== undefined && words()) note("figure");
    const card = document.querySelector("[data-group='form-2'] [data-photo]");
    if (!goesOn && card) note("kept");
    if (at.kept !== undefined && !card?.querySelector("[role='status']")) note("looked");
    if (at[goesOn ? "figure" : "looked"] === undefined) requestAnimationFrame(look);
    else at.isOver = true;
  };
  requestAnimationFrame(look);
}, { capture: true, once: true });
"##;

/// Picks a photo again and again on a phone with one slow core.
///
/// # Errors
/// When the window does not do what it should.
pub async fn measure(figures: &mut Figures) -> Result<()> {
    let papers = tempfile::tempdir()?;
    let shot = Shot::good(4).with_megapixels(12.0);
    let photo = presidential::photograph(papers.path(), "halaman-2", 2, &shot)?;
    let mut going_on = Vec::with_capacity(ROUNDS);
    let mut staying = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        going_on.push(pick_once(&photo, true).await?);
        staying.push(pick_once(&photo, false).await?);
    }
    let goal = Some(Goal::AtMost(PATIENCE_MS));
    for (name, moment, rounds, goal) in [
        (NAMES[0], "seen", &going_on, goal),
        (NAMES[1], "gone", &going_on, goal),
        (NAMES[2], "figure", &going_on, goal),
        (NAMES[3], "kept", &staying, None),
        (NAMES[4], "looked", &staying, None),
    ] {
        let of_rounds = rounds
            .iter()
            .map(|at| at[moment].as_f64().context("a moment was not noted"));
        let of_rounds: Vec<f64> = of_rounds.collect::<Result<_>>()?;
        figures.add(name, median(&of_rounds) * SLOWER, "ms", goal);
    }
    Ok(())
}

/// A new phone, a form that was just opened, one photo.
async fn pick_once(photo: &Path, goes_on: bool) -> Result<serde_json::Value> {
    let (mut phone, _far) = presidential::phone_without_signal().await?;
    phone.start_on_one_core().await?;
    let screen = phone.screen();
    screen
        .press_at("[data-slot$='/ppwp'] [data-action='open']")
        .await?;
    let input = screen.find("#photo-form-2-gallery").await?;
    run(screen, WATCH, vec![goes_on.into()]).await?;
    input.send_keys(&photo.to_string_lossy()).await?;
    screen
        .until("return window.moments.isOver === true")
        .await?;
    let moments = run(screen, "return window.moments", vec![]).await?;
    phone.kill()?;
    Ok(moments)
}

async fn run(
    screen: &Screen,
    script: &str,
    arguments: Vec<serde_json::Value>,
) -> Result<serde_json::Value> {
    Ok(screen.client().execute(script, arguments).await?)
}
