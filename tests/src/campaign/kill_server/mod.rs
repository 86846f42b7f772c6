//! SIGKILL to the endpoint's process, at any moment, also while it starts.
//!
//! Several devices post revisions and pieces of photos all the time, and
//! remember every receipt. The endpoint is killed and started again on the same
//! data and address. Whatever it has signed for must be there, with the same
//! receipt byte for byte; a photo is served whole or not at all; in the end its
//! log verifies.

mod client;
mod ledger;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::task::JoinSet;

use super::{Dice, News, stop};
use crate::bench::figures::{Figures, Goal, median, percentile};
use crate::stage::backing::Backing;
use crate::stage::endpoint::Endpoint;

use client::Client;
use ledger::Ledger;

/// Kills in the goal.
pub const ROUNDS: u64 = 10_000;

/// Devices that send at the same time.
const CLIENTS: u64 = 4;

/// A kill comes within this time of the endpoint being ready.
const KILL_WITHIN: Duration = Duration::from_millis(80);

/// A kill while it starts comes within this time of the start.
const KILL_STARTING_WITHIN: Duration = Duration::from_millis(50);

/// What was seen.
#[derive(Debug, Default)]
pub struct Seen {
    /// Kills.
    pub kills: u64,
    /// Of these, while the endpoint started.
    pub kills_while_starting: u64,
    /// Revisions with a receipt, each asked for again in the end.
    pub revisions: u64,
    /// Photos with a receipt, each read again in the end.
    pub photos: u64,
    /// Photos that were read while the endpoint was killed again and again.
    pub photo_reads: u64,
    /// From starting the process after a kill to its taking requests, in
    /// milliseconds.
    pub starts_ms: Vec<f64>,
}

/// What clients and killer share.
struct Night {
    address: String,
    codes: tokio::sync::mpsc::Sender<tokio::sync::oneshot::Sender<(String, String)>>,
    ledger: Ledger,
    is_over: AtomicBool,
}

/// Kills an endpoint `rounds` times.
///
/// # Errors
/// The first broken promise, with its seed.
pub async fn run(backing: Backing, rounds: u64, seed: u64) -> Result<Seen> {
    let mut endpoint = Endpoint::start_on(backing)?;
    let (codes, mut wanted) = tokio::sync::mpsc::channel(16);
    let night = Arc::new(Night {
        address: format!("http://{}", endpoint.address()),
        codes,
        ledger: Ledger::default(),
        is_over: AtomicBool::new(false),
    });
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let client = Client::new(Arc::clone(&night), Dice::new(seed).part(number))?;
        clients.spawn(client.send_until_it_is_over());
    }
    let mut seen = Seen::default();
    let killed = kill(
        &mut endpoint,
        &night,
        &mut clients,
        &mut wanted,
        rounds,
        seed,
        &mut seen,
    )
    .await;
    night.is_over.store(true, Ordering::SeqCst);
    drop(wanted);
    killed.with_context(|| format!("seed {seed}"))?;
    while let Some(ended) = clients.join_next().await {
        ended?.with_context(|| format!("seed {seed}"))?;
    }
    (seen.revisions, seen.photos) = night
        .ledger
        .ask_again(&night.address)
        .await
        .with_context(|| format!("seed {seed}, after all"))?;
    seen.photo_reads = night.ledger.photo_reads();
    endpoint.run(&["verify-log", "--photos"])?;
    println!("kill-server: {}, no violation", seen.in_words());
    Ok(seen)
}

type Wanted = tokio::sync::mpsc::Receiver<tokio::sync::oneshot::Sender<(String, String)>>;

async fn kill(
    endpoint: &mut Endpoint,
    night: &Night,
    clients: &mut JoinSet<Result<()>>,
    wanted: &mut Wanted,
    rounds: u64,
    seed: u64,
    seen: &mut Seen,
) -> Result<()> {
    let mut news = News::begin("kill-server", rounds, seed);
    let mut dice = Dice::new(seed);
    let mut stations = stations()?.into_iter().cycle();
    while seen.kills < rounds && !stop::requested() {
        while let Ok(answer) = wanted.try_recv() {
            let tps = stations.next().context("no station")?;
            let code = endpoint.enrol_code(&tps, "Saksi (contoh)")?;
            // A client that gave up waiting needs no code.
            let _ = answer.send((code, tps));
        }
        tokio::time::sleep(dice.within(KILL_WITHIN)).await;
        endpoint.kill();
        seen.kills += 1;
        while seen.kills < rounds && dice.once_in(4) {
            let after = dice.within(KILL_STARTING_WITHIN);
            endpoint.start_and_kill(after).await?;
            seen.kills += 1;
            seen.kills_while_starting += 1;
        }
        let began = Instant::now();
        endpoint.restart()?;
        seen.starts_ms.push(began.elapsed().as_secs_f64() * 1_000.0);
        if let Some(ended) = clients.try_join_next() {
            ended?.with_context(|| format!("after {} kills", seen.kills))?;
        }
        (seen.revisions, seen.photos) = night.ledger.held();
        news.tell(seen.kills, || seen.in_words());
    }
    Ok(())
}

/// Codes of some polling stations, far apart.
fn stations() -> Result<Vec<String>> {
    let election = sample::kaltim()?;
    let every = election.tps.iter().step_by(7);
    Ok(every.map(|tps| tps.code.to_string()).collect())
}

impl Seen {
    fn in_words(&self) -> String {
        format!(
            "{} kills ({} while starting), {} revisions and {} photos with receipts, \
             start-up {:.1} ms in the middle, {:.1} ms p99",
            self.kills,
            self.kills_while_starting,
            self.revisions,
            self.photos,
            median(&self.starts_ms),
            percentile(&self.starts_ms, 99)
        )
    }

    /// Puts it among the figures.
    pub fn figures(&self, figures: &mut Figures) {
        let kills = Some(Goal::AtLeast(10_000.0));
        figures.add("kill_server_kills", self.kills as f64, "", kills);
        figures.add("kill_server_revisions", self.revisions as f64, "", None);
        figures.add("kill_server_photos", self.photos as f64, "", None);
        figures.add("kill_server_photo_reads", self.photo_reads as f64, "", None);
        figures.add("kill_server_lost", 0.0, "", Some(Goal::AtMost(0.0)));
        let start = percentile(&self.starts_ms, 99);
        figures.add(
            "kill_server_start_p99_ms",
            start,
            "ms",
            Some(Goal::AtMost(300.0)),
        );
        figures.add(
            "kill_server_start_median_ms",
            median(&self.starts_ms),
            "ms",
            None,
        );
    }
}
