//! Finding what the pack says about a slot.

use domain::{Contest, FormLayout};
use protocol::SlotId;
use protocol::pack::{Assignment, Pack};

use crate::core::Core;
use crate::view::Failure;

/// What is needed to draw and check a slot's form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Form {
    pub(crate) slot: SlotId,
    /// TPS number as the form's head should show it.
    pub(crate) number: String,
    pub(crate) place: Vec<String>,
    pub(crate) contest: Contest,
    pub(crate) layout: FormLayout,
}

impl Core {
    /// The form of a slot.
    pub(crate) fn form(&self, slot: &SlotId) -> Result<Form, Failure> {
        let row = self.store().pack()?.ok_or(Failure::NotFound)?;
        find(&row.pack, slot).ok_or(Failure::NotFound)
    }
}

/// The form of a slot in a pack. A slot that is no longer assigned still has
/// its form while the pack has its contest: what was recorded there stays.
pub(crate) fn find(pack: &Pack, slot: &SlotId) -> Option<Form> {
    if pack.election.id != slot.election {
        return None;
    }
    let contest = pack.contests.iter().find(|own| own.id == slot.contest)?;
    let layout = pack.forms.iter().find(|own| own.id == contest.form)?;
    let assigned = pack.assignments.iter().find(|own| own.tps == slot.tps);
    Some(Form {
        slot: slot.clone(),
        number: assigned.map_or_else(|| slot.tps.number().to_owned(), |own| own.number.clone()),
        place: assigned.map(|own| own.place.clone()).unwrap_or_default(),
        contest: contest.clone(),
        layout: layout.clone(),
    })
}

/// The slots of an assignment, in the pack's order.
pub(crate) fn slots(pack: &Pack, assignment: &Assignment) -> Vec<SlotId> {
    let slot = |contest: &String| SlotId {
        election: pack.election.id.clone(),
        tps: assignment.tps.clone(),
        contest: contest.clone(),
    };
    assignment.contests.iter().map(slot).collect()
}
