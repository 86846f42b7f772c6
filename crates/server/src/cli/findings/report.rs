//! The findings as a table, and what was understood and read in words.

use std::collections::BTreeMap;
use std::io::{self, Write};

use domain::irregularity::{DifferenceClass, Evidence, Irregularity, Kind, Params};

use super::columns::Reading;
use super::ranked::Ranked;
use super::table::{Table, Unread};

/// Columns of the file of findings.
const COLUMNS: &[&str] = &[
    "rank",
    "station_score",
    "code",
    "kind",
    "score",
    "flag",
    "contest",
    "province",
    "regency",
    "district",
    "village",
    "village_code",
    "tps",
    "line",
    "fields",
    "evidence",
    "keterangan",
    "explanation",
];

/// Writes one row for each finding.
///
/// # Errors
/// When the file cannot be written.
pub fn write(out: impl Write, table: &Table, ranked: &[Ranked]) -> Result<(), csv::Error> {
    let mut out = csv::Writer::from_writer(out);
    out.write_record(COLUMNS)?;
    for (place, station) in ranked.iter().enumerate() {
        let Some(village) = table.villages.get(station.village) else {
            continue;
        };
        let rank = place.saturating_add(1).to_string();
        let number = village
            .stations
            .get(station.station)
            .map_or(0, |it| it.number);
        let [province, regency, district, name] = &village.names;
        let score = format!(
            "{}.{:02}",
            station.weight.score / 100,
            station.weight.score % 100
        );
        for finding in &station.findings {
            let row = [
                rank.clone(),
                score.clone(),
                finding.code.clone(),
                word(finding.kind),
                finding.score.to_string(),
                if finding.is_flag() { "yes" } else { "no" }.to_owned(),
                harmless(&village.contest),
                harmless(province),
                harmless(regency),
                harmless(district),
                harmless(name),
                harmless(&village.code),
                number.to_string(),
                station.line.to_string(),
                finding.fields.join(" "),
                evidence(finding),
                finding.text.clone(),
                finding.text_en.clone(),
            ];
            out.write_record(&row)?;
        }
    }
    out.flush()?;
    Ok(())
}

/// Writes what could not be read, row by row.
///
/// # Errors
/// When the file cannot be written.
pub fn write_unread(out: impl Write, unread: &[Unread]) -> Result<(), csv::Error> {
    let mut out = csv::Writer::from_writer(out);
    out.write_record(["line", "column", "text", "why"])?;
    for one in unread {
        out.write_record([
            &one.line.to_string(),
            &harmless(&one.column),
            &harmless(&one.text),
            &one.why,
        ])?;
    }
    out.flush()?;
    Ok(())
}

/// A cell that no spreadsheet takes for a formula.
#[must_use]
pub fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '|', '%']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A closed code as it goes over the wire.
fn word<T: serde::Serialize>(code: T) -> String {
    let value = serde_json::to_value(code).ok();
    let text = value.as_ref().and_then(serde_json::Value::as_str);
    text.unwrap_or_default().to_owned()
}

/// The word of a class of difference.
#[must_use]
pub fn class(class: DifferenceClass) -> String {
    word(class)
}

fn evidence(finding: &Irregularity) -> String {
    let figure = |value: Option<u32>| value.map_or_else(String::new, |it| it.to_string());
    match &finding.evidence {
        Evidence::Sums { left, right } => format!("left={left} right={right}"),
        Evidence::Stations { numbers } => {
            let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
            format!("tps={}", numbers.join(","))
        }
        Evidence::Shares { here, around } => {
            format!("here_permille={here} around_permille={around}")
        }
        Evidence::Repairs {
            repairs,
            repairs_all,
        } => {
            let one = |repair: &domain::irregularity::Repair| {
                let place = repair.place.map_or_else(String::new, |it| format!("@{it}"));
                format!("{}:{}>{}{place}", repair.field, repair.from, repair.to)
            };
            let list: Vec<String> = repairs.iter().map(one).collect();
            format!(
                "repairs={} repairs_all={}",
                list.join(","),
                yes(*repairs_all)
            )
        }
        Evidence::Readings {
            class: how,
            differences,
            station,
            first_adds_up,
            other_adds_up,
        } => {
            let one = |it: &domain::irregularity::Difference| {
                format!("{}:{}|{}", it.field, figure(it.first), figure(it.other))
            };
            let list: Vec<String> = differences.iter().map(one).collect();
            let tps = station.map_or_else(String::new, |it| format!(" tps={it}"));
            format!(
                "class={} differs={} first_adds_up={} other_adds_up={}{tps}",
                class(*how),
                list.join(","),
                yes(*first_adds_up),
                yes(*other_adds_up)
            )
        }
        // A table has no photos, no times and no places.
        Evidence::Bubbles { .. }
        | Evidence::Photo { .. }
        | Evidence::Moment { .. }
        | Evidence::Distance { .. }
        | Evidence::Count { .. } => String::new(),
    }
}

fn yes(holds: bool) -> &'static str {
    if holds { "yes" } else { "no" }
}

/// Says how the file was understood and what could not be read.
///
/// # Errors
/// When nobody reads it.
pub fn say_table(out: &mut impl Write, table: &Table, params: &Params) -> io::Result<()> {
    let name = |at: &usize| table.header.get(*at).map_or("", String::as_str);
    writeln!(out, "columns ({}-separated):", table.delimiter)?;
    for (place, at) in &table.columns.places {
        let word = super::meaning::Meaning::Place(*place).word();
        writeln!(out, "  {word:<24} {}", name(at))?;
    }
    for ((reading, id), at) in &table.columns.figures {
        let word = super::meaning::Meaning::Figure(id.clone()).word();
        let reading = match reading {
            Reading::First => "",
            Reading::Second => "second:",
            Reading::Official => "official:",
        };
        let guess = if table.guessed.contains(at) {
            "  (guessed: these add up to the valid votes)"
        } else {
            ""
        };
        writeln!(
            out,
            "  {:<24} {}{guess}",
            format!("{reading}{word}"),
            name(at)
        )?;
    }
    let ignored: Vec<&str> = table.columns.ignored.iter().map(name).collect();
    if !ignored.is_empty() {
        writeln!(out, "  {:<24} {}", "(not used)", ignored.join(", "))?;
    }
    let codes: Vec<&str> = table.sheet.codes().collect();
    writeln!(out, "identities looked at: {}", codes.join(" "))?;
    writeln!(
        out,
        "limits: {} voters a TPS, reserve {}.{} %",
        params.size_max,
        params.reserve_permille / 10,
        params.reserve_permille % 10
    )?;
    writeln!(
        out,
        "rows: {}; TPS with figures: {}; villages: {}; rows without figures: {}",
        table.rows,
        table.stations(),
        table.villages.len(),
        table.empty
    )?;
    if table.repeated > 0 {
        writeln!(
            out,
            "rows of a TPS that had stood before: {}",
            table.repeated
        )?;
    }
    say_unread(out, table)
}

fn say_unread(out: &mut impl Write, table: &Table) -> io::Result<()> {
    let unread: u64 = table.reasons.values().sum();
    writeln!(out, "not read: {unread}")?;
    for (reason, count) in &table.reasons {
        let lines = table.unread.iter().filter(|one| one.reason() == *reason);
        let lines: Vec<String> = lines.take(3).map(|one| one.line.to_string()).collect();
        writeln!(out, "  {count:>7}  {reason} (line {} …)", lines.join(", "))?;
    }
    Ok(())
}

/// Says how many findings of each kind there are.
///
/// # Errors
/// When nobody reads it.
pub fn say_findings(out: &mut impl Write, table: &Table, ranked: &[Ranked]) -> io::Result<()> {
    let mut kinds: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
    for finding in ranked.iter().flat_map(|station| &station.findings) {
        let counts = kinds
            .entry((finding.code.clone(), word(finding.kind)))
            .or_default();
        if finding.is_flag() {
            counts.0 = counts.0.saturating_add(1);
        } else {
            counts.1 = counts.1.saturating_add(1);
        }
    }
    let flagged = ranked.iter().filter(|station| station.is_flagged()).count();
    let per_thousand = flagged
        .saturating_mul(1000)
        .checked_div(table.stations())
        .unwrap_or_default();
    writeln!(out, "flagged: {flagged} TPS, {per_thousand} of a thousand")?;
    for ((code, kind), (flags, notices)) in &kinds {
        let kind = if *kind == word(Kind::Rule) { "" } else { kind };
        writeln!(
            out,
            "  {code:<5} {flags:>7} flags {notices:>7} notices  {kind}"
        )?;
    }
    Ok(())
}
