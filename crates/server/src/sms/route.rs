//! `POST /v1/sms`, for the gateway that receives the messages.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use protocol::revision::RevisionStatus;
use protocol::sms::{Sms, SmsAnswer, SmsRequest};
use protocol::{ProblemCode, Timestamp, limits};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::sender::{Sender, sender_of};
use super::{message, reply};
use crate::api_problem::ApiProblem;
use crate::app::{App, AppState};
use crate::catalogue::Catalogue;
use crate::enrol;
use crate::http::StrictJson;
use crate::intake::{self, Bench};
use crate::operations::metrics::shows_token;

/// The gateway's route.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(receive))
}

/// A caller that shows the gateway's secret.
#[derive(Debug, Clone, Copy)]
struct Gateway;

impl FromRequestParts<AppState> for Gateway {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiProblem> {
        let Some(secret) = app.config.sms_gateway_secret.as_ref() else {
            let detail = "no SMS are taken in here: the endpoint has no gateway secret";
            return Err(ApiProblem::because(ProblemCode::NotFound, detail));
        };
        if shows_token(&parts.headers, secret.reveal()) {
            Ok(Self)
        } else {
            Err(ProblemCode::TokenUnknown.into())
        }
    }
}

/// Hand over an SMS
///
/// For the gateway that receives them, with its secret as bearer token. The
/// same message again is `known`. What is refused is answered with 200 and
/// the words to send back; 429 means to send nothing back.
#[utoipa::path(
    post, path = "/v1/sms", tag = "gateway", request_body = SmsRequest,
    responses((status = 200, description = "What became of it, and what to send back", body = SmsAnswer),
              (status = 400, description = "request_invalid"),
              (status = 401, description = "token_unknown: not the gateway's secret"),
              (status = 404, description = "not_found: no SMS are taken in here"),
              (status = 429, description = "rate_limited: too many wrong messages of this sender"),
              (status = 503, description = "overloaded or storage_full, with Retry-After")))]
async fn receive(
    State(app): State<AppState>,
    _gateway: Gateway,
    StrictJson(request): StrictJson<SmsRequest>,
) -> Result<Json<SmsAnswer>, ApiProblem> {
    let now_ms = app.clock().now_ms();
    if let Some(wait) = app.sms_tries.wait(&request.from, now_ms) {
        return Err(ApiProblem::new(ProblemCode::RateLimited).with_retry_after(wait.as_secs()));
    }
    let answer = match known_sender(&app, &request.body).await? {
        Some((sms, mac, sender)) => {
            let message = Message {
                sms,
                mac,
                text: request.body,
                sender,
            };
            take(&app, message, now_ms).await?
        }
        None => {
            app.sms_tries.wrong(&request.from, now_ms);
            refused(reply::not_read())
        }
    };
    Ok(Json(answer))
}

async fn known_sender(app: &App, body: &str) -> Result<Option<(Sms, String, Sender)>, ApiProblem> {
    if body.len() > limits::SMS_MAX_BYTES {
        return Ok(None);
    }
    let Ok((sms, mac)) = Sms::read(body) else {
        return Ok(None);
    };
    let sender = sender_of(app.storage.reading(), body, &sms).await?;
    Ok(sender.map(|sender| (sms, mac, sender)))
}

/// A message whose mac fits.
struct Message {
    sms: Sms,
    mac: String,
    /// As it came.
    text: String,
    sender: Sender,
}

async fn take(app: &App, message: Message, now_ms: i64) -> Result<SmsAnswer, ApiProblem> {
    let catalogue = app.catalogues.get().await?;
    let Message {
        sms,
        mac,
        text,
        sender,
    } = message;
    let (slot, device) = (&sender.slot, &sender.device);
    let at = Timestamp::from_unix_ms(now_ms);
    let revision = match message::revision_of(&text, slot, device, &catalogue, at) {
        Ok(revision) => revision,
        Err(no) => return Ok(refused(reply::not_fitting(&sender, no))),
    };
    let figures = message::asked(slot, &catalogue)
        .map(|(form, ids)| reply::figures(form, &ids, &revision.counts))
        .unwrap_or_default();
    let rev_id = protocol::sms::rev_id(device, &sms, &mac);
    let candidate = judged(app, &catalogue, rev_id, revision, text, now_ms).await?;
    let results = intake::take_in(app, &catalogue, vec![Ok(candidate)], None).await?;
    let result = results
        .into_iter()
        .next()
        .ok_or_else(|| ApiProblem::internal("an SMS without result"))?;
    let code = result.problem.and_then(|problem| problem.code);
    Ok(SmsAnswer {
        status: result.status,
        reply: reply::judged(&sender, sms.seq, &figures, result.status, code),
    })
}

async fn judged(
    app: &App,
    catalogue: &Arc<Catalogue>,
    rev_id: String,
    revision: protocol::Revision,
    text: String,
    now_ms: i64,
) -> Result<intake::Candidate, ApiProblem> {
    let id = [revision.device.clone()];
    let authors = enrol::authors(app.storage.reading(), &id).await?;
    let author = authors.into_values().next();
    let author = author.ok_or_else(|| ApiProblem::internal("a device that is gone"))?;
    let bench = Bench {
        author: &author,
        catalogue,
        now_ms,
    };
    let channel = domain::Channel::Sms;
    Ok(intake::candidate(rev_id, revision, channel, text, &bench))
}

fn refused(reply: String) -> SmsAnswer {
    SmsAnswer {
        status: RevisionStatus::Refused,
        reply,
    }
}
