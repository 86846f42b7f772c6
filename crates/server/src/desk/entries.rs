//! What somebody entered: the newest of one form, and the list.

use axum::Json;
use axum::extract::State;
use domain::TpsCode;
use domain::rules::{self, FormHead};
use protocol::desk::{DeskEntries, DeskEntry, DeskEntryLine};
use protocol::limits::DESK_ENTRIES_PAGE;
use protocol::{ProblemCode, SlotId, Timestamp};
use serde::Deserialize;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, Row as _};
use utoipa::IntoParams;

use super::may_enter;
use super::places::stations;
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::catalogue::Catalogue;
use crate::http::StrictQuery;
use crate::intake::statement_in;
use crate::room::SignedIn;
use crate::storage::StorageError;

/// Where the list goes on.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EntriesQuery {
    /// `next` of the page before.
    before: Option<i64>,
}

/// Lists what the caller entered, newest first: his or her own entries and
/// nobody else's.
#[utoipa::path(get, path = "/v1/desk/entries", tag = "desk", params(EntriesQuery), responses(
    (status = 200, body = DeskEntries),
    (status = 401, description = "`not_signed_in`"),
    (status = 403, description = "`not_allowed` for a viewer"),
    (status = 404, description = "No election is set up here"),
))]
pub(super) async fn list(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<EntriesQuery>,
) -> Result<Json<DeskEntries>, ApiProblem> {
    may_enter(&who)?;
    let catalogue = app.catalogues.get().await?;
    let election = catalogue.newest_election().ok_or(ProblemCode::NotFound)?;
    let pool = app.storage.reading();
    let Some(device) = device_of(pool, &who.user.name, &election.id).await? else {
        return Ok(Json(DeskEntries {
            entries: Vec::new(),
            forms: 0,
            next: None,
        }));
    };
    let before = query.before.unwrap_or(i64::MAX);
    Ok(Json(page(pool, &catalogue, &device, before).await?))
}

async fn device_of(
    pool: &AnyPool,
    user: &str,
    election: &str,
) -> Result<Option<String>, StorageError> {
    Ok(
        sqlx::query_scalar("SELECT device FROM desks WHERE user_name = $1 AND election = $2")
            .bind(user.to_owned())
            .bind(election.to_owned())
            .fetch_optional(pool)
            .await?,
    )
}

/// The newest entry that `user` made of a form.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn own_entry(
    pool: &AnyPool,
    catalogue: &Catalogue,
    slot: &SlotId,
    user: &str,
) -> Result<Option<DeskEntry>, StorageError> {
    let Some(device) = device_of(pool, user, &slot.election).await? else {
        return Ok(None);
    };
    let mut connection = pool.acquire().await?;
    newest_entry(&mut connection, catalogue, slot, &device).await
}

/// The newest entry of a desk in a slot.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn newest_entry(
    connection: &mut AnyConnection,
    catalogue: &Catalogue,
    slot: &SlotId,
    device: &str,
) -> Result<Option<DeskEntry>, StorageError> {
    let row = sqlx::query(
        "SELECT rev_id, slot, device, channel, envelope, received_at FROM revisions
         WHERE slot = $1 AND device = $2 ORDER BY seq DESC LIMIT 1",
    )
    .bind(slot.to_string())
    .bind(device.to_owned())
    .fetch_optional(connection)
    .await?;
    row.map(|row| entry_in(&row, catalogue)).transpose()
}

async fn page(
    pool: &AnyPool,
    catalogue: &Catalogue,
    device: &str,
    before: i64,
) -> Result<DeskEntries, StorageError> {
    let most = i64::try_from(DESK_ENTRIES_PAGE).unwrap_or(i64::MAX);
    let rows = sqlx::query(
        "SELECT rev_id, slot, device, channel, envelope, received_at, log_index FROM revisions
         WHERE device = $1 AND log_index < $2 ORDER BY log_index DESC LIMIT $3",
    )
    .bind(device.to_owned())
    .bind(before)
    .bind(most)
    .fetch_all(pool)
    .await?;
    let forms: i64 =
        sqlx::query_scalar("SELECT COUNT(DISTINCT slot) FROM revisions WHERE device = $1")
            .bind(device.to_owned())
            .fetch_one(pool)
            .await?;
    let entries: Result<Vec<DeskEntry>, StorageError> =
        rows.iter().map(|row| entry_in(row, catalogue)).collect();
    let entries = entries?;
    let codes: Vec<TpsCode> = entries.iter().map(|one| one.slot.tps.clone()).collect();
    let stations = stations(pool, &codes).await?;
    let last: Option<i64> = match rows.last() {
        Some(row) if rows.len() == DESK_ENTRIES_PAGE => Some(row.try_get("log_index")?),
        _ => None,
    };
    Ok(DeskEntries {
        entries: stations
            .into_iter()
            .zip(entries)
            .map(|(station, entry)| DeskEntryLine { station, entry })
            .collect(),
        forms: u64::try_from(forms).unwrap_or_default(),
        next: last.and_then(|last| u64::try_from(last).ok()),
    })
}

fn entry_in(row: &AnyRow, catalogue: &Catalogue) -> Result<DeskEntry, StorageError> {
    let slot: String = row.try_get("slot")?;
    let slot: SlotId = slot
        .parse()
        .map_err(|cause| StorageError::corrupt("slot", cause))?;
    let (_, revision) = statement_in(row, &slot, catalogue)?;
    let origin = revision
        .desk
        .ok_or_else(|| StorageError::corrupt("entry", "it does not say from what"))?;
    let contest = catalogue.contest_at(&slot.election, &slot.contest, &slot.tps);
    let findings = contest
        .and_then(|contest| Some((contest, catalogue.form_of(contest)?)))
        .map(|(contest, form)| {
            let head = FormHead {
                read: None,
                assigned: slot.tps.number(),
            };
            rules::check(form, &contest.options, &revision.counts, head)
        });
    let received_at: i64 = row.try_get("received_at")?;
    Ok(DeskEntry {
        rev_id: row.try_get("rev_id")?,
        seq: revision.seq,
        source: origin.source,
        called: origin.called,
        note: revision.note,
        counts: revision.counts,
        findings: findings.unwrap_or_default(),
        entered_at: Timestamp::from_unix_ms(received_at),
        slot,
    })
}
