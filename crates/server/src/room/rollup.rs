//! Totals by region.
//!
//! Down to the district they are read from sums that are kept up to date with
//! every revision and ruling; below it they are added up from the slots of the
//! region asked for.

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::State;
use domain::lead::{Lead, has_one_winner};
use domain::rollup::{Contribution, Tally};
use domain::{Choice, Contest, FormLayout, Level, RegionCode};
use protocol::ProblemCode;
use protocol::console::{RegionRollup, RegionalContest, RollupAnswer};
use protocol::pack::Election;
use serde::Deserialize;
use sqlx::{AnyPool, AssertSqlSafe, Row as _};
use utoipa::IntoParams;

use super::prefix::Prefix;
use super::signed_in::SignedIn;
use super::totals::region_rollup;
use super::{lead, regions, seats};
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::catalogue::Catalogue;
use crate::http::StrictQuery;
use crate::paper;
use crate::storage::StorageError;

/// Times that what is missing and what is there are read until they fit
/// together.
const MOMENTS_MAX: u32 = 3;

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
    /// Of an assembly: ballot numbers of the parties that get no seats, because
    /// they stay below the country's threshold, with commas between them.
    below_threshold: Option<String>,
}

/// The totals of the regions inside one, and whether its leader can still be
/// caught up with.
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
    let election = election(&catalogue, query.election.as_deref())?;
    let asked = Question::of(
        &catalogue,
        election,
        &query.contest,
        within.as_ref(),
        query.by,
    )?;
    let left_out = parties(query.below_threshold.as_deref())?;
    Ok(Json(asked.answer(app.storage.reading(), &left_out).await?))
}

/// The election asked for, or the newest.
///
/// # Errors
/// `not_found`.
pub(super) fn election<'a>(
    catalogue: &'a Catalogue,
    asked: Option<&str>,
) -> Result<&'a Election, ApiProblem> {
    let found = match asked {
        Some(id) => catalogue.elections.get(id),
        None => catalogue.newest_election(),
    };
    found.ok_or_else(|| ProblemCode::NotFound.into())
}

/// Ballot numbers with commas between them.
fn parties(text: Option<&str>) -> Result<BTreeSet<u32>, ApiProblem> {
    let named = text.unwrap_or_default().split(',').map(str::trim);
    let named = named.filter(|number| !number.is_empty());
    named
        .map(|number| {
            number.parse().map_err(|_| {
                let detail = "below_threshold is ballot numbers with commas between them";
                ApiProblem::because(ProblemCode::RequestInvalid, detail)
            })
        })
        .collect()
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

/// Which totals are to be read.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    election: &'a str,
    contest: &'a str,
    within: Option<&'a RegionCode>,
    by: Level,
    options: &'a [Choice],
    /// The contest, where the whole region holds one of that id and one option
    /// wins it; with its form.
    race: Option<(&'a Contest, &'a FormLayout)>,
    catalogue: &'a Catalogue,
}

/// The tally of one region, and how many of its polling stations hold the
/// contest.
#[derive(Debug, Default)]
struct Row {
    tps: u64,
    tally: Tally,
}

impl<'a> Question<'a> {
    /// The totals of `contest` inside `within`, one row for each region of the
    /// level `by`.
    ///
    /// # Errors
    /// `not_found` without such a contest, `request_invalid` for a level above
    /// the region.
    pub(super) fn of(
        catalogue: &'a Catalogue,
        election: &'a Election,
        contest: &str,
        within: Option<&'a RegionCode>,
        by: Option<Level>,
    ) -> Result<Self, ApiProblem> {
        let held = catalogue.contests.get(&election.id).into_iter().flatten();
        let held: Vec<&RegionalContest> = held.filter(|held| held.contest.id == contest).collect();
        // One id may be held in several regions; what is legislative in one is in all.
        let any = &held.first().ok_or(ProblemCode::NotFound)?.contest;
        let in_all_of_it = held
            .iter()
            .find(|held| within.is_some_and(|region| region.is_within(&held.region)));
        let race = in_all_of_it
            .map(|held| &held.contest)
            .filter(|contest| has_one_winner(contest));
        Ok(Self {
            election: &election.id,
            contest: &any.id,
            within,
            by: level(within, by)?,
            options: &in_all_of_it.map_or(any, |held| &held.contest).options,
            race: race.and_then(|contest| Some((contest, catalogue.form_of(contest)?))),
            catalogue,
        })
    }

    /// Reads them; parties that are `left_out` get no seats.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(super) async fn answer(
        &self,
        pool: &AnyPool,
        left_out: &BTreeSet<u32>,
    ) -> Result<RollupAnswer, StorageError> {
        let digits = self.by.digits();
        let ((rows, lead), papers, named, seats) = tokio::try_join!(
            self.rows_and_lead(pool),
            paper::totals(pool, self.election, self.contest, self.within, digits),
            regions::at_level(pool, self.within, self.by),
            seats::of_dapils(self, pool, left_out),
        )?;
        let mut names: BTreeMap<String, String> = named
            .into_iter()
            .map(|region| (region.code.to_string(), region.name))
            .collect();
        let regions: Result<Vec<RegionRollup>, StorageError> = rows
            .into_iter()
            .map(|(code, row)| {
                let paper = papers.get(&code).copied().unwrap_or_default();
                let name = names.remove(&code).unwrap_or_else(|| code.clone());
                let code = code
                    .parse()
                    .map_err(|cause| StorageError::corrupt("region", cause))?;
                Ok(region_rollup(
                    code,
                    name,
                    row.tps,
                    &row.tally,
                    paper,
                    self.options,
                ))
            })
            .collect();
        Ok(RollupAnswer {
            regions: regions?,
            lead,
            seats,
        })
    }

    async fn rows_and_lead(
        &self,
        pool: &AnyPool,
    ) -> Result<(BTreeMap<String, Row>, Option<Lead>), StorageError> {
        let Some((contest, form)) = self.race else {
            return Ok((self.rows(pool).await?, None));
        };
        for _ in 0..MOMENTS_MAX {
            // What is missing is read before what is there: what arrives in
            // between counts on both sides, against the leader, and never on
            // neither.
            let empty = lead::empty(pool, self.election, self.contest, self.within, form).await?;
            let rows = self.rows(pool).await?;
            let (mut tps, mut whole) = (0_u64, Tally::default());
            for row in rows.values() {
                tps = tps.saturating_add(row.tps);
                whole.join(&row.tally);
            }
            if empty.tps.saturating_add(whole.received_slots) >= tps {
                let mut missing = empty;
                missing.add(form, None, whole.voteless_slots);
                let lead = domain::lead::lead(&whole, &contest.options, missing);
                return Ok((rows, lead));
            }
            // A slot was emptied in between (its only device quarantined).
        }
        Ok((self.rows(pool).await?, None))
    }

    /// The contests of that id, wherever they are held.
    pub(super) fn held(&self) -> impl Iterator<Item = &'a RegionalContest> {
        let held = self.catalogue.contests.get(self.election);
        let contest = self.contest;
        held.into_iter()
            .flatten()
            .filter(move |held| held.contest.id == contest)
    }

    /// Whether all of `region` is asked for.
    pub(super) fn covers(&self, region: &RegionCode) -> bool {
        self.within.is_none_or(|within| region.is_within(within))
    }

    /// The tally of one region, and its number of polling stations.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(super) async fn whole(
        &self,
        region: &RegionCode,
        pool: &AnyPool,
    ) -> Result<(u64, Tally), StorageError> {
        let asked = Question {
            within: Some(region),
            by: region.level(),
            ..*self
        };
        let (mut tps, mut tally) = (0_u64, Tally::default());
        for row in asked.rows(pool).await?.values() {
            tps = tps.saturating_add(row.tps);
            tally.join(&row.tally);
        }
        Ok((tps, tally))
    }

    async fn rows(&self, pool: &AnyPool) -> Result<BTreeMap<String, Row>, StorageError> {
        let is_district_enough = self.by <= Level::District
            && self
                .within
                .is_none_or(|region| region.level() <= Level::District);
        if is_district_enough {
            self.sums_of_districts(pool).await
        } else {
            self.sums_of_slots(pool).await
        }
    }

    async fn sums_of_districts(
        &self,
        pool: &AnyPool,
    ) -> Result<BTreeMap<String, Row>, StorageError> {
        let range = Prefix::of(self.within);
        // A sum of 64-bit integers is a NUMERIC on PostgreSQL: cast back. One
        // row for each region: hundreds of them took longer to hand over than
        // to add up.
        let sql = format!(
            "SELECT code, string_agg(kind || ':' || field || '=' || CAST(value AS TEXT), ',') AS sums
             FROM (SELECT substr(district, 1, {digits}) AS code, kind, field,
                       CAST(SUM(value) AS BIGINT) AS value
                   FROM rollups
                   WHERE election = $1 AND contest = $2 AND district >= $3 AND district < $4
                   GROUP BY substr(district, 1, {digits}), kind, field) kept
             GROUP BY code",
            digits = self.by.digits()
        );
        let regions = sqlx::query(AssertSqlSafe(sql))
            .bind(self.election.to_owned())
            .bind(self.contest.to_owned())
            .bind(range.from)
            .bind(range.to)
            .fetch_all(pool)
            .await?;
        let mut rows: BTreeMap<String, Row> = BTreeMap::new();
        for region in regions {
            let row = rows.entry(region.try_get("code")?).or_default();
            for sum in region.try_get::<&str, _>("sums")?.split(',') {
                let (kind, field, value) =
                    kept_sum(sum).ok_or_else(|| StorageError::corrupt("total", sum))?;
                row.take(kind, field, value);
            }
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

/// Kind, field and value of a sum as the statement writes it, `kind:field=value`.
fn kept_sum(text: &str) -> Option<(&str, &str, u64)> {
    let (kind, rest) = text.split_once(':')?;
    let (field, value) = rest.split_once('=')?;
    Some((kind, field, value.parse().ok()?))
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
            "voteless_slots" => self.tally.voteless_slots = value,
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
