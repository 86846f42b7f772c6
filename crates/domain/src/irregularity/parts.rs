//! What does not add up inside an option: a party's own votes and its
//! candidates' against the party's total.
//!
//! A [`Sheet`](super::Sheet) has one figure for each option, so the rules that a
//! form applies once for each party are looked at here, by the form's own check.

use super::finding::{Evidence, Irregularity, Kind};
use crate::contest::Choice;
use crate::counts::Counts;
use crate::form::{FormLayout, Severity};
use crate::rules::{self, FormHead};

const PARTY_SCORE: u8 = 40;
const NOTICE_SCORE: u8 = 12;

/// Every rule that does not hold within a party's figures, for the station at
/// `station`; nothing where options are pairs.
#[must_use]
pub fn parts(
    station: usize,
    form: &FormLayout,
    options: &[Choice],
    counts: &Counts,
) -> Vec<Irregularity> {
    let nobody = FormHead {
        read: None,
        assigned: "",
    };
    let found = rules::check(form, options, counts, nobody);
    // Codes of such rules carry the party's number: `E401:3`.
    let of_party = found.into_iter().filter(|one| one.code.contains(':'));
    of_party
        .map(|one| {
            let score = match one.severity {
                Severity::Error => PARTY_SCORE,
                Severity::Warning => NOTICE_SCORE,
            };
            let (left, right) = (one.left, one.right);
            let english = one.text_en.clone().unwrap_or_else(|| one.text.clone());
            let mut finding = Irregularity::of(station, Kind::Rule, Evidence::Sums { left, right })
                .on(one.fields)
                .weighing(score, left.abs_diff(right))
                .saying(
                    format!("{} ({left} ↔ {right})", one.text),
                    format!("{english} ({left} ↔ {right})"),
                );
            finding.code = one.code;
            finding
        })
        .collect()
}
