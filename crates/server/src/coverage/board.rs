//! The board: how many polling stations of each region are how far.

use axum::Json;
use axum::extract::State;
use domain::{Level, RegionCode};
use protocol::console::Region;
use protocol::coverage::{CoverageAnswer, CoverageRow, Stage, StageCounts};

use super::stations::stage_of;
use protocol::pack::Election;
use protocol::{ProblemCode, Timestamp};
use serde::Deserialize;
use sqlx::any::AnyRow;
use sqlx::{AnyPool, AssertSqlSafe, Row as _};
use utoipa::IntoParams;

use crate::api_problem::ApiProblem;
use crate::app::{App, AppState};
use crate::http::StrictQuery;
use crate::room::{Prefix, SignedIn, regions_at};
use crate::storage::StorageError;

/// Milliseconds of a minute.
const MINUTE_MS: i64 = 60 * 1_000;
/// After how many minutes without a word a polling station is silent, when
/// nothing else is asked for.
const SILENT_USUAL_MINUTES: u32 = 120;
/// The longest that can be asked for: a week.
const SILENT_MAX_MINUTES: u32 = 7 * 24 * 60;

/// Which board to read.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CoverageQuery {
    /// In this region; by default the user's own.
    #[param(value_type = Option<String>)]
    region: Option<RegionCode>,
    /// Of this contest alone; by default a polling station is as far as its
    /// contest that is least far.
    contest: Option<String>,
    /// Minutes without a word after which a polling station that lacks figures
    /// is silent; by default 120, at most a week.
    silent_minutes: Option<u32>,
}

/// How far the polling stations of a region are, by the regions below it.
#[utoipa::path(get, path = "/v1/coverage", tag = "coverage", params(CoverageQuery), responses(
    (status = 200, body = CoverageAnswer),
    (status = 401, description = "`not_signed_in`"),
    (status = 403, description = "`not_allowed`: not for operators"),
    (status = 404, description = "A region outside the user's own"),
))]
pub(super) async fn show(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<CoverageQuery>,
) -> Result<Json<CoverageAnswer>, ApiProblem> {
    let within = who.within(query.region)?;
    let asked = Asked::of(&app, within, query.contest, query.silent_minutes).await?;
    let pool = app.storage.reading();
    let level = match &asked.within {
        Some(region) => region.level().below().unwrap_or(Level::Tps),
        None => Level::Province,
    };
    let names = regions_at(pool, asked.within.as_ref(), level).await?;
    let rows = rows(pool, &asked, level, names).await?;
    Ok(Json(CoverageAnswer {
        rows,
        level,
        read_at: Timestamp::from_unix_ms(asked.now_ms),
    }))
}

/// What is asked about polling stations, the same for board and list.
#[derive(Debug)]
pub(super) struct Asked {
    pub election: String,
    pub within: Option<RegionCode>,
    contest: Option<String>,
    now_ms: i64,
    day_ms: i64,
    silent_ms: i64,
}

impl Asked {
    /// # Errors
    /// `not_found` when there is no election.
    pub(super) async fn of(
        app: &App,
        within: Option<RegionCode>,
        contest: Option<String>,
        silent_minutes: Option<u32>,
    ) -> Result<Self, ApiProblem> {
        let catalogue = app.catalogues.get().await?;
        let election = catalogue.newest_election().ok_or(ProblemCode::NotFound)?;
        let now_ms = app.clock().now_ms();
        let silent = silent_minutes
            .unwrap_or(SILENT_USUAL_MINUTES)
            .min(SILENT_MAX_MINUTES);
        Ok(Self {
            election: election.id.clone(),
            within,
            contest,
            now_ms,
            day_ms: day_ms(election, now_ms),
            silent_ms: now_ms.saturating_sub(MINUTE_MS.saturating_mul(i64::from(silent))),
        })
    }

    /// When this is read, in milliseconds since 1970.
    pub(super) fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// One row for each polling station, named `staged`: `tps`, `stage` (as
    /// [`super::stations::STAGES`] counts), `slots`, `figures`, `papers`,
    /// `silent`; and where people are looked up, `seen_at`. `rest` goes on from
    /// it.
    pub(super) fn staged(&self, people: People, rest: &str) -> (String, Vec<Given>) {
        let range = Prefix::of(self.within.as_ref());
        let mut given = vec![
            Given::Text(self.election.clone()),
            Given::Text(range.from),
            Given::Text(range.to),
            Given::Number(self.day_ms),
            Given::Number(self.silent_ms),
        ];
        let mut of_contest = "";
        if let Some(contest) = &self.contest {
            given.push(Given::Text(contest.clone()));
            of_contest = "AND contest = $6";
        }
        let of_people = match people {
            People::Everywhere => "",
            People::WhereFiguresLack => "AND a.tps IN (SELECT tps FROM done WHERE figures < slots)",
        };
        let staged = STAGED
            .replace("{of_contest}", of_contest)
            .replace("{of_people}", of_people);
        (staged + rest, given)
    }
}

/// At which polling stations witnesses and their phones are looked up. How far
/// one is whose figures are all here does not depend on them, and late in the
/// night that is nearly all of eleven thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum People {
    Everywhere,
    WhereFiguresLack,
}

/// A value bound to a statement.
#[derive(Debug, Clone)]
pub(super) enum Given {
    Text(String),
    Number(i64),
}

/// Runs it.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn run(
    pool: &AnyPool,
    sql: String,
    given: Vec<Given>,
) -> Result<Vec<AnyRow>, StorageError> {
    // Text of ours, with conditions of ours; what came from outside is bound.
    let query = given.into_iter().fold(
        sqlx::query(AssertSqlSafe(sql)),
        |query, value| match value {
            Given::Text(text) => query.bind(text),
            Given::Number(number) => query.bind(number),
        },
    );
    Ok(query.fetch_all(pool).await?)
}

/// A contest that is verified counts as one whose figures and photos are here,
/// whatever it was verified from.
const STAGED: &str = "WITH done AS (
    SELECT tps, COUNT(*) AS slots,
        SUM(CASE WHEN state <> 'empty' THEN 1 ELSE 0 END) AS figures,
        SUM(CASE WHEN state = 'verified' OR (state <> 'empty' AND photos_announced > 0
            AND photos_received >= photos_announced) THEN 1 ELSE 0 END) AS photos,
        SUM(CASE WHEN state = 'verified' THEN 1 ELSE 0 END) AS verified
    FROM slots WHERE election = $1 AND tps >= $2 AND tps < $3 {of_contest}
    GROUP BY tps
), people AS (
    SELECT a.tps, COUNT(*) AS witnesses, COUNT(d.id) AS devices,
        MAX(c.seen_at) AS seen_at, SUM(c.drafts) AS drafts
    FROM assignments a
    LEFT JOIN devices d ON d.witness = a.witness AND d.revoked_at IS NULL
    LEFT JOIN contacts c ON c.device = d.id
    WHERE a.election = $1 AND a.tps >= $2 AND a.tps < $3 {of_people}
    GROUP BY a.tps
), here AS (
    SELECT tps, COUNT(*) AS papers FROM papers
    WHERE place = 'here' AND election = $1 AND tps >= $2 AND tps < $3 {of_contest}
    GROUP BY tps
), staged AS (
    SELECT done.tps, done.slots, done.figures, COALESCE(here.papers, 0) AS papers, people.seen_at,
        CASE WHEN done.verified = done.slots THEN 7
             WHEN done.photos = done.slots THEN 6
             WHEN done.figures = done.slots THEN 5
             WHEN people.drafts > 0 THEN 4
             WHEN people.seen_at >= $4 THEN 3
             WHEN people.devices > 0 THEN 2
             WHEN people.witnesses > 0 THEN 1
             ELSE 0 END AS stage,
        CASE WHEN done.figures < done.slots AND people.witnesses > 0
             AND (people.seen_at IS NULL OR people.seen_at < $5) THEN 1 ELSE 0 END AS silent
    FROM done
    LEFT JOIN people ON people.tps = done.tps
    LEFT JOIN here ON here.tps = done.tps
) ";

/// From when on a device that is heard of was opened for this election: the
/// beginning of polling day; before that day, any time.
fn day_ms(election: &Election, now_ms: i64) -> i64 {
    let day = election.opens_at.unix_ms();
    if now_ms < day { i64::MIN } else { day }
}

async fn rows(
    pool: &AnyPool,
    asked: &Asked,
    level: Level,
    names: Vec<Region>,
) -> Result<Vec<CoverageRow>, StorageError> {
    let digits = level.digits();
    // Grouped by what is counted, and added up here: that costs a database less
    // than a dozen sums for each polling station.
    let rest = format!(
        "SELECT substr(tps, 1, {digits}) AS code, stage, silent,
             CASE WHEN papers = slots THEN 1 ELSE 0 END AS paper, COUNT(*) AS tps
         FROM staged GROUP BY 1, 2, 3, 4 ORDER BY 1"
    );
    let (sql, given) = asked.staged(People::WhereFiguresLack, &rest);
    let mut rows: Vec<CoverageRow> = names.into_iter().map(nothing).collect();
    for group in run(pool, sql, given).await? {
        let code: String = group.try_get("code")?;
        let at = rows.binary_search_by(|row| row.region.code.as_str().cmp(&code));
        let row = at.ok().and_then(|at| rows.get_mut(at));
        let row = row.ok_or_else(|| StorageError::corrupt("region", format!("no {code}")))?;
        count(row, &group)?;
    }
    rows.retain(|row| row.tps > 0);
    Ok(rows)
}

/// A region of which nothing is counted yet.
fn nothing(region: Region) -> CoverageRow {
    CoverageRow {
        region,
        tps: 0,
        stages: StageCounts::default(),
        paper: 0,
        silent: 0,
    }
}

/// Adds polling stations that are alike.
fn count(row: &mut CoverageRow, group: &AnyRow) -> Result<(), StorageError> {
    let tps: i64 = group.try_get("tps")?;
    let tps = tps.unsigned_abs();
    let (stage, silent, paper): (i32, i32, i32) = (
        group.try_get("stage")?,
        group.try_get("silent")?,
        group.try_get("paper")?,
    );
    let stages = &mut row.stages;
    let of_stage = match stage_of(stage)? {
        Stage::NoWitness => &mut stages.no_witness,
        Stage::Posted => &mut stages.posted,
        Stage::Enrolled => &mut stages.enrolled,
        Stage::Opened => &mut stages.opened,
        Stage::Drafting => &mut stages.drafting,
        Stage::Figures => &mut stages.figures,
        Stage::Photos => &mut stages.photos,
        Stage::Verified => &mut stages.verified,
    };
    *of_stage = of_stage.saturating_add(tps);
    row.tps = row.tps.saturating_add(tps);
    if paper == 1 {
        row.paper = row.paper.saturating_add(tps);
    }
    if silent == 1 {
        row.silent = row.silent.saturating_add(tps);
    }
    Ok(())
}
