//! A figure in Indonesian words, as the paper asks for it beside the digits.

const UNITS: [&str; 12] = [
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan",
    "sepuluh", "sebelas",
];

/// `figure` in words: 101 is `seratus satu`.
#[must_use]
pub fn in_words(figure: u32) -> String {
    match figure {
        0..=11 => UNITS
            .get(usize::try_from(figure).unwrap_or_default())
            .copied()
            .unwrap_or_default()
            .to_owned(),
        12..=19 => format!("{} belas", in_words(figure % 10)),
        20..=99 => joined(format!("{} puluh", in_words(figure / 10)), figure % 10),
        100..=199 => joined("seratus".to_owned(), figure % 100),
        200..=999 => joined(format!("{} ratus", in_words(figure / 100)), figure % 100),
        1_000..=1_999 => joined("seribu".to_owned(), figure % 1_000),
        2_000..=999_999 => joined(format!("{} ribu", in_words(figure / 1_000)), figure % 1_000),
        1_000_000..=999_999_999 => joined(
            format!("{} juta", in_words(figure / 1_000_000)),
            figure % 1_000_000,
        ),
        _ => joined(
            format!("{} miliar", in_words(figure / 1_000_000_000)),
            figure % 1_000_000_000,
        ),
    }
}

fn joined(head: String, rest: u32) -> String {
    if rest == 0 {
        head
    } else {
        format!("{head} {}", in_words(rest))
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn figures_read_as_on_the_paper() {
        for (figure, words) in [
            (0, "nol"),
            (7, "tujuh"),
            (10, "sepuluh"),
            (11, "sebelas"),
            (12, "dua belas"),
            (20, "dua puluh"),
            (99, "sembilan puluh sembilan"),
            (100, "seratus"),
            (101, "seratus satu"),
            (111, "seratus sebelas"),
            (210, "dua ratus sepuluh"),
            (905, "sembilan ratus lima"),
            (1_000, "seribu"),
            (11_441, "sebelas ribu empat ratus empat puluh satu"),
            (1_000_001, "satu juta satu"),
            (
                u32::MAX,
                "empat miliar dua ratus sembilan puluh empat juta sembilan ratus enam puluh tujuh ribu dua ratus sembilan puluh lima",
            ),
        ] {
            assert_eq!(in_words(figure), words);
        }
    }
}
