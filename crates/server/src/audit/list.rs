//! Entries of the log, by page, newest first.

use axum::Json;
use axum::extract::State;
use domain::RegionCode;
use protocol::audit::{AuditAnswer, AuditEntry, AuditFilter};
use protocol::{SlotId, Timestamp, limits};
use serde::Deserialize;
use sqlx::AnyPool;
use sqlx::any::AnyRow;
use utoipa::IntoParams;

use super::filter::Conditions;
use super::names::names_in;
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::http::StrictQuery;
use crate::log::{self, Entry};
use crate::room::SignedIn;
use crate::storage::StorageError;

/// Entries in a page when none is asked for.
const PAGE_USUAL: u32 = 100;

/// Which entries to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditQuery {
    /// What this user did.
    actor: Option<String>,
    /// About this device.
    device: Option<String>,
    /// About this witness.
    witness: Option<String>,
    /// Of this kind.
    kind: Option<String>,
    /// About this slot, `election/tps/contest`.
    #[param(value_type = Option<String>)]
    slot: Option<SlotId>,
    /// About this region or polling station; by default the user's own region.
    #[param(value_type = Option<String>)]
    region: Option<RegionCode>,
    /// Not before this moment, RFC 3339.
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// Before this moment.
    #[param(value_type = Option<String>)]
    to: Option<Timestamp>,
    /// Only entries before this one: the `next` of the page before.
    before: Option<i64>,
    /// Only entries after this one: what is new since.
    after: Option<i64>,
    /// Entries in a page, at most 500.
    limit: Option<u32>,
}

/// Who did what when: entries of the log, newest first. A coordinator of one
/// region sees what is about its polling stations.
#[utoipa::path(get, path = "/v1/audit", tag = "audit", params(AuditQuery), responses(
    (status = 200, body = AuditAnswer),
    (status = 401, description = "`not_signed_in`"),
    (status = 403, description = "`not_allowed`: for admins and coordinators"),
    (status = 404, description = "A region or slot that the user does not see"),
))]
pub(super) async fn list(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<AuditQuery>,
) -> Result<Json<AuditAnswer>, ApiProblem> {
    let limit = query
        .limit
        .unwrap_or(PAGE_USUAL)
        .clamp(1, limits::AUDIT_PAGE_MAX);
    let (before, after) = (query.before, query.after);
    let filter = AuditFilter {
        actor: query.actor,
        device: query.device,
        witness: query.witness,
        kind: query.kind,
        slot: query.slot,
        region: query.region,
        from: query.from,
        to: query.to,
    };
    let mut conditions = Conditions::of(&filter, &who)?;
    if let Some(after) = after {
        conditions.after(after);
    }
    if let Some(before) = before {
        conditions.before(before);
    }
    let pool = app.storage.reading();
    // Before the entries: what comes in between is new to the next reading.
    let newest = log::newest_index(pool).await?;
    Ok(Json(page(pool, &conditions, limit, newest).await?))
}

async fn page(
    pool: &AnyPool,
    conditions: &Conditions,
    limit: u32,
    newest: i64,
) -> Result<AuditAnswer, StorageError> {
    let mut rows = conditions.newest(pool, limit.saturating_add(1)).await?;
    let has_more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if has_more {
        rows.pop();
    }
    let entries: Vec<AuditEntry> = rows.iter().map(entry).collect::<Result<_, _>>()?;
    let next = entries.last().filter(|_| has_more);
    Ok(AuditAnswer {
        next: next.map(|last| last.log_index),
        newest,
        names: names_in(pool, &entries).await?,
        entries,
    })
}

fn entry(row: &AnyRow) -> Result<AuditEntry, StorageError> {
    let entry = Entry::from_row(row)?;
    Ok(AuditEntry {
        log_index: entry.log_index,
        at: Timestamp::from_unix_ms(entry.at_ms),
        actor: entry.actor,
        event: serde_json::from_str(&entry.body)
            .map_err(|cause| StorageError::corrupt("event", cause))?,
        hash: entry.hash,
    })
}
