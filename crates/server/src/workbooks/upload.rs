//! Bringing a workbook: its good rows become entries of the desk, and what is
//! wrong comes back in the same workbook, marked.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use protocol::desk::{DeskOrigin, DeskSource};
use protocol::encoding::sha256_hex;
use protocol::limits::{ENVELOPES_MAX, WORKBOOK_PROBLEMS_MAX};
use protocol::workbook::{WORKBOOK_TYPE, WorkbookFault, WorkbookProblem, WorkbookReport};
use protocol::{ProblemCode, SlotId};

use super::body::Uploaded;
use super::brought::{Brought, BroughtSheet};
use super::download::attachment;
use crate::api_problem::ApiProblem;
use crate::app::{App, AppState};
use crate::desk::{self, Stated, Statement};
use crate::log::Event;
use crate::room::{SignedIn, may_rule};
use crate::storage::StorageError;

/// Takes in the figures of a workbook.
///
/// Each row with figures becomes one entry of the caller's desk. A row with
/// something wrong is refused whole; rows that are blank, or say what was
/// entered before, change nothing, so a workbook may be brought again.
#[utoipa::path(post, path = "/v1/workbooks", tag = "workbooks",
    request_body(content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", content = Vec<u8>),
    responses(
        (status = 200, body = WorkbookReport),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed` for viewers and operators, `device_revoked`, or `cross_origin`"),
        (status = 413, description = "`too_large`, as it is or unpacked"),
        (status = 415, description = "`unsupported_media_type`"),
        (status = 422, description = "`payload_invalid`: not a workbook that was downloaded here"),
    ))]
pub(super) async fn upload(
    State(app): State<AppState>,
    who: SignedIn,
    Uploaded(bytes): Uploaded,
) -> Result<Json<WorkbookReport>, ApiProblem> {
    may_rule(&who)?;
    let place = app.workbooks.at_work.acquire().await;
    let place = place.map_err(ApiProblem::internal)?;
    let brought = Brought::open(&app, &who, bytes.clone()).await?;
    drop(place);
    // On a task of its own: what was begun is ended, also when the caller's
    // connection breaks meanwhile.
    let user = who.user.name.clone();
    let taking = tokio::spawn(async move { take_in(&app, &user, brought, &bytes).await });
    Ok(Json(taking.await.map_err(ApiProblem::internal)??))
}

/// The same workbook with what is wrong in it marked; nothing is taken in.
#[utoipa::path(post, path = "/v1/workbooks/marked", tag = "workbooks",
    request_body(content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", content = Vec<u8>),
    responses(
        (status = 200, description = "An XLSX workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed` for viewers and operators, or `cross_origin`"),
        (status = 413, description = "`too_large`, as it is or unpacked"),
        (status = 415, description = "`unsupported_media_type`"),
        (status = 422, description = "`payload_invalid`: not a workbook that was downloaded here"),
    ))]
pub(super) async fn mark(
    State(app): State<AppState>,
    who: SignedIn,
    Uploaded(bytes): Uploaded,
) -> Result<Response, ApiProblem> {
    may_rule(&who)?;
    let place = app.workbooks.at_work.acquire().await;
    let _place = place.map_err(ApiProblem::internal)?;
    let brought = Brought::open(&app, &who, bytes).await?;
    let name = format!("saksi-{}-periksa.xlsx", brought.election);
    let marked = tokio::task::spawn_blocking(move || brought.marked())
        .await
        .map_err(ApiProblem::internal)?
        .map_err(ApiProblem::internal)?;
    Ok(attachment(WORKBOOK_TYPE, &name, marked))
}

/// States the good rows in groups, so that a large workbook does not keep
/// phones waiting.
async fn take_in(
    app: &App,
    user: &str,
    mut brought: Brought,
    bytes: &Bytes,
) -> Result<WorkbookReport, ApiProblem> {
    let mut outcomes: BTreeMap<SlotId, Stated> = BTreeMap::new();
    let statements = statements(&brought);
    for group in statements.chunks(ENVELOPES_MAX) {
        let group = group.to_vec();
        let slots: Vec<SlotId> = group.iter().map(|one| one.slot.clone()).collect();
        let (user, election) = (user.to_owned(), brought.election.clone());
        let (key, catalogue) = (Arc::clone(&app.key), Arc::clone(&brought.catalogue));
        let stated = app
            .writer
            .run::<_, ApiProblem, _>(move |tx| {
                Box::pin(async move {
                    let desk = desk::open(tx, &key, &user, &election).await?;
                    Ok(desk::state(tx, &key, &catalogue, &desk, &group).await?)
                })
            })
            .await?;
        outcomes.extend(slots.into_iter().zip(stated));
    }
    let report = report(&mut brought, &outcomes);
    app.metrics.revisions("stored", u64::from(report.taken));
    if report.taken > 0 {
        note(app, user, &brought.election, &report, bytes).await?;
    }
    Ok(report)
}

fn statements(brought: &Brought) -> Vec<Statement> {
    let rows = brought.sheets.iter().flat_map(BroughtSheet::rows);
    rows.filter(|row| row.faults.is_empty() && !row.is_blank())
        .filter_map(|row| {
            Some(Statement {
                slot: row.slot.clone()?,
                counts: row.counts.clone(),
                origin: DeskOrigin {
                    source: DeskSource::Workbook,
                    called: String::new(),
                },
                note: String::new(),
            })
        })
        .collect()
}

/// Counts what became of the rows, and notes in them what the intake refused.
fn report(brought: &mut Brought, outcomes: &BTreeMap<SlotId, Stated>) -> WorkbookReport {
    let mut report = WorkbookReport::default();
    for row in brought.sheets.iter_mut().flat_map(BroughtSheet::rows_mut) {
        if row.is_blank() {
            if !row.code.is_empty() {
                report.skipped = report.skipped.saturating_add(1);
            }
            continue;
        }
        let outcome = row.slot.as_ref().and_then(|slot| outcomes.get(slot));
        let count = match outcome.filter(|_| row.faults.is_empty()) {
            Some(Stated::New) => &mut report.taken,
            Some(Stated::Same) => &mut report.skipped,
            Some(Stated::Refused(problem)) => {
                let fault = match problem.code {
                    Some(ProblemCode::WindowClosed) => WorkbookFault::Closed,
                    _ => WorkbookFault::NotTaken,
                };
                row.faults.push((row.code_at, fault));
                &mut report.refused
            }
            None => &mut report.refused,
        };
        *count = count.saturating_add(1);
    }
    let mut problems: Vec<WorkbookProblem> = brought.problems();
    let more = problems.len().saturating_sub(WORKBOOK_PROBLEMS_MAX);
    problems.truncate(WORKBOOK_PROBLEMS_MAX);
    report.problems = problems;
    report.more_problems = u32::try_from(more).unwrap_or(u32::MAX);
    report
}

async fn note(
    app: &App,
    user: &str,
    election: &str,
    report: &WorkbookReport,
    bytes: &Bytes,
) -> Result<(), ApiProblem> {
    let event = Event::Workbook {
        sha256: sha256_hex(bytes),
        election: election.to_owned(),
        taken: report.taken,
        skipped: report.skipped,
        refused: report.refused,
    };
    let user = user.to_owned();
    app.writer
        .run::<_, StorageError, _>(move |tx| {
            Box::pin(async move { tx.append(Some(&user), &event).map(|_| ()) })
        })
        .await?;
    Ok(())
}
