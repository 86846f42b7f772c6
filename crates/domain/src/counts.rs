//! The figures of one form, keyed by the field they stand in.
//!
//! Field ids are those of the form's layout; an option's votes are
//! `votes.{number}`, a party's candidate's `votes.{number}.{candidate}`, a
//! party's own `votes.{number}.party`. A field that is not filled in is not in
//! the map: blank is not zero.

use std::collections::BTreeMap;

use crate::contest::Choice;

/// Figures by field id, each in votes, voters or ballots.
pub type Counts = BTreeMap<String, u32>;

/// The votes of one option: the sum of its parts when all are filled in, or
/// else the total as written; `None` when neither is there.
#[must_use]
pub fn votes_of(choice: &Choice, counts: &Counts) -> Option<u32> {
    let parts: Option<Vec<u32>> = choice
        .part_ids()
        .iter()
        .map(|id| counts.get(id).copied())
        .collect();
    match parts {
        Some(parts) => parts.into_iter().try_fold(0_u32, u32::checked_add),
        None => counts.get(&format!("votes.{}", choice.number)).copied(),
    }
}

/// Whether two sets of figures agree: they share at least one field, and every
/// field they share is equal.
#[must_use]
pub fn agree(one: &Counts, other: &Counts) -> bool {
    let mut shared = shared(one, other).peekable();
    shared.peek().is_some() && shared.all(|(a, b)| a == b)
}

/// Whether any field that both fill in differs.
#[must_use]
pub fn differ(one: &Counts, other: &Counts) -> bool {
    shared(one, other).any(|(a, b)| a != b)
}

fn shared<'a>(one: &'a Counts, other: &'a Counts) -> impl Iterator<Item = (u32, u32)> + 'a {
    one.iter()
        .filter_map(|(id, a)| other.get(id).map(|b| (*a, *b)))
}
