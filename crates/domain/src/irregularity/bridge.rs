//! Identities that follow from a form's own when a table leaves figures out.
//!
//! A form says that the total equals the ballots used and those the voters who
//! came. Published tables rarely have the ballots, so what is left of the
//! chain is compared directly.

use crate::form::{Rule, RuleKind, Severity};

/// The identities that close the gaps left by columns that are not there.
pub(super) fn bridges(has: impl Fn(&str) -> bool) -> Vec<Rule> {
    let mut rules = Vec::new();
    let came = has("came_total_total");
    if came && has("total") && !has("ballots_used") {
        rules.push(equal(
            "E305",
            &["total"],
            "came_total_total",
            "Jumlah suara sah dan tidak sah tidak sama dengan jumlah pengguna hak pilih.",
            "The total of valid and invalid votes is not the number of voters who came.",
        ));
    }
    if came && has("valid") && has("invalid") && !has("total") {
        rules.push(equal(
            "E306",
            &["valid", "invalid"],
            "came_total_total",
            "Suara sah ditambah suara tidak sah tidak sama dengan jumlah pengguna hak pilih.",
            "Valid plus invalid votes is not the number of voters who came.",
        ));
    }
    if has("invalid") && has("total") && !has("valid") {
        rules.push(equal(
            "E307",
            &["votes.*", "invalid"],
            "total",
            "Suara semua pilihan ditambah suara tidak sah tidak sama dengan jumlah suara sah dan tidak sah.",
            "The votes of all options plus the invalid ones are not the total of valid and invalid votes.",
        ));
    }
    rules
}

fn equal(code: &str, left: &[&str], right: &str, text: &str, text_en: &str) -> Rule {
    Rule {
        code: code.to_owned(),
        severity: Severity::Error,
        kind: RuleKind::Equal,
        left: left.iter().map(|id| (*id).to_owned()).collect(),
        right: vec![right.to_owned()],
        scale: 1.0,
        plus: 0,
        text: text.to_owned(),
        text_en: Some(text_en.to_owned()),
    }
}
