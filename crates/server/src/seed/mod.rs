//! Putting an election's data into the database: regions, polling stations,
//! contests, forms, and a slot for each polling station and contest.
//!
//! Idempotent: what is there already stays as it is, so that seeding again
//! (or with more polling stations) adds what is missing and nothing else. One
//! transaction: an election is never there by half.

mod slots;

use protocol::console::{Region, RegionalContest};
use protocol::pack::{Election, Roll};
use serde::Serialize;

use crate::log::Event;
use crate::storage::{Cell, StorageError, Tx, insert_rows};

/// An election as it is put in.
#[derive(Debug, Clone)]
pub struct ElectionData {
    /// The election.
    pub election: Election,
    /// Provinces down to villages.
    pub regions: Vec<Region>,
    /// Polling stations with their rolls, if known.
    pub tps: Vec<(domain::TpsCode, Option<Roll>)>,
    /// Contests, each with the region that holds it, in the screens' order.
    pub contests: Vec<RegionalContest>,
    /// Their forms.
    pub forms: Vec<domain::FormLayout>,
}

/// What seeding has put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seeded {
    /// Slots that were not there before.
    pub new_slots: usize,
    /// All slots of the election's data.
    pub slots: usize,
}

impl From<sample::SampleElection> for ElectionData {
    fn from(sample: sample::SampleElection) -> Self {
        Self {
            election: sample.election,
            regions: sample.regions,
            tps: sample
                .tps
                .into_iter()
                .map(|tps| (tps.code, Some(tps.roll)))
                .collect(),
            contests: sample.contests,
            forms: sample.forms,
        }
    }
}

/// Puts an election's data in; `progress` is told how many of all rows are.
///
/// # Errors
/// [`StorageError`]; nothing was put in then.
pub async fn seed(
    tx: &mut Tx,
    data: ElectionData,
    mut progress: impl FnMut(usize, usize) + Send,
) -> Result<Seeded, StorageError> {
    let slots = slots::all(&data)?;
    let all = data.regions.len().saturating_add(data.tps.len());
    let all = all.saturating_add(slots.len());
    put_election(tx, &data).await?;
    let mut put = 0_usize;
    let regions = region_rows(&data.regions)?;
    let tps = data.tps.iter().map(tps_row).collect();
    for (head, rows) in [(REGIONS, regions), (TPS, tps)] {
        for chunk in chunks(rows) {
            put = put.saturating_add(chunk.len());
            insert_rows(tx.conn(), head, chunk, UNLESS_THERE).await?;
            progress(put, all);
        }
    }
    let seeded = slots::put(tx, &data.election.id, slots, |done| {
        progress(put.saturating_add(done), all);
    })
    .await?;
    if seeded.new_slots > 0 {
        let event = Event::Catalogue {
            election: data.election.id,
        };
        tx.append(None, &event)?;
    }
    Ok(seeded)
}

const UNLESS_THERE: &str = "ON CONFLICT DO NOTHING";
const REGIONS: &str = "INSERT INTO regions (code, level, name)";
const TPS: &str = "INSERT INTO tps (code, number, dpt_male, dpt_female)";
/// Rows between two reports of progress.
const CHUNK_ROWS: usize = 2_048;

fn chunks<T>(rows: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let chunk: Vec<T> = rows.by_ref().take(CHUNK_ROWS).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
}

fn json<T: Serialize>(value: &T) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|cause| StorageError::corrupt("election data", cause))
}

async fn put_election(tx: &mut Tx, data: &ElectionData) -> Result<(), StorageError> {
    let election = vec![
        data.election.id.as_str().into(),
        json(&data.election)?.into(),
    ];
    let head = "INSERT INTO elections (id, json)";
    insert_rows(tx.conn(), head, vec![election], UNLESS_THERE).await?;
    let mut forms = Vec::with_capacity(data.forms.len());
    for form in &data.forms {
        forms.push(vec![form.id.as_str().into(), json(form)?.into()]);
    }
    let head = "INSERT INTO forms (id, json)";
    insert_rows(tx.conn(), head, forms, UNLESS_THERE).await?;
    let mut contests: Vec<Vec<Cell>> = Vec::with_capacity(data.contests.len());
    for (position, held) in data.contests.iter().enumerate() {
        contests.push(vec![
            data.election.id.as_str().into(),
            held.contest.id.as_str().into(),
            held.region.to_string().into(),
            i64::try_from(position).unwrap_or(i64::MAX).into(),
            json(&held.contest)?.into(),
        ]);
    }
    let head = "INSERT INTO contests (election, id, region, position, json)";
    insert_rows(tx.conn(), head, contests, UNLESS_THERE).await
}

fn region_rows(regions: &[Region]) -> Result<Vec<Vec<Cell>>, StorageError> {
    let row = |region: &Region| {
        let level = json(&region.level)?;
        Ok(vec![
            region.code.to_string().into(),
            level.trim_matches('"').into(),
            region.name.as_str().into(),
        ])
    };
    regions.iter().map(row).collect()
}

fn tps_row((code, roll): &(domain::TpsCode, Option<Roll>)) -> Vec<Cell> {
    vec![
        code.to_string().into(),
        code.number().into(),
        roll.map(|roll| i64::from(roll.male)).into(),
        roll.map(|roll| i64::from(roll.female)).into(),
    ]
}
