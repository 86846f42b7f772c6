//! The state of a slot depends on the set of its events, never on their order
//! or on how often they came.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use domain::slot::{Channel, SlotRevision, SlotView, view};
use domain::{Ruling, RulingKind};

use super::{Dice, News, stop};
use crate::bench::figures::{Figures, Goal};

/// Events of a set that is put into every order.
const PERMUTED: usize = 7;

/// Random sets for each set that is put into every order.
const RANDOM_PER_ROUND: u64 = 1_000;

/// Most events of a random set.
const RANDOM_EVENTS: usize = 24;

/// Rounds in the goal: a million random sets.
pub const ROUNDS: u64 = 1_000;

/// What was tried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tried {
    /// Orders of sets of at most seven events.
    pub permutations: u64,
    /// Random sets, each shuffled and with duplicates.
    pub random: u64,
}

/// Something that can happen to a slot.
#[derive(Debug, Clone)]
enum Event {
    Revision(SlotRevision),
    Ruling(Ruling),
}

/// Tries so many rounds: each puts one small set into every order, and a
/// thousand random ones into random orders.
///
/// # Errors
/// The first set whose state depended on anything but the set, with its seed.
pub fn run(rounds: u64, random_per_round: Option<u64>, seed: u64) -> Result<Tried> {
    let random_per_round = random_per_round.unwrap_or(RANDOM_PER_ROUND);
    let mut news = News::begin("order", rounds, seed);
    let mut tried = Tried::default();
    for round in 0..rounds {
        let mut dice = Dice::new(seed).part(round);
        let size = 2 + dice.below(PERMUTED - 1);
        let events = happenings(&mut dice, size);
        let expected = state(events.iter());
        tried.permutations += permute(&events, &expected, seed, round)?;
        for _ in 0..random_per_round {
            shuffled(&mut dice, seed, round)?;
            tried.random += 1;
        }
        news.tell(round, || format!("{tried:?}"));
        if stop::requested() {
            break;
        }
    }
    println!("order: {tried:?}, no violation");
    Ok(tried)
}

/// Puts what was tried among the figures.
pub fn figures(tried: &Tried, figures: &mut Figures) {
    let goal = Some(Goal::AtLeast(1_000_000.0));
    figures.add("order_permutations", tried.permutations as f64, "", None);
    figures.add("order_random_sets", tried.random as f64, "", goal);
    figures.add("order_violations", 0.0, "", Some(Goal::AtMost(0.0)));
}

fn state<'a>(events: impl Iterator<Item = &'a Event>) -> SlotView {
    let (mut revisions, mut rulings) = (Vec::new(), Vec::new());
    for event in events {
        match event {
            Event::Revision(revision) => revisions.push(revision.clone()),
            Event::Ruling(ruling) => rulings.push(ruling.clone()),
        }
    }
    view(&revisions, &rulings)
}

/// Every order of `events` (Heap's way); how many there were.
fn permute(events: &[Event], expected: &SlotView, seed: u64, round: u64) -> Result<u64> {
    let mut order: Vec<&Event> = events.iter().collect();
    let mut turns = vec![0; order.len()];
    let (mut at, mut count) = (0, 1);
    while at < order.len() {
        if turns[at] >= at {
            turns[at] = 0;
            at += 1;
            continue;
        }
        order.swap(if at % 2 == 0 { 0 } else { turns[at] }, at);
        let found = state(order.iter().copied());
        ensure!(
            found == *expected,
            "seed {seed}, round {round}: {order:#?}\nmean {found:?}\nin another order {expected:?}"
        );
        count += 1;
        turns[at] += 1;
        at = 0;
    }
    Ok(count)
}

fn shuffled(dice: &mut Dice, seed: u64, round: u64) -> Result<()> {
    let size = 1 + dice.below(RANDOM_EVENTS);
    let events = happenings(dice, size);
    let expected = state(events.iter());
    let mut again = events.clone();
    for _ in 0..dice.below(size + 1) {
        again.push(dice.pick(&events).clone());
    }
    dice.shuffle(&mut again);
    let found = state(again.iter());
    ensure!(
        found == expected,
        "seed {seed}, round {round}: {again:#?}\nmean {found:?}\nthe same events mean {expected:?}"
    );
    Ok(())
}

/// A set of events such as two or three devices and a coordinator bring about,
/// forks, partial counts, SMS, quarantines and reopenings among them.
fn happenings(dice: &mut Dice, size: usize) -> Vec<Event> {
    let mut events = Vec::with_capacity(size);
    let mut known: BTreeMap<String, SlotRevision> = BTreeMap::new();
    let mut rulings = 0;
    for _ in 0..size {
        if dice.below(10) < 7 || known.is_empty() {
            let revision = revision(dice);
            if known
                .insert(revision.rev_id.clone(), revision.clone())
                .is_none()
            {
                events.push(Event::Revision(revision));
            }
        } else {
            rulings += 1;
            events.push(Event::Ruling(ruling(dice, rulings, &known)));
        }
    }
    events
}

fn revision(dice: &mut Dice) -> SlotRevision {
    let device = format!("dev-{}", dice.below(3));
    let seq = 1 + dice.below(3) as u64;
    let mut counts = BTreeMap::new();
    for field in ["votes.1", "votes.2", "dpt_total"] {
        if !dice.once_in(3) {
            counts.insert(field.to_owned(), 100 + dice.below(2) as u32);
        }
    }
    let is_sms = dice.once_in(4);
    let photos: BTreeSet<String> = (0..dice.below(3))
        .filter(|_| !is_sms)
        .map(|photo| format!("photo-{photo}"))
        .collect();
    let channel = if is_sms { Channel::Sms } else { Channel::App };
    // As on the wire, the name follows from what is said.
    let rev_id = format!("{device}/{seq}/{channel:?}/{counts:?}/{photos:?}");
    SlotRevision {
        rev_id,
        device,
        seq,
        counts,
        photos,
        channel,
    }
}

fn ruling(dice: &mut Dice, number: u32, known: &BTreeMap<String, SlotRevision>) -> Ruling {
    let revisions: Vec<&SlotRevision> = known.values().collect();
    let considered = (0..1 + dice.below(3)).map(|_| dice.pick(&revisions).rev_id.clone());
    let considered = considered.collect();
    let kinds = [
        RulingKind::Verify,
        RulingKind::Verify,
        RulingKind::Return,
        RulingKind::Quarantine,
        RulingKind::Reopen,
    ];
    let kind = *dice.pick(&kinds);
    let chosen = dice.pick(&revisions);
    Ruling {
        number,
        kind,
        counts: match kind {
            RulingKind::Verify => chosen.counts.clone(),
            _ => BTreeMap::new(),
        },
        device: (kind == RulingKind::Quarantine).then(|| chosen.device.clone()),
        considered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_is_tried_once() {
        let mut dice = Dice::new(1);
        let events: Vec<Event> = (0..4)
            .map(|_| Event::Revision(revision(&mut dice)))
            .collect();
        let expected = state(events.iter());
        assert_eq!(permute(&events, &expected, 1, 0).expect("no violation"), 24);
    }
}
