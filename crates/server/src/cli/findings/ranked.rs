//! The whole table looked at, and its stations in the order in which to look
//! at them.

use domain::irregularity::{self, Irregularity, Params, Weight};

use super::table::Table;

/// A polling station with findings.
#[derive(Debug)]
pub struct Ranked {
    /// Place of its village in the table.
    pub village: usize,
    /// Place in the village.
    pub station: usize,
    /// Line in the file.
    pub line: u64,
    /// What its flags weigh together.
    pub weight: Weight,
    /// Its findings, the heaviest first.
    pub findings: Vec<Irregularity>,
}

impl Ranked {
    /// Whether somebody should look at it.
    #[must_use]
    pub fn is_flagged(&self) -> bool {
        self.findings.iter().any(Irregularity::is_flag)
    }
}

/// Every station with findings; the heaviest first, equals by the votes that
/// hang on them and then as in the file. Without `notices` only flags count.
#[must_use]
pub fn rank(table: &Table, params: &Params, notices: bool) -> Vec<Ranked> {
    let mut ranked = Vec::new();
    for (at, village) in table.villages.iter().enumerate() {
        let found = irregularity::analyse(&table.sheet, params, &village.stations);
        let mut found = found
            .into_iter()
            .filter(|one| notices || one.is_flag())
            .peekable();
        while let Some(first) = found.next() {
            let station = first.station;
            let mut findings = vec![first];
            while let Some(next) = found.next_if(|next| next.station == station) {
                findings.push(next);
            }
            ranked.push(Ranked {
                village: at,
                station,
                line: village.lines.get(station).copied().unwrap_or_default(),
                weight: irregularity::weigh(&findings),
                findings,
            });
        }
    }
    ranked.sort_by(|a, b| {
        (b.weight.score, b.weight.stake, a.line).cmp(&(a.weight.score, a.weight.stake, b.line))
    });
    ranked
}
