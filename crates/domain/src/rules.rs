//! Findings: what on a form does not add up, as a question for a person.
//!
//! Paper forms break their own identities in about three of a hundred polling
//! stations, so a finding never blocks anything; it asks. A rule whose fields
//! are not all filled in is silent.

use serde::{Deserialize, Serialize};

use crate::contest::Choice;
use crate::counts::Counts;
use crate::form::{FormLayout, Rule, RuleKind, Severity};

/// Code of the finding that the TPS number read from the form's head is not
/// the assigned one. One in five real mix-ups is a form of the village's
/// other polling station; no identity shows it.
pub const WRONG_TPS: &str = "E901";

/// What the form's head says beside what it should say.
#[derive(Debug, Clone, Copy, Default)]
pub struct FormHead<'a> {
    /// The TPS number as read from the form, such as `001`; `None` if not yet read.
    pub read: Option<&'a str>,
    /// The assigned TPS number.
    pub assigned: &'a str,
}

/// A rule that does not hold: a question, with the figures that raise it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Finding {
    /// The rule's code; with an option's number behind a colon when the rule
    /// is applied for each option (`E303:4`).
    pub code: String,
    /// Question or notice.
    pub severity: Severity,
    /// The question in Indonesian.
    pub text: String,
    /// The question in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text_en: Option<String>,
    /// Ids of the fields that the rule looks at.
    pub fields: Vec<String>,
    /// Sum of the left side.
    pub left: u32,
    /// What the left side should equal, or at most be.
    pub right: u32,
}

/// Every finding of these figures on this form, in the layout's order.
#[must_use]
pub fn check(
    layout: &FormLayout,
    options: &[Choice],
    counts: &Counts,
    head: FormHead<'_>,
) -> Vec<Finding> {
    let by_rule = layout
        .rules
        .iter()
        .flat_map(|rule| findings_of(rule, options, counts));
    wrong_tps(head).into_iter().chain(by_rule).collect()
}

fn wrong_tps(head: FormHead<'_>) -> Option<Finding> {
    let read = head.read?.trim();
    let number = |text: &str| text.parse::<u32>().ok();
    if read.is_empty() || number(read) == number(head.assigned) {
        return None;
    }
    Some(Finding {
        code: WRONG_TPS.to_owned(),
        severity: Severity::Error,
        text: "Nomor TPS pada kepala formulir berbeda dengan TPS tugas Anda. Apakah formulir ini benar milik TPS Anda?".to_owned(),
        text_en: Some("The TPS number on the form's head is not your TPS. Is this the form of your own TPS?".to_owned()),
        fields: vec!["form_tps".to_owned()],
        left: number(read).unwrap_or_default(),
        right: number(head.assigned).unwrap_or_default(),
    })
}

fn findings_of(rule: &Rule, options: &[Choice], counts: &Counts) -> Vec<Finding> {
    let each_option = rule
        .left
        .iter()
        .chain(&rule.right)
        .any(|term| term.contains("{n}"));
    if each_option {
        let parties = options
            .iter()
            .filter(|choice| !choice.candidates.is_empty());
        parties
            .filter_map(|choice| finding(rule, options, counts, Some(choice)))
            .collect()
    } else {
        finding(rule, options, counts, None).into_iter().collect()
    }
}

fn finding(
    rule: &Rule,
    options: &[Choice],
    counts: &Counts,
    of: Option<&Choice>,
) -> Option<Finding> {
    let left_ids = ids_of(&rule.left, options, of);
    let right_ids = ids_of(&rule.right, options, of);
    let left = sum(&left_ids, counts)?;
    let right = sum(&right_ids, counts)?;
    let bound = broken(rule, left, right)?;
    let named = |text: &str| match of {
        Some(choice) => format!("{}: {text}", choice.name),
        None => text.to_owned(),
    };
    Some(Finding {
        code: of.map_or_else(
            || rule.code.clone(),
            |choice| format!("{}:{}", rule.code, choice.number),
        ),
        severity: rule.severity,
        text: named(&rule.text),
        text_en: rule.text_en.as_deref().map(named),
        fields: left_ids.into_iter().chain(right_ids).collect(),
        left: u32::try_from(left).unwrap_or(u32::MAX),
        right: u32::try_from(bound).unwrap_or(u32::MAX),
    })
}

/// What `left` should have equalled, or at most been, when the rule does not
/// hold for these sums; `None` when it holds.
pub(crate) fn broken(rule: &Rule, left: u64, right: u64) -> Option<u64> {
    match rule.kind {
        RuleKind::Equal => (left != right).then_some(right),
        RuleKind::AtMost => {
            let bound = most(rule, right);
            (left > bound).then_some(bound)
        }
    }
}

/// The most that the left side of an `at_most` rule may be.
pub(crate) fn most(rule: &Rule, right: u64) -> u64 {
    scaled_up(right, rule.scale).saturating_add(u64::from(rule.plus))
}

/// The count ids that the terms stand for.
fn ids_of(terms: &[String], options: &[Choice], of: Option<&Choice>) -> Vec<String> {
    let mut ids = Vec::new();
    for term in terms {
        match (term.as_str(), of) {
            ("votes.*", _) => ids.extend(options.iter().flat_map(Choice::part_ids)),
            ("votes.{n}.*", Some(choice)) => ids.extend(choice.part_ids()),
            ("votes.{n}", Some(choice)) => ids.push(format!("votes.{}", choice.number)),
            (id, _) => ids.push(id.to_owned()),
        }
    }
    ids
}

/// Sum of the figures, or `None` when one is not filled in.
fn sum(ids: &[String], counts: &Counts) -> Option<u64> {
    ids.iter().try_fold(0_u64, |sum, id| {
        counts
            .get(id)
            .map(|value| sum.saturating_add(u64::from(*value)))
    })
}

/// `ceil(scale × sum)` in whole millionths: in binary fractions, 1.025 × 400
/// could come out as 411.
fn scaled_up(sum: u64, scale: f64) -> u64 {
    const MILLION: u64 = 1_000_000;
    const SCALE_MAX: f64 = 1_000.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=1e9 before"
    )]
    let millionths = (scale.clamp(0.0, SCALE_MAX) * 1e6).round() as u64;
    sum.saturating_mul(millionths).div_ceil(MILLION)
}

#[cfg(test)]
mod tests;
