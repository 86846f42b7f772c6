//! Walking the chain, a stretch at a time, while somebody looks on.
//!
//! Nothing is remembered here: the asker gives back the hash that the last
//! stretch ended with, so that the stretches together are one walk.

use axum::Json;
use axum::extract::State;
use protocol::audit::{AuditChain, SignedHead};
use protocol::{ProblemCode, Timestamp};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::http::StrictQuery;
use crate::log::{self, FIRST_HASH, checkpoint};
use crate::room::{SignedIn, may_rule};
use crate::storage::StorageError;

/// Entries walked in one call.
const STRETCH_ENTRIES: i64 = 5_000;

/// Where the walk goes on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ChainQuery {
    /// The last entry that was checked; 0, the default, at the beginning.
    #[serde(default)]
    after: i64,
    /// Its hash, as the last answer said.
    hash: Option<String>,
}

/// Walks the next stretch of the log's chain, with the signed heads in it.
#[utoipa::path(get, path = "/v1/audit/chain", tag = "audit", params(ChainQuery), responses(
    (status = 200, body = AuditChain),
    (status = 400, description = "`request_invalid`: `after` without its hash"),
    (status = 401, description = "`not_signed_in`"),
    (status = 403, description = "`not_allowed`: for admins and coordinators"),
))]
pub(super) async fn walk(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<ChainQuery>,
) -> Result<Json<AuditChain>, ApiProblem> {
    may_rule(&who)?;
    let hash = match (query.after, query.hash) {
        (0, _) => FIRST_HASH.to_owned(),
        (1.., Some(hash)) => hash,
        _ => {
            let detail = "after an entry, its hash is needed";
            return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
        }
    };
    Ok(Json(stretch(&app, query.after, hash).await?))
}

async fn stretch(app: &AppState, after: i64, hash: String) -> Result<AuditChain, StorageError> {
    let pool = app.storage.reading();
    let key = app.key.public();
    let newest = log::newest_index(pool).await?;
    let upto = after.saturating_add(STRETCH_ENTRIES).min(newest);
    let heads = checkpoint::between(pool, after.saturating_add(1), upto).await?;
    let mut heads = heads.into_iter().peekable();
    let mut walked = AuditChain {
        checked_to: after,
        hash,
        broken_at: None,
        checkpoints: 0,
        newest,
        checkpoint: newest_head(app, newest).await?,
    };
    let wanted = upto.saturating_sub(after).max(0);
    for entry in log::entries_after(pool, after, wanted).await? {
        let next = walked.checked_to.saturating_add(1);
        if entry.log_index != next || !entry.follows(&walked.hash) {
            walked.broken_at = Some(next);
            return Ok(walked);
        }
        if let Some((_, head)) = heads.next_if(|(at, _)| *at == next) {
            if !checkpoint::fits(&head, &key, next, &entry.hash) {
                walked.broken_at = Some(next);
                return Ok(walked);
            }
            walked.checkpoints = walked.checkpoints.saturating_add(1);
        }
        walked.checked_to = next;
        walked.hash = entry.hash;
    }
    if walked.checked_to < upto {
        walked.broken_at = Some(walked.checked_to.saturating_add(1));
    }
    Ok(walked)
}

async fn newest_head(app: &AppState, newest: i64) -> Result<Option<SignedHead>, StorageError> {
    let found = checkpoint::newest_upto(app.storage.reading(), newest).await?;
    Ok(found.and_then(|(log_index, envelope, signed_at)| {
        let said = checkpoint::opened(&envelope, &app.key.public())?;
        (said.log_index == log_index).then(|| SignedHead {
            log_index,
            hash: said.hash,
            signed_at: Timestamp::from_unix_ms(signed_at),
        })
    }))
}
