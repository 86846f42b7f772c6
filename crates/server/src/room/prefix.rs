//! Questions about all codes that begin with one, as a range of texts.
//!
//! A range uses the index on the code; `LIKE` would not on PostgreSQL, and
//! `substr` nowhere.

use domain::RegionCode;

/// What lies in a region: codes from `from` (included) to `to` (excluded).
/// Codes are digits, so `:`, the character after `9`, ends the range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Prefix {
    /// The first code.
    pub from: String,
    /// The first text behind the last code.
    pub to: String,
}

impl Prefix {
    /// All codes in `region`; all codes whatever for `None`.
    #[must_use]
    pub(crate) fn of(region: Option<&RegionCode>) -> Self {
        let digits = region.map_or("", RegionCode::as_str);
        Self {
            from: digits.to_owned(),
            to: format!("{digits}:"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_holds_exactly_the_codes_that_begin_with_its_own() {
        let regency = "6472".parse().unwrap();
        let range = Prefix::of(Some(&regency));
        let holds = |code: &str| *code >= *range.from && *code < *range.to;
        assert!(holds("6472") && holds("6472011001001") && holds("6472999999999"));
        assert!(!holds("6471999999999") && !holds("6473000000000"));
        let all = Prefix::of(None);
        assert!("1101012001001" < all.to.as_str() && "9999999999999" < all.to.as_str());
    }
}
