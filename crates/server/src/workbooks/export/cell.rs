//! One cell of an export.

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    /// Nothing.
    Blank,
    /// A count.
    Number(u64),
    /// A text, already defused.
    Text(String),
}

impl Cell {
    /// A text that no spreadsheet takes for a formula: one that begins like it
    /// gets an apostrophe in front. Names come from lists that strangers made,
    /// and notes from anybody.
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text: String = text.into();
        if text.is_empty() {
            Self::Blank
        } else if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
            Self::Text(format!("'{text}"))
        } else {
            Self::Text(text)
        }
    }

    /// A figure that may not be there.
    pub(super) fn figure(value: Option<u64>) -> Self {
        value.map_or(Self::Blank, Self::Number)
    }

    /// A number that is kept as a signed one.
    pub(super) fn count(value: i64) -> Self {
        Self::figure(u64::try_from(value).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_defused() {
        for text in ["=1+1", "+62", "-3", "@x", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(Cell::text(text), Cell::Text(format!("'{text}")), "{text:?}");
        }
        for text in ["Palaran", "a=1", "'=1", "3-4"] {
            assert_eq!(Cell::text(text), Cell::Text(text.to_owned()));
        }
        assert_eq!(Cell::text(""), Cell::Blank);
        assert_eq!(Cell::count(-1), Cell::Blank);
    }
}
