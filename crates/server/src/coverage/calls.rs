//! Calls to witnesses, as somebody noted them.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::TpsCode;
use protocol::coverage::{Call, CallRequest, CallsAnswer};
use protocol::encoding::sha256_hex;
use protocol::limits::NOTE_MAX_CHARS;
use protocol::{ProblemCode, Timestamp};
use serde::Deserialize;
use sqlx::any::AnyRow;
use sqlx::{AnyPool, AssertSqlSafe, Row as _};
use utoipa::IntoParams;

use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::http::StrictQuery;
use crate::log::Event;
use crate::queue::election;
use crate::room::{Change, SignedIn, from_word, may_rule, word};
use crate::storage::{StorageError, Tx, keyed_in};

/// Most calls in one answer.
const LISTED_MAX: i64 = 100;

pub(super) const COLUMNS: &str =
    "SELECT c.number, c.election, c.tps, c.witness, c.result, c.note, c.called_by, c.called_at,
         c.log_index FROM calls c";

/// Whose calls to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CallsQuery {
    /// The polling station, 13 digits.
    #[param(value_type = String)]
    tps: TpsCode,
}

/// The calls about one polling station.
#[utoipa::path(get, path = "/v1/coverage/calls", tag = "coverage", params(CallsQuery), responses(
    (status = 200, body = CallsAnswer),
    (status = 401, description = "`not_signed_in`"),
    (status = 403, description = "`not_allowed`: for coordinators"),
    (status = 404, description = "A polling station outside the user's region"),
))]
pub(super) async fn list(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<CallsQuery>,
) -> Result<Json<CallsAnswer>, ApiProblem> {
    may_rule(&who)?;
    if !who.sees(&query.tps.region()) {
        return Err(ProblemCode::NotFound.into());
    }
    let election = election(&app).await?;
    let sql =
        format!("{COLUMNS} WHERE c.tps = $1 AND c.election = $2 ORDER BY c.number DESC LIMIT $3");
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(query.tps.to_string())
        .bind(election)
        .bind(LISTED_MAX)
        .fetch_all(app.storage.reading())
        .await?;
    let calls: Result<_, StorageError> = rows.iter().map(call_in).collect();
    Ok(Json(CallsAnswer { calls: calls? }))
}

/// Notes a call. The number that was called is not part of it.
#[utoipa::path(post, path = "/v1/coverage/calls", tag = "coverage", request_body = CallRequest,
    responses(
        (status = 201, body = Call),
        (status = 400, description = "`request_invalid`: the note is too long"),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed` or `cross_origin`"),
        (status = 404, description = "No such polling station in the user's region, or the witness is not posted there"),
    ))]
pub(super) async fn note(
    State(app): State<AppState>,
    who: SignedIn,
    Change(asked): Change<CallRequest>,
) -> Result<(StatusCode, Json<Call>), ApiProblem> {
    may_rule(&who)?;
    if !who.sees(&asked.tps.region()) {
        return Err(ProblemCode::NotFound.into());
    }
    let note = asked.note.as_deref().unwrap_or_default().trim().to_owned();
    if note.chars().count() > NOTE_MAX_CHARS {
        let detail = format!("note has at most {NOTE_MAX_CHARS} characters");
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    let (election, by) = (election(&app).await?, who.user.name);
    let call = app
        .writer
        .run(move |tx| Box::pin(async move { keep(tx, election, by, asked, note).await }))
        .await?;
    Ok((StatusCode::CREATED, Json(call)))
}

async fn keep(
    tx: &mut Tx,
    election: String,
    by: String,
    asked: CallRequest,
    note: String,
) -> Result<Call, ApiProblem> {
    may_be_about(tx, &election, &asked).await?;
    let number: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(number), 0) + 1 FROM calls")
        .fetch_one(tx.conn())
        .await?;
    let call = Call {
        number: number.unsigned_abs(),
        tps: asked.tps,
        witness: asked.witness,
        result: asked.result,
        note,
        by,
        at: Timestamp::from_unix_ms(tx.now_ms()),
    };
    let event = Event::Called {
        number,
        tps: call.tps.clone(),
        digest: digest(&election, &call),
    };
    let index = tx.append(Some(&call.by), &event)?;
    sqlx::query(
        "INSERT INTO calls (number, election, tps, witness, result, note, called_by, called_at,
             log_index)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(number)
    .bind(election)
    .bind(call.tps.to_string())
    .bind(call.witness.clone())
    .bind(word(call.result))
    .bind(call.note.clone())
    .bind(call.by.clone())
    .bind(call.at.unix_ms())
    .bind(index)
    .execute(tx.conn())
    .await?;
    Ok(call)
}

/// # Errors
/// `not_found` unless that polling station holds a contest and the witness, if
/// one is named, is posted there.
async fn may_be_about(tx: &mut Tx, election: &str, asked: &CallRequest) -> Result<(), ApiProblem> {
    let found: i64 = match &asked.witness {
        None => {
            sqlx::query_scalar("SELECT COUNT(*) FROM slots WHERE election = $1 AND tps = $2")
                .bind(election.to_owned())
                .bind(asked.tps.to_string())
                .fetch_one(tx.conn())
                .await?
        }
        Some(witness) => {
            let sql = "SELECT COUNT(*) FROM assignments
                 WHERE election = $1 AND tps = $2 AND witness = $3";
            sqlx::query_scalar(sql)
                .bind(election.to_owned())
                .bind(asked.tps.to_string())
                .bind(witness.clone())
                .fetch_one(tx.conn())
                .await?
        }
    };
    if found == 0 {
        return Err(ProblemCode::NotFound.into());
    }
    Ok(())
}

/// The newest call about each of these polling stations.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn newest(
    pool: &AnyPool,
    election: &str,
    tps: &[String],
) -> Result<HashMap<String, Call>, StorageError> {
    const NEWEST: &str = "SELECT c.number, c.election, c.tps, c.witness, c.result, c.note,
             c.called_by, c.called_at
         FROM calls c
         WHERE NOT EXISTS (SELECT 1 FROM calls n
             WHERE n.tps = c.tps AND n.election = c.election AND n.number > c.number)
         AND c.tps";
    let mut found = HashMap::new();
    for query in keyed_in(NEWEST, tps, "") {
        for row in query.fetch_all(pool).await? {
            if row.try_get::<String, _>("election")? == election {
                found.insert(row.try_get("tps")?, call_in(&row)?);
            }
        }
    }
    Ok(found)
}

/// The call in a row.
///
/// # Errors
/// [`StorageError`].
pub(super) fn call_in(row: &AnyRow) -> Result<Call, StorageError> {
    let number: i64 = row.try_get("number")?;
    let tps: String = row.try_get("tps")?;
    Ok(Call {
        number: number.unsigned_abs(),
        tps: tps
            .parse()
            .map_err(|cause| StorageError::corrupt("tps", cause))?,
        witness: row.try_get("witness")?,
        result: from_word("result of a call", row.try_get("result")?)?,
        note: row.try_get("note")?,
        by: row.try_get("called_by")?,
        at: Timestamp::from_unix_ms(row.try_get("called_at")?),
    })
}

/// The hash of a call that stands in the log.
#[must_use]
pub(super) fn digest(election: &str, call: &Call) -> String {
    let text = serde_json::json!([
        "saksi-call-v1",
        election,
        call.number,
        call.tps,
        call.witness,
        call.result,
        call.note,
        call.by,
        call.at,
    ]);
    sha256_hex(text.to_string().as_bytes())
}
