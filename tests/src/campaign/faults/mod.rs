//! Each write, sync, rename and unlink of an operation made to fail in turn.
//!
//! An operation is played once under `strace` to learn which files it touches
//! with which calls. Then it is played again for every call there was, on a
//! fresh copy of the same folder, and that one call fails with EIO, with
//! ENOSPC, or by the process being killed in it. After a start without faults
//! the folder must hold the old state or the new one, never another, what was
//! acknowledged must be there, and the operation must work.
//!
//! Absent: faults of reading and of memory. The calls are those of the data
//! folder only; sockets and the runtime's own wake-ups are left alone.

mod decision;
mod import;
mod photo;
mod points;
mod save;
mod scene;
mod strace;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::{News, stop};
use crate::bench::figures::{Figures, Goal};

use points::{Fault, Point};
use scene::Scene;
use strace::Strace;

/// How much is tried.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// Every n-th point.
    pub every: usize,
    /// After this time no further point of an operation is begun.
    pub at_most: Duration,
}

impl Extent {
    /// Every point there is.
    pub const ALL: Self = Self {
        every: 1,
        at_most: Duration::MAX,
    };
}

/// What was tried of one operation.
#[derive(Debug, Clone, Default)]
pub struct Tried {
    /// Its name.
    pub operation: &'static str,
    /// Points at which it was made to fail.
    pub points: u64,
    /// Points that there are.
    pub of: u64,
    /// Points by system call.
    pub by_call: BTreeMap<String, u64>,
    /// Faults that the operation got over, or never met.
    pub passed: u64,
    /// Faults that it reported.
    pub refused: u64,
    /// Faults that killed it.
    pub died: u64,
}

/// How an operation under a fault ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It was acknowledged.
    Done,
    /// It was refused, or failed with a word.
    Refused,
    /// The process died.
    Dead,
}

/// Tries all four operations.
///
/// # Errors
/// The first point after which the state was neither old nor new.
pub async fn run(extent: Extent, seed: u64) -> Result<Vec<Tried>> {
    println!("faults: seed {seed}");
    Ok(vec![
        play(save::Save::stage().await?, extent, seed).await?,
        play(photo::Arrival::stage().await?, extent, seed).await?,
        play(decision::Ruling::stage().await?, extent, seed).await?,
        play(import::Import::stage().await?, extent, seed).await?,
    ])
}

/// Puts what was tried among the figures.
pub fn figures(tried: &[Tried], figures: &mut Figures) {
    for one in tried {
        let name = format!("faults_{}_points", one.operation);
        let goal = Some(Goal::AtLeast(one.of as f64));
        figures.add(&name, one.points as f64, "", goal);
    }
    figures.add("faults_violations", 0.0, "", Some(Goal::AtMost(0.0)));
}

async fn play<S: Scene>(scene: S, extent: Extent, seed: u64) -> Result<Tried> {
    let points = points::all(&learn(&scene).await?);
    ensure!(!points.is_empty(), "{}: touches no file", S::NAME);
    let mut tried = Tried {
        operation: S::NAME,
        of: points.len() as u64,
        ..Tried::default()
    };
    let mut news = News::begin(S::NAME, tried.of, seed);
    let began = Instant::now();
    // Which of them, when not all: another seed tries others.
    let first = usize::try_from(seed)? % extent.every.max(1);
    for point in points.iter().skip(first).step_by(extent.every.max(1)) {
        if began.elapsed() > extent.at_most || stop::requested() {
            break;
        }
        let ended = attempt(&scene, point)
            .await
            .with_context(|| format!("{}, seed {seed}, {point}", S::NAME))?;
        tried.points += 1;
        *tried.by_call.entry(point.call.clone()).or_default() += 1;
        match ended {
            Ended::Done => tried.passed += 1,
            Ended::Refused => tried.refused += 1,
            Ended::Dead => tried.died += 1,
        }
        news.tell(tried.points, || format!("{:?}", tried.by_call));
    }
    println!(
        "faults: {} at {} of {} points: {} got over, {} refused, {} died; {:?}; no violation",
        tried.operation,
        tried.points,
        tried.of,
        tried.passed,
        tried.refused,
        tried.died,
        tried.by_call
    );
    Ok(tried)
}

/// Plays the operation once, and notes what it does to the data folder.
async fn learn<S: Scene>(scene: &S) -> Result<Vec<points::Touched>> {
    let mut live = scene.start().await?;
    let (id, folder) = scene.place(&live);
    let strace = Strace::watching(id).await?;
    let ended = scene.act(&mut live).await?;
    let log = strace.detach(false).await?;
    ensure!(ended == Ended::Done, "{}: does not work untouched", S::NAME);
    scene.judge(live, ended).await?;
    Ok(points::touched(&log, &folder))
}

async fn attempt<S: Scene>(scene: &S, point: &Point) -> Result<Ended> {
    let mut live = scene.start().await?;
    let (id, folder) = scene.place(&live);
    let strace = Strace::injecting(id, &folder, point).await?;
    let mut ended = scene.act(&mut live).await?;
    let is_dying = point.fault == Fault::Kill && ended != Ended::Done;
    strace.detach(is_dying).await?;
    if is_dying {
        // Who asked heard of the death before the system told it.
        ended = Ended::Dead;
    }
    if point.fault != Fault::Kill {
        ensure!(ended != Ended::Dead, "the process died of an error");
    }
    scene.judge(live, ended).await?;
    Ok(ended)
}
