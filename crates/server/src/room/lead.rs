//! What is missing from a contest in a region: the polling stations from which
//! nothing has arrived, with the voters on their rolls.

use domain::lead::Missing;
use domain::{FormLayout, RegionCode};
use sqlx::{AnyPool, Row as _};

use super::prefix::Prefix;
use crate::storage::StorageError;

/// The polling stations from which nothing has arrived.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn empty(
    pool: &AnyPool,
    election: &str,
    contest: &str,
    within: Option<&RegionCode>,
    form: &FormLayout,
) -> Result<Missing, StorageError> {
    let range = Prefix::of(within);
    // By roll, because the reserve is rounded up at each polling station.
    let rolls = sqlx::query(
        "SELECT roll, COUNT(*) AS tps FROM slots
         WHERE election = $1 AND contest = $2 AND state = 'empty' AND tps >= $3 AND tps < $4
         GROUP BY roll",
    )
    .bind(election.to_owned())
    .bind(contest.to_owned())
    .bind(range.from)
    .bind(range.to)
    .fetch_all(pool)
    .await?;
    let mut missing = Missing::default();
    for row in rolls {
        let roll: Option<i64> = row.try_get("roll")?;
        let tps: i64 = row.try_get("tps")?;
        let roll = roll
            .map(u32::try_from)
            .transpose()
            .map_err(|cause| StorageError::corrupt("roll", cause))?;
        missing.add(form, roll, tps.unsigned_abs());
    }
    Ok(missing)
}
