//! Which columns an export has, and what stands in them.

use std::collections::{BTreeMap, BTreeSet};

use domain::rollup::Tally;
use domain::rules::{self, FormHead};
use domain::{Contest, Counts, FormLayout, Mark, Severity, SlotState, TpsCode};

use protocol::irregularity::IrregularityRulingKind;

use super::cell::Cell;
use super::{By, Moment, Wanted};
use crate::catalogue::Catalogue;
use crate::workbooks::columns::{Column, columns};

/// The blocks of figures, each with the words behind its headings.
const BLOCKS: [&str; 4] = ["terverifikasi", "masuk", "terendah", "tertinggi"];

/// The table of one export.
pub(super) struct Table<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) election: &'a str,
    pub(super) contest: String,
    pub(super) by: By,
    title: String,
    columns: Vec<Column>,
}

/// One slot as it was read.
pub(super) struct SlotRow {
    pub(super) tps: TpsCode,
    pub(super) roll: Option<i64>,
    pub(super) state: SlotState,
    pub(super) marks: Vec<Mark>,
    pub(super) heads: Vec<Counts>,
    pub(super) flags: Vec<Flag>,
    pub(super) photos_received: i64,
    pub(super) photos_announced: i64,
    pub(super) changed_at: Option<String>,
    pub(super) tally: Tally,
}

/// What the analysis of irregularities has flagged in a slot.
pub(super) struct Flag {
    pub(super) code: String,
    pub(super) text: String,
    /// In force; `None` while nobody has ruled on it.
    pub(super) ruling: Option<IrregularityRulingKind>,
}

/// The sum of a region's slots.
#[derive(Default)]
pub(super) struct Sum {
    pub(super) tps: u64,
    pub(super) with_findings: u64,
    pub(super) tally: Tally,
}

impl<'a> Table<'a> {
    /// The table of a contest; `None` when there is none of that id there.
    pub(super) fn of(catalogue: &'a Catalogue, election: &'a str, wanted: &Wanted) -> Option<Self> {
        let held = catalogue.contests.get(election)?.iter().filter(|held| {
            held.contest.id == wanted.contest
                && wanted.region.as_ref().is_none_or(|region| {
                    region.is_within(&held.region) || held.region.is_within(region)
                })
        });
        let held: Vec<&Contest> = held.map(|held| &held.contest).collect();
        let titles: BTreeSet<&str> = held.iter().map(|one| one.title.as_str()).collect();
        let columns = union(catalogue, &held);
        (!held.is_empty()).then(|| Self {
            catalogue,
            election,
            contest: wanted.contest.clone(),
            by: wanted.by,
            title: titles.into_iter().collect::<Vec<_>>().join("; "),
            columns,
        })
    }

    /// The headings.
    pub(super) fn head(&self) -> Vec<String> {
        let place = ["Kode", "Kabupaten/Kota", "Kecamatan", "Desa/Kelurahan"];
        let own: &[&str] = match self.by {
            By::Tps => &[
                "TPS",
                "Pemilih DPT",
                "Status",
                "Tanda",
                "Kiriman",
                "Foto diterima",
                "Foto diumumkan",
                "Temuan",
                "Kode temuan",
                "Uraian temuan",
                "Putusan temuan",
                "Berubah pada",
            ],
            By::Village | By::District | By::Regency => &[
                "Jumlah TPS",
                "TPS masuk",
                "TPS terverifikasi",
                "TPS beda angka",
                "TPS dengan temuan",
            ],
        };
        let places = place.into_iter().take(self.place_columns());
        let mut head: Vec<String> = places
            .chain(own.iter().copied())
            .map(str::to_owned)
            .collect();
        for block in BLOCKS {
            let names = self.columns.iter();
            head.extend(names.map(|column| format!("{} ({block})", column.heading)));
        }
        head.extend(["Per waktu", "Posisi log"].map(str::to_owned));
        head
    }

    /// How many columns say where a row is from.
    fn place_columns(&self) -> usize {
        match self.by {
            By::Tps | By::Village => 4,
            By::District => 3,
            By::Regency => 2,
        }
    }

    /// What the export stands for, for people.
    pub(super) fn about(&self, moment: &Moment) -> Vec<(String, String)> {
        [
            ("Pemilihan", self.election.to_owned()),
            ("Kontes", self.contest.clone()),
            ("Judul", self.title.clone()),
            ("Per baris", self.by.word().to_owned()),
            ("Per waktu (UTC)", moment.at.to_string()),
            ("Posisi log", moment.log_index.to_string()),
            ("Hash log", moment.log_hash.clone()),
            (
                "Kolom angka",
                "terverifikasi: sudah diputus; masuk: belum diputus; terendah dan tertinggi: \
                 batas angka yang berbeda. Satu TPS hanya ada di salah satunya."
                    .to_owned(),
            ),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// The cells of a polling station.
    pub(super) fn station(
        &self,
        slot: &SlotRow,
        names: &BTreeMap<String, String>,
        moment: &Moment,
    ) -> Vec<Cell> {
        let findings = self.findings(slot);
        let codes: BTreeSet<&str> = findings.iter().map(|(code, _)| code.as_str()).collect();
        let texts: BTreeSet<&str> = findings.iter().map(|(_, text)| text.as_str()).collect();
        let joined =
            |texts: BTreeSet<&str>| Cell::text(texts.into_iter().collect::<Vec<_>>().join("; "));
        let marks: Vec<&str> = slot.marks.iter().map(|mark| mark_word(*mark)).collect();
        let ruled = slot.flags.iter().filter_map(|flag| {
            let ruling = ruling_word(flag.ruling?);
            Some(format!("{}: {ruling}", flag.code))
        });
        let rulings: Vec<String> = ruled.collect();
        let mut cells = self.place(slot.tps.as_str(), names);
        cells.extend([
            Cell::text(slot.tps.number()),
            slot.roll.map_or(Cell::Blank, Cell::count),
            Cell::text(state_word(slot.state)),
            Cell::text(marks.join("; ")),
            Cell::figure(u64::try_from(slot.heads.len()).ok()),
            Cell::count(slot.photos_received),
            Cell::count(slot.photos_announced),
            Cell::figure(u64::try_from(codes.len()).ok()),
            joined(codes),
            joined(texts),
            Cell::text(rulings.join("; ")),
            slot.changed_at.as_deref().map_or(Cell::Blank, Cell::text),
        ]);
        self.figures(&mut cells, &slot.tally);
        stand_for(&mut cells, moment);
        cells
    }

    /// The cells of a region.
    pub(super) fn region(
        &self,
        code: &str,
        sum: &Sum,
        names: &BTreeMap<String, String>,
        moment: &Moment,
    ) -> Vec<Cell> {
        let mut cells = self.place(code, names);
        cells.extend(
            [
                sum.tps,
                sum.tally.received_slots,
                sum.tally.verified_slots,
                sum.tally.conflict_slots,
                sum.with_findings,
            ]
            .map(Cell::Number),
        );
        self.figures(&mut cells, &sum.tally);
        stand_for(&mut cells, moment);
        cells
    }

    /// Whether anything is flagged in a slot.
    pub(super) fn has_findings(&self, slot: &SlotRow) -> bool {
        !self.findings(slot).is_empty()
    }

    /// Codes and sentences: of what does not add up in a slot's heads, and of
    /// what the analysis has flagged, which runs some moments behind.
    fn findings(&self, slot: &SlotRow) -> Vec<(String, String)> {
        let flags = slot.flags.iter();
        let mut findings = self.of_heads(slot);
        findings.extend(flags.map(|flag| (flag.code.clone(), flag.text.clone())));
        findings
    }

    fn of_heads(&self, slot: &SlotRow) -> Vec<(String, String)> {
        let contest = self
            .catalogue
            .contest_at(self.election, &self.contest, &slot.tps);
        let Some((contest, form)) =
            contest.and_then(|contest| Some((contest, self.catalogue.form_of(contest)?)))
        else {
            return Vec::new();
        };
        let head = FormHead {
            read: None,
            assigned: slot.tps.number(),
        };
        let heads = slot.heads.iter();
        heads
            .flat_map(|counts| rules::check(form, &contest.options, counts, head))
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| (finding.code, finding.text))
            .collect()
    }

    fn place(&self, code: &str, names: &BTreeMap<String, String>) -> Vec<Cell> {
        let levels = [4, 6, 10];
        let names = levels
            .into_iter()
            .take(self.place_columns().saturating_sub(1))
            .map(|digits| {
                let name = code.get(..digits).and_then(|code| names.get(code));
                name.map_or(Cell::Blank, Cell::text)
            });
        std::iter::once(Cell::text(code)).chain(names).collect()
    }

    fn figures(&self, cells: &mut Vec<Cell>, tally: &Tally) {
        let ids = || self.columns.iter().map(|column| &column.id);
        cells.extend(ids().map(|id| Cell::figure(tally.verified.get(id).copied())));
        cells.extend(ids().map(|id| Cell::figure(tally.received.get(id).copied())));
        cells.extend(ids().map(|id| Cell::figure(tally.contested.get(id).map(|range| range.0))));
        cells.extend(ids().map(|id| Cell::figure(tally.contested.get(id).map(|range| range.1))));
    }
}

fn stand_for(cells: &mut Vec<Cell>, moment: &Moment) {
    cells.push(Cell::text(moment.at.to_string()));
    cells.push(Cell::count(moment.log_index));
}

/// The columns of contests that share an id: regencies with a mayor's contest
/// each have options of their own, and those who share a number share a column.
fn union(catalogue: &Catalogue, held: &[&Contest]) -> Vec<Column> {
    let mut all: Vec<Column> = Vec::new();
    for contest in held {
        let form: Option<&FormLayout> = catalogue.form_of(contest);
        let mut behind = 0;
        for column in form.map(|form| columns(form, contest)).unwrap_or_default() {
            match all
                .iter_mut()
                .enumerate()
                .find(|(_, one)| one.id == column.id)
            {
                Some((at, known)) => {
                    behind = at.saturating_add(1);
                    if known.heading != column.heading {
                        known.heading.clone_from(&known.id);
                    }
                }
                None => {
                    all.insert(behind.min(all.len()), column);
                    behind = behind.saturating_add(1);
                }
            }
        }
    }
    all
}

fn state_word(state: SlotState) -> &'static str {
    match state {
        SlotState::Empty => "kosong",
        SlotState::Single => "satu saksi",
        SlotState::Agreed => "sepakat",
        SlotState::Conflict => "beda angka",
        SlotState::Verified => "terverifikasi",
        SlotState::Stale => "periksa lagi",
    }
}

fn ruling_word(ruling: IrregularityRulingKind) -> &'static str {
    match ruling {
        IrregularityRulingKind::Explained => "dijelaskan",
        IrregularityRulingKind::FollowUp => "ditindaklanjuti",
        IrregularityRulingKind::Settled => "selesai",
    }
}

fn mark_word(mark: Mark) -> &'static str {
    match mark {
        Mark::Fork => "cabang",
        Mark::PhotosDiffer => "beda foto",
        Mark::EverConflicted => "pernah beda",
        Mark::Returned => "dikembalikan",
        Mark::SamePhoto => "foto sama",
        Mark::BubblesDiffer => "beda bulatan",
    }
}
