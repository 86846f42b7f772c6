//! How one figure came to be another: a digit, two digits, a digit too many.

/// How one figure becomes the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slip {
    /// One digit is another; its worth (1, 10, 100 …).
    OneDigit(u32),
    /// Two neighbouring digits are exchanged.
    Transposed,
    /// A digit was left out or put in.
    DigitCount,
}

/// The slip that turns `from` into `to`; `None` when it takes more than one.
/// Leading zeros count as boxes: 45 becomes 145 by one digit.
pub(super) fn slip(from: u32, to: u32) -> Option<Slip> {
    if from == to {
        return None;
    }
    let width = from.to_string().len().max(to.to_string().len());
    let (one, other) = (format!("{from:0width$}"), format!("{to:0width$}"));
    let places: Vec<usize> = one
        .bytes()
        .rev()
        .zip(other.bytes().rev())
        .enumerate()
        .filter(|(_, (a, b))| a != b)
        .map(|(place, _)| place)
        .collect();
    match places.as_slice() {
        [place] => Some(Slip::OneDigit(
            10_u32.saturating_pow(u32::try_from(*place).unwrap_or(9)),
        )),
        [low, high] if high.saturating_sub(*low) == 1 && crossed(&one, &other, *low) => {
            Some(Slip::Transposed)
        }
        _ if left_out(&from.to_string(), &to.to_string())
            || left_out(&to.to_string(), &from.to_string()) =>
        {
            Some(Slip::DigitCount)
        }
        _ => None,
    }
}

fn crossed(one: &str, other: &str, low: usize) -> bool {
    let pair = |text: &str| {
        let mut digits = text.bytes().rev().skip(low);
        (digits.next(), digits.next())
    };
    let (a, b) = pair(one);
    pair(other) == (b, a)
}

/// Whether `short` is `long` without one of its digits.
fn left_out(short: &str, long: &str) -> bool {
    if short.len().saturating_add(1) != long.len() || short == "0" {
        return false;
    }
    let same = short
        .bytes()
        .zip(long.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    short.get(same..) == long.get(same.saturating_add(1)..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen_are_told_apart() {
        assert_eq!(slip(105, 905), Some(Slip::OneDigit(100)));
        assert_eq!(slip(45, 145), Some(Slip::OneDigit(100)));
        assert_eq!(slip(7, 0), Some(Slip::OneDigit(1)));
        assert_eq!(slip(121, 112), Some(Slip::Transposed));
        assert_eq!(slip(410, 140), Some(Slip::Transposed));
        assert_eq!(slip(41, 431), Some(Slip::DigitCount));
        assert_eq!(slip(1, 111), None);
        assert_eq!(slip(121, 211), Some(Slip::Transposed));
        assert_eq!(slip(123, 321), None);
        assert_eq!(slip(96, 96), None);
    }
}
