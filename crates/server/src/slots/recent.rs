//! Slots that were worked on recently, with their revisions and rulings.
//!
//! The evening's slots come back within minutes: the second witness, the rest
//! of the figures, a correction. What is remembered here is believed only
//! while the slot's row has the version that it had then; any process that
//! changes a slot changes its version.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::SlotId;

use super::HeldSlot;

/// Slots in each of the two generations.
const GENERATION_SLOTS: usize = 4_096;
/// Slots with more revisions than this are not remembered: a few of them would
/// take all the memory.
const REVISIONS_MAX: usize = 10_000;

/// Remembers slots; the least recently used are forgotten first, half of them
/// at a time.
#[derive(Clone, Default)]
pub struct Recent(Arc<Mutex<Generations>>);

#[derive(Default)]
struct Generations {
    young: HashMap<SlotId, HeldSlot>,
    old: HashMap<SlotId, HeldSlot>,
}

impl Recent {
    /// Hands a slot out if it is remembered with this version. It is forgotten
    /// here, until it is remembered again.
    pub(super) fn take(&self, id: &SlotId, version: i64) -> Option<HeldSlot> {
        let mut generations = self.generations();
        let young = generations.young.remove(id);
        let old = generations.old.remove(id);
        young.or(old).filter(|slot| slot.version == version)
    }

    /// Remembers slots as they are since a commit.
    pub(crate) fn remember(&self, slots: Vec<HeldSlot>) {
        let mut generations = self.generations();
        for slot in slots {
            if slot.revisions.len() > REVISIONS_MAX {
                continue;
            }
            if generations.young.len() >= GENERATION_SLOTS {
                generations.old = std::mem::take(&mut generations.young);
            }
            generations.young.insert(slot.id.clone(), slot);
        }
    }

    fn generations(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
