//! What a column's name means, in the many ways that tables of results name
//! their columns in Indonesian and English.

use super::names::{COLUMNS, FIGURES, OPTIONS, PLACES, ROWS, has};

/// Where a row belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A code: 13 digits name a TPS, 10 a village; others stand as they are.
    Code,
    /// A code of the village, of any form.
    VillageCode,
    /// Name of the province.
    Province,
    /// Name of the regency or city.
    Regency,
    /// Name of the district.
    District,
    /// Name of the village.
    Village,
    /// Number of the TPS in the village.
    Tps,
    /// Number of the TPS as read from the form's head.
    FormTps,
    /// Which contest, in a table with several.
    Contest,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// Where the row belongs.
    Place(Place),
    /// A figure, by the field id of the form layouts.
    Figure(String),
}

/// Most digits of an option's number behind a word.
const OPTION_DIGITS_MAX: usize = 3;

/// Letters and digits only, in lower case: `Suara Sah`, `suara_sah` and
/// `SUARA.SAH` are one name.
pub fn squeezed(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// What a name means; `None` when nothing is known by it.
#[must_use]
pub fn of(name: &str) -> Option<Meaning> {
    let name = squeezed(name);
    let place = PLACES.iter().find(|(_, names)| has(names, &name));
    if let Some((place, _)) = place {
        return Some(Meaning::Place(*place));
    }
    figure(&name).map(Meaning::Figure)
}

fn figure(name: &str) -> Option<String> {
    let plain = FIGURES.iter().find(|(_, names)| has(names, name));
    if let Some((id, _)) = plain {
        return Some((*id).to_owned());
    }
    option(name).or_else(|| row(name))
}

/// An option by its number: `01`, `paslon_1`, `s02`, `100026`.
fn option(name: &str) -> Option<String> {
    let word = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = name.get(word.len()..)?;
    let number: u32 = digits.parse().ok()?;
    let known = if word.is_empty() {
        // Four bare digits are a year; five to nine the code of a pair.
        digits.len() < OPTION_DIGITS_MAX || (5..=9).contains(&digits.len())
    } else {
        digits.len() <= OPTION_DIGITS_MAX && has(OPTIONS, word)
    };
    (known && number > 0).then(|| format!("votes.{number}"))
}

/// One of the men, women and both of a row: `dpt_l`, `pengguna_dptb_p`.
fn row(name: &str) -> Option<String> {
    let fits = |(id, names): &(&str, &str)| {
        let longest = names
            .split_ascii_whitespace()
            .filter_map(|row| {
                let rest = name.strip_prefix(row)?;
                let column = COLUMNS.iter().find(|(_, ends)| has(ends, rest))?;
                Some((row.len(), column.0))
            })
            .max()?;
        Some((longest.0, format!("{id}_{}", longest.1)))
    };
    ROWS.iter().filter_map(fits).max().map(|(_, id)| id)
}

/// The names by which `--column` and the report know meanings.
const SAID: &[(&str, &str)] = &[
    ("roll", "dpt_total"),
    ("roll_male", "dpt_male"),
    ("roll_female", "dpt_female"),
    ("came", "came_total_total"),
    ("valid", "valid"),
    ("invalid", "invalid"),
    ("total", "total"),
    ("received", "ballots_received"),
    ("used", "ballots_used"),
    ("returned", "ballots_returned"),
    ("unused", "ballots_unused"),
];

const PLACES_SAID: &[(&str, Place)] = &[
    ("code", Place::Code),
    ("village_code", Place::VillageCode),
    ("province", Place::Province),
    ("regency", Place::Regency),
    ("district", Place::District),
    ("village", Place::Village),
    ("tps", Place::Tps),
    ("form_tps", Place::FormTps),
    ("contest", Place::Contest),
];

/// The meaning that an operator names with `--column`.
#[must_use]
pub fn said(word: &str) -> Option<Meaning> {
    if let Some((_, place)) = PLACES_SAID.iter().find(|(said, _)| *said == word) {
        return Some(Meaning::Place(*place));
    }
    if let Some(number) = word.strip_prefix("option:") {
        let number: u32 = number.parse().ok()?;
        return Some(Meaning::Figure(format!("votes.{number}")));
    }
    let short = SAID.iter().find(|(said, _)| *said == word);
    let id = short.map_or(word, |(_, id)| *id);
    let known = short.is_some()
        || ROWS.iter().any(|(row, _)| {
            let rest = id.strip_prefix(row).and_then(|rest| rest.strip_prefix('_'));
            rest.is_some_and(|rest| COLUMNS.iter().any(|(column, _)| *column == rest))
        });
    known.then(|| Meaning::Figure(id.to_owned()))
}

impl Meaning {
    /// The word for it, as `--column` takes it.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::Place(place) => PLACES_SAID
                .iter()
                .find(|(_, own)| own == place)
                .map_or_else(String::new, |(word, _)| (*word).to_owned()),
            Self::Figure(id) => match id.strip_prefix("votes.") {
                Some(number) => format!("option:{number}"),
                None => SAID
                    .iter()
                    .find(|(_, own)| own == id)
                    .map_or(id.as_str(), |(word, _)| word)
                    .to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_by_many_names() {
        for (name, word) in [
            ("kode_wilayah", "code"),
            ("Kelurahan/Desa", "village"),
            ("kel_id", "village_code"),
            ("No. TPS", "tps"),
            ("tSah", "invalid"),
            ("JUMLAH SUARA SAH", "valid"),
            ("paslon_1", "option:1"),
            ("01", "option:1"),
            ("s03", "option:3"),
            ("pas2", "option:2"),
            ("100026", "option:100026"),
            ("dpt_l", "roll_male"),
            ("pemilih_dpt_j", "roll"),
            ("pengguna_non_dpt_p", "came_dpk_female"),
            ("pengguna_total_j", "came"),
            ("DPT", "roll"),
            ("jum", "total"),
        ] {
            assert_eq!(
                of(name).map(|it| it.word()).as_deref(),
                Some(word),
                "{name}"
            );
        }
        for name in [
            "2024",
            "ts",
            "psu",
            "janggal",
            "status_suara",
            "nphotos",
            "id",
        ] {
            assert_eq!(of(name), None, "{name}");
        }
    }

    #[test]
    fn every_word_of_a_meaning_is_understood_again() {
        for (word, _) in SAID {
            assert_eq!(said(word).unwrap().word(), *word);
        }
        for (word, _) in PLACES_SAID {
            assert_eq!(said(word).unwrap().word(), *word);
        }
        assert_eq!(said("option:12").unwrap().word(), "option:12");
        assert_eq!(said("came_dpt_male").unwrap().word(), "came_dpt_male");
        assert_eq!(said("tootal"), None);
    }
}
