//! Hand-over lists: which papers change hands together, to be printed, signed,
//! and found again by the code on them.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::RegionCode;
use protocol::encoding::sha256_hex;
use protocol::limits::{FOLDER_MAX_CHARS, HOLDER_MAX_CHARS, PAPERS_MAX};
use protocol::paper::{
    PaperList, PaperListAnswer, PaperListRequest, PaperListsAnswer, PaperPlace, PapersWanted,
};
use protocol::{ProblemCode, SlotId, Timestamp};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row as _};

use super::note::text;
use super::read::{self, slot_in};
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::log::Event;
use crate::room::{Change, Prefix, SignedIn, may_rule};
use crate::storage::{Cell, StorageError, Tx, insert_rows, with_texts};

/// Most lists in one answer.
const LISTED_MAX: i64 = 100;
/// Digits of a code before its check digit.
const CODE_DIGITS: u32 = 7;
/// Times that another code is tried when one is taken.
const CODE_TRIES: u32 = 20;
/// Side of a square of the QR code, in units of the drawing.
const SQUARE: u32 = 8;

const COLUMNS: &str = "SELECT l.code, l.title, l.region, l.made_by, l.made_at,
         r.name AS region_name, t.number AS tps_number,
         (SELECT COUNT(*) FROM paper_list_slots o WHERE o.code = l.code) AS papers,
         (SELECT COUNT(*) FROM paper_list_slots o JOIN papers p ON p.slot = o.slot
          WHERE o.code = l.code AND p.place = 'here') AS here
     FROM paper_lists l
     LEFT JOIN regions r ON r.code = l.region
     LEFT JOIN tps t ON t.code = l.region";

/// The newest hand-over lists of the user's region.
#[utoipa::path(get, path = "/v1/paper/lists", tag = "paper", responses(
    (status = 200, body = PaperListsAnswer),
    (status = 401, description = "`not_signed_in`"),
))]
pub(super) async fn list(
    State(app): State<AppState>,
    who: SignedIn,
) -> Result<Json<PaperListsAnswer>, ApiProblem> {
    let range = Prefix::of(who.user.region.as_ref());
    let sql = format!(
        "{COLUMNS} WHERE l.region >= $1 AND l.region < $2 ORDER BY l.log_index DESC LIMIT $3"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(range.from)
        .bind(range.to)
        .bind(LISTED_MAX)
        .fetch_all(app.storage.reading())
        .await?;
    let lists: Result<_, StorageError> = rows.iter().map(list_in).collect();
    Ok(Json(PaperListsAnswer { lists: lists? }))
}

/// Makes a hand-over list of the papers that are asked for, as they stand now.
#[utoipa::path(post, path = "/v1/paper/lists", tag = "paper", request_body = PaperListRequest,
    responses(
        (status = 201, body = PaperListAnswer),
        (status = 400, description = "`request_invalid`: no such papers, or more than 500"),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed` or `cross_origin`"),
        (status = 404, description = "A region outside the user's own"),
    ))]
pub(super) async fn make(
    State(app): State<AppState>,
    who: SignedIn,
    Change(asked): Change<PaperListRequest>,
) -> Result<(StatusCode, Json<PaperListAnswer>), ApiProblem> {
    may_rule(&who)?;
    if !who.sees(&asked.region) {
        return Err(ProblemCode::NotFound.into());
    }
    let title = text("title", &asked.title, 1, HOLDER_MAX_CHARS)?;
    let folder = asked.folder.as_deref();
    let folder = folder.map(|name| text("folder", name, 1, FOLDER_MAX_CHARS));
    let asked = PaperListRequest {
        title,
        folder: folder.transpose()?,
        ..asked
    };
    let catalogue = app.catalogues.get().await?;
    let election = catalogue.newest_election().ok_or(ProblemCode::NotFound)?;
    let (election, by) = (election.id.clone(), who.user.name.clone());
    let code = app
        .writer
        .run(move |tx| Box::pin(async move { keep(tx, &election, &by, asked).await }))
        .await?;
    let made = answer(app.storage.reading(), &who, &code).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// A hand-over list with its papers as they stand now.
#[utoipa::path(get, path = "/v1/paper/lists/{code}", tag = "paper",
    params(("code" = String, Path, description = "8 digits")),
    responses(
        (status = 200, body = PaperListAnswer),
        (status = 401, description = "`not_signed_in`"),
        (status = 404, description = "No such list in the user's region"),
    ))]
pub(super) async fn show(
    State(app): State<AppState>,
    who: SignedIn,
    Path(code): Path<String>,
) -> Result<Json<PaperListAnswer>, ApiProblem> {
    Ok(Json(answer(app.storage.reading(), &who, &code).await?))
}

/// The code of a list as a QR code, for printing.
#[utoipa::path(get, path = "/v1/paper/lists/{code}/qr.svg", tag = "paper",
    params(("code" = String, Path, description = "8 digits")),
    responses(
        (status = 200, description = "A drawing", content_type = "image/svg+xml"),
        (status = 401, description = "`not_signed_in`"),
        (status = 404, description = "No such list in the user's region"),
    ))]
pub(super) async fn qr(
    State(app): State<AppState>,
    who: SignedIn,
    Path(code): Path<String>,
) -> Result<Response, ApiProblem> {
    let list = found(app.storage.reading(), &who, &code).await?;
    let drawn = QrCode::with_error_correction_level(&list.code, EcLevel::Q)
        .map_err(ApiProblem::internal)?
        .render::<svg::Color<'_>>()
        .module_dimensions(SQUARE, SQUARE)
        .build();
    let facts = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "private, max-age=86400"),
    ];
    Ok((facts, drawn).into_response())
}

async fn found(pool: &AnyPool, who: &SignedIn, code: &str) -> Result<PaperList, ApiProblem> {
    let sql = AssertSqlSafe(format!("{COLUMNS} WHERE l.code = $1"));
    let row = sqlx::query(sql)
        .bind(code.to_owned())
        .fetch_optional(pool)
        .await?;
    let list = row.as_ref().map(list_in).transpose()?;
    let list = list.filter(|list| who.sees(&list.region));
    Ok(list.ok_or(ProblemCode::NotFound)?)
}

async fn answer(pool: &AnyPool, who: &SignedIn, code: &str) -> Result<PaperListAnswer, ApiProblem> {
    let list = found(pool, who, code).await?;
    let slots = slots_of(pool, code).await?;
    let papers = read::lines(pool, &slots).await?;
    // Counted from the same reading as the lines below it.
    let here = papers
        .iter()
        .filter(|line| line.custody.place == PaperPlace::Here);
    let here = u32::try_from(here.count()).unwrap_or(u32::MAX);
    Ok(PaperListAnswer {
        list: PaperList { here, ..list },
        papers,
    })
}

/// The slots of a list, in its order.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn slots_of(pool: &AnyPool, code: &str) -> Result<Vec<SlotId>, StorageError> {
    let rows = sqlx::query("SELECT slot FROM paper_list_slots WHERE code = $1 ORDER BY position")
        .bind(code.to_owned())
        .fetch_all(pool)
        .await?;
    rows.iter().map(slot_in).collect()
}

fn list_in(row: &AnyRow) -> Result<PaperList, StorageError> {
    let count = |column| {
        let count: i64 = row.try_get(column)?;
        u32::try_from(count).map_err(|cause| StorageError::corrupt("list of papers", cause))
    };
    let region: String = row.try_get("region")?;
    let name: Option<String> = row.try_get("region_name")?;
    let number: Option<String> = row.try_get("tps_number")?;
    let name = name.or(number.map(|number| format!("TPS {number}")));
    Ok(PaperList {
        code: row.try_get("code")?,
        title: row.try_get("title")?,
        region_name: name.unwrap_or_else(|| region.clone()),
        region: region
            .parse()
            .map_err(|cause| StorageError::corrupt("region of a list", cause))?,
        made_by: row.try_get("made_by")?,
        made_at: Timestamp::from_unix_ms(row.try_get("made_at")?),
        papers: count("papers")?,
        here: count("here")?,
    })
}

async fn keep(
    tx: &mut Tx,
    election: &str,
    by: &str,
    asked: PaperListRequest,
) -> Result<String, ApiProblem> {
    let slots = wanted(tx.conn(), election, &asked).await?;
    if !(1..=PAPERS_MAX).contains(&slots.len()) {
        let detail = format!("a list has 1 to {PAPERS_MAX} papers; these are none, or more");
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    let code = new_code(tx).await?;
    let digest = digest(&code, &asked.title, &asked.region, by, tx.now_ms(), &slots);
    let papers = u32::try_from(slots.len()).unwrap_or(u32::MAX);
    let event = Event::PaperList {
        code: code.clone(),
        papers,
        digest,
    };
    let index = tx.append(Some(by), &event)?;
    let now_ms = tx.now_ms();
    sqlx::query(
        "INSERT INTO paper_lists (code, title, region, made_by, made_at, log_index)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(code.clone())
    .bind(asked.title)
    .bind(asked.region.to_string())
    .bind(by.to_owned())
    .bind(now_ms)
    .bind(index)
    .execute(tx.conn())
    .await?;
    let rows = (1_i64..).zip(&slots).map(|(position, slot)| {
        vec![
            Cell::from(code.as_str()),
            Cell::from(position),
            Cell::from(slot.to_string()),
        ]
    });
    let rows = rows.collect();
    let head = "INSERT INTO paper_list_slots (code, position, slot)";
    insert_rows(tx.conn(), head, rows, "").await?;
    Ok(code)
}

/// The papers that are asked for, by polling station and contest; at most one
/// more than a list may hold.
async fn wanted(
    connection: &mut AnyConnection,
    election: &str,
    asked: &PaperListRequest,
) -> Result<Vec<SlotId>, StorageError> {
    let range = Prefix::of(Some(&asked.region));
    let mut given = vec![
        format!("{election}/{}", range.from),
        format!("{election}/{}", range.to),
    ];
    let mut conditions = "s.slot >= $1 AND s.slot < $2".to_owned();
    for (column, value) in [("s.contest", &asked.contest), ("p.folder", &asked.folder)] {
        if let Some(value) = value {
            given.push(value.clone());
            conditions.push_str(&format!(" AND {column} = ${}", given.len()));
        }
    }
    match asked.wanted {
        PapersWanted::All => {}
        PapersWanted::NotHere => conditions.push_str(" AND COALESCE(p.place, '') <> 'here'"),
    }
    let sql = format!(
        "SELECT s.slot FROM slots s LEFT JOIN papers p ON p.slot = s.slot
         WHERE {conditions} ORDER BY s.slot LIMIT {}",
        PAPERS_MAX.saturating_add(1)
    );
    let query = with_texts(sql, given);
    let rows = query.fetch_all(connection).await?;
    rows.iter().map(slot_in).collect()
}

/// A code that no list has.
async fn new_code(tx: &mut Tx) -> Result<String, ApiProblem> {
    for _ in 0..CODE_TRIES {
        let number = getrandom::u32()? % 10_u32.pow(CODE_DIGITS);
        let code = with_check_digit(number);
        let taken: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM paper_lists WHERE code = $1")
            .bind(code.clone())
            .fetch_one(tx.conn())
            .await?;
        if taken == 0 {
            return Ok(code);
        }
    }
    Err(ApiProblem::internal("no code is left for a list of papers"))
}

/// Seven digits and a check digit (Luhn), which tells one wrong digit and two
/// that changed places from a code.
fn with_check_digit(number: u32) -> String {
    let digits = format!("{number:07}");
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let value = u32::from(digit.saturating_sub(b'0'));
            match (at % 2, value) {
                (0, 0..=4) => value.saturating_mul(2),
                (0, _) => value.saturating_mul(2).saturating_sub(9),
                _ => value,
            }
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// The hash of a list that stands in the log.
#[must_use]
pub(super) fn digest(
    code: &str,
    title: &str,
    region: &RegionCode,
    by: &str,
    made_at_ms: i64,
    slots: &[SlotId],
) -> String {
    let text = serde_json::json!([
        "saksi-paper-list-v1",
        code,
        title,
        region,
        by,
        made_at_ms,
        slots
    ]);
    sha256_hex(text.to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::with_check_digit;

    #[test]
    fn a_code_has_a_check_digit() {
        assert_eq!(with_check_digit(7_992_739), "79927398");
        assert_eq!(with_check_digit(0), "00000000");
        assert_ne!(with_check_digit(1_234_567), with_check_digit(1_243_567));
    }
}
