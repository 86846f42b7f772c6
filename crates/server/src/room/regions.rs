//! The tree of regions, level by level.

use axum::Json;
use axum::extract::State;
use domain::{Level, RegionCode};
use protocol::ProblemCode;
use protocol::console::{Region, RegionsAnswer};
use serde::Deserialize;
use sqlx::{AnyPool, AssertSqlSafe, Row as _};
use utoipa::IntoParams;

use super::prefix::Prefix;

use super::signed_in::SignedIn;
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::http::StrictQuery;
use crate::storage::{StorageError, keyed_in};

/// Which region to look into.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RegionsQuery {
    /// By default the user's own; for one who sees everything, all provinces.
    #[param(value_type = Option<String>)]
    within: Option<RegionCode>,
}

/// The regions directly below one, down to polling stations.
#[utoipa::path(get, path = "/v1/regions", tag = "totals", params(RegionsQuery), responses(
    (status = 200, body = RegionsAnswer),
    (status = 401, description = "`not_signed_in`"),
    (status = 404, description = "No such region in the user's own"),
))]
pub(super) async fn below(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<RegionsQuery>,
) -> Result<Json<RegionsAnswer>, ApiProblem> {
    let within = who.within(query.within)?;
    let pool = app.storage.reading();
    let path = match &within {
        Some(region) => path(pool, region).await?.ok_or(ProblemCode::NotFound)?,
        None => Vec::new(),
    };
    let level = match &within {
        Some(region) => region.level().below(),
        None => Some(Level::Province),
    };
    let regions = match level {
        Some(level) => at_level(pool, within.as_ref(), level).await?,
        None => Vec::new(),
    };
    Ok(Json(RegionsAnswer { path, regions }))
}

/// From the province down to `region`, itself included; `None` when it is not
/// here.
async fn path(pool: &AnyPool, region: &RegionCode) -> Result<Option<Vec<Region>>, StorageError> {
    let codes: Vec<RegionCode> = LEVELS
        .iter()
        .filter_map(|level| region.at(*level))
        .collect();
    let texts: Vec<String> = codes.iter().map(RegionCode::to_string).collect();
    let mut names = std::collections::BTreeMap::new();
    for query in keyed_in("SELECT code, name FROM regions WHERE code", &texts, "") {
        for row in query.fetch_all(pool).await? {
            names.insert(row.try_get::<String, _>("code")?, row.try_get("name")?);
        }
    }
    if region.level() == Level::Tps {
        let number: Option<String> = sqlx::query_scalar("SELECT number FROM tps WHERE code = $1")
            .bind(region.to_string())
            .fetch_optional(pool)
            .await?;
        names.extend(number.map(|number| (region.to_string(), station_name(&number))));
    }
    let path: Vec<Region> = codes
        .into_iter()
        .filter_map(|code| {
            let name = names.remove(code.as_str())?;
            let level = code.level();
            Some(Region { code, level, name })
        })
        .collect();
    Ok(Some(path).filter(|path| path.last().is_some_and(|last| last.code == *region)))
}

const LEVELS: [Level; 5] = [
    Level::Province,
    Level::Regency,
    Level::District,
    Level::Village,
    Level::Tps,
];

/// What a polling station is called in lists of regions.
#[must_use]
pub(super) fn station_name(number: &str) -> String {
    format!("TPS {number}")
}

/// Table and column that hold what regions of a level are called.
#[must_use]
pub(super) fn names_at(level: Level) -> (&'static str, &'static str) {
    match level {
        Level::Tps => ("tps", "number"),
        _ => ("regions", "name"),
    }
}

/// What a region of a level is called, by what its table holds.
#[must_use]
pub(super) fn named(level: Level, held: &str) -> String {
    match level {
        Level::Tps => station_name(held),
        _ => held.to_owned(),
    }
}

/// The regions of one level inside another, by code.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn at_level(
    pool: &AnyPool,
    within: Option<&RegionCode>,
    level: Level,
) -> Result<Vec<Region>, StorageError> {
    let range = Prefix::of(within);
    let (table, name) = names_at(level);
    let sql = format!(
        "SELECT code, {name} AS name FROM {table}
         WHERE code >= $1 AND code < $2 AND length(code) = {} ORDER BY code",
        level.digits()
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(range.from)
        .bind(range.to)
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| {
            let name: &str = row.try_get("name")?;
            let code: &str = row.try_get("code")?;
            Ok(Region {
                code: code
                    .parse()
                    .map_err(|cause| StorageError::corrupt("region", cause))?,
                level,
                name: named(level, name),
            })
        })
        .collect()
}
