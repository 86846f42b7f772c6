//! One cell of a table, as people and spreadsheets write figures.
//!
//! On the forms a zero is written `0`, `-` or `X`, so those are zeros here. A
//! figure may have thousands points (`1.234`, `1,234`, `1 234`) or the empty
//! decimals that spreadsheets add (`105.0`).

/// A cell, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// Nothing there, or a word for it (`NULL`, `n/a`).
    Blank,
    /// A zero written as a stroke or cross.
    Crossed,
    /// A figure.
    Figure(u32),
}

/// Why a cell is not a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Unreadable {
    /// Letters, or a sign that is none of those above.
    #[error("not a number")]
    NotANumber,
    /// Below zero.
    #[error("below zero")]
    Negative,
    /// Votes, voters and ballots are whole.
    #[error("not a whole number")]
    Fraction,
    /// More than any table of polling stations holds.
    #[error("more than six digits")]
    TooLarge,
}

/// Most digits of a figure.
const DIGITS_MAX: usize = 6;

/// Words that tables write where nothing is.
const NOTHING: &[&str] = &[
    "null",
    "na",
    "n/a",
    "nan",
    "none",
    "nil",
    "kosong",
    "belum",
    "tidak ada",
    "#n/a",
    "?",
];

/// Reads a cell.
///
/// # Errors
/// [`Unreadable`] when it is neither a figure nor blank.
pub fn read(text: &str) -> Result<Cell, Unreadable> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
    if text.is_empty() || NOTHING.contains(&text.to_lowercase().as_str()) {
        return Ok(Cell::Blank);
    }
    let cross = |c: char| matches!(c, 'x' | 'X' | '-' | '–' | '—' | '×') || c.is_whitespace();
    if text.chars().all(cross) {
        return Ok(Cell::Crossed);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return figure(text);
    }
    if let Some(rest) = text.strip_prefix(['-', '−']) {
        return Err(match read(rest) {
            Ok(Cell::Figure(_)) | Err(Unreadable::Fraction) => Unreadable::Negative,
            _ => Unreadable::NotANumber,
        });
    }
    grouped(text)
}

fn figure(digits: &str) -> Result<Cell, Unreadable> {
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Ok(Cell::Figure(0));
    }
    if digits.len() > DIGITS_MAX {
        return Err(Unreadable::TooLarge);
    }
    digits
        .parse()
        .map(Cell::Figure)
        .map_err(|_| Unreadable::TooLarge)
}

/// `1.234`, `1,234`, `1 234`, `105.0`.
fn grouped(text: &str) -> Result<Cell, Unreadable> {
    let separator = |c: char| matches!(c, '.' | ',' | ' ' | '\'' | '\u{a0}' | '\u{202f}');
    let mut parts: Vec<&str> = text.split(separator).collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() < 2 || !parts.iter().all(digits) {
        return Err(Unreadable::NotANumber);
    }
    let mut fraction = false;
    if let Some(decimals) = parts.last().filter(|last| last.len() != 3) {
        let by_space = text.contains(|c: char| c.is_whitespace());
        if by_space && parts.len() == 2 {
            return Err(Unreadable::NotANumber);
        }
        fraction = !decimals.bytes().all(|byte| byte == b'0');
        parts.pop();
    }
    let threes = parts.iter().skip(1).all(|part| part.len() == 3);
    let head = parts
        .first()
        .is_some_and(|part| parts.len() == 1 || part.len() <= 3);
    match (threes && head, fraction) {
        (true, false) => figure(&parts.concat()),
        (true, true) => Err(Unreadable::Fraction),
        (false, _) => Err(Unreadable::NotANumber),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_as_people_write_them() {
        for (text, figure) in [
            ("105", 105),
            (" 007 ", 7),
            ("1.234", 1234),
            ("1,234", 1234),
            ("1 234", 1234),
            ("105.0", 105),
            ("105,00", 105),
            ("1.234,0", 1234),
            ("\"12\"", 12),
        ] {
            assert_eq!(read(text), Ok(Cell::Figure(figure)), "{text}");
        }
    }

    #[test]
    fn a_cross_or_stroke_is_a_zero_and_nothing_is_nothing() {
        for text in ["X", "x x x", "-", "–", "- -"] {
            assert_eq!(read(text), Ok(Cell::Crossed), "{text}");
        }
        for text in ["", "  ", "NULL", "n/a", "Kosong"] {
            assert_eq!(read(text), Ok(Cell::Blank), "{text}");
        }
    }

    #[test]
    fn what_is_no_figure_says_why() {
        for (text, why) in [
            ("12.5", Unreadable::Fraction),
            ("-3", Unreadable::Negative),
            ("seratus", Unreadable::NotANumber),
            ("12 (dua belas)", Unreadable::NotANumber),
            ("1O5", Unreadable::NotANumber),
            ("12 5", Unreadable::NotANumber),
            ("6472011001001", Unreadable::TooLarge),
            ("1.2.3", Unreadable::NotANumber),
        ] {
            assert_eq!(read(text), Err(why), "{text}");
        }
    }
}
