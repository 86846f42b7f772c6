//! A tally as the counting room reads it.
//!
//! Pure: which figure ids are an option's votes, which are a party's
//! candidates', and which are other fields of the form.

use std::collections::BTreeMap;

use domain::{Choice, RegionCode};
use protocol::console::{FieldTotals, RegionRollup, VoteTotals};

use super::sums::Sum;

/// The totals of one region.
#[must_use]
pub(super) fn region_rollup(code: RegionCode, sum: Sum, options: &[Choice]) -> RegionRollup {
    let Sum {
        name,
        tps,
        tally,
        paper,
    } = sum;
    let is_legislative = options.iter().any(|choice| !choice.candidates.is_empty());
    let candidates = FieldTotals {
        verified: candidates_in(&tally.verified),
        received: candidates_in(&tally.received),
    };
    RegionRollup {
        name: name.unwrap_or_else(|| code.to_string()),
        code,
        tps,
        received: tally.received_slots,
        verified: tally.verified_slots,
        conflict: tally.conflict_slots,
        paper: paper.here,
        paper_differs: paper.differ,
        votes: VoteTotals {
            verified: options_in(&tally.verified),
            received: options_in(&tally.received),
            contested: options_in(&tally.contested),
        },
        fields: FieldTotals {
            verified: fields_in(&tally.verified),
            received: fields_in(&tally.received),
        },
        candidates: is_legislative.then_some(candidates),
    }
}

/// What stands behind `votes.`, or `None` for another field.
fn vote(id: &str) -> Option<&str> {
    id.strip_prefix("votes.")
}

fn options_in<V: Copy>(column: &BTreeMap<String, V>) -> BTreeMap<String, V> {
    votes_in(column, |rest| !rest.contains('.'))
}

fn votes_in<V: Copy>(
    column: &BTreeMap<String, V>,
    wanted: fn(&str) -> bool,
) -> BTreeMap<String, V> {
    let votes = column
        .iter()
        .filter_map(|(id, value)| Some((vote(id)?, *value)));
    votes
        .filter(|(rest, _)| wanted(rest))
        .map(|(rest, value)| (rest.to_owned(), value))
        .collect()
}

fn candidates_in(column: &BTreeMap<String, u64>) -> BTreeMap<String, u64> {
    votes_in(column, |rest| rest.contains('.'))
}

fn fields_in(column: &BTreeMap<String, u64>) -> BTreeMap<String, u64> {
    column
        .iter()
        .filter(|(id, _)| vote(id).is_none())
        .map(|(id, value)| (id.clone(), *value))
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::rollup::Tally;

    use super::*;
    use crate::paper;

    #[test]
    fn votes_candidates_and_other_fields_are_told_apart() {
        let party = Choice {
            number: 3,
            name: String::new(),
            candidates: vec![domain::Candidate {
                number: 1,
                name: String::new(),
            }],
        };
        let column = [
            ("votes.3", 13),
            ("votes.3.1", 9),
            ("votes.3.party", 4),
            ("invalid", 2),
        ];
        let sum = Sum {
            name: Some("Kalimantan Timur".to_owned()),
            tps: 5,
            tally: Tally {
                received: column.map(|(id, n)| (id.to_owned(), n)).into(),
                ..Tally::default()
            },
            paper: paper::Totals { here: 3, differ: 1 },
        };
        let code = "64".parse().unwrap();
        let row = region_rollup(code, sum, &[party]);
        assert_eq!((row.paper, row.paper_differs), (3, 1));
        assert_eq!(row.votes.received, [("3".to_owned(), 13)].into());
        let candidates = row.candidates.unwrap().received;
        assert_eq!((candidates["3.1"], candidates["3.party"]), (9, 4));
        assert_eq!(row.fields.received, [("invalid".to_owned(), 2)].into());
    }
}
