//! From rows of text to polling stations by village, with everything that
//! could not be read counted and kept. A bad row never ends the reading.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::bail;
use domain::irregularity::{Figures, Sheet, Station};

use super::cell::{self, Cell};
use super::columns::{Columns, Marks, Named, Reading};
use super::guess;
use super::meaning::Place;
use super::rules;
use super::source::{Row, Source};

/// Rows that are looked at before the columns are settled.
const SAMPLE_ROWS: usize = 1_000;
/// Lines that are kept word for word when something could not be read.
const UNREAD_MAX: usize = 100_000;

/// Letters of an unreadable text that are kept.
const TEXT_MAX: usize = 60;

/// A village in one contest, with its polling stations in the file's order.
#[derive(Debug, Default)]
pub struct Village {
    /// Its code, as far as the table has one.
    pub code: String,
    /// Province, regency, district, village.
    pub names: [String; 4],
    /// The contest, in a table with several.
    pub contest: String,
    /// Its polling stations.
    pub stations: Vec<Station>,
    /// The line of each of them.
    pub lines: Vec<u64>,
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Line in the file.
    pub line: u64,
    /// The column's name; empty for a whole row.
    pub column: String,
    /// What stood there.
    pub text: String,
    /// Why it could not be read.
    pub why: String,
}

impl Unread {
    /// Under what it is counted.
    #[must_use]
    pub fn reason(&self) -> String {
        if self.column.is_empty() {
            self.why.clone()
        } else {
            format!("{}: {}", self.column, self.why)
        }
    }
}

/// What a file came to.
pub struct Table {
    /// Names of the file's columns.
    pub header: Vec<String>,
    /// How they were understood.
    pub columns: Columns,
    /// What separates them.
    pub delimiter: &'static str,
    /// Columns that were taken as options because they add up.
    pub guessed: Vec<usize>,
    /// The columns that are looked at.
    pub sheet: Sheet,
    /// The villages, in the order in which they turn up.
    pub villages: Vec<Village>,
    /// Rows below the names of the columns.
    pub rows: u64,
    /// Rows without any figure.
    pub empty: u64,
    /// What could not be read, the first so many.
    pub unread: Vec<Unread>,
    /// How often something could not be read, by reason.
    pub reasons: BTreeMap<String, u64>,
    /// Rows of a TPS that had stood in the file before.
    pub repeated: u64,
}

/// The columns of figures, reading by reading, in the order of the sheet.
struct Layout {
    sheet: Sheet,
    first: Vec<Option<usize>>,
    second: Option<Vec<Option<usize>>>,
    official: Option<Vec<Option<usize>>>,
}

impl Table {
    /// Reads a file.
    ///
    /// # Errors
    /// A sentence when the file cannot be read at all, or when nothing says
    /// which polling station a row is of, or how many votes it has.
    pub fn read(path: &Path, named: &[Named], marks: &Marks) -> anyhow::Result<Self> {
        let mut source = Source::open(path, named, marks)?;
        let mut sample = Vec::new();
        for row in source.by_ref().take(SAMPLE_ROWS) {
            sample.push(row);
        }
        let mut guessed = Vec::new();
        if !source.columns.has_options() {
            let rows = sample.iter().filter_map(|row| row.as_ref().ok());
            guessed = guess::options(&source.columns, rows);
            source.columns.take_options(&guessed);
        }
        require(&source.header, &source.columns)?;
        let layout = layout(&source.columns)?;
        let mut table = Self {
            header: source.header.clone(),
            columns: source.columns.clone(),
            delimiter: source.delimiter_name(),
            guessed,
            sheet: layout.sheet.clone(),
            villages: Vec::new(),
            rows: 0,
            empty: 0,
            unread: Vec::new(),
            reasons: BTreeMap::new(),
            repeated: 0,
        };
        let mut known = HashMap::new();
        for row in sample.into_iter().chain(source) {
            table.rows = table.rows.saturating_add(1);
            match row {
                Ok(row) => table.take(&row, &layout, &mut known),
                Err(cause) => {
                    let line = cause.position().map_or(0, csv::Position::line);
                    table.not_read(line, "", "", &format!("not a row: {cause}"));
                }
            }
        }
        table.count_repeated();
        Ok(table)
    }

    /// How many polling stations.
    #[must_use]
    pub fn stations(&self) -> usize {
        self.villages.iter().map(|it| it.stations.len()).sum()
    }

    fn not_read(&mut self, line: u64, column: &str, text: &str, why: &str) {
        let one = Unread {
            line,
            column: column.to_owned(),
            text: text.chars().take(TEXT_MAX).collect(),
            why: why.to_owned(),
        };
        let count = self.reasons.entry(one.reason()).or_default();
        *count = count.saturating_add(1);
        if self.unread.len() < UNREAD_MAX {
            self.unread.push(one);
        }
    }

    fn take(&mut self, row: &Row, layout: &Layout, known: &mut HashMap<String, usize>) {
        let placed = match placed(&self.columns, row) {
            Ok(placed) => placed,
            Err(why) => {
                let shown = row.cells.join(" ");
                return self.not_read(row.line, "", &shown, why);
            }
        };
        let first = self.figures(row, &layout.first, layout);
        let mut other = |columns: &Option<Vec<Option<usize>>>| {
            let figures = columns.as_ref().map(|it| self.figures(row, it, layout));
            figures.filter(|it| !it.is_blank())
        };
        let (second, official) = (other(&layout.second), other(&layout.official));
        if first.is_blank() && second.is_none() && official.is_none() {
            self.empty = self.empty.saturating_add(1);
            return;
        }
        let at = *known.entry(placed.key).or_insert_with(|| {
            self.villages.push(Village {
                code: placed.code,
                names: placed.names,
                contest: placed.contest,
                ..Village::default()
            });
            self.villages.len().saturating_sub(1)
        });
        if let Some(village) = self.villages.get_mut(at) {
            village.lines.push(row.line);
            village.stations.push(Station {
                number: placed.number,
                form_number: placed.form_number,
                first,
                second,
                official,
            });
        }
    }

    /// One reading of a row. When nothing but strokes and crosses stands in it,
    /// it is not a form full of zeros but one that is not there.
    fn figures(&mut self, row: &Row, columns: &[Option<usize>], layout: &Layout) -> Figures {
        let mut values = Vec::with_capacity(columns.len());
        let mut written = false;
        for (place, column) in columns.iter().enumerate() {
            let text = column
                .and_then(|at| row.cells.get(at))
                .map_or("", String::as_str);
            let roll = layout
                .sheet
                .ids()
                .get(place)
                .is_some_and(|id| id.starts_with("dpt_"));
            values.push(match cell::read(text) {
                Ok(Cell::Figure(value)) => {
                    written |= !roll;
                    Some(value)
                }
                Ok(Cell::Crossed) => Some(0),
                Ok(Cell::Blank) => None,
                // Tables write -1 where the roll is not known.
                Err(cell::Unreadable::Negative) if roll => None,
                Err(why) => {
                    let name = column.and_then(|at| self.header.get(at)).cloned();
                    self.not_read(row.line, &name.unwrap_or_default(), text, &why.to_string());
                    None
                }
            });
        }
        if !written {
            values.iter_mut().for_each(|value| *value = None);
        }
        Figures::new(values)
    }

    fn count_repeated(&mut self) {
        for village in &self.villages {
            let mut numbers: Vec<u32> = village.stations.iter().map(|it| it.number).collect();
            numbers.sort_unstable();
            let all = numbers.len();
            numbers.dedup();
            let again = u64::try_from(all.saturating_sub(numbers.len())).unwrap_or(u64::MAX);
            self.repeated = self.repeated.saturating_add(again);
        }
    }
}

fn require(header: &[String], columns: &Columns) -> anyhow::Result<()> {
    let names = header.join(", ");
    let has = |place: Place| columns.places.contains_key(&place);
    if !has(Place::Tps) && !has(Place::Code) {
        bail!(
            "no column says which TPS a row is of (a 13-digit code, or a TPS number). \
             Name it: --column tps=NAME or --column code=NAME. The columns are: {names}"
        );
    }
    if !columns.has_options() {
        bail!(
            "no column was understood as the votes of an option. \
             Name them: --column option:1=NAME --column option:2=NAME. The columns are: {names}"
        );
    }
    Ok(())
}

fn layout(columns: &Columns) -> anyhow::Result<Layout> {
    let mut ids: Vec<String> = columns.figures.keys().map(|(_, id)| id.clone()).collect();
    ids.sort_by_key(|id| {
        let number = id.strip_prefix("votes.").and_then(|it| it.parse().ok());
        (number.unwrap_or(u32::MAX), id.clone())
    });
    ids.dedup();
    let of = |reading: Reading| -> Vec<Option<usize>> {
        let at = |id: &String| columns.figures.get(&(reading, id.clone())).copied();
        ids.iter().map(at).collect()
    };
    let other = |reading: Reading| {
        let columns = of(reading);
        columns.iter().any(Option::is_some).then_some(columns)
    };
    Ok(Layout {
        first: of(Reading::First),
        second: other(Reading::Second),
        official: other(Reading::Official),
        sheet: Sheet::new(ids.clone(), &rules::of(&ids)?),
    })
}

/// Where a row belongs.
struct Placed {
    key: String,
    code: String,
    names: [String; 4],
    contest: String,
    number: u32,
    form_number: Option<u32>,
}

fn placed(columns: &Columns, row: &Row) -> Result<Placed, &'static str> {
    let cell = |place: Place| {
        let at = columns.places.get(&place)?;
        row.cells
            .get(*at)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    };
    let name = |place: Place| cell(place).unwrap_or_default().to_owned();
    let names = [
        Place::Province,
        Place::Regency,
        Place::District,
        Place::Village,
    ]
    .map(name);
    let mut code = cell(Place::VillageCode).map(code_of).unwrap_or_default();
    let mut number = cell(Place::Tps).and_then(number_in);
    for text in [cell(Place::Code), cell(Place::Tps)].into_iter().flatten() {
        let digits = code_of(text);
        if let Some((village, tps)) = split(&digits) {
            code = village.to_owned();
            number = tps.parse().ok();
            break;
        }
    }
    if code.is_empty() {
        code = cell(Place::Code).map(code_of).unwrap_or_default();
    }
    if code.contains(['E', 'e']) && code.starts_with(|c: char| c.is_ascii_digit()) {
        return Err("the code was rounded by a spreadsheet");
    }
    let number = number.ok_or("no TPS number")?;
    let contest = name(Place::Contest);
    // A whole village code is enough; a shorter one needs the names beside it.
    let key = if code.len() >= VILLAGE_DIGITS || cell(Place::VillageCode).is_some() {
        format!("{contest}|{code}")
    } else if code.is_empty() && names.iter().all(String::is_empty) {
        return Err("no village");
    } else {
        format!("{contest}|{code}|{}", names.join("|").to_lowercase())
    };
    Ok(Placed {
        key,
        code,
        names,
        contest,
        number,
        form_number: cell(Place::FormTps).and_then(number_in),
    })
}

const VILLAGE_DIGITS: usize = 10;
const TPS_DIGITS: usize = 13;

/// A code without the points and blanks that some tables put into it.
fn code_of(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, '.' | ' ' | '\'' | '"'))
        .collect();
    if plain.bytes().all(|byte| byte.is_ascii_digit()) {
        plain
    } else {
        text.trim().to_owned()
    }
}

/// Village and number of a TPS code.
fn split(code: &str) -> Option<(&str, &str)> {
    let whole = code.len() == TPS_DIGITS && code.bytes().all(|byte| byte.is_ascii_digit());
    whole
        .then(|| code.split_at_checked(VILLAGE_DIGITS))
        .flatten()
}

/// The number in `3`, `003`, `TPS 003`.
fn number_in(text: &str) -> Option<u32> {
    let digits: String = text
        .trim_end_matches(".0")
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}
