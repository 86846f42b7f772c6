//! Whom a message has reached, by what the devices themselves said.

use axum::Json;
use axum::extract::{Path, State};
use protocol::ProblemCode;
use protocol::coverage::MessageReach;
use sqlx::Row as _;

use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::room::{Prefix, SignedIn, may_rule};

/// How many witnesses of the user's region have a message, and have read it.
///
/// "Delivered" is a device's cursor behind it; "read" is the device's word that
/// it was marked as read there.
#[utoipa::path(get, path = "/v1/messages/{number}/reach", tag = "coverage",
    params(("number" = u64, Path, description = "The message's number")),
    responses(
        (status = 200, body = MessageReach),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed`: for coordinators"),
        (status = 404, description = "No such message"),
    ))]
pub(super) async fn show(
    State(app): State<AppState>,
    who: SignedIn,
    Path(number): Path<u32>,
) -> Result<Json<MessageReach>, ApiProblem> {
    may_rule(&who)?;
    let range = Prefix::of(who.user.region.as_ref());
    let pool = app.storage.reading();
    let known: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM messages WHERE number = $1")
        .bind(i64::from(number))
        .fetch_one(pool)
        .await?;
    if known == 0 {
        return Err(ProblemCode::NotFound.into());
    }
    let row = sqlx::query(
        "SELECT COUNT(DISTINCT d.witness) AS addressed,
             COUNT(DISTINCT CASE WHEN c.delivered_up_to >= i.id THEN d.witness END) AS delivered,
             COUNT(DISTINCT CASE WHEN c.read_up_to >= i.id THEN d.witness END) AS read_there
         FROM inbox i
         JOIN devices d ON d.id = i.device
         LEFT JOIN contacts c ON c.device = i.device
         WHERE i.message = $1 AND EXISTS (SELECT 1 FROM assignments a
             WHERE a.witness = d.witness AND a.tps >= $2 AND a.tps < $3)",
    )
    .bind(i64::from(number))
    .bind(range.from)
    .bind(range.to)
    .fetch_one(pool)
    .await?;
    let count = |column: &str| {
        let count: i64 = row.try_get(column)?;
        Ok::<_, sqlx::Error>(count.unsigned_abs())
    };
    Ok(Json(MessageReach {
        addressed: count("addressed")?,
        delivered: count("delivered")?,
        read: count("read_there")?,
    }))
}
