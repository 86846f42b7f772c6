//! The polling stations of a region, with what a row says of each.

use std::collections::{BTreeMap, BTreeSet};

use domain::{RegionCode, TpsCode};
use sqlx::{AnyConnection, Row as _};

use crate::desk::{named_regions, place_of};
use crate::queue::slots_within;
use crate::storage::StorageError;

/// One polling station.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Station {
    /// Regency, district, village.
    pub place: Vec<String>,
    /// Its number.
    pub number: String,
    /// Voters on the roll, if known.
    pub roll: Option<i64>,
    /// Ids of the contests held there.
    pub contests: BTreeSet<String>,
}

/// The stations of an election in a region, by code.
pub(super) type Stations = BTreeMap<String, Station>;

/// Reads them.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn stations(
    connection: &mut AnyConnection,
    election: &str,
    region: Option<&RegionCode>,
) -> Result<Stations, StorageError> {
    let names = named_regions(&mut *connection, region).await?;
    let (from, to) = slots_within(election, region);
    let rows = sqlx::query(
        "SELECT tps, contest, roll FROM slots WHERE slot >= $1 AND slot < $2 ORDER BY slot",
    )
    .bind(from)
    .bind(to)
    .fetch_all(connection)
    .await?;
    let mut stations = Stations::new();
    for row in rows {
        let code: String = row.try_get("tps")?;
        let station = stations.entry(code.clone()).or_default();
        station.contests.insert(row.try_get("contest")?);
        if station.number.is_empty() {
            let tps: TpsCode = code
                .parse()
                .map_err(|cause| StorageError::corrupt("tps", cause))?;
            station.place = place_of(&tps, &names);
            station.number = tps.number().to_owned();
            station.roll = row.try_get("roll")?;
        }
    }
    Ok(stations)
}
