//! What a workbook of ours looks like: its sheets, its first columns, and the
//! hidden sheet by which one that comes back is known.
//!
//! Each sheet holds one contest. Its first row is hidden and names what stands
//! in each column, its second row says so to people; both are looked for when
//! it comes back, wherever somebody may have moved them.

use domain::{Contest, RegionCode};
use protocol::console::RegionalContest;

use super::columns::{Column, columns};
use crate::catalogue::Catalogue;

/// The form of workbooks that this code writes and reads.
pub(super) const FORMAT: &str = "saksi-workbook-1";
/// Name of the hidden sheet.
pub(super) const FACTS_SHEET: &str = "_saksi";
/// What begins the name of a fact that tells which contest a sheet holds.
pub(super) const SHEET_FACT: &str = "lembar:";
/// Rows in which the headings are looked for.
pub(super) const HEADING_ROWS: u32 = 12;
/// Longest name of a sheet, in characters.
const SHEET_NAME_MAX_CHARS: usize = 31;

/// The columns before the figures: key and heading.
pub(super) const LEAD: [(&str, &str); 6] = [
    (TPS_KEY, "Kode TPS"),
    ("kecamatan", "Kecamatan"),
    ("desa", "Desa/Kelurahan"),
    ("nomor", "TPS"),
    ("kabupaten", "Kabupaten/Kota"),
    ("dpt", "Pemilih DPT"),
];
/// Key of the column by which a row is known.
pub(super) const TPS_KEY: &str = "tps";
/// Key and heading of the column that says what is wrong with a row.
pub(super) const REMARK: (&str, &str) = ("keterangan", "Keterangan");

/// One sheet of figures.
#[derive(Debug, Clone)]
pub(super) struct SheetPlan {
    /// Its name.
    pub name: String,
    /// The contest.
    pub contest: Contest,
    /// The region that holds it.
    pub held_in: RegionCode,
    /// The figures.
    pub columns: Vec<Column>,
}

impl SheetPlan {
    /// What the hidden sheet says of this one.
    pub(super) fn fact(&self) -> (String, String) {
        let what = format!("{}|{}", self.contest.id, self.held_in);
        (format!("{SHEET_FACT}{}", self.name), what)
    }

    /// Whether the contest is held at a polling station, by its code.
    pub(super) fn is_held_at(&self, tps: &str) -> bool {
        tps.starts_with(self.held_in.as_str())
    }
}

/// The sheets of an election's contests in a region, or everywhere.
pub(super) fn plan(
    catalogue: &Catalogue,
    election: &str,
    region: Option<&RegionCode>,
) -> Vec<SheetPlan> {
    let touches = |held: &&RegionalContest| {
        region.is_none_or(|region| region.is_within(&held.region) || held.region.is_within(region))
    };
    let held: Vec<&RegionalContest> = catalogue
        .contests
        .get(election)
        .into_iter()
        .flatten()
        .filter(touches)
        .collect();
    let is_single = |id: &str| held.iter().filter(|one| one.contest.id == id).count() == 1;
    let sheets = held.iter().filter_map(|held| {
        let contest = &held.contest;
        let form = catalogue.form_of(contest)?;
        let name = if is_single(&contest.id) {
            contest.id.clone()
        } else {
            format!("{}-{}", held.region, contest.id)
        };
        Some(SheetPlan {
            name: name.chars().take(SHEET_NAME_MAX_CHARS).collect(),
            columns: columns(form, contest),
            contest: contest.clone(),
            held_in: held.region.clone(),
        })
    });
    sheets.collect()
}
