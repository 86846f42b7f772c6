//! Where slots stand, worked out anew whenever something is added to one.
//!
//! Whoever adds a revision, a ruling or a photo does so in one transaction
//! like this: load the slots ([`Slots::load`]), add to them in memory, work
//! them out ([`Slots::work_out`], which asks `domain`), and save them
//! ([`Slots::save`]), which also moves the totals of their districts by the
//! difference. Nobody else writes meanwhile, see [`crate::storage::Tx`].

mod load;
mod save;
mod totals;

use std::collections::{BTreeMap, BTreeSet};

use domain::rollup::Contribution;
use domain::slot::view;
use domain::{Ruling, SlotRevision, SlotView};
use protocol::SlotId;

use crate::catalogue::Catalogue;
use crate::storage::{StorageError, Tx};

/// One revision as far as its slot is concerned.
#[derive(Debug, Clone)]
pub struct HeldRevision {
    /// What the state is worked out from; `photos` are the reading copies.
    pub revision: SlotRevision,
    /// Findings of severity error.
    pub findings: i64,
}

/// One slot in hand.
#[derive(Debug, Clone)]
pub struct HeldSlot {
    /// Its name.
    pub id: SlotId,
    /// Grows with every change: the `ETag`.
    pub version: i64,
    /// Its revisions, in no particular order.
    pub revisions: Vec<HeldRevision>,
    /// Its rulings.
    pub rulings: Vec<Ruling>,
    /// Where it stood when it was loaded.
    pub before: domain::SlotState,
    /// Where it stands, once worked out.
    pub view: SlotView,
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
        save::save(tx, self.held).await
    }
}

impl HeldSlot {
    fn work_out(&mut self, catalogue: &Catalogue) {
        let revisions: Vec<SlotRevision> = self
            .revisions
            .iter()
            .map(|held| held.revision.clone())
            .collect();
        self.view = view(&revisions, &self.rulings);
        let region = self.contest_region.parse().ok();
        let contest = region
            .and_then(|region| catalogue.contest_of(&self.id.election, &self.id.contest, &region));
        let options = contest.map_or(&[][..], |contest| &contest.options);
        self.counted = Contribution::of(&self.view, options);
    }

    /// The newest revisions that count.
    pub fn heads(&self) -> impl Iterator<Item = &HeldRevision> {
        self.revisions
            .iter()
            .filter(|held| self.view.heads.contains(&held.revision.rev_id))
    }

    /// Devices that have sent anything about this slot.
    #[must_use]
    pub fn devices(&self) -> BTreeSet<&str> {
        self.revisions
            .iter()
            .map(|held| held.revision.device.as_str())
            .collect()
    }
}
