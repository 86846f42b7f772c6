//! The counting room by keyboard, in Chromium, with a whole night in its
//! endpoint: how long each step is waited for, and whether every screen fits
//! and can be used by everybody.
//!
//! Everything runs on one machine: browser, endpoint and the one who presses
//! the keys. The walk begins once the endpoint has nothing more to work off.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::stop;
use crate::bench::figures::{Figures, Goal};
use crate::by_keyboard::Walk;
use crate::by_keyboard::everybody::{SIZES, faults, screens};
use crate::campaign::night::Evening;
use crate::stage::driver;

/// Polling stations, unless told otherwise: the province.
pub const ROUNDS: u64 = 11_441;

/// Polling stations of the village where forms are looked at, in a large
/// evening and in a small one.
const VILLAGE: usize = 18;
/// See [`VILLAGE`].
const SMALL_VILLAGE: usize = 4;
/// From so many polling stations on an evening is large.
const LARGE: u64 = 1_000;

/// How long a screen is looked at before the next key: a glance. Two pages of
/// figures take longer.
const LOOK: Duration = Duration::from_secs(1);

/// An endpoint that takes less than this of one core has nothing to do.
const IDLE_SHARE: f64 = 0.05;
/// For so long.
const IDLE_FOR: Duration = Duration::from_secs(3);
/// It is not waited for longer than this.
const IDLE_PATIENCE: Duration = Duration::from_secs(1_200);
/// Kernel ticks per second in `/proc`, the same on every Linux.
const TICKS_PER_S: f64 = 100.0;

/// Fills an endpoint and walks through its console.
///
/// # Errors
/// When a step cannot be done by keyboard.
pub async fn run(stations: u64, seed: u64, figures: &mut Figures) -> Result<()> {
    let village = if stations < LARGE {
        SMALL_VILLAGE
    } else {
        VILLAGE
    };
    let evening = Evening::with_photographs(stations, seed, village).await?;
    evening.send(seed).await?;
    ensure!(!stop::requested(), "stopped");
    settled(evening.endpoint.process().id()).await?;
    let downloads = tempfile::tempdir()?;
    let password = crate::demo::password()?;
    let (width, height) = SIZES[0];
    let (_driver, screen) = driver::browser_keeping(width, height, downloads.path()).await?;
    let mut walk = Walk::begin(&evening, &screen, downloads.path(), &password, LOOK).await?;
    let walked = walk.all().await;
    walk.person.steps.print_slowest();
    walked?;
    let home = format!("http://{}/", evening.endpoint.address());
    let mut places = screens(&screen).await?;
    let slot = evening.papers.written.keys().next().context("no form")?;
    places.push(format!("#/slot/{slot}"));
    let wrong = faults(&screen, &home, &places).await?;
    for fault in &wrong {
        println!("{fault}");
    }
    let none = Some(Goal::AtMost(0.0));
    figures.add("keys_serious_faults", wrong.len() as f64, "", none);
    walk.person.steps.figures(figures);
    Ok(())
}

/// Waits until the endpoint has worked off what came in: likenesses compared,
/// villages looked through.
async fn settled(process: u32) -> Result<()> {
    let began = Instant::now();
    loop {
        let before = ticks(process)?;
        tokio::time::sleep(IDLE_FOR).await;
        let busy_s = (ticks(process)? - before) / TICKS_PER_S;
        if busy_s / IDLE_FOR.as_secs_f64() < IDLE_SHARE || stop::requested() {
            return Ok(());
        }
        ensure!(began.elapsed() < IDLE_PATIENCE, "the endpoint never rests");
    }
}

/// How long a process has run so far, in kernel ticks.
fn ticks(process: u32) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name in parentheses may hold anything; the fields after it do not.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let of = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok());
    let (own, system) = (of(11).context("no time")?, of(12).context("no time")?);
    Ok(own + system)
}
