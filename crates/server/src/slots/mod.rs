//! Where slots stand, worked out anew whenever something is added to one.
//!
//! Whoever adds a revision, a ruling or a photo does so in one transaction
//! like this: load the slots ([`Slots::load`]), add to them in memory, work
//! them out ([`Slots::work_out`], which asks `domain`), and save them
//! ([`Slots::save`]), which also moves the totals of their districts, and how
//! far their villages are, by the difference. Nobody else writes meanwhile, see
//! [`crate::storage::Tx`].

mod load;
mod progress;
mod recent;
mod save;
mod standing;
mod totals;

pub use recent::Recent;
pub use standing::Standing;
pub(crate) use totals::key as totals_key;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::rollup::Contribution;
use domain::slot::view;
use domain::{Ruling, SlotRevision, SlotView};
use protocol::SlotId;

use crate::catalogue::Catalogue;
use crate::queue::Open;
use crate::storage::{StorageError, Tx};

/// How much there is to ask the witness of a revision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Questions {
    /// Findings of severity error.
    pub findings: i64,
    /// Figures that the bubbles of its photos say otherwise.
    pub bubbles_differ: i64,
}

/// One slot in hand.
#[derive(Debug, Clone)]
pub struct HeldSlot {
    /// Its name.
    pub id: SlotId,
    /// Grows with every change.
    pub version: i64,
    /// Its rulings.
    pub rulings: Vec<Ruling>,
    /// Where it stood when it was loaded.
    pub before: domain::SlotState,
    /// Where it stands, once worked out.
    pub view: SlotView,
    /// What the queue has left open in it.
    pub open: Open,
    /// Its revisions, in no particular order; `photos` are the reading copies.
    revisions: Vec<SlotRevision>,
    /// What there is to ask about each revision.
    questions: HashMap<String, Questions>,
    contest_region: String,
    district: String,
    counted_before: Contribution,
    counted: Contribution,
}

/// Several slots in hand, to be worked out and saved together.
#[derive(Debug, Default)]
pub struct Slots {
    held: BTreeMap<SlotId, HeldSlot>,
}

impl Slots {
    /// Loads these slots with all their revisions and rulings.
    ///
    /// # Errors
    /// [`StorageError`]; also when there is no such slot.
    pub async fn load(tx: &mut Tx, ids: &BTreeSet<SlotId>) -> Result<Self, StorageError> {
        let held = load::load(tx, ids).await?;
        if let Some(missing) = ids.iter().find(|id| !held.contains_key(*id)) {
            return Err(StorageError::corrupt("slot", format!("no slot {missing}")));
        }
        Ok(Self { held })
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: &SlotId) -> Option<&HeldSlot> {
        self.held.get(id)
    }

    /// One of them, to add to.
    pub fn get_mut(&mut self, id: &SlotId) -> Option<&mut HeldSlot> {
        self.held.get_mut(id)
    }

    /// Works out where they stand now.
    pub fn work_out(&mut self, catalogue: &Catalogue) {
        for slot in self.held.values_mut() {
            slot.work_out(catalogue);
        }
    }

    /// Saves them with the time of `tx`, and the totals of their districts.
    /// Their revisions and rulings themselves are the caller's to store.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn save(self, tx: &mut Tx) -> Result<(), StorageError> {
        totals::save(tx, self.held.values()).await?;
        progress::save(tx, self.held.values()).await?;
        save::save(tx, &self.held).await?;
        tx.remember_slots(self.held.into_values().map(HeldSlot::saved));
        Ok(())
    }
}

impl HeldSlot {
    /// Adds a revision that is not among its revisions yet.
    pub fn add(&mut self, revision: SlotRevision, questions: Questions) {
        self.questions.insert(revision.rev_id.clone(), questions);
        self.revisions.push(revision);
    }

    /// Number of revisions of one device.
    #[must_use]
    pub fn count_of(&self, device: &str) -> usize {
        let own = |revision: &&SlotRevision| revision.device == device;
        self.revisions.iter().filter(own).count()
    }

    /// Number of revisions of all devices.
    #[must_use]
    pub fn count(&self) -> usize {
        self.revisions.len()
    }

    fn work_out(&mut self, catalogue: &Catalogue) {
        self.view = view(&self.revisions, &self.rulings);
        let region = self.contest_region.parse().ok();
        let contest = region
            .and_then(|region| catalogue.contest_of(&self.id.election, &self.id.contest, &region));
        let options = contest.map_or(&[][..], |contest| &contest.options);
        self.counted = Contribution::of(&self.view, options);
    }

    /// The newest revisions that count.
    fn heads(&self) -> impl Iterator<Item = &SlotRevision> {
        self.revisions
            .iter()
            .filter(|revision| self.view.heads.contains(&revision.rev_id))
    }

    /// The most that there is to ask about one of the heads: two witnesses who
    /// copied the same odd form have one thing to ask.
    fn questions_of_heads(&self) -> Questions {
        let heads = self.view.heads.iter();
        heads
            .filter_map(|head| self.questions.get(head))
            .fold(Questions::default(), |most, one| Questions {
                findings: most.findings.max(one.findings),
                bubbles_differ: most.bubbles_differ.max(one.bubbles_differ),
            })
    }

    /// The same slot after it was saved: what comes next is compared with this.
    fn saved(mut self) -> Self {
        self.version = self.version.saturating_add(1);
        self.before = self.view.state;
        self.counted_before = self.counted.clone();
        self
    }
}
