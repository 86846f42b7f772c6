//! What is summed of a contest, region by region.
//!
//! Down to the district it is read from sums that are kept up to date with
//! every revision and ruling; below it, it is added up from the slots of the
//! region asked for. Either is one statement: whatever arrives meanwhile is in
//! all of it or in none of it, so what is there and what is missing always make
//! up the whole.

use std::collections::BTreeMap;

use domain::rollup::{Contribution, Tally};
use domain::{Level, RegionCode};
use sqlx::any::AnyRow;
use sqlx::{AnyPool, AssertSqlSafe, Row as _};

use super::prefix::Prefix;
use super::regions;
use super::rollup::Question;
use crate::paper;
use crate::slots::totals_key;
use crate::storage::StorageError;

/// What is summed of one region.
#[derive(Debug, Clone, Default)]
pub(super) struct Sum {
    /// What the region is called; `None` when nobody says.
    pub name: Option<String>,
    /// Polling stations that hold the contest.
    pub tps: u64,
    /// What their slots add up to.
    pub tally: Tally,
    /// Where their papers are.
    pub paper: paper::Totals,
}

/// What is summed of all regions asked for.
#[derive(Debug, Default)]
pub(super) struct Sums {
    /// By region.
    pub regions: BTreeMap<String, Sum>,
    /// Polling stations from which nothing has arrived, by the voters on their
    /// rolls (`None` where that is not known), because the reserve of ballots
    /// is rounded up at each of them.
    pub empty: BTreeMap<Option<u32>, u64>,
}

impl Sums {
    /// All regions together.
    pub(super) fn whole(&self) -> Sum {
        let mut whole = Sum::default();
        for sum in self.regions.values() {
            whole.tps = whole.tps.saturating_add(sum.tps);
            whole.tally.join(&sum.tally);
            whole.paper.join(sum.paper);
        }
        whole
    }

    fn add_empty(&mut self, roll: Option<u32>, tps: u64) {
        let of_roll = self.empty.entry(roll).or_default();
        *of_roll = of_roll.saturating_add(tps);
    }
}

/// Reads what is asked for.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn read(pool: &AnyPool, asked: &Question<'_>) -> Result<Sums, StorageError> {
    let within = asked.within.map_or(Level::Province, RegionCode::level);
    if asked.by.max(within) <= Level::District {
        of_districts(pool, asked).await
    } else {
        of_slots(pool, asked).await
    }
}

/// What a row of [`of_districts`] holds: tallies of districts.
const COUNTED: &str = "counted";
/// Papers in the house, by what they were compared with.
const PAPER: &str = "paper";
/// Polling stations from which nothing has arrived, by their rolls.
const EMPTY: &str = "empty";

async fn of_districts(pool: &AnyPool, asked: &Question<'_>) -> Result<Sums, StorageError> {
    let range = Prefix::of(asked.within);
    let key = |district: &str| totals_key(asked.election, asked.contest, district);
    // A sum of 64-bit integers is a NUMERIC on PostgreSQL: cast back. One row
    // for each region: hundreds of them took longer to hand over than to add
    // up. What has no region (code '') is of all that is asked for.
    let sql = format!(
        "SELECT kept.code, kept.what, kept.slots, kept.sums, r.name
         FROM (SELECT substr(district, 1, {digits}) AS code, '{COUNTED}' AS what,
                   CAST(SUM(slots) AS BIGINT) AS slots, string_agg(tally, ',') AS sums
               FROM totals
               WHERE key >= $5 AND key < $6
               GROUP BY substr(district, 1, {digits})
               UNION ALL
               SELECT code, '{PAPER}', 0, string_agg(compared || '=' || CAST(papers AS TEXT), ',')
               FROM (SELECT substr(tps, 1, {digits}) AS code, COALESCE(compared, '') AS compared,
                         COUNT(*) AS papers
                     FROM papers
                     WHERE place = 'here' AND election = $1 AND contest = $2
                         AND tps >= $3 AND tps < $4
                     GROUP BY substr(tps, 1, {digits}), compared) here
               GROUP BY code
               UNION ALL
               SELECT '', '{EMPTY}', 0,
                   string_agg(COALESCE(CAST(roll AS TEXT), '') || '=' || CAST(tps AS TEXT), ',')
               FROM (SELECT roll, COUNT(*) AS tps
                     FROM slots
                     WHERE state = 'empty' AND election = $1 AND contest = $2
                         AND tps >= $3 AND tps < $4
                     GROUP BY roll) missing) kept
         LEFT JOIN regions r ON r.code = kept.code",
        digits = asked.by.digits()
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(asked.election.to_owned())
        .bind(asked.contest.to_owned())
        .bind(range.from.clone())
        .bind(range.to.clone())
        .bind(key(&range.from))
        .bind(key(&range.to))
        .fetch_all(pool)
        .await?;
    let mut read = Sums::default();
    for row in rows {
        // Nothing is missing anywhere, where there is nothing to put together.
        let Some(sums) = row.try_get::<Option<&str>, _>("sums")? else {
            continue;
        };
        read.take(&row, sums)?
            .ok_or_else(|| StorageError::corrupt("total", sums))?;
    }
    Ok(read)
}

impl Sums {
    /// Takes in one row of [`of_districts`]; `None` when it is not written as
    /// the statement writes it.
    fn take(&mut self, row: &AnyRow, sums: &str) -> Result<Option<()>, StorageError> {
        let what: &str = row.try_get("what")?;
        if what == EMPTY {
            return Ok(counts_in(sums).try_for_each(|count| {
                let (roll, tps) = count?;
                let roll = Some(roll).filter(|roll| !roll.is_empty());
                self.add_empty(roll.map(str::parse).transpose().ok()?, tps);
                Some(())
            }));
        }
        let sum = self.regions.entry(row.try_get("code")?).or_default();
        sum.name = row.try_get("name")?;
        if what == PAPER {
            return Ok(counts_in(sums).try_for_each(|count| {
                let (compared, papers) = count?;
                sum.paper.add(compared, papers);
                Some(())
            }));
        }
        let slots: i64 = row.try_get("slots")?;
        sum.tps = u64::try_from(slots).unwrap_or_default();
        let districts: Result<Vec<Tally>, _> = serde_json::from_str(&format!("[{sums}]"));
        for district in districts.map_err(|cause| StorageError::corrupt("total", cause))? {
            sum.tally.join(&district);
        }
        Ok(Some(()))
    }
}

/// Numbers with what they are of, written `of=number` with commas between them.
fn counts_in(text: &str) -> impl Iterator<Item = Option<(&str, u64)>> {
    text.split(',').map(|count| {
        let (of, number) = count.split_once('=')?;
        Some((of, number.parse().ok()?))
    })
}

async fn of_slots(pool: &AnyPool, asked: &Question<'_>) -> Result<Sums, StorageError> {
    let range = Prefix::of(asked.within);
    let digits = asked.by.digits();
    let (table, name) = regions::names_at(asked.by);
    let sql = format!(
        "SELECT s.tps, s.roll, s.contribution, p.place, p.compared, n.{name} AS name
         FROM slots s LEFT JOIN papers p ON p.slot = s.slot
             LEFT JOIN {table} n ON n.code = substr(s.tps, 1, {digits})
         WHERE s.slot >= $1 AND s.slot < $2 AND s.contest = $3"
    );
    let slots = sqlx::query(AssertSqlSafe(sql))
        .bind(format!("{}/{}", asked.election, range.from))
        .bind(format!("{}/{}", asked.election, range.to))
        .bind(asked.contest.to_owned())
        .fetch_all(pool)
        .await?;
    let mut read = Sums::default();
    for slot in slots {
        let tps: String = slot.try_get("tps")?;
        let code = tps.get(..digits).unwrap_or(&tps).to_owned();
        let contribution: Contribution = super::json(&slot, "contribution")?;
        if !contribution.is_received {
            read.add_empty(roll_in(&slot)?, 1);
        }
        let sum = read.regions.entry(code).or_default();
        if sum.name.is_none() {
            let name: Option<&str> = slot.try_get("name")?;
            sum.name = name.map(|name| regions::named(asked.by, name));
        }
        sum.tps = sum.tps.saturating_add(1);
        sum.tally.add(&contribution);
        if slot.try_get::<Option<&str>, _>("place")? == Some("here") {
            let compared: Option<&str> = slot.try_get("compared")?;
            sum.paper.add(compared.unwrap_or_default(), 1);
        }
    }
    Ok(read)
}

fn roll_in(slot: &AnyRow) -> Result<Option<u32>, StorageError> {
    let roll: Option<i64> = slot.try_get("roll")?;
    roll.map(u32::try_from)
        .transpose()
        .map_err(|cause| StorageError::corrupt("roll", cause))
}
