//! The columns of a contest's form: which there are, in the paper's order, and
//! what they are called.

use std::collections::BTreeSet;

use domain::{Column as Box, Contest, FormLayout};

/// The field before which the votes stand when they share its page.
const AFTER_VOTES: &str = "valid";

/// One figure of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// Id of the count.
    pub id: String,
    /// What it is called, in Indonesian; no two columns are called the same.
    pub heading: String,
    /// Number of digit boxes.
    pub digits: u8,
}

/// Every figure of a form with these options, in the paper's order.
pub(super) fn columns(form: &FormLayout, contest: &Contest) -> Vec<Column> {
    let mut columns = Vec::new();
    let mut are_votes_in = false;
    for field in &form.fields {
        let is_due = field.page > form.votes.page
            || (field.page == form.votes.page && field.id == AFTER_VOTES);
        if is_due && !are_votes_in {
            columns.extend(votes(form, contest));
            are_votes_in = true;
        }
        let is_alone = form
            .fields
            .iter()
            .filter(|other| other.row == field.row)
            .count()
            == 1;
        let sex = match field.column {
            Box::Male => " (L)",
            Box::Female => " (P)",
            Box::Total if is_alone => "",
            Box::Total => " (L+P)",
        };
        columns.push(Column {
            id: field.id.clone(),
            heading: format!("{}{sex}", field.label.trim()),
            digits: field.digits,
        });
    }
    if !are_votes_in {
        columns.extend(votes(form, contest));
    }
    tell_apart(&mut columns);
    columns
}

fn votes(form: &FormLayout, contest: &Contest) -> Vec<Column> {
    let column = |id: String, heading: String| Column {
        id,
        heading,
        digits: form.votes.digits,
    };
    let mut columns = Vec::new();
    for option in &contest.options {
        let (number, name) = (option.number, option.name.trim());
        let id = format!("votes.{number}");
        if option.candidates.is_empty() {
            columns.push(column(id, format!("{number}. {name}")));
            continue;
        }
        columns.push(column(
            format!("{id}.party"),
            format!("{number}. {name}: suara partai"),
        ));
        for candidate in &option.candidates {
            let heading = format!("{number}.{} {}", candidate.number, candidate.name.trim());
            columns.push(column(format!("{id}.{}", candidate.number), heading));
        }
        columns.push(column(id, format!("{number}. {name}: jumlah")));
    }
    columns
}

/// Adds the id to every heading that another column has too.
fn tell_apart(columns: &mut [Column]) {
    let mut seen = BTreeSet::new();
    for column in columns {
        if !seen.insert(column.heading.to_lowercase()) {
            column.heading = format!("{} [{}]", column.heading, column.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_of_the_sample_forms_has_one_column_with_a_name_of_its_own() {
        let sample = sample::kaltim().unwrap();
        for held in &sample.contests {
            let contest = &held.contest;
            let form = sample
                .forms
                .iter()
                .find(|form| form.id == contest.form)
                .unwrap();
            let columns = columns(form, contest);
            let options = contest.options.iter();
            let votes = options.flat_map(domain::Choice::count_ids).count();
            assert_eq!(columns.len(), form.fields.len() + votes);
            let names: BTreeSet<&str> = columns.iter().map(|one| one.heading.as_str()).collect();
            assert_eq!(names.len(), columns.len());
            let place = |id: &str| columns.iter().position(|one| one.id == id).unwrap();
            assert!(place("dpt_male") < place("votes.1"));
            assert!(place("votes.1") < place("valid"));
        }
    }
}
