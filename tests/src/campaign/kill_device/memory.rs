//! What a phone has acknowledged, and what it had only begun when it died.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};
use protocol::SlotId;

use crate::campaign::phone::{Line, SlotFacts};

/// What is remembered of one phone.
#[derive(Debug, Default)]
pub(super) struct Memory {
    slots: BTreeMap<SlotId, Held>,
    /// What was begun in this life and not yet acknowledged.
    begun: Option<Line>,
}

/// What is remembered of one slot.
#[derive(Debug, Default, Clone)]
struct Held {
    figure: Option<u32>,
    figure_begun: Option<u32>,
    photo: Option<i64>,
    has_photo_begun: bool,
    has_seal_begun: bool,
    /// Revisions in the order of their acknowledgement.
    sealed: Vec<String>,
}

impl Memory {
    /// Hears a line of the phone; whether it was an acknowledgement.
    pub(super) fn hear(&mut self, line: Line) -> Result<bool> {
        match line {
            Line::Ready { .. } | Line::Told => Ok(false),
            Line::Slot(facts) => self.compare(&facts).map(|()| false),
            Line::Failed { failure } => bail!("the app says {failure}"),
            Line::Keying { .. } | Line::Photographing { .. } | Line::Sealing { .. } => {
                self.begun = Some(line);
                Ok(false)
            }
            Line::Keyed { slot, value } => {
                self.slots.entry(slot).or_default().figure = Some(value);
                self.begun = None;
                Ok(true)
            }
            Line::Photographed { slot, photo } => {
                self.slots.entry(slot).or_default().photo = Some(photo);
                self.begun = None;
                Ok(true)
            }
            Line::Sealed { slot, rev_id } => {
                self.slots.entry(slot).or_default().sealed.push(rev_id);
                self.begun = None;
                Ok(true)
            }
        }
    }

    /// The phone is dead: what was begun may or may not have happened.
    pub(super) fn bury(&mut self) {
        match self.begun.take() {
            Some(Line::Keying { slot, value }) => {
                self.slots.entry(slot).or_default().figure_begun = Some(value);
            }
            Some(Line::Photographing { slot }) => {
                self.slots.entry(slot).or_default().has_photo_begun = true;
            }
            Some(Line::Sealing { slot }) => {
                self.slots.entry(slot).or_default().has_seal_begun = true;
            }
            _ => {}
        }
    }

    /// Revisions that were acknowledged, by slot.
    pub(super) fn sealed(&self) -> impl Iterator<Item = (&SlotId, &[String])> {
        self.slots
            .iter()
            .map(|(slot, held)| (slot, held.sealed.as_slice()))
    }

    /// Compares what the phone holds of a slot with what it had acknowledged,
    /// and takes over what turned out to have happened.
    fn compare(&mut self, facts: &SlotFacts) -> Result<()> {
        let held = self.slots.entry(facts.slot.clone()).or_default();
        held.compare_figure(facts)?;
        held.compare_photo(facts)?;
        held.compare_revisions(facts)
    }
}

impl Held {
    fn compare_figure(&mut self, facts: &SlotFacts) -> Result<()> {
        let is_expected = facts.figure == self.figure
            || (self.figure_begun.is_some() && facts.figure == self.figure_begun);
        ensure!(
            is_expected,
            "{}: the figure is {:?}; acknowledged was {:?}, begun {:?}",
            facts.slot,
            facts.figure,
            self.figure,
            self.figure_begun
        );
        self.figure = facts.figure;
        self.figure_begun = None;
        Ok(())
    }

    fn compare_photo(&mut self, facts: &SlotFacts) -> Result<()> {
        ensure!(
            facts.photos.iter().all(|photo| photo.is_whole),
            "{}: a photo is not whole: {:?}",
            facts.slot,
            facts.photos
        );
        ensure!(
            facts.photos.len() <= 1,
            "{}: {:?}",
            facts.slot,
            facts.photos
        );
        let photo = facts.photos.first().map(|photo| photo.id);
        let is_the_one_begun = self.has_photo_begun && photo > self.photo;
        ensure!(
            photo == self.photo || is_the_one_begun,
            "{}: the photo is {photo:?}; acknowledged was {:?}",
            facts.slot,
            self.photo
        );
        // One that was begun may still be on its way into the draft, when the
        // phone dies again while it takes up what was left behind.
        self.has_photo_begun &= photo == self.photo;
        self.photo = photo;
        Ok(())
    }

    fn compare_revisions(&mut self, facts: &SlotFacts) -> Result<()> {
        let oldest_first: Vec<&str> = facts
            .revisions
            .iter()
            .rev()
            .map(|revision| revision.rev_id.as_str())
            .collect();
        let numbers: Vec<u64> = facts.revisions.iter().rev().map(|one| one.seq).collect();
        let gapless: Vec<u64> = (1..=numbers.len() as u64).collect();
        ensure!(numbers == gapless, "{}: numbers {numbers:?}", facts.slot);
        let (known, more) = oldest_first
            .split_at_checked(self.sealed.len())
            .unwrap_or((&oldest_first, &[]));
        ensure!(
            known == self.sealed,
            "{}: sealed were {:?}, there are {oldest_first:?}",
            facts.slot,
            self.sealed
        );
        ensure!(
            more.is_empty() || (more.len() == 1 && self.has_seal_begun),
            "{}: revisions that nobody sealed: {more:?}",
            facts.slot
        );
        self.sealed.extend(more.iter().map(|&id| id.to_owned()));
        self.has_seal_begun = false;
        Ok(())
    }
}
