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

/// Kind of a number that [`of_districts`] reads from the papers.
const PAPER: &str = "paper";
/// Kind of a number that it reads from the slots without anything.
const EMPTY: &str = "empty";

async fn of_districts(pool: &AnyPool, asked: &Question<'_>) -> Result<Sums, StorageError> {
    let range = Prefix::of(asked.within);
    // A sum of 64-bit integers is a NUMERIC on PostgreSQL: cast back. One row
    // for each region: hundreds of them took longer to hand over than to add
    // up. What has no region (code '') is of all that is asked for.
    let sql = format!(
        "SELECT summed.code, r.name, summed.sums
         FROM (SELECT code,
                   string_agg(kind || ':' || field || '=' || CAST(value AS TEXT), ',') AS sums
               FROM (SELECT substr(district, 1, {digits}) AS code, kind, field,
                         CAST(SUM(value) AS BIGINT) AS value
                     FROM rollups
                     WHERE election = $1 AND contest = $2 AND district >= $3 AND district < $4
                     GROUP BY substr(district, 1, {digits}), kind, field
                     UNION ALL
                     SELECT substr(tps, 1, {digits}), '{PAPER}', COALESCE(compared, ''), COUNT(*)
                     FROM papers
                     WHERE place = 'here' AND election = $1 AND contest = $2
                         AND tps >= $3 AND tps < $4
                     GROUP BY substr(tps, 1, {digits}), compared
                     UNION ALL
                     SELECT '', '{EMPTY}', COALESCE(CAST(roll AS TEXT), ''), COUNT(*)
                     FROM slots
                     WHERE state = 'empty' AND election = $1 AND contest = $2
                         AND tps >= $3 AND tps < $4
                     GROUP BY roll) kept
               GROUP BY code) summed
         LEFT JOIN regions r ON r.code = summed.code",
        digits = asked.by.digits()
    );
    let regions = sqlx::query(AssertSqlSafe(sql))
        .bind(asked.election.to_owned())
        .bind(asked.contest.to_owned())
        .bind(range.from)
        .bind(range.to)
        .fetch_all(pool)
        .await?;
    let mut read = Sums::default();
    for region in regions {
        let code: &str = region.try_get("code")?;
        for text in region.try_get::<&str, _>("sums")?.split(',') {
            read.take(code, text)
                .ok_or_else(|| StorageError::corrupt("total", text))?;
        }
        if let Some(sum) = read.regions.get_mut(code) {
            sum.name = region.try_get("name")?;
        }
    }
    for sum in read.regions.values_mut() {
        settle(&mut sum.tally);
    }
    Ok(read)
}

impl Sums {
    /// Takes in one number of a region as the statement writes it,
    /// `kind:field=value`; `None` for what is not written so.
    fn take(&mut self, region: &str, text: &str) -> Option<()> {
        let (kind, rest) = text.split_once(':')?;
        let (field, value) = rest.split_once('=')?;
        let value = value.parse().ok()?;
        if kind == EMPTY {
            let roll = Some(field).filter(|roll| !roll.is_empty());
            self.add_empty(roll.map(str::parse).transpose().ok()?, value);
            return Some(());
        }
        let sum = self.regions.entry(region.to_owned()).or_default();
        let tally = &mut sum.tally;
        match kind {
            "slots" => sum.tps = value,
            PAPER => sum.paper.add(field, value),
            "received_slots" => tally.received_slots = value,
            "verified_slots" => tally.verified_slots = value,
            "conflict_slots" => tally.conflict_slots = value,
            "voteless_slots" => tally.voteless_slots = value,
            "verified" => _ = tally.verified.insert(field.to_owned(), value),
            "received" => _ = tally.received.insert(field.to_owned(), value),
            "low" => tally.contested.entry(field.to_owned()).or_default().0 = value,
            "high" => tally.contested.entry(field.to_owned()).or_default().1 = value,
            other => tracing::error!(other, "a total of an unknown kind"),
        }
        Some(())
    }
}

/// Leaves out columns that no slot stands in any more: their sums have come
/// back to zero, which is not a figure that anybody sent.
fn settle(tally: &mut Tally) {
    let ruled_or_contested = tally.verified_slots.saturating_add(tally.conflict_slots);
    if tally.verified_slots == 0 {
        tally.verified.clear();
    }
    if tally.received_slots <= ruled_or_contested {
        tally.received.clear();
    }
    if tally.conflict_slots == 0 {
        tally.contested.clear();
    }
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
