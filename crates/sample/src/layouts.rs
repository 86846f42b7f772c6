//! The result forms as data, from `data/layouts/`.
//!
//! Codes of their rules: `E1…` men + women = total of one row; `E2…` voters
//! who came, and ballots; `E3…` votes; `W4…` legal but unusual. The two
//! warnings about the ballot reserve are bounds from above and below, because
//! rules cannot round up the reserve and compare for equality: a station that
//! received one ballot too few may pass.

use domain::FormLayout;

use crate::BrokenData;

/// Result form for governor, regent and mayor, 2024.
pub const KWK_FORM: &str = "c-hasil-kwk-2024";
/// Result form for president and vice president, 2024.
pub const PPWP_FORM: &str = "c-hasil-ppwp-2024";
/// Result form for the national house of representatives, 2024.
pub const DPR_FORM: &str = "c-hasil-dpr-2024";

/// The layout with this id; `None` when the sample has no such form.
///
/// # Errors
/// [`BrokenData`] when the compiled-in layout cannot be read.
pub fn layout(id: &str) -> Result<Option<FormLayout>, BrokenData> {
    let json = match id {
        KWK_FORM => include_str!("../data/layouts/c-hasil-kwk-2024.json"),
        PPWP_FORM => include_str!("../data/layouts/c-hasil-ppwp-2024.json"),
        DPR_FORM => include_str!("../data/layouts/c-hasil-dpr-2024.json"),
        _ => return Ok(None),
    };
    Ok(serde_json::from_str(json)?)
}
