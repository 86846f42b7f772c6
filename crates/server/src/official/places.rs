//! Whose figures the rows of a file are, and whether they can be those.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Seek as _, SeekFrom, Write as _};

use domain::{Contest, Counts, FormLayout, Level, RegionCode};
use protocol::encoding::sha256_hex;
use protocol::official::OfficialError;
use sqlx::{AnyPool, Row as _};

use super::{json, table};
use crate::catalogue::Catalogue;
use crate::storage::StorageError;
use crate::tables::cell::{self, Cell, Unreadable};
use crate::tables::meaning::squeezed;

/// Errors that are told one by one.
const ERRORS_TOLD_MAX: usize = 100;

/// A file as it was brought.
#[derive(Debug, Clone)]
pub(super) struct OfficialFile {
    /// Its name.
    pub(super) name: String,
    /// What is in it.
    pub(super) bytes: Vec<u8>,
}

/// One row, as far as it could be read.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) line: u64,
    /// Code of the place, if there is one.
    pub(super) code: String,
    pub(super) village_code: String,
    /// Regency, district, village.
    pub(super) names: [String; 3],
    /// Of the TPS.
    pub(super) number: Option<u32>,
    pub(super) counts: Counts,
    /// What is wrong with its cells.
    pub(super) errors: Vec<String>,
}

/// What a file came to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// By code of the place.
    pub(super) figures: BTreeMap<String, Counts>,
    pub(super) blank: u32,
    pub(super) elsewhere: u32,
    pub(super) errors: Vec<OfficialError>,
    pub(super) errors_all: u32,
}

/// A cell as a figure; `None` when nothing stands there. Sums of large regions
/// have more digits than the figures of polling stations.
///
/// # Errors
/// Why it is none.
pub(super) fn figure(text: &str) -> Result<Option<u32>, Unreadable> {
    match cell::read(text) {
        Ok(Cell::Figure(value)) => Ok(Some(value)),
        Ok(Cell::Crossed) => Ok(Some(0)),
        Ok(Cell::Blank) => Ok(None),
        Err(Unreadable::TooLarge) => {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            digits.parse().map(Some).map_err(|_| Unreadable::TooLarge)
        }
        Err(why) => Err(why),
    }
}

impl OfficialFile {
    /// Its hash.
    pub(super) fn sha256(&self) -> String {
        sha256_hex(&self.bytes)
    }

    /// Its rows.
    ///
    /// # Errors
    /// What is wrong with it as a whole.
    pub(super) fn rows(&self) -> Result<Vec<Row>, String> {
        let first = self.bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        if matches!(first, Some(b'{' | b'[')) {
            let text = std::str::from_utf8(&self.bytes).map_err(|_| "not UTF-8 text".to_owned())?;
            return json::rows(text, &self.name);
        }
        let kept = || {
            let mut file = tempfile::tempfile()?;
            file.write_all(&self.bytes)?;
            file.seek(SeekFrom::Start(0))?;
            Ok::<_, std::io::Error>(file)
        };
        let file = kept().map_err(|cause| format!("it could not be put aside: {cause}"))?;
        table::rows(file, &self.name)
    }
}

/// The places of an election, to look rows up in.
pub(super) struct Atlas {
    /// Codes of polling stations that hold the contest.
    stations: BTreeSet<String>,
    regions: BTreeSet<String>,
    /// Villages by district and village, and by regency, district and village.
    villages: HashMap<String, Option<String>>,
}

impl Atlas {
    /// Reads it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(super) async fn read(
        pool: &AnyPool,
        election: &str,
        contest: &str,
    ) -> Result<Self, StorageError> {
        let tps = sqlx::query("SELECT tps FROM slots WHERE election = $1 AND contest = $2")
            .bind(election.to_owned())
            .bind(contest.to_owned())
            .fetch_all(pool)
            .await?;
        let stations = tps
            .iter()
            .map(|row| row.try_get("tps"))
            .collect::<Result<BTreeSet<String>, _>>()?;
        let mut names: HashMap<String, String> = HashMap::new();
        for row in sqlx::query("SELECT code, name FROM regions")
            .fetch_all(pool)
            .await?
        {
            names.insert(row.try_get("code")?, row.try_get("name")?);
        }
        let mut villages: HashMap<String, Option<String>> = HashMap::new();
        let digits = Level::Village.digits();
        for code in names.keys().filter(|code| code.len() == digits) {
            let name = |level: Level| {
                let above = code.get(..level.digits()).and_then(|code| names.get(code));
                plain(above.map_or("", String::as_str))
            };
            let two = format!("{}|{}", name(Level::District), name(Level::Village));
            let three = format!("{}|{two}", name(Level::Regency));
            for key in [two, three] {
                // A name that two villages have names neither.
                let entry = villages.entry(key).or_insert_with(|| Some(code.clone()));
                if entry.as_ref() != Some(code) {
                    *entry = None;
                }
            }
        }
        Ok(Self {
            stations,
            regions: names.into_keys().collect(),
            villages,
        })
    }

    /// The code of a row's place.
    fn code_of(&self, row: &Row) -> Result<String, &'static str> {
        if Level::Tps.digits() == row.code.len() {
            return Ok(row.code.clone());
        }
        let Some(number) = row.number else {
            return match row.code.len() {
                2 | 4 | 6 | 10 => Ok(row.code.clone()),
                0 => Err("no code of a place"),
                _ => Err("the code is none of a place"),
            };
        };
        let village = [&row.village_code, &row.code]
            .into_iter()
            .find(|code| code.len() == Level::Village.digits());
        let by_name = || {
            let [regency, district, village] = row.names.each_ref().map(|name| plain(name));
            let two = format!("{district}|{village}");
            let key = if regency.is_empty() {
                two
            } else {
                format!("{regency}|{two}")
            };
            self.villages.get(&key).cloned().flatten()
        };
        let village = village.cloned().or_else(by_name);
        village
            .map(|village| format!("{village}{number:03}"))
            .ok_or("the village is not known by this name")
    }
}

/// A name of a region without what is written before it or not.
fn plain(name: &str) -> String {
    let name = squeezed(name);
    let short = [
        "kabupaten",
        "kota",
        "kab",
        "kecamatan",
        "kec",
        "desa",
        "kelurahan",
    ]
    .iter()
    .find_map(|word| name.strip_prefix(word));
    short
        .filter(|rest| !rest.is_empty())
        .unwrap_or(&name)
        .to_owned()
}

/// Looks the rows up and judges them. `within` is where the one who brings them
/// may bring any.
pub(super) fn judge(
    rows: Vec<Row>,
    atlas: &Atlas,
    (catalogue, election, contest): (&Catalogue, &str, &str),
    within: Option<&RegionCode>,
) -> Outcome {
    let mut outcome = Outcome::default();
    for row in rows {
        let code = match atlas.code_of(&row) {
            Ok(code) => code,
            Err(why) => {
                outcome.wrong(&row, &row.names.join(" "), why);
                continue;
            }
        };
        let Ok(region) = code.parse::<RegionCode>() else {
            outcome.wrong(&row, &code, "the code is none of a place");
            continue;
        };
        let regency = region.at(Level::Regency).unwrap_or_else(|| region.clone());
        let is_ours = atlas.regions.contains(regency.as_str())
            && within.is_none_or(|own| region.is_within(own));
        if !is_ours {
            outcome.elsewhere = outcome.elsewhere.saturating_add(1);
            continue;
        }
        let is_station = region.level() == Level::Tps;
        let is_known = if is_station {
            atlas.stations.contains(&code)
        } else {
            atlas.regions.contains(&code)
        };
        let held = catalogue.contests.get(election).into_iter().flatten();
        let mut held = held.filter(|held| held.contest.id == contest);
        let held = held.find(|held| region.is_within(&held.region));
        let form = held.and_then(|held| Some((&held.contest, catalogue.form_of(&held.contest)?)));
        let Some((held, form)) = form.filter(|_| is_known) else {
            outcome.wrong(&row, &code, "no such place holds this contest");
            continue;
        };
        for why in &row.errors {
            outcome.wrong(&row, &code, why);
        }
        let counts = match fitting(&row.counts, held, form, is_station) {
            Ok(counts) => counts,
            Err(why) => {
                outcome.wrong(&row, &code, &why);
                continue;
            }
        };
        if counts.is_empty() {
            outcome.blank = outcome.blank.saturating_add(1);
        } else if outcome.figures.insert(code.clone(), counts).is_some() {
            outcome.wrong(&row, &code, "the place stands in the file twice");
        }
    }
    outcome
}

/// The figures that the form has; the others are left out.
fn fitting(
    counts: &Counts,
    contest: &Contest,
    form: &FormLayout,
    is_station: bool,
) -> Result<Counts, String> {
    let mut kept = Counts::new();
    for (id, value) in counts {
        if let Some(number) = id.strip_prefix("votes.") {
            let mut options = contest.options.iter();
            if !options.any(|option| option.number.to_string() == number) {
                return Err(format!("the ballot has no option {number}"));
            }
        } else if !form.fields.iter().any(|field| field.id == *id) {
            continue;
        }
        kept.insert(id.clone(), *value);
    }
    let largest = domain::figure::largest(form.votes.digits);
    match kept
        .iter()
        .find(|(_, value)| is_station && **value > largest)
    {
        Some((id, value)) => Err(format!("{id} is {value}, more than the form has boxes for")),
        None => Ok(kept),
    }
}

impl Outcome {
    fn wrong(&mut self, row: &Row, place: &str, why: &str) {
        self.errors_all = self.errors_all.saturating_add(1);
        if self.errors.len() < ERRORS_TOLD_MAX {
            self.errors.push(OfficialError {
                line: row.line,
                place: place.trim().to_owned(),
                why: why.to_owned(),
            });
        }
    }
}
