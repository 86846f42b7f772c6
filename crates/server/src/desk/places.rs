//! Where polling stations are, in words.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Level, RegionCode, TpsCode};
use protocol::desk::DeskStation;
use sqlx::{AnyConnection, AnyPool, Row as _};

use crate::storage::{StorageError, keyed_in};

/// The levels that a place is told by.
const TOLD: [Level; 3] = [Level::Regency, Level::District, Level::Village];

/// Stations in the order of `codes`, with the names of their places.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn stations(
    pool: &AnyPool,
    codes: &[TpsCode],
) -> Result<Vec<DeskStation>, StorageError> {
    let above: BTreeSet<String> = codes
        .iter()
        .flat_map(|tps| TOLD.into_iter().filter_map(|level| tps.region().at(level)))
        .map(String::from)
        .collect();
    let above: Vec<String> = above.into_iter().collect();
    let mut names = BTreeMap::new();
    for query in keyed_in("SELECT code, name FROM regions WHERE code", &above, "") {
        for row in query.fetch_all(pool).await? {
            names.insert(row.try_get("code")?, row.try_get("name")?);
        }
    }
    let each = codes.iter().map(|tps| station(tps, &names));
    Ok(each.collect())
}

/// A station with the names of its places.
fn station(tps: &TpsCode, names: &BTreeMap<String, String>) -> DeskStation {
    DeskStation {
        tps: tps.clone(),
        number: tps.number().to_owned(),
        place: place_of(tps, names),
    }
}

/// Regency, district and village of a polling station.
pub(crate) fn place_of(tps: &TpsCode, names: &BTreeMap<String, String>) -> Vec<String> {
    let codes = TOLD.into_iter().filter_map(|level| tps.region().at(level));
    codes
        .filter_map(|code| names.get(code.as_str()).cloned())
        .collect()
}

/// The names of all regions in one and above it, by code.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn named_regions(
    connection: &mut AnyConnection,
    within: Option<&RegionCode>,
) -> Result<BTreeMap<String, String>, StorageError> {
    let digits = within.map_or("", RegionCode::as_str);
    let rows = sqlx::query(
        "SELECT code, name FROM regions WHERE (code >= $1 AND code < $2)
             OR code = $3 OR code = $4 OR code = $5",
    )
    .bind(digits.to_owned())
    .bind(format!("{digits}:"))
    .bind(above(within, Level::Province))
    .bind(above(within, Level::Regency))
    .bind(above(within, Level::District))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("code")?, row.try_get("name")?)))
        .collect()
}

fn above(within: Option<&RegionCode>, level: Level) -> String {
    let region = within.and_then(|region| region.at(level));
    region.map(String::from).unwrap_or_default()
}
