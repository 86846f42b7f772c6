//! What the columns of a table are, and which identities hold between them.
//!
//! The columns are field ids of a form layout, and the identities are that
//! layout's own rules, looked up once: a table of the whole country is too
//! large to look every figure up by name. A rule with a figure that the table
//! does not have is left out; [`bridge`](super::bridge) closes the gaps.

use super::bridge::bridges;
use super::station::Figures;
use crate::contest::Choice;
use crate::counts::{Counts, votes_of};
use crate::form::{FormLayout, Rule, Severity};
use crate::rules;

/// A rule with the columns that it compares.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    pub(super) rule: Rule,
    pub(super) left: Vec<usize>,
    pub(super) right: Vec<usize>,
}

/// An identity that does not hold: its two sums.
#[derive(Debug, Clone, Copy)]
pub(super) struct Broken<'a> {
    pub(super) identity: &'a Identity,
    pub(super) left: u64,
    pub(super) right: u64,
}

impl Identity {
    /// The sums when it does not hold; `None` when it does or a figure is blank.
    pub(super) fn broken<'a>(&'a self, figures: &Figures) -> Option<Broken<'a>> {
        let left = sum(&self.left, figures)?;
        let sum_right = sum(&self.right, figures)?;
        let right = rules::broken(&self.rule, left, sum_right)?;
        Some(Broken {
            identity: self,
            left,
            right,
        })
    }

    pub(super) fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.left.iter().chain(&self.right).copied()
    }

    pub(super) fn is_question(&self) -> bool {
        self.rule.severity == Severity::Error
    }
}

/// The columns of a table, by the meaning that a form gives them.
#[derive(Debug, Clone)]
pub struct Sheet {
    ids: Vec<String>,
    pub(super) identities: Vec<Identity>,
    pub(super) options: Vec<usize>,
    pub(super) valid: Option<usize>,
    pub(super) invalid: Option<usize>,
    pub(super) total: Option<usize>,
    pub(super) came: Option<usize>,
    pub(super) received: Option<usize>,
    pub(super) returned: Option<usize>,
    roll: [Option<usize>; 3],
}

impl Sheet {
    /// A sheet with these columns (field ids of a form layout; `votes.{number}`
    /// for an option), on which `rules` should hold as far as their figures are
    /// there. Rules that are applied once per party are left out: a sheet has
    /// no candidates.
    #[must_use]
    pub fn new(ids: Vec<String>, rules: &[Rule]) -> Self {
        let column = |id: &str| ids.iter().position(|own| own == id);
        let options: Vec<usize> = ids
            .iter()
            .enumerate()
            .filter(|(_, id)| option_number(id).is_some())
            .map(|(column, _)| column)
            .collect();
        let gaps = bridges(|id| column(id).is_some());
        let identities = rules
            .iter()
            .chain(&gaps)
            .filter_map(|rule| {
                Some(Identity {
                    left: columns(&rule.left, &options, column)?,
                    right: columns(&rule.right, &options, column)?,
                    rule: rule.clone(),
                })
            })
            .collect();
        Self {
            valid: column("valid"),
            invalid: column("invalid"),
            total: column("total"),
            came: column("came_total_total"),
            received: column("ballots_received"),
            returned: column("ballots_returned"),
            roll: ["dpt_total", "dpt_male", "dpt_female"].map(column),
            identities,
            options,
            ids,
        }
    }

    /// The sheet of a contest's forms: the options' votes and every field of the
    /// form, with the form's own rules as statements.
    #[must_use]
    pub fn of_form(form: &FormLayout, options: &[Choice]) -> Self {
        let votes = options.iter().map(|it| format!("votes.{}", it.number));
        let fields = form.fields.iter().map(|field| field.id.clone());
        Self::new(votes.chain(fields).collect(), &statements(&form.rules))
    }

    /// The figures of a form in the order of the columns, an option's parts
    /// summed up.
    #[must_use]
    pub fn figures(&self, options: &[Choice], counts: &Counts) -> Figures {
        let value = |id: &String| match option_number(id) {
            Some(number) => {
                let option = options.iter().find(|it| it.number == number)?;
                votes_of(option, counts)
            }
            None => counts.get(id).copied(),
        };
        Figures::new(self.ids.iter().map(value).collect())
    }

    /// The field ids, in the order of the columns.
    #[must_use]
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// The column of a field id.
    #[must_use]
    pub fn column(&self, id: &str) -> Option<usize> {
        self.ids.iter().position(|own| own == id)
    }

    /// Codes of the identities and bounds that can be looked at.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.identities
            .iter()
            .map(|identity| identity.rule.code.as_str())
    }

    pub(super) fn id(&self, column: usize) -> String {
        self.ids.get(column).cloned().unwrap_or_default()
    }

    /// The voters on the roll; zero stands for unknown, as in every table seen.
    #[must_use]
    pub fn roll(&self, figures: &Figures) -> Option<u32> {
        let [total, male, female] = self.roll.map(|column| figures.get(column?));
        let both = || male?.checked_add(female?);
        total.or_else(both).filter(|roll| *roll > 0)
    }

    /// Voters who came, or else the ballots in the box.
    pub(super) fn turnout(&self, figures: &Figures) -> Option<u32> {
        let came = self.came.and_then(|column| figures.get(column));
        let total = self.total.and_then(|column| figures.get(column));
        let summed = || self.votes(figures).zip(self.invalid_of(figures));
        came.or(total)
            .or_else(|| summed().map(|(votes, invalid)| votes.saturating_add(invalid)))
    }

    pub(super) fn invalid_of(&self, figures: &Figures) -> Option<u32> {
        self.invalid.and_then(|column| figures.get(column))
    }

    /// The votes of all options together; `None` when none is filled in.
    pub(super) fn votes(&self, figures: &Figures) -> Option<u32> {
        let mut filled = self.options.iter().filter_map(|it| figures.get(*it));
        let first = filled.next()?;
        Some(filled.fold(first, u32::saturating_add))
    }

    /// The options' votes; `None` when one of them is blank or all are zero,
    /// because such figures are the same everywhere and tell nothing.
    pub(super) fn telling_votes(&self, figures: &Figures) -> Option<Vec<u32>> {
        let votes: Option<Vec<u32>> = self.options.iter().map(|it| figures.get(*it)).collect();
        votes.filter(|votes| votes.iter().any(|one| *one > 0))
    }

    /// What does not hold, in the rules' order.
    pub(super) fn broken<'a>(&'a self, figures: &Figures) -> Vec<Broken<'a>> {
        self.identities
            .iter()
            .filter_map(|identity| identity.broken(figures))
            .collect()
    }

    /// Whether every printed identity whose figures are there holds.
    pub(super) fn adds_up(&self, figures: &Figures) -> bool {
        let questions = self.identities.iter().filter(|it| it.is_question());
        questions
            .filter_map(|identity| identity.broken(figures))
            .next()
            .is_none()
    }

    /// The same figures, with a sum of zero over votes that are there taken as
    /// not filled in: the identities would otherwise all complain of one thing.
    pub(super) fn without_blank_sums(&self, figures: &Figures) -> (Figures, Vec<usize>) {
        let mut cleaned = figures.clone();
        let mut blank = Vec::new();
        if self.votes(figures).unwrap_or_default() > 0 {
            for column in [self.valid, self.total, self.came].into_iter().flatten() {
                if figures.get(column) == Some(0) {
                    cleaned = cleaned.with(column, None);
                    blank.push(column);
                }
            }
        }
        (cleaned, blank)
    }
}

/// The form's rule about its size, which is looked at as a bound of its own.
pub(super) const SIZE_RULE: &str = "W404";

/// A form's rules for a table of results: stating and not asking, because the
/// question is to a witness who has the form at hand; and without the size,
/// which [`Params`](super::Params) says.
#[must_use]
pub fn statements(rules: &[Rule]) -> Vec<Rule> {
    let rules = rules.iter().filter(|rule| rule.code != SIZE_RULE);
    rules.map(statement).collect()
}

fn statement(rule: &Rule) -> Rule {
    let first = |text: &str| text.split_once(". ").map(|(first, _)| format!("{first}."));
    let mut rule = rule.clone();
    if let Some(text) = first(&rule.text) {
        rule.text = text;
    }
    if let Some(text) = rule.text_en.as_deref().and_then(first) {
        rule.text_en = Some(text);
    }
    rule
}

/// The ballot number in `votes.{number}`.
fn option_number(id: &str) -> Option<u32> {
    id.strip_prefix("votes.")?.parse().ok()
}

fn columns(
    terms: &[String],
    options: &[usize],
    column: impl Fn(&str) -> Option<usize>,
) -> Option<Vec<usize>> {
    let mut found = Vec::new();
    for term in terms {
        match term.as_str() {
            "votes.*" if options.is_empty() => return None,
            "votes.*" => found.extend_from_slice(options),
            id => found.push(column(id)?),
        }
    }
    Some(found)
}

fn sum(columns: &[usize], figures: &Figures) -> Option<u64> {
    columns.iter().try_fold(0_u64, |sum, column| {
        let value = figures.get(*column)?;
        Some(sum.saturating_add(u64::from(value)))
    })
}
