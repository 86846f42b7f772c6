//! Totals by region.
//!
//! How they are read is `sums`'s, how they are written down `totals`'s.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use domain::lead::{Lead, Missing, has_one_winner};
use domain::{Choice, Contest, FormLayout, Level, RegionCode};
use protocol::ProblemCode;
use protocol::console::{RegionRollup, RegionalContest, RollupAnswer};
use protocol::pack::Election;
use serde::Deserialize;
use sqlx::AnyPool;
use utoipa::IntoParams;

use super::seats;
use super::signed_in::SignedIn;
use super::sums::{self, Sum, Sums};
use super::totals::region_rollup;
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::catalogue::Catalogue;
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
    pub election: &'a str,
    pub contest: &'a str,
    pub within: Option<&'a RegionCode>,
    pub by: Level,
    options: &'a [Choice],
    /// The contest, where the whole region holds one of that id and one option
    /// wins it; with its form.
    race: Option<(&'a Contest, &'a FormLayout)>,
    catalogue: &'a Catalogue,
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
        let (sums, seats) = tokio::try_join!(
            sums::read(pool, self),
            seats::of_dapils(self, pool, left_out),
        )?;
        let lead = self.lead(&sums);
        let regions: Result<Vec<RegionRollup>, StorageError> = sums
            .regions
            .into_iter()
            .map(|(code, sum)| {
                let code = code
                    .parse()
                    .map_err(|cause| StorageError::corrupt("region", cause))?;
                Ok(region_rollup(code, sum, self.options))
            })
            .collect();
        Ok(RollupAnswer {
            regions: regions?,
            lead,
            seats,
        })
    }

    /// Whether the leader can still be caught up with, where one option wins.
    fn lead(&self, sums: &Sums) -> Option<Lead> {
        let (contest, form) = self.race?;
        let mut missing = Missing::default();
        for (roll, tps) in &sums.empty {
            missing.add(form, *roll, *tps);
        }
        let whole = sums.whole();
        missing.add(form, None, whole.tally.voteless_slots);
        domain::lead::lead(&whole.tally, &contest.options, missing)
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

    /// What is summed of one region.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(super) async fn whole(
        &self,
        region: &RegionCode,
        pool: &AnyPool,
    ) -> Result<Sum, StorageError> {
        let asked = Question {
            within: Some(region),
            by: region.level(),
            ..*self
        };
        Ok(sums::read(pool, &asked).await?.whole())
    }
}
