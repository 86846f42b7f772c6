//! A figure as it is keyed: digits, at most as many as the form has boxes.

/// Why a keyed text is not a figure of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FigureError {
    /// Something other than the digits 0 to 9.
    #[error("a figure is written with digits only")]
    NotDigits,
    /// More digits than the form has boxes.
    #[error("a figure has at most {0} digits on this form")]
    TooManyDigits(u8),
}

/// Most digits any layout may ask for; keeps every sum inside `u32`.
pub const DIGITS_MAX: u8 = 6;

/// The figure written in `text`; `None` when the text is blank.
///
/// # Errors
/// [`FigureError`] when it is not a number of at most `digits` digits.
pub fn parse(text: &str, digits: u8) -> Result<Option<u32>, FigureError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(FigureError::NotDigits);
    }
    let digits = digits.min(DIGITS_MAX);
    if text.len() > usize::from(digits) {
        return Err(FigureError::TooManyDigits(digits));
    }
    text.parse()
        .map(Some)
        .map_err(|_| FigureError::TooManyDigits(digits))
}

/// The largest figure that fits into `digits` boxes.
#[must_use]
pub fn largest(digits: u8) -> u32 {
    10_u32
        .saturating_pow(u32::from(digits.min(DIGITS_MAX)))
        .saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_that_fit_the_boxes_are_a_figure() {
        assert_eq!(parse("105", 3), Ok(Some(105)));
        assert_eq!(parse(" 007 ", 3), Ok(Some(7)));
        assert_eq!(parse("", 3), Ok(None));
        assert_eq!(parse("1050", 3), Err(FigureError::TooManyDigits(3)));
        for text in ["1O5", "-1", "1.5", "1 5", "١٠٥", "+7"] {
            assert_eq!(parse(text, 3), Err(FigureError::NotDigits), "{text}");
        }
        assert_eq!(largest(3), 999);
    }
}
