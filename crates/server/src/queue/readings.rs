//! Readings: what somebody keyed from the photos, and what comes of it.
//!
//! A reading is compared inside the transaction that keeps it, with what the
//! slot holds then. Agreement with every head verifies what the heads say, as
//! one ruling like any other; a field that only the reader filled in is kept
//! with the reading and verified by nobody. Anything else opens a difference.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{Counts, RulingKind, SlotState};
use protocol::console::DecisionRequest;
use protocol::encoding::sha256_hex;
use protocol::limits::TEXT_MAX_BYTES;
use protocol::queue::{Reading, ReadingAnswer, ReadingOutcome, ReadingRequest, Way};
use protocol::{ProblemCode, SlotId, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row as _};

use super::claims::{self, Claim};
use super::rank::Open;
use super::ruled::{self, Through, Verdict};
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::catalogue::Catalogue;
use crate::desk;
use crate::keys::ServerKey;
use crate::log::Event;
use crate::room::{Change, SignedIn, from_word, json, rule_on, word};
use crate::slots::Standing;
use crate::storage::{StorageError, Tx};

/// Takes in what the caller read from the photos of a slot that he or she
/// holds.
#[utoipa::path(post, path = "/v1/queue/readings", tag = "queue", request_body = ReadingRequest,
    responses(
        (status = 201, body = ReadingAnswer),
        (status = 400, description = "`request_invalid`: not of this form, or empty without a note"),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed`: for a ruling, not for a reading, or entered by the caller; or `cross_origin`"),
        (status = 404, description = "No such slot in the user's region"),
        (status = 412, description = "The caller does not hold it any more"),
    ))]
pub(super) async fn take_in(
    State(app): State<AppState>,
    who: SignedIn,
    Change(asked): Change<ReadingRequest>,
) -> Result<(StatusCode, Json<ReadingAnswer>), ApiProblem> {
    if !who.sees(&asked.slot.tps.region()) {
        return Err(ProblemCode::NotFound.into());
    }
    let note = asked.note.unwrap_or_default().trim().to_owned();
    if note.len() > TEXT_MAX_BYTES || (note.is_empty() && asked.counts.is_empty()) {
        let detail =
            format!("figures or a note are required, the note at most {TEXT_MAX_BYTES} bytes");
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    let reader = Reader {
        catalogue: app.catalogues.get().await?,
        key: Arc::clone(&app.key),
        by: who.user.name,
        slot: asked.slot,
        counts: asked.counts,
        note,
    };
    let outcome = app
        .writer
        .run(move |tx| Box::pin(async move { reader.read(tx).await }))
        .await?;
    if outcome == ReadingOutcome::Verified {
        app.metrics.decision();
    }
    Ok((StatusCode::CREATED, Json(ReadingAnswer { outcome })))
}

/// One reading on its way in.
struct Reader {
    catalogue: Arc<Catalogue>,
    key: Arc<ServerKey>,
    by: String,
    slot: SlotId,
    counts: Counts,
    note: String,
}

impl Reader {
    async fn read(&self, tx: &mut Tx) -> Result<ReadingOutcome, ApiProblem> {
        let now_ms = tx.now_ms();
        let claim = claims::live(tx.conn(), &self.slot, &self.by, now_ms)
            .await?
            .ok_or(ProblemCode::PreconditionFailed)?;
        let has_entered = desk::has_entered(tx.conn(), &self.slot, &self.by).await?;
        if claim.way == Way::Resolve || has_entered {
            return Err(ProblemCode::NotAllowed.into());
        }
        let before = Standing::load(tx, &self.catalogue, &self.slot).await?;
        before
            .form
            .admits(&self.counts, &before.contest.options)
            .map_err(|cause| ApiProblem::because(ProblemCode::RequestInvalid, cause.to_string()))?;
        let open = ruled::open_of(tx, &self.slot).await?;
        let outcome =
            outcome(&before, open, &self.counts).ok_or(ProblemCode::PreconditionFailed)?;
        self.keep(tx, &before, claim, outcome).await?;
        claims::end(tx, &self.slot).await?;
        match outcome {
            ReadingOutcome::Verified => self.verify(tx, before, claim).await?,
            ReadingOutcome::Agrees => {
                ruled::looked_right(tx, &self.slot).await?;
                before.leave(tx, Open::Nothing).await?;
            }
            ReadingOutcome::Differs => {
                before.leave(tx, Open::Difference).await?;
            }
        }
        Ok(outcome)
    }

    /// Writes the reading with its log entry, and the reader's work.
    async fn keep(
        &self,
        tx: &mut Tx,
        before: &Standing<'_>,
        claim: Claim,
        outcome: ReadingOutcome,
    ) -> Result<(), StorageError> {
        let newest: Option<i64> =
            sqlx::query_scalar("SELECT MAX(number) FROM readings WHERE slot = $1")
                .bind(self.slot.to_string())
                .fetch_one(tx.conn())
                .await?;
        let number = newest.unwrap_or_default().saturating_add(1);
        let reading = Reading {
            number: u32::try_from(number)
                .map_err(|cause| StorageError::corrupt("reading", cause))?,
            by: self.by.clone(),
            at: Timestamp::from_unix_ms(tx.now_ms()),
            way: claim.way,
            counts: self.counts.clone(),
            note: self.note.clone(),
            against: before.view.heads.clone(),
            outcome,
        };
        insert(tx, &self.slot, &reading).await?;
        // Who looked and keyed what stands has confirmed it, which a check may refute yet.
        let verdict = match (outcome, claim.way) {
            (ReadingOutcome::Agrees, _) | (ReadingOutcome::Verified, Way::Blind) => {
                Some(Verdict::Right)
            }
            (ReadingOutcome::Verified | ReadingOutcome::Differs, _) => None,
        };
        ruled::note(tx, &self.slot, &self.by, claim, &self.counts, verdict).await?;
        let event = Event::Reading {
            slot: self.slot.clone(),
            number: reading.number,
            digest: digest(&reading),
            outcome,
        };
        tx.append(Some(&self.by), &event)?;
        Ok(())
    }

    /// Rules that what all heads say is right, as one ruling like any other.
    async fn verify(
        &self,
        tx: &mut Tx,
        before: Standing<'_>,
        claim: Claim,
    ) -> Result<(), ApiProblem> {
        let figures = before.view.figures.clone();
        let mut heads = before.heads();
        let chosen = heads.find(|head| head.counts == figures);
        let chosen = chosen.map(|head| head.rev_id.clone());
        drop(heads);
        let asked = DecisionRequest {
            kind: RulingKind::Verify,
            counts: chosen.is_none().then_some(figures),
            chosen,
            device: None,
            reason: None,
        };
        let through = Through::Reading(claim.way);
        rule_on(tx, &self.key, &self.by, before, &asked, through).await?;
        Ok(())
    }
}

/// What comes of a reading; `None` when there is nothing here to read any more.
fn outcome(before: &Standing<'_>, open: Open, read: &Counts) -> Option<ReadingOutcome> {
    let says_all_of = |figures: &Counts| {
        !figures.is_empty()
            && figures
                .iter()
                .all(|(id, value)| read.get(id) == Some(value))
    };
    let mut heads = before.heads();
    match before.view.state {
        SlotState::Single | SlotState::Agreed if heads.all(|head| says_all_of(&head.counts)) => {
            Some(ReadingOutcome::Verified)
        }
        SlotState::Verified if open == Open::Nothing => None,
        SlotState::Verified if open == Open::Check && says_all_of(&before.view.figures) => {
            Some(ReadingOutcome::Agrees)
        }
        SlotState::Single
        | SlotState::Agreed
        | SlotState::Verified
        | SlotState::Conflict
        | SlotState::Stale => Some(ReadingOutcome::Differs),
        SlotState::Empty => None,
    }
}

/// Writes the reading; its log entry is the next one to be appended.
async fn insert(tx: &mut Tx, slot: &SlotId, reading: &Reading) -> Result<(), StorageError> {
    let json = |cause| StorageError::corrupt("reading", cause);
    let counts = serde_json::to_string(&reading.counts).map_err(json)?;
    let against = serde_json::to_string(&reading.against).map_err(json)?;
    let log_index = tx.next_log_index();
    sqlx::query(
        "INSERT INTO readings (slot, number, read_by, read_at, way, counts, note, against,
             outcome, log_index)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(slot.to_string())
    .bind(i64::from(reading.number))
    .bind(reading.by.clone())
    .bind(reading.at.unix_ms())
    .bind(word(reading.way))
    .bind(counts)
    .bind(reading.note.clone())
    .bind(against)
    .bind(word(reading.outcome))
    .bind(log_index)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// All readings of a slot, oldest first.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn of_slot(pool: &AnyPool, slot: &SlotId) -> Result<Vec<Reading>, StorageError> {
    let rows = sqlx::query(
        "SELECT number, read_by, read_at, way, counts, note, against, outcome
         FROM readings WHERE slot = $1 ORDER BY number",
    )
    .bind(slot.to_string())
    .fetch_all(pool)
    .await?;
    rows.iter().map(reading_in).collect()
}

/// The reading in a row of the table.
///
/// # Errors
/// [`StorageError`] when what is kept is none.
pub(crate) fn reading_in(row: &AnyRow) -> Result<Reading, StorageError> {
    let number: i64 = row.try_get("number")?;
    Ok(Reading {
        number: u32::try_from(number).map_err(|cause| StorageError::corrupt("number", cause))?,
        by: row.try_get("read_by")?,
        at: Timestamp::from_unix_ms(row.try_get("read_at")?),
        way: from_word("way", row.try_get("way")?)?,
        counts: json(row, "counts")?,
        note: row.try_get("note")?,
        against: json(row, "against")?,
        outcome: from_word("outcome", row.try_get("outcome")?)?,
    })
}

/// The hash of a reading that stands in the log, so that the log's chain covers
/// what was read and not only that something was.
#[must_use]
pub(crate) fn digest(reading: &Reading) -> String {
    let text = serde_json::json!([
        "saksi-reading-v1",
        reading.number,
        reading.by,
        reading.at,
        reading.way,
        reading.counts,
        reading.note,
        reading.against,
        reading.outcome,
    ]);
    sha256_hex(text.to_string().as_bytes())
}
