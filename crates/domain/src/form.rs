//! A result form as data: its pages, fields, and the identities printed on it.
//!
//! Row order and rules changed between elections, so nothing about a form is
//! code. A layout arrives in the pack and is drawn, checked and validated from
//! what it says. Field ids are stable words; labels are the paper's own.

use serde::{Deserialize, Serialize};

use crate::contest::Choice;
use crate::counts::Counts;
use crate::figure;

/// Which box of a men, women, total row a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Column {
    /// Men (*laki-laki*, L).
    Male,
    /// Women (*perempuan*, P).
    Female,
    /// Both (*jumlah*, L+P), or the only box of its row.
    Total,
}

/// One page of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Page {
    /// Page number, from 1.
    pub number: u32,
    /// The page's own heading.
    pub title: String,
    /// Number of the `AprilTag` (family 36h10) printed on the page, if any.
    pub tag: Option<u32>,
}

/// One figure on the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Field {
    /// Id of the count, such as `dpt_male`.
    pub id: String,
    /// Page it stands on.
    pub page: u32,
    /// Row it belongs to; fields with one row are drawn on one line.
    pub row: String,
    /// Which box of the row.
    pub column: Column,
    /// The row's words on the paper.
    pub label: String,
    /// Heading of the table the row stands in, on the row's first field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub section: Option<String>,
    /// Number of digit boxes.
    pub digits: u8,
}

/// Where the options' votes stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct VotesLayout {
    /// Page of the first option.
    pub page: u32,
    /// Number of digit boxes for each figure.
    pub digits: u8,
    /// Whether each option (party) has a page of its own, in ballot order.
    #[serde(default)]
    pub page_per_option: bool,
}

/// How much a rule that does not hold means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Severity {
    /// Worth a question: an identity printed on the form does not hold.
    Error,
    /// Worth a notice: legal, but unusual.
    Warning,
}

/// What a rule compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RuleKind {
    /// Sum of left = sum of right.
    Equal,
    /// Sum of left ≤ ceil(scale × sum of right) + plus.
    AtMost,
}

/// One identity or bound of the form.
///
/// A term is a field id; `votes.*`, the votes of every option; or, in a rule
/// that is applied once for each option, `votes.{n}` (the option's total as
/// written) and `votes.{n}.*` (its parts).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Rule {
    /// Stable code, `E…` or `W…`.
    pub code: String,
    /// Question or notice.
    pub severity: Severity,
    /// What is compared.
    pub kind: RuleKind,
    /// Terms summed on the left.
    pub left: Vec<String>,
    /// Terms summed on the right; none stands for 0.
    pub right: Vec<String>,
    /// Factor on the right side of `at_most`, to six decimals.
    #[serde(default = "one")]
    pub scale: f64,
    /// Allowance on the right side of `at_most`, in votes, voters or ballots.
    #[serde(default)]
    pub plus: u32,
    /// The question in Indonesian.
    pub text: String,
    /// The question in English; the Indonesian one stands in when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text_en: Option<String>,
}

fn one() -> f64 {
    1.0
}

/// A result form as data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct FormLayout {
    /// Stable id, such as `c-hasil-kwk-2024`.
    pub id: String,
    /// Its official name.
    pub title: String,
    /// What people still call it.
    pub also_called: String,
    /// Its pages in order.
    pub pages: Vec<Page>,
    /// Its figures except the options' votes, in the paper's order.
    pub fields: Vec<Field>,
    /// Where the options' votes stand.
    pub votes: VotesLayout,
    /// Its identities and bounds.
    pub rules: Vec<Rule>,
    /// What an SMS carries, in order.
    pub sms_fields: Vec<String>,
}

/// Why a set of figures cannot have come from a form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotOnThisForm {
    /// The form has no such field.
    #[error("the form has no field \"{0}\"")]
    UnknownField(String),
    /// More digits than boxes.
    #[error("field \"{0}\" has only {1} digit boxes")]
    TooLarge(String, u8),
}

impl FormLayout {
    /// Number of digit boxes of a count id, or `None` when the form (with
    /// these options) has no such field.
    #[must_use]
    pub fn digits_of(&self, id: &str, options: &[Choice]) -> Option<u8> {
        if let Some(field) = self.fields.iter().find(|field| field.id == id) {
            return Some(field.digits);
        }
        let is_vote = id.starts_with("votes.")
            && options
                .iter()
                .any(|choice| choice.count_ids().iter().any(|own| own == id));
        is_vote.then_some(self.votes.digits)
    }

    /// Whether these figures fit this form's boxes. Says nothing of whether
    /// they add up: that is evidence, and [`crate::rules::check`]'s to tell.
    ///
    /// # Errors
    /// The first figure that has no field or too many digits.
    pub fn admits(&self, counts: &Counts, options: &[Choice]) -> Result<(), NotOnThisForm> {
        for (id, value) in counts {
            let digits = self
                .digits_of(id, options)
                .ok_or_else(|| NotOnThisForm::UnknownField(id.chars().take(60).collect()))?;
            if *value > figure::largest(digits) {
                return Err(NotOnThisForm::TooLarge(id.clone(), digits));
            }
        }
        Ok(())
    }

    /// Ids of the counts that an SMS carries, in its order: `votes.*` stands
    /// for the total of each option, `votes.{number}`, in ballot order. An SMS
    /// says what the revision holds under these ids, and nothing else.
    #[must_use]
    pub fn sms_count_ids(&self, options: &[Choice]) -> Vec<String> {
        let totals = || {
            let total = |choice: &Choice| format!("votes.{}", choice.number);
            options.iter().map(total).collect()
        };
        let ids_of = |field: &String| match field.as_str() {
            "votes.*" => totals(),
            other => vec![other.to_owned()],
        };
        self.sms_fields.iter().flat_map(ids_of).collect()
    }

    /// The page on which option number `number` stands.
    #[must_use]
    pub fn page_of_option(&self, number: u32, options: &[Choice]) -> u32 {
        if !self.votes.page_per_option {
            return self.votes.page;
        }
        let index = options
            .iter()
            .position(|choice| choice.number == number)
            .unwrap_or_default();
        self.votes
            .page
            .saturating_add(u32::try_from(index).unwrap_or_default())
    }
}
