//! The pen's ways of handwritten digits and capitals.
//!
//! Each sign is a few strokes on a grid of 10 by 10 from its top left corner,
//! written as two hexadecimal digits (column and row, `0` to `A`) a point, and
//! strokes parted by a space. A stroke of more than two points is drawn as a
//! smooth curve through them. Digits come in several hands, since people do
//! not write alike; the angular ones follow the form's dotted guide.

/// Side of the grid.
const GRID: f32 = 10.0;

/// One stroke: points as shares of the sign's width and height.
pub(crate) type Stroke = Vec<(f32, f32)>;

/// The hands in which a sign can be written; none for an unknown one.
pub(crate) fn hands(sign: char) -> &'static [&'static str] {
    match sign {
        '0' => &[
            "602105295A98A48150",
            "5012174A89948140",
            "2080A2A88A2A080220",
        ],
        '1' => &["505A", "2360 606A", "604A"],
        '2' => &[
            "12408193671A 1AAA",
            "1350926609286AA9",
            "00A0 A0A5 A505 050A 0AAA",
        ],
        '3' => &[
            "1150927445 4585A77A3A08",
            "1090 9044 4496894A09",
            "00A0 A0AA AA0A 25A5",
        ],
        '4' => &["4006 06A6 727A", "1015 1595 909A", "7007 07A7 707A"],
        '5' => &["2015 155496894A09 20A0", "9010 1015 1595 959A 9A0A"],
        '6' => &["804216296A98854517", "6015185A986618"],
        '7' => &["00A0 A0654A", "01A0 A04A 3595", "0200 0090 909A"],
        '8' => &["81401255977A3A18559270", "5022558250 55185A9855"],
        '9' => &["936524216092967A", "814013458381 818A"],
        '-' => &["1595"],
        'A' => &["0A50 50AA 2686"],
        'B' => &["101A 10818415 1596991A"],
        'C' => &["915013175A99"],
        'D' => &["101A 1071A5791A"],
        'E' => &["101A 1090 1585 1A9A"],
        'F' => &["101A 1090 1575"],
        'G' => &["915013175A9896 9656"],
        'H' => &["101A 909A 1595"],
        'I' => &["505A", "505A 3070 3A7A"],
        'J' => &["70774A18 4090"],
        'K' => &["101A 9016 459A"],
        'L' => &["101A 1A8A"],
        'M' => &["0A10 1056 5690 90AA"],
        'N' => &["1A10 109A 9A90"],
        'O' => &["5012063A89A58140"],
        'P' => &["101A 10818415"],
        'Q' => &["5012063A89A58140 67AA"],
        'R' => &["101A 10818415 459A"],
        'S' => &["91501245976A09"],
        'T' => &["00A0 505A"],
        'U' => &["10175A9790"],
        'V' => &["005A 5AA0"],
        'W' => &["003A 3A54 547A 7AA0"],
        'X' => &["00AA A00A"],
        'Y' => &["0055 A055 555A"],
        'Z' => &["00A0 A00A 0AAA"],
        '\'' => &["5042"],
        '.' => &["4A5A"],
        '(' => &["60356A"],
        ')' => &["40754A"],
        _ => &[],
    }
}

/// The strokes of one hand's sign.
pub(crate) fn strokes(hand: &str) -> Vec<Stroke> {
    hand.split(' ')
        .map(|stroke| {
            let shares: Vec<f32> = stroke.chars().filter_map(share).collect();
            let points = shares
                .iter()
                .step_by(2)
                .zip(shares.iter().skip(1).step_by(2));
            points.map(|(across, down)| (*across, *down)).collect()
        })
        .collect()
}

fn share(hexadecimal: char) -> Option<f32> {
    let steps = u8::try_from(hexadecimal.to_digit(16)?).ok()?;
    Some(f32::from(steps) / GRID)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_and_capital_can_be_written_and_keeps_to_its_grid() {
        for sign in ('0'..='9').chain('A'..='Z').chain(['-', '\'']) {
            assert!(!hands(sign).is_empty(), "{sign}");
            for hand in hands(sign) {
                let signs_only = hand.replace(' ', "");
                assert!(signs_only.chars().all(|point| share(point).is_some()));
                assert_eq!(signs_only.len() % 2, 0, "{sign}: {hand}");
                for stroke in strokes(hand) {
                    assert!(stroke.len() > 1, "{sign} has a stroke that goes nowhere");
                    for (across, down) in stroke {
                        assert!(across <= 1.0 && down <= 1.0, "{sign}: {hand}");
                    }
                }
            }
        }
    }
}
