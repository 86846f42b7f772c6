//! One slot as somebody finds it who is about to rule on it.

use std::collections::BTreeSet;

use domain::{Contest, FormLayout, Ruling, SlotRevision, SlotState, SlotView};
use protocol::SlotId;
use protocol::console::Decision;

use super::{HeldSlot, Slots};
use crate::catalogue::Catalogue;
use crate::queue::Open;
use crate::storage::{StorageError, Tx};

/// A slot in hand, how it stood when it was taken, and its form.
#[derive(Debug)]
pub struct Standing<'c> {
    /// How it stood.
    pub view: SlotView,
    /// Its contest.
    pub contest: &'c Contest,
    /// The form of its contest.
    pub form: &'c FormLayout,
    catalogue: &'c Catalogue,
    slots: Slots,
    id: SlotId,
}

impl<'c> Standing<'c> {
    /// Takes it in hand.
    ///
    /// # Errors
    /// [`StorageError`]; also when there is no such slot.
    pub async fn load(
        tx: &mut Tx,
        catalogue: &'c Catalogue,
        id: &SlotId,
    ) -> Result<Self, StorageError> {
        let mut slots = Slots::load(tx, &BTreeSet::from([id.clone()])).await?;
        slots.work_out(catalogue);
        let unknown = |what| StorageError::corrupt("slot", format!("{id}: {what}"));
        let held = slots.get(id).ok_or_else(|| unknown("it was not loaded"))?;
        let contest = catalogue
            .contest_at(&id.election, &id.contest, &id.tps)
            .ok_or_else(|| unknown("its contest is not in the catalogue"))?;
        let form = catalogue
            .form_of(contest)
            .ok_or_else(|| unknown("its form is not in the catalogue"))?;
        Ok(Self {
            view: held.view.clone(),
            contest,
            form,
            catalogue,
            id: id.clone(),
            slots,
        })
    }

    /// Which slot.
    #[must_use]
    pub fn id(&self) -> &SlotId {
        &self.id
    }

    fn held(&self) -> Option<&HeldSlot> {
        self.slots.get(&self.id)
    }

    /// The newest revisions that counted.
    pub fn heads(&self) -> impl Iterator<Item = &SlotRevision> {
        let revisions = self.held().map(|slot| slot.revisions.as_slice());
        let heads = &self.view.heads;
        revisions
            .unwrap_or_default()
            .iter()
            .filter(|revision| heads.contains(&revision.rev_id))
    }

    /// Whether this device has sent anything here.
    #[must_use]
    pub fn has_sent(&self, device: &str) -> bool {
        self.held().is_some_and(|slot| slot.count_of(device) > 0)
    }

    /// Number of the next ruling.
    #[must_use]
    pub fn next_number(&self) -> u32 {
        let rulings = self.held().map(|slot| slot.rulings.as_slice());
        let newest = rulings.unwrap_or_default().iter().map(|one| one.number);
        newest.max().unwrap_or_default().saturating_add(1)
    }

    /// Saves the slot with a ruling and what that leaves open, and returns
    /// where it stands now.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn rule(
        mut self,
        tx: &mut Tx,
        decision: &Decision,
        open: Open,
    ) -> Result<SlotState, StorageError> {
        if let Some(slot) = self.slots.get_mut(&self.id) {
            slot.rulings.push(Ruling {
                number: decision.number,
                kind: decision.kind,
                counts: decision.counts.clone(),
                device: decision.device.clone(),
                considered: decision.considered.iter().cloned().collect(),
            });
        }
        self.leave(tx, open).await
    }

    /// Saves the slot with what is open in it from now on, and returns where it
    /// stands.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn leave(mut self, tx: &mut Tx, open: Open) -> Result<SlotState, StorageError> {
        if let Some(slot) = self.slots.get_mut(&self.id) {
            slot.open = open;
        }
        self.slots.work_out(self.catalogue);
        let state = self.held().map(|slot| slot.view.state);
        self.slots.save(tx).await?;
        state.ok_or_else(|| StorageError::corrupt("slot", "it was not loaded"))
    }
}
