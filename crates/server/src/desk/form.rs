//! One form to key: where it is from, what the caller entered of it before, and
//! which one comes next.

use axum::Json;
use axum::extract::State;
use protocol::desk::DeskForm;
use protocol::pack::Roll;
use protocol::{ProblemCode, SlotId};
use sqlx::{AnyPool, Row as _};

use super::entries::own_entry;
use super::may_enter;
use super::places::stations;
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::queue::slots_within;
use crate::room::{SignedIn, SlotPath, seen_slot};
use crate::storage::StorageError;

/// What is needed to key one form. Whether anything has arrived from there is
/// not told.
#[utoipa::path(get, path = "/v1/desk/forms/{election}/{tps}/{contest}", tag = "desk",
    params(
        ("election" = String, Path, description = "Id of the election"),
        ("tps" = String, Path, description = "13 digits"),
        ("contest" = String, Path, description = "Id of the contest"),
    ),
    responses(
        (status = 200, body = DeskForm),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed` for a viewer"),
        (status = 404, description = "No such form in the user's region"),
    ))]
pub(super) async fn show(
    State(app): State<AppState>,
    who: SignedIn,
    path: SlotPath,
) -> Result<Json<DeskForm>, ApiProblem> {
    may_enter(&who)?;
    let slot = seen_slot(path, &who)?;
    let catalogue = app.catalogues.get().await?;
    let contest = catalogue.contest_at(&slot.election, &slot.contest, &slot.tps);
    contest.ok_or(ProblemCode::NotFound)?;
    let pool = app.storage.reading();
    let dpt = roll(pool, &slot).await?.ok_or(ProblemCode::NotFound)?;
    let station = stations(pool, std::slice::from_ref(&slot.tps)).await?;
    let station = station.into_iter().next().ok_or(ProblemCode::NotFound)?;
    let own = own_entry(pool, &catalogue, &slot, &who.user.name).await?;
    let (previous, next) = neighbours(pool, &who, &slot).await?;
    Ok(Json(DeskForm {
        slot,
        station,
        dpt,
        own,
        next,
        previous,
    }))
}

/// The roll of a slot's station, which may not be known; `None` when there is
/// no such slot.
async fn roll(pool: &AnyPool, slot: &SlotId) -> Result<Option<Option<Roll>>, StorageError> {
    let row = sqlx::query(
        "SELECT t.dpt_male, t.dpt_female FROM slots s JOIN tps t ON t.code = s.tps
         WHERE s.slot = $1",
    )
    .bind(slot.to_string())
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        let voters = |column| -> Result<Option<u32>, StorageError> {
            let count: Option<i64> = row.try_get(column)?;
            Ok(count.and_then(|count| u32::try_from(count).ok()))
        };
        let (male, female) = (voters("dpt_male")?, voters("dpt_female")?);
        Ok(male.zip(female).map(|(male, female)| Roll { male, female }))
    })
    .transpose()
}

/// The forms of the same contest before and after one, by village and number,
/// in the user's region.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn neighbours(
    pool: &AnyPool,
    who: &SignedIn,
    slot: &SlotId,
) -> Result<(Option<SlotId>, Option<SlotId>), StorageError> {
    let (from, to) = slots_within(&slot.election, who.user.region.as_ref());
    let before = "SELECT slot FROM slots WHERE slot >= $1 AND slot < $2 AND contest = $3
         ORDER BY slot DESC LIMIT 1";
    let after = "SELECT slot FROM slots WHERE slot > $1 AND slot < $2 AND contest = $3
         ORDER BY slot LIMIT 1";
    let here = slot.to_string();
    let ranges = [(before, from, here.clone()), (after, here, to)];
    let mut found = [None, None];
    for (place, (sql, from, to)) in found.iter_mut().zip(ranges) {
        let name: Option<String> = sqlx::query_scalar(sql)
            .bind(from)
            .bind(to)
            .bind(slot.contest.clone())
            .fetch_optional(pool)
            .await?;
        *place = name
            .map(|name| name.parse())
            .transpose()
            .map_err(|cause| StorageError::corrupt("slot", cause))?;
    }
    let [previous, next] = found;
    Ok((previous, next))
}
