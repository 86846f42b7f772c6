//! Which column of a file holds what, and in which reading of the form.
//!
//! A reading is told by a word before or behind the name: `kpu_sah` beside
//! `kp_sah`, `sah_2` beside `sah`. What stands without such a word, or with one
//! for our own, is the first reading. Official figures become the first reading
//! when there is nothing else to look at.

use std::collections::BTreeMap;

use super::meaning::{self, Meaning, Place};

/// Which reading of the form a figure belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reading {
    /// The one that is looked at.
    First,
    /// By somebody else.
    Second,
    /// As officially published.
    Official,
}

/// What a word before or behind a column's name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Plain,
    First,
    Second,
    Official,
}

const FIRST: &[&str] = &[
    "first",
    "pertama",
    "r1",
    "baca1",
    "bacaan1",
    "pembacaan1",
    "reading1",
    "entry1",
    "entri1",
    "saksi",
    "saksi1",
    "witness",
    "witness1",
    "kami",
    "ours",
    "own",
    "internal",
    "c1",
    "a",
    "1",
    "i",
    "firstreading",
    "entripertama",
    "versi1",
    "v1",
];
const SECOND: &[&str] = &[
    "second",
    "kedua",
    "r2",
    "baca2",
    "bacaan2",
    "pembacaan2",
    "reading2",
    "entry2",
    "entri2",
    "saksi2",
    "witness2",
    "kp",
    "kawalpemilu",
    "relawan",
    "volunteer",
    "cek",
    "check",
    "ulang",
    "verif",
    "verifikasi",
    "blind",
    "b",
    "2",
    "ii",
    "secondreading",
    "entrikedua",
    "versi2",
    "v2",
];
const OFFICIAL: &[&str] = &["kpu", "official", "resmi", "sirekap", "rekap", "situng"];

/// Marks that an operator names for this file, instead of the known ones.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    /// Beginning or end of the first reading's column names.
    pub first: Option<String>,
    /// Beginning or end of the second reading's column names.
    pub second: Option<String>,
    /// Beginning or end of the official figures' column names.
    pub official: Option<String>,
}

/// A column that was named by an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    reading: Option<Reading>,
    meaning: Meaning,
    column: String,
}

impl std::str::FromStr for Named {
    type Err = String;

    /// `total=jum`, `second:option:1=baca2_satu`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (word, column) = text
            .split_once('=')
            .ok_or("write it as MEANING=COLUMN, such as total=jum")?;
        let (reading, rest) = match word.split_once(':') {
            Some(("first", rest)) => (Some(Reading::First), rest),
            Some(("second", rest)) => (Some(Reading::Second), rest),
            Some(("official", rest)) => (Some(Reading::Official), rest),
            _ => (None, word),
        };
        let meaning = meaning::said(rest)
            .ok_or_else(|| format!("\"{rest}\" is no meaning; see the list in --help"))?;
        Ok(Self {
            reading,
            meaning,
            column: column.to_owned(),
        })
    }
}

impl Named {
    /// Whether one of these names is the column's.
    #[must_use]
    pub fn stands_in(&self, names: &[String]) -> bool {
        position(names, &self.column).is_some()
    }
}

/// The columns of a file that were understood.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// Where rows belong, by column.
    pub places: BTreeMap<Place, usize>,
    /// Figures by reading and field id.
    pub figures: BTreeMap<(Reading, String), usize>,
    /// Columns that nothing is known about, or that say a thing twice.
    pub ignored: Vec<usize>,
}

impl Columns {
    /// Understands the names of a file's columns.
    ///
    /// # Errors
    /// The name of a `named` column that the file does not have.
    pub fn of(header: &[String], named: &[Named], marks: &Marks) -> Result<Self, String> {
        let mut told: BTreeMap<usize, &Named> = BTreeMap::new();
        for one in named {
            let at = position(header, &one.column)
                .ok_or_else(|| format!("the file has no column \"{}\"", one.column))?;
            told.insert(at, one);
        }
        let mut understood: Vec<(usize, Mark, Meaning)> = Vec::new();
        let mut columns = Self::default();
        for (at, name) in header.iter().enumerate() {
            if let Some(one) = told.get(&at) {
                let mark = match one.reading {
                    None => Mark::Plain,
                    Some(Reading::First) => Mark::First,
                    Some(Reading::Second) => Mark::Second,
                    Some(Reading::Official) => Mark::Official,
                };
                understood.insert(0, (at, mark, one.meaning.clone()));
            } else if let Some((mark, meaning)) = understand(name, marks) {
                understood.push((at, mark, meaning));
            } else {
                columns.ignored.push(at);
            }
        }
        let reading = readings(&understood);
        for (at, mark, meaning) in understood {
            let taken = match meaning {
                Meaning::Place(place) => columns.take_place(place, at),
                Meaning::Figure(id) => columns.take_figure((reading(mark), id), at),
            };
            if !taken {
                columns.ignored.push(at);
            }
        }
        columns.ignored.sort_unstable();
        Ok(columns)
    }

    fn take_place(&mut self, place: Place, at: usize) -> bool {
        let free = !self.places.contains_key(&place);
        if free {
            self.places.insert(place, at);
        }
        free
    }

    fn take_figure(&mut self, key: (Reading, String), at: usize) -> bool {
        let free = !self.figures.contains_key(&key);
        if free {
            self.figures.insert(key, at);
        }
        free
    }

    /// Whether the first reading has votes of options.
    #[must_use]
    pub fn has_options(&self) -> bool {
        let first = |(reading, id): &(Reading, String)| {
            *reading == Reading::First && id.starts_with("votes.")
        };
        self.figures.keys().any(first)
    }

    /// Takes ignored columns as options 1, 2, 3 … of the first reading.
    pub fn take_options(&mut self, options: &[usize]) {
        for (number, at) in options.iter().enumerate() {
            let number = number.saturating_add(1);
            let key = (Reading::First, format!("votes.{number}"));
            if self.take_figure(key, *at) {
                self.ignored.retain(|ignored| ignored != at);
            }
        }
    }

    /// How many columns were understood.
    #[must_use]
    pub fn understood(&self) -> usize {
        self.places.len().saturating_add(self.figures.len())
    }
}

fn position(header: &[String], name: &str) -> Option<usize> {
    let exact = header.iter().position(|own| own.trim() == name.trim());
    exact.or_else(|| {
        let name = meaning::squeezed(name);
        header.iter().position(|own| meaning::squeezed(own) == name)
    })
}

fn understand(name: &str, marks: &Marks) -> Option<(Mark, Meaning)> {
    let told = [
        (Mark::First, &marks.first),
        (Mark::Second, &marks.second),
        (Mark::Official, &marks.official),
    ];
    for (mark, word) in told {
        let Some(word) = word.as_deref().filter(|word| !word.is_empty()) else {
            continue;
        };
        let rest = name.strip_prefix(word).or_else(|| name.strip_suffix(word));
        if let Some(Meaning::Figure(id)) = rest.and_then(meaning::of) {
            return Some((mark, Meaning::Figure(id)));
        }
    }
    let plain = || Some((Mark::Plain, meaning::of(name)?));
    if two_numbers(name) {
        // `paslon_1_2` is option 1 in the second reading, not option 12.
        return marked(name).or_else(plain);
    }
    plain().or_else(|| marked(name))
}

fn two_numbers(name: &str) -> bool {
    let mut words = name.rsplit(|c: char| !c.is_alphanumeric());
    let mark = words.next().is_some_and(|word| ["1", "2"].contains(&word));
    let number = |word: &str| word.ends_with(|c: char| c.is_ascii_digit());
    mark && words.next().is_some_and(number)
}

/// A name with one or two words before or behind it that name the reading.
fn marked(name: &str) -> Option<(Mark, Meaning)> {
    let words: Vec<&str> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    for count in [1, 2] {
        let Some(rest) = words.len().checked_sub(count).filter(|rest| *rest > 0) else {
            continue;
        };
        let (front, behind) = (words.split_at(count), words.split_at(rest));
        for (mark, rest) in [(front.0, front.1), (behind.1, behind.0)] {
            let mark = mark_of(&meaning::squeezed(&mark.concat()));
            let meaning = meaning::of(&rest.join("_"));
            if let Some((mark, Meaning::Figure(id))) = mark.zip(meaning) {
                return Some((mark, Meaning::Figure(id)));
            }
        }
    }
    None
}

fn mark_of(word: &str) -> Option<Mark> {
    let known = [
        (Mark::First, FIRST),
        (Mark::Second, SECOND),
        (Mark::Official, OFFICIAL),
    ];
    known
        .iter()
        .find(|(_, words)| words.contains(&word))
        .map(|(mark, _)| *mark)
}

/// Which reading each mark stands for in this file.
fn readings(understood: &[(usize, Mark, Meaning)]) -> impl Fn(Mark) -> Reading + use<> {
    let votes = |mark: Mark| {
        understood.iter().any(|(_, own, meaning)| {
            *own == mark && matches!(meaning, Meaning::Figure(id) if id.starts_with("votes."))
        })
    };
    let own = votes(Mark::Plain) || votes(Mark::First);
    let lead = if own {
        Mark::First
    } else if votes(Mark::Official) {
        Mark::Official
    } else if votes(Mark::Second) {
        Mark::Second
    } else {
        Mark::First
    };
    move |mark| match mark {
        Mark::Plain | Mark::First => Reading::First,
        mark if mark == lead => Reading::First,
        Mark::Second => Reading::Second,
        Mark::Official => Reading::Official,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &str) -> Columns {
        let header: Vec<String> = names.split(',').map(str::to_owned).collect();
        Columns::of(&header, &[], &Marks::default()).unwrap()
    }

    fn at(columns: &Columns, reading: Reading, id: &str) -> Option<usize> {
        columns.figures.get(&(reading, id.to_owned())).copied()
    }

    #[test]
    fn two_readings_side_by_side_are_told_apart() {
        let both = columns("kel,tps,dpt_l,kpu_pas1,kpu_sah,kp_pas1,kp_sah");
        assert_eq!(at(&both, Reading::First, "votes.1"), Some(3));
        assert_eq!(at(&both, Reading::Second, "votes.1"), Some(5));
        assert_eq!(at(&both, Reading::First, "dpt_male"), Some(2));
        let behind = columns("desa,tps,paslon1,sah,paslon1_2,sah_2");
        assert_eq!(at(&behind, Reading::Second, "votes.1"), Some(4));
        assert_eq!(at(&behind, Reading::Second, "valid"), Some(5));
        let numbers = columns("desa,tps,paslon_1_1,paslon_1_2");
        assert_eq!(at(&numbers, Reading::Second, "votes.1"), Some(3));
    }

    #[test]
    fn official_figures_are_compared_with_our_own_when_there_are_any() {
        let beside = columns("desa,tps,paslon1,sah,kpu_paslon1,kpu_sah");
        assert_eq!(at(&beside, Reading::First, "votes.1"), Some(2));
        assert_eq!(at(&beside, Reading::Official, "votes.1"), Some(4));
        let alone = columns("desa,tps,kpu_paslon1,kpu_sah");
        assert_eq!(at(&alone, Reading::First, "votes.1"), Some(2));
    }

    #[test]
    fn an_operator_has_the_last_word() {
        let header: Vec<String> = ["tps", "desa", "jum", "jumlah"].map(str::to_owned).to_vec();
        let named = ["came=jum".parse().unwrap()];
        let columns = Columns::of(&header, &named, &Marks::default()).unwrap();
        assert_eq!(at(&columns, Reading::First, "came_total_total"), Some(2));
        assert_eq!(at(&columns, Reading::First, "total"), Some(3));
        assert!("tootal=jum".parse::<Named>().is_err());
        let missing = ["total=none".parse().unwrap()];
        assert!(Columns::of(&header, &missing, &Marks::default()).is_err());
    }
}
