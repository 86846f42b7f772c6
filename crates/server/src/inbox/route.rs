//! `GET /v1/inbox`: news for a device, long-polled.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use protocol::ProblemCode;
use protocol::inbox::{HeldReceipts, InboxAnswer, NotAReceipt};
use protocol::limits::INBOX_WAIT_MAX_SECONDS;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::cursor::{Cursor, NotACursor};
use crate::api_problem::ApiProblem;
use crate::app::{App, AppState};
use crate::coverage::contacts::{self, Said};
use crate::enrol::Device;
use crate::http::StrictQuery;

/// The inbox's routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(inbox))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct InboxQuery {
    after: Option<String>,
    wait: Option<u64>,
    held: Option<String>,
}

/// Whether the receipts that were named are this endpoint's.
async fn is_held(app: &App, named: Option<&str>) -> Result<Option<bool>, ApiProblem> {
    let Some(named) = named else {
        return Ok(None);
    };
    let receipts: HeldReceipts = named.parse().map_err(|cause: NotAReceipt| {
        ApiProblem::because(ProblemCode::RequestInvalid, format!("held is {cause}"))
    })?;
    for receipt in &receipts.0 {
        if !super::is_held(app.storage.reading(), receipt).await? {
            return Ok(Some(false));
        }
    }
    Ok(Some(true))
}

/// What is new for the calling device
///
/// Waits up to `wait` seconds (at most 25) when nothing is.
#[utoipa::path(
    get, path = "/v1/inbox", tag = "devices",
    params(
        ("after" = Option<String>, Query, description = "Cursor of the last answer"),
        ("wait" = Option<u64>, Query, description = "Seconds to wait for news, at most 25"),
        ("held" = Option<String>, Query,
         description = "`<log_index>.<id>.<tag>` of receipts that the device holds, with commas between"),
        ("saksi-drafts" = Option<u32>, Header, description = "Forms begun and not sealed"),
        ("saksi-read" = Option<String>, Header, description = "Id of the newest message that was read")),
    responses((status = 200, description = "News and a new cursor", body = InboxAnswer),
              (status = 401, description = "token_unknown"),
              (status = 403, description = "device_revoked")))]
async fn inbox(
    State(app): State<AppState>,
    device: Device,
    headers: HeaderMap,
    StrictQuery(query): StrictQuery<InboxQuery>,
) -> Result<Json<InboxAnswer>, ApiProblem> {
    let after: Cursor = match query.after.as_deref().unwrap_or_default().parse() {
        Ok(cursor) => cursor,
        Err(NotACursor) => {
            return Err(ApiProblem::because(
                ProblemCode::RequestInvalid,
                "after is not a cursor",
            ));
        }
    };
    let wait = Duration::from_secs(query.wait.unwrap_or_default().min(INBOX_WAIT_MAX_SECONDS));
    let held = is_held(&app, query.held.as_deref()).await?;
    let news = app.changes.news_for(&device.id);
    let pool = app.storage.reading();
    // An endpoint that lost its end tells everything once more.
    let after = match held {
        Some(false) => Cursor::default(),
        _ => after,
    };
    let mut said = Said::in_headers(&headers);
    if after != Cursor::default() && super::is_told(pool, &device.id, &after).await? {
        said.delivered_up_to = after.id;
    }
    contacts::note(&app, &device.id, said).await;
    let mut notified = std::pin::pin!(news.notified());
    notified.as_mut().enable();
    let (mut cursor, mut items) = super::items_after(pool, &device.id, &after).await?;
    // A device that is told to send everything again does so at once.
    if items.is_empty() && !wait.is_zero() && held != Some(false) {
        tokio::select! {
            () = notified => {}
            () = tokio::time::sleep(wait) => {}
            () = app.stopping.cancelled() => {}
        }
        (cursor, items) = super::items_after(pool, &device.id, &after).await?;
    }
    Ok(Json(InboxAnswer {
        cursor: cursor.to_string(),
        items,
        held,
        photos_not_before: app.backlog.not_before(&app, &device.id).await,
    }))
}
