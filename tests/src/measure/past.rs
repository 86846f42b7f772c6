//! A past election that was read twice, and a machine's reading of another.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use domain::irregularity::{
    self, DifferenceClass, Evidence, Irregularity, Kind, Params, Sheet, Station,
};
use server::cli::findings::columns::Marks;
use server::cli::findings::size;
use server::cli::findings::table::Table;

use super::tally::{Share, Tally, first_true};

/// A table of a past election.
pub struct Past {
    /// As the command reads it.
    pub table: Table,
    /// What the election allowed.
    pub params: Params,
}

impl Past {
    /// Reads a file as `saksi-server findings` does.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        let table = Table::read(path, &[], &Marks::default())?;
        let params = Params {
            size_max: size::of(&table),
            ..Params::default()
        };
        Ok(Self { table, params })
    }

    /// The sheet of its columns.
    #[must_use]
    pub fn sheet(&self) -> &Sheet {
        &self.table.sheet
    }

    /// Its stations, village by village, with both readings.
    fn villages(&self) -> impl Iterator<Item = (&[Station], &[u64])> {
        let villages = self.table.villages.iter();
        villages.map(|it| (it.stations.as_slice(), it.lines.as_slice()))
    }

    /// The stations whose two readings agree in every figure and were not left
    /// blank, to put errors into.
    #[must_use]
    pub fn agreed(&self) -> Vec<Vec<Station>> {
        let agreed = |station: &&Station| {
            let second = station.second.as_ref();
            second.is_some_and(|second| *second == voted(self.sheet(), station))
        };
        self.villages()
            .map(|(stations, _)| {
                let kept = stations.iter().filter(agreed);
                kept.map(|it| Station {
                    second: None,
                    ..it.clone()
                })
                .collect()
            })
            .collect()
    }
}

/// The first reading without the figures that a second one never has.
fn voted(sheet: &Sheet, station: &Station) -> irregularity::Figures {
    let roll = |at: usize| sheet.ids()[at].starts_with("dpt_");
    let columns = 0..sheet.ids().len();
    irregularity::Figures::new(
        columns
            .map(|at| station.first.get(at).filter(|_| !roll(at)))
            .collect(),
    )
}

/// What is known of one station, and what was found there.
pub struct Looked<'a> {
    /// Line in the file.
    pub line: u64,
    /// The station with both readings.
    pub station: &'a Station,
    /// What was found.
    pub found: Vec<Irregularity>,
}

impl Looked<'_> {
    fn flagged(&self) -> bool {
        self.found.iter().any(Irregularity::is_flag)
    }

    fn differs(&self, sheet: &Sheet, only_votes: bool) -> bool {
        let Some(second) = &self.station.second else {
            return false;
        };
        (0..sheet.ids().len())
            .filter(|at| !only_votes || sheet.ids()[*at].starts_with("votes."))
            .any(|at| {
                let (a, b) = (self.station.first.get(at), second.get(at));
                a.is_some() && b.is_some() && a != b
            })
    }
}

/// Looks at every station, with its second reading or without.
#[must_use]
pub fn look(past: &Past, both: bool) -> Vec<Looked<'_>> {
    let mut all = Vec::new();
    for (stations, lines) in past.villages() {
        let seen: Vec<Station> = stations
            .iter()
            .map(|it| Station {
                second: it.second.clone().filter(|_| both),
                ..it.clone()
            })
            .collect();
        let mut found: HashMap<usize, Vec<Irregularity>> = HashMap::new();
        for one in irregularity::analyse(past.sheet(), &past.params, &seen) {
            found.entry(one.station).or_default().push(one);
        }
        for (at, station) in stations.iter().enumerate() {
            all.push(Looked {
                line: lines[at],
                station,
                found: found.remove(&at).unwrap_or_default(),
            });
        }
    }
    all
}

/// How one run over a table did.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Stations whose readings agree in every figure, and those flagged.
    pub clean: Share,
    /// Stations whose readings agree in the votes, and those flagged.
    pub clean_votes: Share,
    /// Stations whose readings differ in the votes, and those flagged.
    pub votes_differ: Share,
    /// Stations whose readings differ in anything, and those flagged.
    pub any_differ: Share,
    /// Of the first hundred, those whose readings differ; in percent.
    pub first_hundred: f64,
    /// The same, counting forms that do not add up in both readings as true.
    pub first_hundred_irregular: f64,
    /// What the flags were of: by code, how many of their stations differ.
    pub codes: Tally,
}

/// Holds what was found against the second reading.
#[must_use]
pub fn against_second(past: &Past, looked: &[Looked<'_>]) -> Outcome {
    let sheet = past.sheet();
    let mut outcome = Outcome::default();
    let mut ranking = Vec::new();
    for one in looked.iter().filter(|it| it.station.second.is_some()) {
        let (any, votes) = (one.differs(sheet, false), one.differs(sheet, true));
        let flagged = one.flagged();
        if any {
            outcome.any_differ.add(flagged);
        } else {
            outcome.clean.add(flagged);
        }
        if votes {
            outcome.votes_differ.add(flagged);
        } else {
            outcome.clean_votes.add(flagged);
        }
        for finding in one.found.iter().filter(|it| it.is_flag()) {
            outcome.codes.add(&finding.code, any);
        }
        if flagged {
            let weight = irregularity::weigh(&one.found);
            let broken = one
                .found
                .iter()
                .any(|it| it.kind == Kind::Rule && it.is_flag());
            ranking.push((weight.score, weight.stake, one.line, any, any || broken));
        }
    }
    ranking.sort_by(|a, b| (b.0, b.1, a.2).cmp(&(a.0, a.1, b.2)));
    let strict: Vec<bool> = ranking.iter().map(|it| it.3).collect();
    let either: Vec<bool> = ranking.iter().map(|it| it.4).collect();
    outcome.first_hundred = first_true(&strict, 100);
    outcome.first_hundred_irregular = first_true(&either, 100);
    outcome
}

/// Recall by the class that the labelled file gives each line.
#[derive(Debug, Clone, Default)]
pub struct ByLabel {
    /// Flagged, by label.
    pub flagged: Tally,
    /// Named for the class that the label says.
    pub named: Tally,
    /// The true figure of the wrong option is the first repair named.
    pub repaired: Tally,
}

/// Reads the labels of a file, by line.
///
/// # Errors
/// When the file cannot be read or has no such column.
pub fn labels(path: &Path, column: &str) -> Result<HashMap<u64, String>> {
    let mut reader = csv::Reader::from_path(path)?;
    let at = reader
        .headers()?
        .iter()
        .position(|name| name == column)
        .with_context(|| format!("no column {column}"))?;
    let mut labels = HashMap::new();
    for row in reader.records() {
        let row = row?;
        let line = row.position().map_or(0, csv::Position::line);
        labels.insert(line, row.get(at).unwrap_or_default().to_owned());
    }
    Ok(labels)
}

/// Recall by label.
#[must_use]
pub fn by_label(past: &Past, looked: &[Looked<'_>], labels: &HashMap<u64, String>) -> ByLabel {
    let mut outcome = ByLabel::default();
    for one in looked {
        let Some(label) = labels.get(&one.line) else {
            continue;
        };
        outcome.flagged.add(label, one.flagged());
        let class = one.found.iter().find_map(|it| match &it.evidence {
            Evidence::Readings { class, .. } => Some(*class),
            _ => None,
        });
        if let Some((class, wanted)) = class.zip(wanted(label)) {
            outcome.named.add(label, wanted.contains(&class));
        }
        let repairs = one.found.iter().find_map(|it| match &it.evidence {
            Evidence::Repairs { repairs, .. } => repairs.first(),
            _ => None,
        });
        if label.starts_with("one candidate") {
            let truth = one.station.second.as_ref();
            let right = repairs.is_some_and(|repair| {
                let column = past.sheet().column(&repair.field);
                column.and_then(|at| truth?.get(at)) == Some(repair.to)
            });
            outcome.repaired.add(label, right);
        }
    }
    outcome
}

/// The classes that mean what a label means.
fn wanted(label: &str) -> Option<&'static [DifferenceClass]> {
    let known: &[(&str, &[DifferenceClass])] = &[
        ("one candidate, one digit", &[DifferenceClass::OneDigit]),
        ("one candidate, digits", &[DifferenceClass::Transposed]),
        (
            "equals another",
            &[DifferenceClass::WrongTps, DifferenceClass::OtherForm],
        ),
        ("swap", &[DifferenceClass::Swapped]),
        ("field shifted", &[DifferenceClass::Shifted]),
        ("both, one digit", &[DifferenceClass::OneDigitEach]),
        ("KP all zero", &[DifferenceClass::Blank]),
        ("KPU all zero", &[DifferenceClass::Blank]),
    ];
    let found = known.iter().find(|(start, _)| label.starts_with(start));
    found.map(|(_, classes)| *classes)
}
