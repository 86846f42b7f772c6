//! How people get on: pace and errors, for those who lead them.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use protocol::queue::{PeopleAnswer, PersonFigures};
use sqlx::{AnyConnection, Row as _};

use super::{settings, slots_within};
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::room::{SignedIn, may_rule};
use crate::storage::StorageError;

/// What counts as the last hour, in milliseconds.
const HOUR_MS: i64 = 60 * 60 * 1_000;

/// The figures of everybody who has done something through the queue in the
/// caller's region.
#[utoipa::path(get, path = "/v1/queue/people", tag = "queue", responses(
    (status = 200, body = PeopleAnswer),
    (status = 401, description = "`not_signed_in`"),
    (status = 403, description = "`not_allowed`: for coordinators and admins only"),
))]
pub(super) async fn show(
    State(app): State<AppState>,
    who: SignedIn,
) -> Result<Json<PeopleAnswer>, ApiProblem> {
    may_rule(&who)?;
    let election = settings::election(&app).await?;
    let range = slots_within(&election, who.user.region.as_ref());
    let mut connection = app.storage.reading().acquire().await?;
    let mut people = sums(&mut connection, &range).await?;
    let since_ms = app.clock().now_ms().saturating_sub(HOUR_MS);
    for (user, mut took_ms) in lately(&mut connection, &range, since_ms).await? {
        if let Some(person) = people.get_mut(&user) {
            took_ms.sort_unstable();
            person.last_hour = count(took_ms.len());
            person.median_ms = took_ms
                .get(took_ms.len() / 2)
                .map(|ms| u32::try_from(*ms).unwrap_or(u32::MAX));
        }
    }
    Ok(Json(PeopleAnswer {
        people: people.into_values().collect(),
    }))
}

async fn sums(
    connection: &mut AnyConnection,
    range: &(String, String),
) -> Result<BTreeMap<String, PersonFigures>, StorageError> {
    let rows = sqlx::query(
        "SELECT user_name, COUNT(*) AS done, COUNT(verdict) AS judged,
             SUM(CASE WHEN verdict = 'wrong' THEN 1 ELSE 0 END) AS wrong
         FROM queue_work WHERE slot >= $1 AND slot < $2 GROUP BY user_name",
    )
    .bind(range.0.clone())
    .bind(range.1.clone())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let number = |column| {
                let number: i64 = row.try_get(column)?;
                Ok::<_, StorageError>(u32::try_from(number).unwrap_or(u32::MAX))
            };
            let user: String = row.try_get("user_name")?;
            let person = PersonFigures {
                user: user.clone(),
                done: number("done")?,
                last_hour: 0,
                median_ms: None,
                judged: number("judged")?,
                wrong: number("wrong")?,
            };
            Ok((user, person))
        })
        .collect()
}

/// How long each item took that was done since, by person.
async fn lately(
    connection: &mut AnyConnection,
    range: &(String, String),
    since_ms: i64,
) -> Result<BTreeMap<String, Vec<i64>>, StorageError> {
    let rows = sqlx::query(
        "SELECT user_name, took_ms FROM queue_work
         WHERE done_at > $1 AND slot >= $2 AND slot < $3",
    )
    .bind(since_ms)
    .bind(range.0.clone())
    .bind(range.1.clone())
    .fetch_all(connection)
    .await?;
    let mut by_user: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for row in rows {
        let took: &mut Vec<i64> = by_user.entry(row.try_get("user_name")?).or_default();
        took.push(row.try_get("took_ms")?);
    }
    Ok(by_user)
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
