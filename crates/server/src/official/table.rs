//! A table of official figures: the columns that `saksi-server findings` knows.

use std::fs::File;

use super::places::{Row, figure};
use crate::tables::columns::{Columns, Marks, Reading};
use crate::tables::meaning::{Place, squeezed};
use crate::tables::source::{self, Source};

/// Names of columns with the code of a region above polling stations; they are
/// looked at when no column has a station's.
const REGION_NAMES: [&str; 8] = [
    "kodekec",
    "kodekecamatan",
    "kodekab",
    "kodekabkota",
    "kodekabupaten",
    "kodewilayah",
    "kodeprov",
    "region",
];

/// The rows of a file.
///
/// # Errors
/// What is wrong with it as a whole.
pub(super) fn rows(file: File, name: &str) -> Result<Vec<Row>, String> {
    let source = Source::of(file, name, &[], &Marks::default());
    let source = source.map_err(|cause| format!("{cause:#}"))?;
    let columns = source.columns.clone();
    let region = region_column(&source.header, &columns);
    if !columns.has_options() {
        let header = source.header.join(", ");
        return Err(format!(
            "no column was understood as the votes of an option; the columns are: {header}"
        ));
    }
    let mut rows = Vec::new();
    for read in source {
        rows.push(match read {
            Ok(read) => row(&read, &columns, region),
            Err(cause) => Row {
                line: cause.position().map_or(0, csv::Position::line),
                errors: vec![format!("not a row: {cause}")],
                ..Row::default()
            },
        });
    }
    Ok(rows)
}

fn region_column(header: &[String], columns: &Columns) -> Option<usize> {
    let deep = [Place::Code, Place::Tps].map(|place| columns.places.contains_key(&place));
    if deep.contains(&true) {
        return None;
    }
    REGION_NAMES
        .iter()
        .find_map(|known| header.iter().position(|name| squeezed(name) == *known))
}

fn row(read: &source::Row, columns: &Columns, region: Option<usize>) -> Row {
    let cell_at = |at: usize| read.cells.get(at).map_or("", String::as_str);
    let place = |place: Place| columns.places.get(&place).map_or("", |at| cell_at(*at));
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let mut row = Row {
        line: read.line,
        code: region.map_or_else(|| digits(place(Place::Code)), |at| digits(cell_at(at))),
        village_code: digits(place(Place::VillageCode)),
        names: [Place::Regency, Place::District, Place::Village].map(|at| place(at).to_owned()),
        number: digits(place(Place::Tps)).parse().ok(),
        ..Row::default()
    };
    for ((reading, id), at) in &columns.figures {
        // A table of official figures has one reading; of a table with ours
        // beside them, those marked as official are meant.
        if *reading == Reading::Second {
            continue;
        }
        let is_official = *reading == Reading::Official;
        if !is_official && row.counts.contains_key(id) {
            continue;
        }
        match figure(cell_at(*at)) {
            Ok(Some(value)) => _ = row.counts.insert(id.clone(), value),
            Ok(None) => {}
            Err(why) => row.errors.push(format!("{id}: {why}")),
        }
    }
    row
}
