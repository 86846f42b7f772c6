//! Rulings: what a coordinator decides about a slot.
//!
//! Who rules names the slot as he or she saw it (`If-Match`); when anything
//! has come in since, nothing is ruled and the answer shows what is new. The
//! ruling, the slot's new state, the totals, the log's entry and the news for
//! the devices are one transaction ([`rule_on`]), however somebody came to rule.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{RulingKind, SlotState};
use protocol::console::{Decision, DecisionRequest, PreconditionFailed, Role, SlotDetail};
use protocol::inbox::InboxKind;
use protocol::problem::PROBLEM_TYPE;
use protocol::{Problem, ProblemCode, SlotId, Timestamp};

use super::change::Change;
use super::detail;
use super::ruling::{digest, ruling};
use super::same_photos;
use super::signed_in::SignedIn;
use super::slot::{SlotPath, answer, names, seen_slot};
use super::tag::etag;
use super::word;
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::catalogue::Catalogue;
use crate::inbox;
use crate::keys::ServerKey;
use crate::log::Event;
use crate::queue::{self, Through};
use crate::slots::Standing;
use crate::storage::{StorageError, Tx};

/// Rules on a slot.
#[utoipa::path(post, path = "/v1/slots/{election}/{tps}/{contest}/decisions", tag = "slots",
    params(
        ("election" = String, Path, description = "Id of the election"),
        ("tps" = String, Path, description = "13 digits"),
        ("contest" = String, Path, description = "Id of the contest"),
        ("If-Match" = String, Header, description = "The slot's `ETag` as it was seen"),
    ),
    request_body = DecisionRequest,
    responses(
        (status = 201, body = Decision, headers(("ETag" = String, description = "The slot's new one"))),
        (status = 400, description = "`request_invalid`: the ruling does not fit the slot"),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed` or `cross_origin`"),
        (status = 404, description = "No such slot in the user's region"),
        (status = 412, description = "The slot has changed since", body = PreconditionFailed),
        (status = 428, description = "`precondition_required`"),
    ))]
pub(super) async fn decide(
    State(app): State<AppState>,
    who: SignedIn,
    path: SlotPath,
    headers: HeaderMap,
    Change(asked): Change<DecisionRequest>,
) -> Result<Response, ApiProblem> {
    let slot = seen_slot(path, &who)?;
    if who.user.role == Role::Viewer {
        return Err(ProblemCode::NotAllowed.into());
    }
    let seen = headers
        .get(header::IF_MATCH)
        .ok_or(ProblemCode::PreconditionRequired)?
        .clone();
    let desk = Desk {
        catalogue: app.catalogues.get().await?,
        key: Arc::clone(&app.key),
        slot,
        who,
        seen,
        asked,
    };
    let outcome = app
        .writer
        .run(move |tx| Box::pin(async move { desk.rule(tx).await }))
        .await?;
    match outcome {
        Outcome::Ruled(decision, etag) => {
            app.metrics.decision();
            Ok(answer(StatusCode::CREATED, &etag, decision))
        }
        Outcome::ChangedSince(present) => Ok(changed_since(*present)),
    }
}

/// What became of a request to rule.
enum Outcome {
    Ruled(Decision, String),
    ChangedSince(Box<SlotDetail>),
}

/// One request to rule.
struct Desk {
    catalogue: Arc<Catalogue>,
    key: Arc<ServerKey>,
    slot: SlotId,
    who: SignedIn,
    seen: HeaderValue,
    asked: DecisionRequest,
}

impl Desk {
    async fn rule(&self, tx: &mut Tx) -> Result<Outcome, ApiProblem> {
        let through = queue::may_decide(tx, &self.who, &self.slot, &self.asked).await?;
        let tag = etag(tx.conn(), &self.slot).await?;
        if !names(&self.seen, &tag.ok_or(ProblemCode::NotFound)?) {
            return self.present(tx).await.map(Outcome::ChangedSince);
        }
        let standing = Standing::load(tx, &self.catalogue, &self.slot).await?;
        let before = standing.view.clone();
        let by = &self.who.user.name;
        let decision = rule_on(tx, &self.key, by, standing, &self.asked, through).await?;
        queue::only_confirms(&self.who, &before, &decision)?;
        let etag = etag(tx.conn(), &self.slot).await?;
        Ok(Outcome::Ruled(decision, etag.unwrap_or_default()))
    }

    /// What there is to see now.
    async fn present(&self, tx: &mut Tx) -> Result<Box<SlotDetail>, ApiProblem> {
        let mut present = detail::read(tx.conn(), &self.catalogue, &self.slot)
            .await?
            .ok_or(ProblemCode::NotFound)?
            .detail;
        same_photos::add(tx.conn(), &self.who, &mut present).await?;
        Ok(Box::new(present))
    }
}

/// Rules on a slot that was taken in hand in this transaction, in the name of
/// `by`.
///
/// # Errors
/// `request_invalid` when the ruling does not fit the slot; a storage problem.
pub(crate) async fn rule_on(
    tx: &mut Tx,
    key: &ServerKey,
    by: &str,
    standing: Standing<'_>,
    asked: &DecisionRequest,
    through: Through,
) -> Result<Decision, ApiProblem> {
    let slot = &standing.id().clone();
    let was = standing.view.state;
    let heads: BTreeSet<String> = standing.heads().map(|head| head.device.clone()).collect();
    let now = Timestamp::from_unix_ms(tx.now_ms());
    let decision = ruling(asked, &standing, by, now)
        .map_err(|detail| ApiProblem::because(ProblemCode::RequestInvalid, detail))?;
    keep(tx, slot, &decision).await?;
    let open = queue::follow(tx, key, slot, &decision, through).await?;
    let state = standing.rule(tx, &decision, open).await?;
    let event = Event::Decision {
        slot: slot.clone(),
        number: decision.number,
        ruling: decision.kind,
        digest: digest(&decision),
        state,
    };
    tx.append(Some(by), &event)?;
    tell(tx, slot, &heads, &decision).await?;
    if state == SlotState::Conflict && was != SlotState::Conflict {
        inbox::push_about(tx, slot, InboxKind::Conflict, "").await?;
    }
    Ok(decision)
}

/// Writes the ruling; its log entry is the next one to be appended.
async fn keep(tx: &mut Tx, slot: &SlotId, decision: &Decision) -> Result<(), StorageError> {
    let json = |cause| StorageError::corrupt("decision", cause);
    let counts = serde_json::to_string(&decision.counts).map_err(json)?;
    let considered = serde_json::to_string(&decision.considered).map_err(json)?;
    let log_index = tx.next_log_index();
    sqlx::query(
        "INSERT INTO decisions (slot, number, kind, decided_by, decided_at, chosen, counts,
             device, reason, considered, log_index)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(slot.to_string())
    .bind(i64::from(decision.number))
    .bind(word(decision.kind))
    .bind(decision.by.clone())
    .bind(decision.at.unix_ms())
    .bind(decision.chosen.clone())
    .bind(counts)
    .bind(decision.device.clone())
    .bind(decision.reason.clone())
    .bind(considered)
    .bind(log_index)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// News for the devices whose heads were considered. A device that is put in
/// quarantine is not told: its witness has not decided anything.
async fn tell(
    tx: &mut Tx,
    slot: &SlotId,
    devices: &BTreeSet<String>,
    decision: &Decision,
) -> Result<(), StorageError> {
    let (kind, text) = match decision.kind {
        RulingKind::Verify => (InboxKind::Verified, String::new()),
        RulingKind::Return => (InboxKind::Returned, decision.reason.clone()),
        RulingKind::Reopen => (
            InboxKind::Message,
            format!("Putusan dibuka kembali: {}", decision.reason),
        ),
        RulingKind::Quarantine => return Ok(()),
    };
    inbox::push(tx, devices, kind, Some(slot), &text).await
}

fn changed_since(present: SlotDetail) -> Response {
    let etag = present.etag.clone();
    let body = PreconditionFailed {
        problem: Problem::new(ProblemCode::PreconditionFailed),
        present,
    };
    let mut response = answer(StatusCode::PRECONDITION_FAILED, &etag, body);
    let kind = HeaderValue::from_static(PROBLEM_TYPE);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response.into_response()
}
