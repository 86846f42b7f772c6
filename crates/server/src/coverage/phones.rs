//! Phone numbers of witnesses: kept in one form, set by coordinators, in no log.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use protocol::ProblemCode;
use protocol::coverage::PhoneRequest;
use protocol::limits::PHONE_DIGITS;

use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::log::Event;
use crate::room::{Change, Prefix, SignedIn, may_rule};
use crate::storage::{StorageError, Tx};

/// Indonesia's country code, of a number that is written without one.
const COUNTRY: &str = "62";

/// Not a phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a phone number has {} to {} digits", PHONE_DIGITS.0, PHONE_DIGITS.1)]
pub(crate) struct NotAPhone;

/// A number as it is kept, `+` and digits, from what people write: `0812…`,
/// `62812…` or `+62 812-…`. `None` for an empty text.
///
/// # Errors
/// [`NotAPhone`].
pub(crate) fn normalised(text: &str) -> Result<Option<String>, NotAPhone> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let rest = text.strip_prefix('+');
    let is_separator = |symbol: char| matches!(symbol, ' ' | '-' | '.' | '(' | ')' | '/');
    let digits: String = rest
        .unwrap_or(text)
        .chars()
        .filter(|symbol| !is_separator(*symbol))
        .collect();
    let (least, most) = PHONE_DIGITS;
    if !(least..=most).contains(&digits.len()) || !digits.bytes().all(|one| one.is_ascii_digit()) {
        return Err(NotAPhone);
    }
    Ok(Some(match (rest, digits.strip_prefix('0')) {
        (None, Some(national)) => format!("+{COUNTRY}{national}"),
        _ => format!("+{digits}"),
    }))
}

/// Sets a witness's phone number, or takes it out.
#[utoipa::path(post, path = "/v1/coverage/witnesses/{id}/phone", tag = "coverage",
    params(("id" = String, Path, description = "The witness")),
    request_body = PhoneRequest,
    responses(
        (status = 204, description = "It is set"),
        (status = 400, description = "`request_invalid`: not a phone number"),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed` or `cross_origin`"),
        (status = 404, description = "No such witness posted in the user's region"),
    ))]
pub(super) async fn set(
    State(app): State<AppState>,
    who: SignedIn,
    Path(id): Path<String>,
    Change(asked): Change<PhoneRequest>,
) -> Result<StatusCode, ApiProblem> {
    may_rule(&who)?;
    let phone = normalised(&asked.phone)
        .map_err(|cause| ApiProblem::because(ProblemCode::RequestInvalid, cause.to_string()))?;
    app.writer
        .run(move |tx| {
            Box::pin(async move {
                let range = Prefix::of(who.user.region.as_ref());
                let posted: i64 = sqlx::query_scalar(
                    "SELECT COUNT(*) FROM assignments
                     WHERE witness = $1 AND tps >= $2 AND tps < $3",
                )
                .bind(id.clone())
                .bind(range.from)
                .bind(range.to)
                .fetch_one(tx.conn())
                .await?;
                if posted == 0 {
                    return Err(ApiProblem::from(ProblemCode::NotFound));
                }
                put(tx, Some(&who.user.name), &id, phone.as_deref()).await?;
                Ok(())
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A witness's number, if it is known.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn of(tx: &mut Tx, witness: &str) -> Result<Option<String>, StorageError> {
    let phone = sqlx::query_scalar("SELECT phone FROM witnesses WHERE id = $1")
        .bind(witness.to_owned())
        .fetch_one(tx.conn())
        .await?;
    Ok(phone)
}

/// Keeps a witness's number and says in the log that it was set, not what it is.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn put(
    tx: &mut Tx,
    actor: Option<&str>,
    witness: &str,
    phone: Option<&str>,
) -> Result<(), StorageError> {
    sqlx::query("UPDATE witnesses SET phone = $2 WHERE id = $1")
        .bind(witness.to_owned())
        .bind(phone.map(str::to_owned))
        .execute(tx.conn())
        .await?;
    let event = Event::PhoneNoted {
        witness: witness.to_owned(),
    };
    tx.append(actor, &event)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_kept_in_one_form_however_it_was_written() {
        let kept = Ok(Some("+628000000001".to_owned()));
        for written in [
            "0800-000-0001",
            "0800 000 0001",
            "628000000001",
            "+62 800 000 0001",
            " +62(800)0000001 ",
        ] {
            assert_eq!(normalised(written), kept, "{written}");
        }
        assert_eq!(normalised("  "), Ok(None));
        for wrong in ["0800", "tidak ada", "0800000000010000", "+62 800 x"] {
            assert_eq!(normalised(wrong), Err(NotAPhone), "{wrong}");
        }
    }
}
