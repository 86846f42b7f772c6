//! `POST /v1/desk/entries`: one form, keyed.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::ProblemCode;
use protocol::desk::{DeskEntry, DeskEntryAnswer, DeskEntryRequest, DeskOrigin, DeskSource};
use protocol::limits::{DESK_CALLED_MAX_BYTES, TEXT_MAX_BYTES};

use super::device::open;
use super::entries::newest_entry;
use super::form::neighbours;
use super::may_enter;
use super::state::{Newest, Stated, Statement, own_newest, state};
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::catalogue::Catalogue;
use crate::keys::ServerKey;
use crate::queue;
use crate::room::{Change, SignedIn};
use crate::storage::Tx;

/// Enters the figures of a form, from its paper or from a call.
///
/// An entry that says what the caller's newest one says changes nothing, so a
/// request may be sent again.
#[utoipa::path(post, path = "/v1/desk/entries", tag = "desk", request_body = DeskEntryRequest,
    responses(
        (status = 200, body = DeskEntryAnswer, description = "The same was entered before"),
        (status = 201, body = DeskEntryAnswer),
        (status = 400, description = "`request_invalid`: nothing keyed, or nobody named for a call"),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed` for a viewer; `device_revoked`: this desk may enter nothing any more; `window_closed`; `cross_origin`"),
        (status = 404, description = "No such form in the user's region"),
        (status = 422, description = "`payload_invalid`: figures that do not fit this form"),
        (status = 412, description = "The caller has entered something else here since"),
    ))]
pub(super) async fn enter(
    State(app): State<AppState>,
    who: SignedIn,
    Change(asked): Change<DeskEntryRequest>,
) -> Result<(StatusCode, Json<DeskEntryAnswer>), ApiProblem> {
    may_enter(&who)?;
    let slot = asked.slot.clone();
    let catalogue = app.catalogues.get().await?;
    let contest = catalogue.contest_at(&slot.election, &slot.contest, &slot.tps);
    if !who.sees(&slot.tps.region()) || contest.is_none() {
        return Err(ProblemCode::NotFound.into());
    }
    let entering = Entering {
        statement: statement(asked.clone())?,
        after: asked.after,
        user: who.user.name.clone(),
        catalogue: Arc::clone(&catalogue),
        key: Arc::clone(&app.key),
    };
    let (entry, is_new) = app
        .writer
        .run(move |tx| Box::pin(async move { entering.enter(tx).await }))
        .await?;
    if is_new {
        app.metrics.revisions("stored", 1);
    }
    let (_, next) = neighbours(app.storage.reading(), &who, &slot).await?;
    let status = if is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let answer = DeskEntryAnswer {
        entry,
        is_new,
        next,
    };
    Ok((status, Json(answer)))
}

/// What is asked for, as it will be stated.
fn statement(asked: DeskEntryRequest) -> Result<Statement, ApiProblem> {
    let no = |detail: &str| Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    let called = asked.called.unwrap_or_default().trim().to_owned();
    let note = asked.note.unwrap_or_default().trim().to_owned();
    let is_call = asked.source == DeskSource::Phone;
    if asked.source == DeskSource::Workbook {
        return no("a workbook is brought whole");
    }
    if is_call == called.is_empty() || called.len() > DESK_CALLED_MAX_BYTES {
        return no("a call, and nothing else, names who was called");
    }
    if note.len() > TEXT_MAX_BYTES {
        return no("the note is too long");
    }
    if asked.counts.is_empty() {
        return no("there are no figures");
    }
    Ok(Statement {
        slot: asked.slot,
        counts: asked.counts,
        origin: DeskOrigin {
            source: asked.source,
            called,
        },
        note,
    })
}

/// One entry on its way in.
struct Entering {
    statement: Statement,
    after: Option<String>,
    user: String,
    catalogue: Arc<Catalogue>,
    key: Arc<ServerKey>,
}

impl Entering {
    async fn enter(&self, tx: &mut Tx) -> Result<(DeskEntry, bool), ApiProblem> {
        let slot = &self.statement.slot;
        let desk = open(tx, &self.key, &self.user, &slot.election).await?;
        let slots = [slot.to_string()];
        let newest = own_newest(tx, &self.catalogue, &desk, &slots).await?;
        let newest = newest.into_values().next();
        let is_seen = newest.as_ref().map(|newest| &newest.rev_id) == self.after.as_ref();
        if !is_seen && !newest.is_some_and(|newest| self.is_same(&newest)) {
            return Err(ProblemCode::PreconditionFailed.into());
        }
        let statements = std::slice::from_ref(&self.statement);
        let stated = state(tx, &self.key, &self.catalogue, &desk, statements).await?;
        let is_new = match stated.into_iter().next() {
            Some(Stated::New) => true,
            Some(Stated::Same) => false,
            Some(Stated::Refused(problem)) => {
                let code = problem.code.unwrap_or(ProblemCode::PayloadInvalid);
                let detail = problem.detail.unwrap_or_default();
                return Err(ApiProblem::because(code, detail));
            }
            None => return Err(ApiProblem::internal("a statement without result")),
        };
        // Whoever has keyed a form does not compare it any more.
        queue::let_go(tx, &self.user, slot).await?;
        let device = &desk.author.device.id;
        let entry = newest_entry(tx.conn(), &self.catalogue, slot, device).await?;
        let entry = entry.ok_or_else(|| ApiProblem::internal("an entry that is not there"))?;
        Ok((entry, is_new))
    }

    fn is_same(&self, newest: &Newest) -> bool {
        newest.counts == self.statement.counts
            && newest.origin == self.statement.origin
            && newest.note == self.statement.note
    }
}
