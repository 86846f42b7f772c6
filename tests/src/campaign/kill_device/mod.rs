//! SIGKILL to the device's process, at any moment.
//!
//! A phone works and delivers in a process of its own. It is killed, started
//! again on the same folder, and asked what it holds: every figure, photo and
//! seal that it had acknowledged before it died must be there, and nothing
//! that was never begun. After some lives the folder is looked at from outside:
//! every "received" has a receipt that verifies, and the endpoint has exactly
//! what the phone sealed.

mod audit;
mod life;
mod memory;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use sample::SampleElection;
use tempfile::TempDir;

use super::{Dice, News, stop};
use crate::bench::figures::{Figures, Goal, median, percentile};
use crate::demo::cast::{Posted, cast};
use crate::stage::counting_room::CountingRoom;
use crate::stage::endpoint::Endpoint;
use crate::stage::witness::Witness;

use life::{Death, live_once};
use memory::Memory;

/// Kills in the goal.
pub const ROUNDS: u64 = 10_000;

/// Lives of one phone before its folder is looked at from outside.
const LIVES: u64 = 25;

/// Figures that one life may key, so that the next ones differ from them.
const FIGURES_PER_LIFE: u64 = 36;

/// A kill comes within this time of the start, or of being ready.
const KILL_WITHIN: Duration = Duration::from_millis(60);

/// Phones that are enrolled at most; after that stations have several.
const STATIONS: usize = 5_000;

/// What was seen.
#[derive(Debug, Default)]
pub struct Seen {
    /// Kills.
    pub kills: u64,
    /// Of these, before the phone was ready.
    pub kills_while_starting: u64,
    /// Acknowledgements that were checked.
    pub acknowledged: u64,
    /// From the start of a process after a kill to being ready, in milliseconds.
    pub starts_ms: Vec<f64>,
    /// The part of it that opening the folder took, in milliseconds.
    pub opens_ms: Vec<f64>,
    /// Receipts that were verified.
    pub receipts: u64,
}

/// Kills a phone `rounds` times.
///
/// # Errors
/// The first broken promise, with its seed, phone and life.
pub async fn run(rounds: u64, seed: u64) -> Result<Seen> {
    let mut news = News::begin("kill-device", rounds, seed);
    let endpoint = Endpoint::start()?;
    let address = format!("http://{}", endpoint.address());
    let password = crate::demo::password()?;
    endpoint.add_user("looker", "admin", "64", &password)?;
    let room = CountingRoom::sign_in(&address, "looker", &password).await?;
    let election = Arc::new(sample::kaltim()?);
    let dice = Dice::new(seed);
    let mut seen = Seen::default();
    let phones = rounds.div_ceil(LIVES);
    let cast = cast(&election, usize::try_from(phones)?.min(STATIONS));
    for (number, posted) in (0..phones).zip(cast.iter().cycle()) {
        let lives = LIVES.min(rounds - number * LIVES);
        let told = |cause: anyhow::Error| {
            cause.context(format!("seed {seed}, phone {number} of {}", posted.tps))
        };
        let folder = enrol(&endpoint, &address, posted, &election)
            .await
            .map_err(told)?;
        let mut memory = Memory::default();
        let kills = kill(
            folder.path(),
            &mut memory,
            lives,
            &dice.part(number),
            &mut seen,
        )
        .await;
        // What a violation was found in is worth looking at.
        if let Err(cause) = kills {
            return Err(told(cause).context(format!("kept in {}", folder.keep().display())));
        }
        let receipts = audit::look(folder, &memory, &room).await.map_err(told)?;
        seen.receipts += receipts;
        news.tell(seen.kills, || seen.in_words());
        if stop::requested() {
            break;
        }
    }
    endpoint.run(&["verify-log", "--photos"])?;
    println!("kill-device: {}, no violation", seen.in_words());
    Ok(seen)
}

/// Kills one phone so many times.
async fn kill(
    folder: &Path,
    memory: &mut Memory,
    lives: u64,
    dice: &Dice,
    seen: &mut Seen,
) -> Result<()> {
    for life in 0..lives {
        let mut dice = dice.part(life);
        let death = Death {
            after: dice.within(KILL_WITHIN),
            from_ready: dice.once_in(2),
        };
        let first_value = 1 + life * FIGURES_PER_LIFE;
        let lived = live_once(folder, death, dice.roll(), first_value, memory).await;
        let lived = lived.with_context(|| format!("life {life}, {death:?}"))?;
        seen.kills += 1;
        seen.acknowledged += lived.acknowledged;
        match lived.start {
            // The first start is of a phone that nobody has killed yet.
            Some(start) if life > 0 => {
                seen.starts_ms.push(start.process_ms);
                seen.opens_ms.push(start.open_ms);
            }
            Some(_) => {}
            None => seen.kills_while_starting += 1,
        }
    }
    Ok(())
}

/// A folder of an enrolled phone with one figure of each form already keyed.
async fn enrol(
    endpoint: &Endpoint,
    address: &str,
    posted: &Posted,
    election: &SampleElection,
) -> Result<TempDir> {
    let witness = Witness::new()?;
    let code = endpoint.enrol_code(posted.tps.as_str(), &posted.witness)?;
    witness.enrol(address, &code).await?;
    let counts = |slot: &protocol::SlotId| election.truth(&slot.tps, &slot.contest);
    for slot in witness.slots().await? {
        let mut counts = counts(&slot).context("no such form")?;
        counts.retain(|field, _| field == "votes.2");
        witness.key(&slot, &counts).await?;
    }
    Ok(witness.into_folder())
}

impl Seen {
    fn in_words(&self) -> String {
        format!(
            "{} kills ({} while starting), {} acknowledgements kept, {} receipts verify, \
             start-up {:.1} ms in the middle, {:.1} ms p99",
            self.kills,
            self.kills_while_starting,
            self.acknowledged,
            self.receipts,
            median(&self.starts_ms),
            percentile(&self.starts_ms, 99)
        )
    }

    /// Puts it among the figures.
    pub fn figures(&self, figures: &mut Figures) {
        let kills = Some(Goal::AtLeast(10_000.0));
        figures.add("kill_device_kills", self.kills as f64, "", kills);
        figures.add(
            "kill_device_acknowledged",
            self.acknowledged as f64,
            "",
            None,
        );
        figures.add("kill_device_lost", 0.0, "", Some(Goal::AtMost(0.0)));
        let start = percentile(&self.starts_ms, 99);
        figures.add(
            "kill_device_start_p99_ms",
            start,
            "ms",
            Some(Goal::AtMost(300.0)),
        );
        figures.add(
            "kill_device_open_p99_ms",
            percentile(&self.opens_ms, 99),
            "ms",
            None,
        );
        figures.add(
            "kill_device_start_median_ms",
            median(&self.starts_ms),
            "ms",
            None,
        );
    }
}
