//! What waits, and who holds what.

use axum::Json;
use axum::extract::State;
use domain::RegionCode;
use protocol::Timestamp;
use protocol::queue::{HeldItem, QueueAnswer, QueueCount, QueueKind};
use serde::Deserialize;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use utoipa::IntoParams;

use super::rank::{kind_of, kinds_for};
use super::{lies_within, settings, slots_within};
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::http::StrictQuery;
use crate::room::{SignedIn, from_word};
use crate::storage::StorageError;

/// Most claims in one answer.
const HELD_SHOWN_MAX: usize = 1_000;

/// Of which items.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct QueueQuery {
    /// In this region; by default the user's own.
    #[param(value_type = Option<String>)]
    region: Option<RegionCode>,
    /// Of this contest.
    contest: Option<String>,
}

/// How much waits, by kind, and who holds what.
#[utoipa::path(get, path = "/v1/queue", tag = "queue", params(QueueQuery), responses(
    (status = 200, body = QueueAnswer),
    (status = 401, description = "`not_signed_in`"),
    (status = 404, description = "A region outside the user's own"),
))]
pub(super) async fn show(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<QueueQuery>,
) -> Result<Json<QueueAnswer>, ApiProblem> {
    let election = settings::election(&app).await?;
    let region = who.within(query.region)?;
    let range = slots_within(&election, region.as_ref());
    let kinds = kinds_for(who.user.role);
    let mut connection = app.storage.reading().acquire().await?;
    let waiting = waiting(&mut connection, &range, query.contest.as_deref()).await?;
    Ok(Json(QueueAnswer {
        settings: settings::read(&mut connection, &election).await?,
        waiting: waiting
            .into_iter()
            .filter(|count| kinds.contains(&count.kind))
            .collect(),
        held: held(&mut connection, &range, app.clock().now_ms()).await?,
    }))
}

async fn waiting(
    connection: &mut AnyConnection,
    range: &(String, String),
    contest: Option<&str>,
) -> Result<Vec<QueueCount>, StorageError> {
    let of_contest = contest.map_or("", |_| "AND s.contest = $3");
    let sql = format!(
        "SELECT s.queue_rank, COUNT(*) AS items FROM slots s
         WHERE s.queue_rank > 0 AND {here} {of_contest}
         GROUP BY s.queue_rank",
        here = lies_within("s.slot"),
    );
    let mut query = sqlx::query(AssertSqlSafe(sql))
        .bind(range.0.clone())
        .bind(range.1.clone());
    if let Some(contest) = contest {
        query = query.bind(contest.to_owned());
    }
    let mut counts: std::collections::BTreeMap<QueueKind, u32> = std::collections::BTreeMap::new();
    for row in query.fetch_all(connection).await? {
        let items: i64 = row.try_get("items")?;
        if let Some(kind) = kind_of(row.try_get("queue_rank")?) {
            let count = counts.entry(kind).or_default();
            *count = count.saturating_add(u32::try_from(items).unwrap_or(u32::MAX));
        }
    }
    let count = |(kind, items)| QueueCount { kind, items };
    Ok(counts.into_iter().map(count).collect())
}

async fn held(
    connection: &mut AnyConnection,
    range: &(String, String),
    now_ms: i64,
) -> Result<Vec<HeldItem>, StorageError> {
    let sql = format!(
        "SELECT slot, user_name, way, shown_at, expires_at FROM queue_claims
         WHERE expires_at > $1 AND slot >= $2 AND slot < $3
         ORDER BY user_name, place LIMIT {HELD_SHOWN_MAX}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(now_ms)
        .bind(range.0.clone())
        .bind(range.1.clone())
        .fetch_all(connection)
        .await?;
    rows.iter().map(item).collect()
}

fn item(row: &AnyRow) -> Result<HeldItem, StorageError> {
    let slot: &str = row.try_get("slot")?;
    let shown_at: Option<i64> = row.try_get("shown_at")?;
    Ok(HeldItem {
        slot: slot
            .parse()
            .map_err(|cause| StorageError::corrupt("slot", cause))?,
        by: row.try_get("user_name")?,
        way: from_word("way", row.try_get("way")?)?,
        on_screen_since: shown_at.map(Timestamp::from_unix_ms),
        until: Timestamp::from_unix_ms(row.try_get("expires_at")?),
    })
}
