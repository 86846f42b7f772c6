//! What came of a night: errors caught and missed by class, forms that were
//! questioned without need, and whether the totals are those of the papers.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use domain::SlotState;
use protocol::SlotId;
use protocol::queue::QueueKind;

use super::papers::Papers;
use crate::bench::figures::{Figures, Goal};
use crate::stage::counting_room::CountingRoom;

/// Errors of one class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// Put in.
    pub put_in: u64,
    /// Not in what was verified.
    pub caught: u64,
}

/// What came of a night.
#[derive(Debug, Default)]
pub struct Report {
    /// Slots.
    pub slots: u64,
    /// By class of error.
    pub errors: BTreeMap<&'static str, Share>,
    /// Slots that were verified with other figures than the paper's.
    pub wrong: Vec<SlotId>,
    /// Those of them whose witnesses had made no error: spoiled in the room.
    pub spoiled: u64,
    /// Slots without any error whose paper adds up.
    pub clean: u64,
    /// Those of them that came as something to worry about.
    pub wrongly_flagged: u64,
}

/// Kinds that say that something may be wrong.
const ALARMS: [QueueKind; 6] = [
    QueueKind::Conflict,
    QueueKind::Difference,
    QueueKind::Finding,
    QueueKind::Bubbles,
    QueueKind::Fork,
    QueueKind::Stale,
];

impl Report {
    /// Compares what was verified with the papers, slot by slot, and the totals
    /// with what was verified.
    ///
    /// # Errors
    /// When a slot is not verified, or a total is not the sum of its slots.
    pub async fn of(
        console: &CountingRoom,
        papers: &Papers,
        kinds: &BTreeMap<SlotId, BTreeSet<QueueKind>>,
    ) -> Result<Self> {
        let mut report = Self::default();
        let mut sums: BTreeMap<String, Counts64> = BTreeMap::new();
        for (slot, written) in &papers.written {
            let detail = console.slot(slot).await?;
            ensure!(
                detail.state == SlotState::Verified,
                "{slot} ended as {:?}",
                detail.state
            );
            let sum = sums.entry(slot.contest.clone()).or_default();
            for (id, votes) in &detail.figures {
                *sum.entry(id.clone()).or_default() += u64::from(*votes);
            }
            let came_as = kinds.get(slot);
            report.add(slot, papers, detail.figures == *written, came_as);
        }
        for (contest, sum) in &sums {
            totals_are(console, papers, contest, sum).await?;
        }
        Ok(report)
    }

    fn add(
        &mut self,
        slot: &SlotId,
        papers: &Papers,
        is_right: bool,
        came_as: Option<&BTreeSet<QueueKind>>,
    ) {
        self.slots += 1;
        if !is_right {
            self.wrong.push(slot.clone());
        }
        let keyed = papers.keyed.get(slot).into_iter().flatten();
        let slips: Vec<_> = keyed.filter_map(|keyed| keyed.slip).collect();
        for slip in &slips {
            let share = self.errors.entry(slip.word()).or_default();
            share.put_in += 1;
            share.caught += u64::from(is_right);
        }
        self.spoiled += u64::from(slips.is_empty() && !is_right);
        if slips.is_empty() && !papers.broken.contains(slot) {
            self.clean += 1;
            let is_alarm = |kind: &QueueKind| ALARMS.contains(kind);
            let alarmed = came_as.is_some_and(|kinds| kinds.iter().any(is_alarm));
            self.wrongly_flagged += u64::from(alarmed);
        }
    }

    /// All errors together.
    #[must_use]
    pub fn all(&self) -> Share {
        let add = |sum: Share, one: &Share| Share {
            put_in: sum.put_in + one.put_in,
            caught: sum.caught + one.caught,
        };
        self.errors.values().fold(Share::default(), add)
    }

    /// Says it in lines.
    pub fn print(&self, mode: &str) {
        let all = self.all();
        println!(
            "night, {mode}: {} forms verified, totals are the sums of their slots",
            self.slots
        );
        for (class, share) in &self.errors {
            println!(
                "  {class}: {} put in, {} caught",
                share.put_in, share.caught
            );
        }
        println!(
            "  all: {} put in, {} caught, {} missed; {} of {} clean forms were questioned",
            all.put_in,
            all.caught,
            all.put_in - all.caught,
            self.wrongly_flagged,
            self.clean
        );
        for slot in &self.wrong {
            println!("  verified with other figures than the paper's: {slot}");
        }
    }

    /// Puts it among the figures.
    pub fn figures(&self, mode: &str, figures: &mut Figures) {
        let all = self.all();
        let percent = 100.0 * all.caught as f64 / all.put_in.max(1) as f64;
        let name = |what: &str| format!("night_{mode}_{what}");
        figures.add(&name("forms"), self.slots as f64, "", None);
        figures.add(&name("errors_put_in"), all.put_in as f64, "", None);
        let goal = Some(Goal::AtLeast(95.0));
        figures.add(&name("errors_caught_percent"), percent, "%", goal);
        let wrong = self.wrong.len() as f64;
        figures.add(&name("forms_verified_wrong"), wrong, "", None);
        let none = Some(Goal::AtMost(0.0));
        figures.add(&name("forms_spoiled"), self.spoiled as f64, "", none);
        let flagged = 1_000.0 * self.wrongly_flagged as f64 / self.clean.max(1) as f64;
        figures.add(&name("questioned_per_1000_clean"), flagged, "", None);
    }
}

type Counts64 = BTreeMap<String, u64>;

/// Whether the endpoint's totals of a contest are the sums of its slots.
async fn totals_are(
    console: &CountingRoom,
    papers: &Papers,
    contest: &str,
    sum: &Counts64,
) -> Result<()> {
    let mut regencies: BTreeSet<String> = BTreeSet::new();
    for slot in papers.written.keys() {
        if slot.contest == contest {
            regencies.insert(slot.tps.as_str()[..4].to_owned());
        }
    }
    let mut counted = Counts64::new();
    for regency in &regencies {
        let answer = console
            .totals(sample::ELECTION_ID, contest, regency)
            .await?;
        for region in answer.regions {
            for (option, votes) in region.votes.verified {
                *counted.entry(format!("votes.{option}")).or_default() += votes;
            }
        }
    }
    for (id, votes) in sum.iter().filter(|(id, _)| id.starts_with("votes.")) {
        ensure!(
            counted.get(id) == Some(votes),
            "{contest}, {id}: totals say {:?}, the slots {votes}",
            counted.get(id)
        );
    }
    Ok(())
}
