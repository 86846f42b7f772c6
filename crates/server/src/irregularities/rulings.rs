//! What people rule on irregularities: append-only, each under an entry of the
//! log with a hash of all that it says.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::encoding::sha256_hex;
use protocol::irregularity::{
    IrregularityRuling, IrregularityRulingKind, IrregularityRulingRequest,
};
use protocol::limits::TEXT_MAX_BYTES;
use protocol::{ProblemCode, Timestamp};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::settle;
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::log::Event;
use crate::room::{Change, SignedIn, from_word, may_rule, word};
use crate::storage::{StorageError, Tx};

/// Rules on an irregularity
///
/// The ruling holds as long as the numbers stand there that it was made on; it is
/// asked for again when they change.
#[utoipa::path(post, path = "/v1/irregularities/rulings", tag = "irregularities",
    request_body = IrregularityRulingRequest,
    responses(
        (status = 201, body = IrregularityRuling),
        (status = 400, description = "`request_invalid`: a note too long, or none to explain"),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed` or `cross_origin`"),
        (status = 404, description = "No such irregularity stands in the user's region"),
        (status = 412, description = "`precondition_failed`: its numbers have changed since"),
    ))]
pub(super) async fn rule(
    State(app): State<AppState>,
    who: SignedIn,
    Change(asked): Change<IrregularityRulingRequest>,
) -> Result<(StatusCode, Json<IrregularityRuling>), ApiProblem> {
    may_rule(&who)?;
    if !who.sees(&asked.slot.tps.region()) {
        return Err(ProblemCode::NotFound.into());
    }
    check(&asked)?;
    let by = who.user.name;
    let ruling = app
        .writer
        .run(move |tx| Box::pin(async move { keep(tx, by, asked).await }))
        .await?;
    Ok((StatusCode::CREATED, Json(ruling)))
}

fn check(asked: &IrregularityRulingRequest) -> Result<(), ApiProblem> {
    let invalid = |detail: String| ApiProblem::because(ProblemCode::RequestInvalid, detail);
    if asked.note.len() > TEXT_MAX_BYTES {
        return Err(invalid(format!(
            "the note is longer than {TEXT_MAX_BYTES} bytes"
        )));
    }
    if asked.ruling == IrregularityRulingKind::Explained && asked.note.trim().is_empty() {
        return Err(invalid("an explanation needs a note".to_owned()));
    }
    Ok(())
}

async fn keep(
    tx: &mut Tx,
    by: String,
    asked: IrregularityRulingRequest,
) -> Result<IrregularityRuling, ApiProblem> {
    let slot = asked.slot.to_string();
    let standing: Option<String> = sqlx::query_scalar(
        "SELECT numbers FROM irregularities WHERE slot = $1 AND key = $2 AND gone_at IS NULL",
    )
    .bind(slot.clone())
    .bind(asked.key.clone())
    .fetch_optional(tx.conn())
    .await?;
    if standing.ok_or(ProblemCode::NotFound)? != asked.numbers {
        return Err(ProblemCode::PreconditionFailed.into());
    }
    let before: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM irregularity_rulings WHERE slot = $1 AND key = $2",
    )
    .bind(slot.clone())
    .bind(asked.key.clone())
    .fetch_one(tx.conn())
    .await?;
    let ruling = IrregularityRuling {
        number: u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1),
        ruling: asked.ruling,
        note: asked.note.trim().to_owned(),
        by,
        at: Timestamp::from_unix_ms(tx.now_ms()),
        numbers: asked.numbers,
    };
    write(tx, &slot, &asked.key, &ruling).await?;
    settle::raise(tx, std::slice::from_ref(&slot)).await?;
    let event = Event::IrregularityRuling {
        slot: asked.slot,
        number: ruling.number,
        ruling: ruling.ruling,
        digest: digest(&asked.key, &ruling),
        key: asked.key,
    };
    tx.append(Some(&ruling.by), &event)?;
    Ok(ruling)
}

/// Writes the ruling, and that it is in force; its log entry is the next one to
/// be appended.
async fn write(
    tx: &mut Tx,
    slot: &str,
    key: &str,
    ruling: &IrregularityRuling,
) -> Result<(), StorageError> {
    let log_index = tx.next_log_index();
    sqlx::query(
        "INSERT INTO irregularity_rulings (slot, key, number, ruling, note, ruled_by, ruled_at,
             numbers, log_index)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(slot.to_owned())
    .bind(key.to_owned())
    .bind(i64::from(ruling.number))
    .bind(word(ruling.ruling))
    .bind(ruling.note.clone())
    .bind(ruling.by.clone())
    .bind(ruling.at.unix_ms())
    .bind(ruling.numbers.clone())
    .bind(log_index)
    .execute(tx.conn())
    .await?;
    sqlx::query("UPDATE irregularities SET ruling = $3 WHERE slot = $1 AND key = $2")
        .bind(slot.to_owned())
        .bind(key.to_owned())
        .bind(word(ruling.ruling))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A ruling in its row.
///
/// # Errors
/// [`StorageError`] when what is kept is no ruling.
pub(crate) fn ruling_in(row: &AnyRow) -> Result<IrregularityRuling, StorageError> {
    let number: i64 = row.try_get("number")?;
    Ok(IrregularityRuling {
        number: u32::try_from(number).map_err(|cause| StorageError::corrupt("ruling", cause))?,
        ruling: from_word("ruling", row.try_get("ruling")?)?,
        note: row.try_get("note")?,
        by: row.try_get("ruled_by")?,
        at: Timestamp::from_unix_ms(row.try_get("ruled_at")?),
        numbers: row.try_get("numbers")?,
    })
}

/// Hash of all that a ruling on the irregularity `key` says.
#[must_use]
pub(crate) fn digest(key: &str, ruling: &IrregularityRuling) -> String {
    let json = serde_json::to_string(ruling).unwrap_or_default();
    sha256_hex(format!("{}:{key}{json}", key.len()).as_bytes())
}
