//! Totals by region.
//!
//! Down to the district they are read from sums that are kept up to date with
//! every revision and ruling; below it they are added up from the slots of the
//! region asked for.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use domain::rollup::{Contribution, Tally};
use domain::{Choice, Level, RegionCode};
use protocol::ProblemCode;
use protocol::console::{RegionRollup, RollupAnswer};
use serde::Deserialize;
use sqlx::{AnyPool, AssertSqlSafe, Row as _};
use utoipa::IntoParams;

use super::prefix::Prefix;

use super::regions;
use super::signed_in::SignedIn;
use super::totals::region_rollup;
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::http::StrictQuery;
use crate::storage::StorageError;

/// Which totals to read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RollupQuery {
    /// Id of the election; by default the newest.
    election: Option<String>,
    /// Id of the contest.
    contest: String,
    /// In this region; by default the user's own.
    #[param(value_type = Option<String>)]
    region: Option<RegionCode>,
    /// One row for each region of this level; by default the one below.
    #[param(value_type = Option<Level>)]
    by: Option<Level>,
}

/// The totals of the regions inside one.
#[utoipa::path(get, path = "/v1/rollup", tag = "totals", params(RollupQuery), responses(
    (status = 200, body = RollupAnswer),
    (status = 400, description = "`by` is above the region"),
    (status = 401, description = "`not_signed_in`"),
    (status = 404, description = "No such contest, or a region outside the user's own"),
))]
pub(super) async fn totals(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<RollupQuery>,
) -> Result<Json<RollupAnswer>, ApiProblem> {
    let within = who.within(query.region)?;
    let catalogue = app.catalogues.get().await?;
    let election = match &query.election {
        Some(id) => catalogue.elections.get(id),
        None => catalogue.newest_election(),
    };
    let election = election.ok_or(ProblemCode::NotFound)?;
    let held = catalogue.contests.get(&election.id).into_iter().flatten();
    // One id may be held in several regions; what is legislative in one is in all.
    let contest = held
        .filter(|held| held.contest.id == query.contest)
        .map(|held| &held.contest)
        .next()
        .ok_or(ProblemCode::NotFound)?;
    let asked = Question {
        election: &election.id,
        contest: &contest.id,
        within: within.as_ref(),
        by: level(within.as_ref(), query.by)?,
        options: &contest.options,
    };
    let regions = asked.answer(app.storage.reading()).await?;
    Ok(Json(RollupAnswer { regions }))
}

/// The level of the rows.
fn level(within: Option<&RegionCode>, by: Option<Level>) -> Result<Level, ApiProblem> {
    let above = within.map_or(Level::Province, RegionCode::level);
    let usual = match within {
        Some(region) => region.level().below().unwrap_or(Level::Tps),
        None => Level::Province,
    };
    let by = by.unwrap_or(usual);
    if by < above {
        let detail = "by must not be a level above the region";
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    Ok(by)
}

struct Question<'a> {
    election: &'a str,
    contest: &'a str,
    within: Option<&'a RegionCode>,
    by: Level,
    options: &'a [Choice],
}

/// The tally of one region, and how many of its polling stations hold the
/// contest.
#[derive(Debug, Default)]
struct Row {
    tps: u64,
    tally: Tally,
}

impl Question<'_> {
    async fn answer(&self, pool: &AnyPool) -> Result<Vec<RegionRollup>, StorageError> {
        let is_district_enough = self.by <= Level::District
            && self
                .within
                .is_none_or(|region| region.level() <= Level::District);
        let rows = if is_district_enough {
            self.sums_of_districts(pool).await?
        } else {
            self.sums_of_slots(pool).await?
        };
        let named = regions::at_level(pool, self.within, self.by).await?;
        let mut names: BTreeMap<String, String> = named
            .into_iter()
            .map(|region| (region.code.to_string(), region.name))
            .collect();
        rows.into_iter()
            .map(|(code, row)| {
                let name = names.remove(&code).unwrap_or_else(|| code.clone());
                let code = code
                    .parse()
                    .map_err(|cause| StorageError::corrupt("region", cause))?;
                Ok(region_rollup(code, name, row.tps, &row.tally, self.options))
            })
            .collect()
    }

    async fn sums_of_districts(
        &self,
        pool: &AnyPool,
    ) -> Result<BTreeMap<String, Row>, StorageError> {
        let range = Prefix::of(self.within);
        // A sum of 64-bit integers is a NUMERIC on PostgreSQL: cast back.
        let sql = format!(
            "SELECT substr(district, 1, {digits}) AS code, kind, field,
                 CAST(SUM(value) AS BIGINT) AS value
             FROM rollups
             WHERE election = $1 AND contest = $2 AND district >= $3 AND district < $4
             GROUP BY substr(district, 1, {digits}), kind, field",
            digits = self.by.digits()
        );
        let sums = sqlx::query(AssertSqlSafe(sql))
            .bind(self.election.to_owned())
            .bind(self.contest.to_owned())
            .bind(range.from)
            .bind(range.to)
            .fetch_all(pool)
            .await?;
        let mut rows: BTreeMap<String, Row> = BTreeMap::new();
        for sum in sums {
            let value: i64 = sum.try_get("value")?;
            let value =
                u64::try_from(value).map_err(|cause| StorageError::corrupt("total", cause))?;
            let row = rows.entry(sum.try_get("code")?).or_default();
            row.take(sum.try_get("kind")?, sum.try_get("field")?, value);
        }
        rows.values_mut().for_each(Row::settle);
        Ok(rows)
    }

    async fn sums_of_slots(&self, pool: &AnyPool) -> Result<BTreeMap<String, Row>, StorageError> {
        let range = Prefix::of(self.within);
        let slots = sqlx::query(
            "SELECT tps, contribution FROM slots
             WHERE slot >= $1 AND slot < $2 AND contest = $3",
        )
        .bind(format!("{}/{}", self.election, range.from))
        .bind(format!("{}/{}", self.election, range.to))
        .bind(self.contest.to_owned())
        .fetch_all(pool)
        .await?;
        let mut rows: BTreeMap<String, Row> = BTreeMap::new();
        for slot in slots {
            let tps: String = slot.try_get("tps")?;
            let code = tps.get(..self.by.digits()).unwrap_or(&tps).to_owned();
            let contribution: Contribution = super::json(&slot, "contribution")?;
            let row = rows.entry(code).or_default();
            row.tps = row.tps.saturating_add(1);
            row.tally.add(&contribution);
        }
        Ok(rows)
    }
}

impl Row {
    /// Takes in one kept sum.
    fn take(&mut self, kind: &str, field: &str, value: u64) {
        let field = field.to_owned();
        match kind {
            "slots" => self.tps = value,
            "received_slots" => self.tally.received_slots = value,
            "verified_slots" => self.tally.verified_slots = value,
            "conflict_slots" => self.tally.conflict_slots = value,
            "verified" => _ = self.tally.verified.insert(field, value),
            "received" => _ = self.tally.received.insert(field, value),
            "low" => self.tally.contested.entry(field).or_default().0 = value,
            "high" => self.tally.contested.entry(field).or_default().1 = value,
            other => tracing::error!(other, "a total of an unknown kind"),
        }
    }

    /// Leaves out columns that no slot stands in any more: their sums have come
    /// back to zero, which is not a figure that anybody sent.
    fn settle(&mut self) {
        let tally = &mut self.tally;
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
}
