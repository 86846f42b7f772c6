//! Which form's identities hold for a table: those of the form that has its
//! rows.

use domain::Rule;
use domain::irregularity::statements;

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
    Ok(statements(&rules))
}
