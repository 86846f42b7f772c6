//! Which form's identities hold for a table: those of the form that has its
//! rows.

use domain::Rule;

/// A row that only the form of a regional election has.
const REGIONAL_ROW: &str = "came_dpph_total";

/// The rules of the form that these columns come from. The identities of the
/// votes are the same on all of them.
///
/// # Errors
/// When the compiled-in form cannot be read.
pub(super) fn of(ids: &[String]) -> anyhow::Result<Vec<Rule>> {
    let regional = ids.iter().any(|id| id == REGIONAL_ROW);
    let form = if regional {
        sample::KWK_FORM
    } else {
        sample::PPWP_FORM
    };
    let rules = sample::layout(form)?.map_or_else(Vec::new, |layout| layout.rules);
    // The size of a station is the table's own; see `--size`.
    let rules = rules.into_iter().filter(|rule| rule.code != "W404");
    Ok(rules.map(statement).collect())
}

/// A rule that states and does not ask: its question is to a witness who has
/// the form at hand.
fn statement(mut rule: Rule) -> Rule {
    let first = |text: &str| text.split_once(". ").map(|(first, _)| format!("{first}."));
    if let Some(text) = first(&rule.text) {
        rule.text = text;
    }
    if let Some(text) = rule.text_en.as_deref().and_then(first) {
        rule.text_en = Some(text);
    }
    rule
}
