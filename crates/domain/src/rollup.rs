//! What a slot adds to the totals of every region it lies in.
//!
//! Verified and stale slots count with the decided figures in the verified
//! column; single and agreed slots count in the received column; a conflict
//! counts in neither and is shown as a range. The two columns are disjoint:
//! a vote stands in one of them or in none.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::contest::Choice;
use crate::counts::{self, Counts};
use crate::slot::{SlotState, SlotView};

/// What one slot adds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contribution {
    /// Anything has arrived.
    pub is_received: bool,
    /// Ruled (verified or stale).
    pub is_verified: bool,
    /// In conflict.
    pub is_conflict: bool,
    /// Something has arrived, but not the votes of every option.
    #[serde(default)]
    pub lacks_votes: bool,
    /// Decided figures, with each option's total under `votes.{number}`.
    pub verified: Counts,
    /// Figures not yet ruled on, likewise.
    pub received: Counts,
    /// Lowest and highest figure of each field in a conflict.
    pub contested: BTreeMap<String, (u32, u32)>,
}

impl Contribution {
    /// What a slot in this state adds, given the contest's options.
    #[must_use]
    pub fn of(view: &SlotView, options: &[Choice]) -> Self {
        let figures = with_totals(&view.figures, options);
        let is_verified = matches!(view.state, SlotState::Verified | SlotState::Stale);
        let contested = with_total_ranges(&view.contested, options);
        let is_received = view.state != SlotState::Empty;
        let has_votes = |choice: &Choice| {
            let id = format!("votes.{}", choice.number);
            figures.contains_key(&id) || contested.contains_key(&id)
        };
        let lacks_votes = is_received && !options.iter().all(has_votes);
        let (verified, received) = if is_verified {
            (figures, Counts::new())
        } else {
            (Counts::new(), figures)
        };
        Self {
            is_received,
            is_verified,
            is_conflict: view.state == SlotState::Conflict,
            lacks_votes,
            verified,
            received,
            contested,
        }
    }
}

/// The ranges with `votes.{number}` set for each party whose parts are all
/// contested: the sums of their lowest and of their highest figures, between
/// which the party's votes lie whichever of the heads is right.
fn with_total_ranges(
    contested: &BTreeMap<String, (u32, u32)>,
    options: &[Choice],
) -> BTreeMap<String, (u32, u32)> {
    let mut ranges = contested.clone();
    for choice in options {
        let parts: Option<Vec<(u32, u32)>> = choice
            .part_ids()
            .iter()
            .map(|id| contested.get(id).copied())
            .collect();
        let sum = parts.and_then(|parts| {
            parts.into_iter().try_fold((0_u32, 0_u32), |sum, part| {
                Some((sum.0.checked_add(part.0)?, sum.1.checked_add(part.1)?))
            })
        });
        if let Some(sum) = sum {
            ranges.insert(format!("votes.{}", choice.number), sum);
        }
    }
    ranges
}

/// The figures with `votes.{number}` set to each option's sum.
fn with_totals(figures: &Counts, options: &[Choice]) -> Counts {
    let mut figures = figures.clone();
    for choice in options {
        if let Some(votes) = counts::votes_of(choice, &figures) {
            figures.insert(format!("votes.{}", choice.number), votes);
        }
    }
    figures
}

/// The sum of many contributions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Slots from which anything has arrived.
    pub received_slots: u64,
    /// Slots ruled on.
    pub verified_slots: u64,
    /// Slots in conflict.
    pub conflict_slots: u64,
    /// Slots from which something has arrived, but not the votes of every
    /// option.
    pub voteless_slots: u64,
    /// Decided figures by field id.
    pub verified: BTreeMap<String, u64>,
    /// Figures not yet ruled on, by field id.
    pub received: BTreeMap<String, u64>,
    /// Sums of the lowest and of the highest figures of conflicts.
    pub contested: BTreeMap<String, (u64, u64)>,
}

impl Tally {
    /// Adds one slot.
    pub fn add(&mut self, slot: &Contribution) {
        self.received_slots = self
            .received_slots
            .saturating_add(u64::from(slot.is_received));
        self.verified_slots = self
            .verified_slots
            .saturating_add(u64::from(slot.is_verified));
        self.conflict_slots = self
            .conflict_slots
            .saturating_add(u64::from(slot.is_conflict));
        self.voteless_slots = self
            .voteless_slots
            .saturating_add(u64::from(slot.lacks_votes));
        add_figures(&mut self.verified, &slot.verified);
        add_figures(&mut self.received, &slot.received);
        add_ranges(&mut self.contested, &slot.contested);
    }

    /// Takes back what a slot had added.
    pub fn take_back(&mut self, slot: &Contribution) {
        self.received_slots = self
            .received_slots
            .saturating_sub(u64::from(slot.is_received));
        self.verified_slots = self
            .verified_slots
            .saturating_sub(u64::from(slot.is_verified));
        self.conflict_slots = self
            .conflict_slots
            .saturating_sub(u64::from(slot.is_conflict));
        self.voteless_slots = self
            .voteless_slots
            .saturating_sub(u64::from(slot.lacks_votes));
        take_back_figures(&mut self.verified, &slot.verified);
        take_back_figures(&mut self.received, &slot.received);
        take_back_ranges(&mut self.contested, &slot.contested);
        self.leave_out_empty_columns();
    }

    /// Leaves out columns that no slot stands in any more: their sums have come
    /// back to zero, which is not a figure that anybody sent.
    fn leave_out_empty_columns(&mut self) {
        let ruled_or_contested = self.verified_slots.saturating_add(self.conflict_slots);
        if self.verified_slots == 0 {
            self.verified.clear();
        }
        if self.received_slots <= ruled_or_contested {
            self.received.clear();
        }
        if self.conflict_slots == 0 {
            self.contested.clear();
        }
    }

    /// Adds the tally of other slots.
    pub fn join(&mut self, other: &Self) {
        for (own, theirs) in [
            (&mut self.received_slots, other.received_slots),
            (&mut self.verified_slots, other.verified_slots),
            (&mut self.conflict_slots, other.conflict_slots),
            (&mut self.voteless_slots, other.voteless_slots),
        ] {
            *own = own.saturating_add(theirs);
        }
        add_figures(&mut self.verified, &other.verified);
        add_figures(&mut self.received, &other.received);
        add_ranges(&mut self.contested, &other.contested);
    }
}

// A name is written once, not again for each of ten thousand slots.
fn add_figures<V: Copy + Into<u64>>(sums: &mut BTreeMap<String, u64>, more: &BTreeMap<String, V>) {
    for (id, value) in more {
        let value = (*value).into();
        match sums.get_mut(id) {
            Some(sum) => *sum = sum.saturating_add(value),
            None => drop(sums.insert(id.clone(), value)),
        }
    }
}

fn add_ranges<V: Copy + Into<u64>>(
    sums: &mut BTreeMap<String, (u64, u64)>,
    more: &BTreeMap<String, (V, V)>,
) {
    for (id, (low, high)) in more {
        let (low, high) = ((*low).into(), (*high).into());
        match sums.get_mut(id) {
            Some(sum) => *sum = (sum.0.saturating_add(low), sum.1.saturating_add(high)),
            None => drop(sums.insert(id.clone(), (low, high))),
        }
    }
}

fn take_back_figures(sums: &mut BTreeMap<String, u64>, less: &Counts) {
    for (id, value) in less {
        if let Some(sum) = sums.get_mut(id) {
            *sum = sum.saturating_sub((*value).into());
        }
    }
}

fn take_back_ranges(sums: &mut BTreeMap<String, (u64, u64)>, less: &BTreeMap<String, (u32, u32)>) {
    for (id, (low, high)) in less {
        if let Some(sum) = sums.get_mut(id) {
            *sum = (
                sum.0.saturating_sub((*low).into()),
                sum.1.saturating_sub((*high).into()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slot::{Channel, Ruling, RulingKind, SlotRevision, view};

    fn pairs() -> Vec<Choice> {
        (1..=2)
            .map(|number| Choice {
                number,
                name: String::new(),
                candidates: vec![],
            })
            .collect()
    }

    fn revision(device: &str, first: u32, second: u32) -> SlotRevision {
        SlotRevision {
            rev_id: format!("{device}{first}"),
            device: device.into(),
            seq: 1,
            counts: [
                ("votes.1".to_owned(), first),
                ("votes.2".to_owned(), second),
            ]
            .into(),
            photos: std::collections::BTreeSet::default(),
            channel: Channel::App,
        }
    }

    #[test]
    fn received_verified_and_contested_stand_apart() {
        let one = revision("siti", 100, 50);
        let ruling = Ruling {
            number: 1,
            kind: RulingKind::Verify,
            counts: one.counts.clone(),
            device: None,
            considered: [one.rev_id.clone()].into(),
        };
        let slots = [
            view(std::slice::from_ref(&one), &[]),
            view(std::slice::from_ref(&one), &[ruling]),
            view(&[revision("siti", 105, 7), revision("budi", 905, 7)], &[]),
            view(&[], &[]),
        ];
        let mut tally = Tally::default();
        for slot in &slots {
            tally.add(&Contribution::of(slot, &pairs()));
        }
        assert_eq!(
            (
                tally.received_slots,
                tally.verified_slots,
                tally.conflict_slots
            ),
            (3, 1, 1)
        );
        assert_eq!(
            (tally.received["votes.1"], tally.verified["votes.1"]),
            (100, 100)
        );
        assert_eq!(tally.contested["votes.1"], (105, 905));
        let mut twice = tally.clone();
        twice.join(&tally);
        assert_eq!((twice.received_slots, twice.conflict_slots), (6, 2));
        assert_eq!(twice.verified["votes.1"], 200);
        assert_eq!(twice.contested["votes.1"], (210, 1_810));
    }

    #[test]
    fn what_a_slot_added_is_taken_back_whole_and_zeros_stay_only_where_somebody_sent_them() {
        let contribution = |revs: &[SlotRevision], rulings: &[Ruling]| {
            Contribution::of(&view(revs, rulings), &pairs())
        };
        let nought = revision("siti", 0, 50);
        let ruling = Ruling {
            number: 1,
            kind: RulingKind::Verify,
            counts: nought.counts.clone(),
            device: None,
            considered: [nought.rev_id.clone()].into(),
        };
        let received = contribution(std::slice::from_ref(&nought), &[]);
        let verified = contribution(std::slice::from_ref(&nought), &[ruling]);
        let conflict = contribution(&[revision("siti", 105, 7), revision("budi", 905, 7)], &[]);
        let mut tally = Tally::default();
        for slot in [&received, &verified, &conflict] {
            tally.add(slot);
        }
        let all = tally.clone();
        for slot in [&received, &verified, &conflict] {
            tally.take_back(slot);
            tally.add(slot);
            assert_eq!(tally, all);
        }
        tally.take_back(&conflict);
        assert!(tally.contested.is_empty());
        tally.take_back(&verified);
        assert!(tally.verified.is_empty());
        assert_eq!(
            (tally.received["votes.1"], tally.received["votes.2"]),
            (0, 50)
        );
        tally.take_back(&received);
        assert_eq!(tally, Tally::default());
    }

    #[test]
    fn a_form_without_the_votes_of_every_option_is_in_but_not_whole() {
        let mut rev = revision("siti", 100, 50);
        let of = |rev: &SlotRevision| {
            let view = view(std::slice::from_ref(rev), &[]);
            Contribution::of(&view, &pairs()).lacks_votes
        };
        assert!(!of(&rev));
        rev.counts.remove("votes.2");
        assert!(of(&rev));
        let empty = view(&[], &[]);
        assert!(!Contribution::of(&empty, &pairs()).lacks_votes);
    }

    fn party() -> Choice {
        Choice {
            number: 3,
            name: String::new(),
            candidates: vec![crate::contest::Candidate {
                number: 1,
                name: String::new(),
            }],
        }
    }

    #[test]
    fn a_contested_partys_votes_lie_between_the_sums_of_its_parts() {
        let [mut one, mut other] = [revision("siti", 0, 0), revision("budi", 0, 0)];
        one.counts = [("votes.3.party".to_owned(), 4), ("votes.3.1".to_owned(), 9)].into();
        other.counts = [
            ("votes.3.party".to_owned(), 4),
            ("votes.3.1".to_owned(), 19),
        ]
        .into();
        let contribution = Contribution::of(&view(&[one, other], &[]), &[party()]);
        assert_eq!(contribution.contested["votes.3"], (13, 23));
    }

    #[test]
    fn a_partys_votes_are_its_own_and_its_candidates() {
        let mut rev = revision("siti", 0, 0);
        rev.counts = [
            ("votes.3.party".to_owned(), 4),
            ("votes.3.1".to_owned(), 9),
            ("votes.3".to_owned(), 31),
        ]
        .into();
        let contribution = Contribution::of(&view(&[rev], &[]), &[party()]);
        assert_eq!(
            contribution.received["votes.3"], 13,
            "the sum of its parts, not a total written wrongly"
        );
    }
}
