//! The log as a file that can be checked offline.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, stream};
use protocol::audit::{AuditExportRequest, AuditFormat};

use super::filter::Conditions;
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::log::part::{Line, PartWriter, csv as table};
use crate::log::{self, Event};
use crate::room::{Change, SignedIn};
use crate::storage::StorageError;

/// Gives out what the asker sees of the log, with the whole chain up to a head
/// that is signed for it. That somebody asked is an entry behind it.
#[utoipa::path(post, path = "/v1/audit/export", tag = "audit", request_body = AuditExportRequest,
    responses(
        (status = 200, description = "A part of the log, for `saksi-server verify-log --export`",
            content_type = "application/x-ndjson", body = Vec<u8>),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed`: for admins and coordinators; `cross_origin`"),
        (status = 404, description = "A region or slot that the user does not see"),
    ))]
pub(super) async fn export(
    State(app): State<AppState>,
    who: SignedIn,
    Change(asked): Change<AuditExportRequest>,
) -> Result<Response, ApiProblem> {
    let conditions = Conditions::of(&asked.filter, &who)?;
    app.sign_log_head().await?;
    let pool = app.storage.reading();
    let upto = log::checkpoint::newest_upto(pool, i64::MAX).await?;
    let upto = upto.map_or(0, |(index, _, _)| index);
    let shown = if conditions.is_everything() {
        None
    } else {
        Some(conditions.indices(pool, upto).await?)
    };
    let entries = shown
        .as_ref()
        .map_or(usize::try_from(upto).unwrap_or(usize::MAX), |shown| {
            shown.len()
        });
    let part = PartWriter::begin(pool, &app.key, shown, upto).await?;
    note(&app, who, upto, entries).await?;
    let (kind, name) = match asked.format {
        AuditFormat::Jsonl => ("application/x-ndjson", "jsonl"),
        AuditFormat::Csv => ("text/csv; charset=utf-8", "csv"),
    };
    let name = format!("attachment; filename=\"saksi-log-{upto}.{name}\"");
    let facts = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((facts, body(app, part, asked.format)).into_response())
}

async fn note(
    app: &AppState,
    who: SignedIn,
    log_index: i64,
    entries: usize,
) -> Result<(), StorageError> {
    let entries = u32::try_from(entries).unwrap_or(u32::MAX);
    let event = Event::LogExported { log_index, entries };
    app.writer.note(Some(&who.user.name), event).await?;
    Ok(())
}

/// Breaks off when the log cannot be read on: a file without its end is not
/// believed.
fn body(app: AppState, part: PartWriter, format: AuditFormat) -> Body {
    let begun = (app, part, true);
    let pages = stream::try_unfold(begun, move |(app, mut part, is_first)| async move {
        let lines = part.next(app.storage.reading()).await?;
        if lines.is_empty() {
            return Ok::<_, std::io::Error>(None);
        }
        let text = match format {
            AuditFormat::Jsonl => as_json(&lines)?,
            AuditFormat::Csv => as_table(&lines, is_first)?,
        };
        Ok(Some((text, (app, part, false))))
    })
    // A layer around it asks once more after the end.
    .fuse();
    Body::from_stream(pages)
}

impl From<StorageError> for std::io::Error {
    fn from(error: StorageError) -> Self {
        Self::other(error)
    }
}

fn as_json(lines: &[Line]) -> Result<Bytes, std::io::Error> {
    let mut text = Vec::new();
    for line in lines {
        serde_json::to_writer(&mut text, line)?;
        text.push(b'\n');
    }
    Ok(text.into())
}

fn as_table(lines: &[Line], is_first: bool) -> Result<Bytes, std::io::Error> {
    let mut out = csv::Writer::from_writer(Vec::new());
    if is_first {
        out.write_record(table::COLUMNS)?;
    }
    for row in lines.iter().flat_map(table::rows) {
        out.write_record(row)?;
    }
    out.into_inner()
        .map(Bytes::from)
        .map_err(|cause| std::io::Error::other(cause.to_string()))
}
