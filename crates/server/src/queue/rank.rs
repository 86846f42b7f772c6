//! Where a slot stands in the queue: pure.
//!
//! The number is kept in the slot's row (`queue_base`), written whenever the
//! slot is saved. The database adds what it alone sees of photos (`queue_rank`,
//! see the schema): an item that is compared with a photo waits for one, and
//! goes behind everything else while photos are missing.

use domain::{Ruling, RulingKind, SlotState, SlotView};
use protocol::console::Role;
use protocol::queue::{QueueKind, QueueMode, Way};

/// What photos that are missing add to a rank: so it goes behind all others.
pub(crate) const PHOTOS_MISSING: i64 = 100;

/// What the queue itself has left open in a slot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Open {
    /// Nothing.
    #[default]
    Nothing,
    /// It was verified by a look and drawn to be read blind.
    Check,
    /// A reading differs, and nobody has resolved it.
    Difference,
}

impl Open {
    /// As it is kept.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Check => "check",
            Self::Difference => "difference",
        }
    }

    /// What a kept word stands for.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word {
            "check" => Self::Check,
            "difference" => Self::Difference,
            _ => Self::Nothing,
        }
    }
}

/// All kinds, most urgent first.
pub(super) const KINDS: [QueueKind; 9] = [
    QueueKind::Conflict,
    QueueKind::Difference,
    QueueKind::Finding,
    QueueKind::Bubbles,
    QueueKind::Fork,
    QueueKind::Stale,
    QueueKind::Check,
    QueueKind::First,
    QueueKind::Rest,
];

/// The number by which a kind is kept. The schema knows these numbers too.
#[must_use]
pub(crate) fn number_of(kind: QueueKind) -> i64 {
    match kind {
        QueueKind::Conflict => 10,
        QueueKind::Difference => 15,
        QueueKind::Finding => 20,
        QueueKind::Bubbles => 30,
        QueueKind::Fork => 40,
        QueueKind::Stale => 50,
        QueueKind::Check => 55,
        QueueKind::First => 60,
        QueueKind::Rest => 70,
    }
}

/// The kind of an item with this rank; `None` for what is not in the queue.
#[must_use]
pub(super) fn kind_of(rank: i64) -> Option<QueueKind> {
    let number = rank.checked_rem(PHOTOS_MISSING)?;
    KINDS.into_iter().find(|kind| number_of(*kind) == number)
}

/// The rank of a slot without regard to its photos; 0 when there is nothing to
/// do. `findings` and `bubbles_differ` are those of the heads.
#[must_use]
pub(crate) fn base(
    view: &SlotView,
    rulings: &[Ruling],
    open: Open,
    findings: i64,
    bubbles_differ: i64,
) -> i64 {
    kind(view, rulings, open, findings > 0, bubbles_differ > 0).map_or(0, number_of)
}

fn kind(
    view: &SlotView,
    rulings: &[Ruling],
    open: Open,
    has_findings: bool,
    do_bubbles_differ: bool,
) -> Option<QueueKind> {
    match view.state {
        SlotState::Empty => None,
        SlotState::Conflict if view.contested.values().any(|(low, high)| low != high) => {
            Some(QueueKind::Conflict)
        }
        SlotState::Conflict => Some(QueueKind::Fork),
        SlotState::Stale => Some(QueueKind::Stale),
        _ if open == Open::Difference => Some(QueueKind::Difference),
        SlotState::Verified => (open == Open::Check).then_some(QueueKind::Check),
        SlotState::Single | SlotState::Agreed if is_with_witness(view, rulings) => None,
        SlotState::Single | SlotState::Agreed if has_findings => Some(QueueKind::Finding),
        SlotState::Single | SlotState::Agreed if do_bubbles_differ => Some(QueueKind::Bubbles),
        SlotState::Single => Some(QueueKind::First),
        SlotState::Agreed => Some(QueueKind::Rest),
    }
}

/// Whether it was sent back, and nothing new has come since: there is nothing
/// to do until the witness has done something.
fn is_with_witness(view: &SlotView, rulings: &[Ruling]) -> bool {
    let newest = rulings
        .iter()
        .filter(|ruling| ruling.kind != RulingKind::Quarantine)
        .max_by_key(|ruling| ruling.number);
    newest.is_some_and(|ruling| {
        let mut heads = view.heads.iter();
        ruling.kind == RulingKind::Return && heads.all(|head| ruling.considered.contains(head))
    })
}

/// Whether a kind is ruled on by coordinators, all versions in sight.
#[must_use]
pub(super) fn is_for_coordinators(kind: QueueKind) -> bool {
    match kind {
        QueueKind::Conflict | QueueKind::Difference | QueueKind::Fork | QueueKind::Stale => true,
        QueueKind::Finding
        | QueueKind::Bubbles
        | QueueKind::Check
        | QueueKind::First
        | QueueKind::Rest => false,
    }
}

/// The kinds that a role may work on.
#[must_use]
pub(super) fn kinds_for(role: Role) -> Vec<QueueKind> {
    let may = |kind: &QueueKind| match role {
        Role::Admin | Role::Coordinator => true,
        Role::Operator => !is_for_coordinators(*kind),
        Role::Viewer => false,
    };
    KINDS.into_iter().filter(may).collect()
}

/// In which way an item of a kind is worked on.
#[must_use]
pub(super) fn way_for(kind: QueueKind, mode: QueueMode) -> Way {
    match (kind, mode) {
        (kind, _) if is_for_coordinators(kind) => Way::Resolve,
        (QueueKind::Check, _) | (_, QueueMode::Blind) => Way::Blind,
        (_, QueueMode::Look) => Way::Look,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn standing(state: SlotState) -> SlotView {
        SlotView {
            state,
            marks: BTreeSet::new(),
            heads: vec!["head".to_owned()],
            quarantined: BTreeSet::new(),
            figures: BTreeMap::new(),
            contested: BTreeMap::new(),
        }
    }

    #[test]
    fn every_kind_is_found_again_by_its_rank_and_they_lie_in_order() {
        let numbers: Vec<i64> = KINDS.into_iter().map(number_of).collect();
        assert!(numbers.is_sorted());
        for kind in KINDS {
            assert_eq!(kind_of(number_of(kind)), Some(kind));
            assert_eq!(kind_of(number_of(kind) + PHOTOS_MISSING), Some(kind));
        }
        assert_eq!(kind_of(0), None);
    }

    #[test]
    fn what_matters_more_comes_first() {
        let rank =
            |state, open, findings, bubbles| base(&standing(state), &[], open, findings, bubbles);
        let mut conflict = standing(SlotState::Conflict);
        conflict.contested.insert("votes.1".to_owned(), (1, 2));
        let in_order = [
            base(&conflict, &[], Open::Nothing, 0, 0),
            rank(SlotState::Single, Open::Difference, 0, 0),
            rank(SlotState::Agreed, Open::Nothing, 1, 1),
            rank(SlotState::Single, Open::Nothing, 0, 1),
            rank(SlotState::Conflict, Open::Nothing, 0, 0),
            rank(SlotState::Stale, Open::Difference, 1, 1),
            rank(SlotState::Verified, Open::Check, 1, 1),
            rank(SlotState::Single, Open::Nothing, 0, 0),
            rank(SlotState::Agreed, Open::Nothing, 0, 0),
        ];
        let numbers: Vec<i64> = KINDS.into_iter().map(number_of).collect();
        assert_eq!(in_order.to_vec(), numbers);
        assert_eq!(rank(SlotState::Verified, Open::Nothing, 1, 1), 0);
        assert_eq!(rank(SlotState::Empty, Open::Nothing, 0, 0), 0);
    }

    #[test]
    fn what_was_sent_back_waits_for_its_witness() {
        let mut sent_back = Ruling {
            number: 1,
            kind: RulingKind::Return,
            counts: BTreeMap::new(),
            device: None,
            considered: BTreeSet::from(["head".to_owned()]),
        };
        let single = standing(SlotState::Single);
        let rank =
            |ruling: &Ruling| base(&single, std::slice::from_ref(ruling), Open::Nothing, 0, 0);
        assert_eq!(rank(&sent_back), 0);
        sent_back.considered = BTreeSet::from(["an older one".to_owned()]);
        assert_eq!(rank(&sent_back), number_of(QueueKind::First));
    }

    #[test]
    fn operators_look_and_read_and_coordinators_resolve_too() {
        assert_eq!(kinds_for(Role::Coordinator), KINDS);
        assert!(!kinds_for(Role::Operator).contains(&QueueKind::Difference));
        assert!(kinds_for(Role::Viewer).is_empty());
        assert_eq!(way_for(QueueKind::Check, QueueMode::Look), Way::Blind);
        assert_eq!(way_for(QueueKind::First, QueueMode::Look), Way::Look);
        assert_eq!(way_for(QueueKind::First, QueueMode::Blind), Way::Blind);
        assert_eq!(way_for(QueueKind::Stale, QueueMode::Blind), Way::Resolve);
    }
}
