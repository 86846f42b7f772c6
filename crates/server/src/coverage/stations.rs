//! Polling stations one by one, with who is to be called.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use domain::RegionCode;
use protocol::Timestamp;
use protocol::console::Role;
use protocol::coverage::{Call, Stage, Station, StationWitness, StationsAnswer};
use protocol::limits::STATIONS_MAX;
use protocol::pack::WitnessRole;
use serde::Deserialize;
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row as _};
use utoipa::{IntoParams, ToSchema};

use super::board::{Asked, Given, People, run};
use super::calls;
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::http::StrictQuery;
use crate::room::{SignedIn, from_word};
use crate::storage::{StorageError, keyed_in};

/// The stages as the statement counts them, from 0.
pub(super) const STAGES: [Stage; 8] = [
    Stage::NoWitness,
    Stage::Posted,
    Stage::Enrolled,
    Stage::Opened,
    Stage::Drafting,
    Stage::Figures,
    Stage::Photos,
    Stage::Verified,
];

/// Which polling stations to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StationsQuery {
    /// In this region; by default the user's own.
    #[param(value_type = Option<String>)]
    region: Option<RegionCode>,
    /// Of this contest alone.
    contest: Option<String>,
    /// In this stage.
    #[param(value_type = Option<Stage>)]
    stage: Option<Stage>,
    /// Only those that are silent.
    #[serde(default)]
    silent: bool,
    /// See `GET /v1/coverage`.
    silent_minutes: Option<u32>,
    /// In which order.
    #[serde(default)]
    #[param(inline)]
    order: Order,
}

/// What polling stations are ordered by.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Order {
    /// Their codes.
    #[default]
    Place,
    /// Those first that were not heard of for the longest time.
    Silence,
}

/// The polling stations of a region, with who is to be called. At most 500;
/// `total` says how many there are.
#[utoipa::path(get, path = "/v1/coverage/stations", tag = "coverage", params(StationsQuery),
    responses(
        (status = 200, body = StationsAnswer),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed`: not for operators"),
        (status = 404, description = "A region outside the user's own"),
    ))]
pub(super) async fn list(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<StationsQuery>,
) -> Result<Json<StationsAnswer>, ApiProblem> {
    let within = who.within(query.region.clone())?;
    let asked = Asked::of(&app, within, query.contest.clone(), query.silent_minutes).await?;
    let pool = app.storage.reading();
    let rows = page(pool, &asked, &query).await?;
    let codes: Result<Vec<String>, _> = rows.iter().map(|row| row.try_get("tps")).collect();
    let tps = codes.map_err(StorageError::from)?;
    let may_call = matches!(who.user.role, Role::Admin | Role::Coordinator);
    let (mut posted, mut called) = tokio::try_join!(
        posted(pool, &asked.election, &tps, may_call),
        calls::newest(pool, &asked.election, &tps),
    )?;
    let stations: Result<_, StorageError> = std::iter::zip(&rows, &tps)
        .map(|(row, tps)| {
            let posted = posted.remove(tps).unwrap_or_default();
            station(row, posted, called.remove(tps))
        })
        .collect();
    Ok(Json(StationsAnswer {
        stations: stations?,
        total: total(&rows)?,
        read_at: Timestamp::from_unix_ms(asked.now_ms()),
    }))
}

/// The rows of the listed polling stations, each with how many there are.
async fn page(
    pool: &AnyPool,
    asked: &Asked,
    query: &StationsQuery,
) -> Result<Vec<AnyRow>, StorageError> {
    let mut conditions = "1 = 1".to_owned();
    if let Some(stage) = query.stage {
        let number = STAGES.iter().position(|one| *one == stage);
        conditions = format!("p.stage = {}", number.unwrap_or_default());
    }
    if query.silent {
        conditions.push_str(" AND p.silent = 1");
    }
    let order = match query.order {
        Order::Place => "p.tps",
        Order::Silence => "COALESCE(p.seen_at, 0), p.tps",
    };
    // Names are looked up for those that are listed only.
    let rest = format!(
        "SELECT p.tps, p.slots, p.figures, p.papers, p.stage, p.total,
             t.number, d.name AS district, v.name AS village
         FROM (SELECT p.*, COUNT(*) OVER () AS total FROM staged p
               WHERE {conditions} ORDER BY {order} LIMIT {STATIONS_MAX}) p
         JOIN tps t ON t.code = p.tps
         LEFT JOIN regions d ON d.code = substr(p.tps, 1, 6)
         LEFT JOIN regions v ON v.code = substr(p.tps, 1, 10)
         ORDER BY {order}"
    );
    let (sql, given): (String, Vec<Given>) = asked.staged(people(query), &rest);
    run(pool, sql, given).await
}

/// How many polling stations there are, listed or not.
fn total(rows: &[AnyRow]) -> Result<u64, StorageError> {
    let total: i64 = match rows.first() {
        Some(row) => row.try_get("total")?,
        None => 0,
    };
    Ok(total.unsigned_abs())
}

/// Where people are to be looked up to say which polling stations are listed, in
/// which order: silence, and every stage before the figures, is only where
/// figures lack; of the others only an order by silence asks.
fn people(query: &StationsQuery) -> People {
    let is_before_figures = |stage: Stage| {
        let number = |wanted: Stage| STAGES.iter().position(|one| *one == wanted);
        number(stage) < number(Stage::Figures)
    };
    let is_by_place = query.order == Order::Place;
    if is_by_place || query.silent || query.stage.is_some_and(is_before_figures) {
        People::WhereFiguresLack
    } else {
        People::Everywhere
    }
}

/// The stage of this number.
///
/// # Errors
/// [`StorageError`] when there is none.
pub(super) fn stage_of(number: i32) -> Result<Stage, StorageError> {
    let at = usize::try_from(number).ok();
    let stage = at.and_then(|at| STAGES.get(at).copied());
    stage.ok_or_else(|| StorageError::corrupt("coverage", "no such stage"))
}

fn station(row: &AnyRow, posted: Posted, last_call: Option<Call>) -> Result<Station, StorageError> {
    let count = |column: &str| {
        let count: i64 = row.try_get(column)?;
        u32::try_from(count).map_err(|cause| StorageError::corrupt("coverage", cause))
    };
    let name = |column: &str| Ok::<_, StorageError>(row.try_get::<Option<String>, _>(column)?);
    let place = [name("district")?, name("village")?, name("number")?];
    let stage: i32 = row.try_get("stage")?;
    let tps: String = row.try_get("tps")?;
    Ok(Station {
        tps: tps
            .parse()
            .map_err(|cause| StorageError::corrupt("tps", cause))?,
        place: place.into_iter().flatten().collect(),
        stage: stage_of(stage)?,
        slots: count("slots")?,
        figures: count("figures")?,
        papers: count("papers")?,
        drafts: posted.drafts,
        seen_at: posted.witnesses.iter().filter_map(|one| one.seen_at).max(),
        witnesses: posted.witnesses,
        last_call,
    })
}

/// Who is posted at a polling station, and what their phones hold.
#[derive(Debug, Default)]
struct Posted {
    witnesses: Vec<StationWitness>,
    drafts: u32,
}

/// Who is posted at these polling stations; with phone numbers for those who
/// may call.
async fn posted(
    pool: &AnyPool,
    election: &str,
    tps: &[String],
    may_call: bool,
) -> Result<HashMap<String, Posted>, StorageError> {
    let head = "SELECT a.election, a.tps, w.id, w.name, w.role, w.phone, COUNT(d.id) AS devices,
             MAX(c.seen_at) AS seen_at, CAST(COALESCE(SUM(c.drafts), 0) AS BIGINT) AS drafts
         FROM assignments a
         JOIN witnesses w ON w.id = a.witness
         LEFT JOIN devices d ON d.witness = w.id AND d.revoked_at IS NULL
         LEFT JOIN contacts c ON c.device = d.id
         WHERE a.tps";
    let tail = "GROUP BY a.election, a.tps, w.id, w.name, w.role, w.phone, w.created_at
         ORDER BY w.created_at, w.id";
    let mut found: HashMap<String, Posted> = HashMap::new();
    for query in keyed_in(head, tps, tail) {
        for row in query.fetch_all(pool).await? {
            if row.try_get::<String, _>("election")? == election {
                let at = found.entry(row.try_get("tps")?).or_default();
                let drafts: i64 = row.try_get("drafts")?;
                at.drafts = at
                    .drafts
                    .saturating_add(u32::try_from(drafts).unwrap_or(u32::MAX));
                at.witnesses.push(witness(&row, may_call)?);
            }
        }
    }
    Ok(found)
}

fn witness(row: &AnyRow, may_call: bool) -> Result<StationWitness, StorageError> {
    let devices: i64 = row.try_get("devices")?;
    let seen_at: Option<i64> = row.try_get("seen_at")?;
    let phone: Option<String> = row.try_get("phone")?;
    Ok(StationWitness {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        role: from_word::<WitnessRole>("role of a witness", row.try_get("role")?)?,
        phone: phone.filter(|_| may_call),
        devices: u32::try_from(devices).unwrap_or(u32::MAX),
        seen_at: seen_at.map(Timestamp::from_unix_ms),
    })
}
