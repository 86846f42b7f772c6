//! Noting what happened to papers: `POST /v1/paper`.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::Counts;
use protocol::encoding::sha256_hex;
use protocol::limits::{FOLDER_MAX_CHARS, HOLDER_MAX_CHARS, NOTE_MAX_CHARS, PAPERS_MAX};
use protocol::paper::{PaperAct, PaperRequest, PaperStep, PapersAnswer};
use protocol::{ProblemCode, SlotId, Timestamp};

use super::custody::Noted;
use super::read::{self, Kept};
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::log::Event;
use crate::room::{Change, SignedIn, may_rule, word};
use crate::storage::{Cell, StorageError, Tx, insert_rows};

/// Most figures of one comparison: a form has fewer boxes.
const FIGURES_MAX: usize = 2_000;
/// Longest id of such a figure, in bytes.
const FIELD_MAX_BYTES: usize = 64;

/// Notes that the same thing happened to these papers. What stands there
/// already is not noted again, so a list may be sent twice.
#[utoipa::path(post, path = "/v1/paper", tag = "paper", request_body = PaperRequest, responses(
    (status = 201, body = PapersAnswer),
    (status = 400, description = "`request_invalid`: too many, too long, figures of several papers"),
    (status = 401, description = "`not_signed_in`"),
    (status = 403, description = "`not_allowed` or `cross_origin`"),
    (status = 404, description = "One of them is no slot in the user's region; nothing was noted"),
    (status = 412, description = "`precondition_failed`: one that is compared is not here; nothing was noted"),
))]
pub(super) async fn take_in(
    State(app): State<AppState>,
    who: SignedIn,
    Change(asked): Change<PaperRequest>,
) -> Result<(StatusCode, Json<PapersAnswer>), ApiProblem> {
    may_rule(&who)?;
    if asked.slots.iter().any(|slot| !who.sees(&slot.tps.region())) {
        return Err(ProblemCode::NotFound.into());
    }
    let noting = Noting {
        by: who.user.name,
        note: text(
            "note",
            asked.note.as_deref().unwrap_or_default(),
            0,
            NOTE_MAX_CHARS,
        )?,
        act: act(asked.act, asked.slots.len())?,
        slots: asked.slots,
    };
    let slots = noting.slots.clone();
    let unchanged = app
        .writer
        .run(move |tx| Box::pin(async move { noting.note(tx).await }))
        .await?;
    let papers = read::lines(app.storage.reading(), &slots).await?;
    Ok((
        StatusCode::CREATED,
        Json(PapersAnswer { papers, unchanged }),
    ))
}

/// A text of so many characters, without what surrounds it.
///
/// # Errors
/// `request_invalid`.
pub(super) fn text(
    what: &str,
    given: &str,
    least: usize,
    most: usize,
) -> Result<String, ApiProblem> {
    let given = given.trim();
    let is_plain = given.chars().all(|one| one == '\n' || !one.is_control());
    if is_plain && (least..=most).contains(&given.chars().count()) {
        return Ok(given.to_owned());
    }
    let detail = format!("{what} has {least} to {most} characters");
    Err(ApiProblem::because(ProblemCode::RequestInvalid, detail))
}

/// What is asked for, when it is in bounds.
fn act(asked: PaperAct, slots: usize) -> Result<PaperAct, ApiProblem> {
    let no = |detail: String| ApiProblem::because(ProblemCode::RequestInvalid, detail);
    if !(1..=PAPERS_MAX).contains(&slots) {
        return Err(no(format!("1 to {PAPERS_MAX} papers at a time")));
    }
    Ok(match asked {
        PaperAct::HandedOver { to } => PaperAct::HandedOver {
            to: text("to", &to, 1, HOLDER_MAX_CHARS)?,
        },
        PaperAct::Arrived { folder } => PaperAct::Arrived {
            folder: text("folder", &folder, 1, FOLDER_MAX_CHARS)?,
        },
        PaperAct::Compared { figures, .. } if !figures.is_empty() && slots > 1 => {
            return Err(no("figures are of one paper".to_owned()));
        }
        PaperAct::Compared { figures, .. } if !are_plain(&figures) => {
            return Err(no("not figures of a form".to_owned()));
        }
        same @ (PaperAct::Compared { .. } | PaperAct::TakenBack) => same,
    })
}

fn are_plain(figures: &Counts) -> bool {
    figures.len() <= FIGURES_MAX
        && figures
            .keys()
            .all(|id| id.len() <= FIELD_MAX_BYTES && !id.chars().any(char::is_control))
}

/// One note about some papers, on its way in.
struct Noting {
    by: String,
    act: PaperAct,
    note: String,
    slots: Vec<SlotId>,
}

impl Noting {
    /// Notes it of all papers, or of none; returns those that stood there.
    async fn note(&self, tx: &mut Tx) -> Result<Vec<SlotId>, ApiProblem> {
        let once: BTreeSet<SlotId> = self.slots.iter().cloned().collect();
        let once: Vec<SlotId> = once.into_iter().collect();
        let kept = read::kept(tx.conn(), &once).await?;
        if kept.len() != once.len() {
            return Err(ProblemCode::NotFound.into());
        }
        let (mut steps, mut rows, mut unchanged) = (Vec::new(), Vec::new(), Vec::new());
        for (slot, before) in &kept {
            let after = before.standing.after(&self.act).map_err(|cause| {
                ApiProblem::because(ProblemCode::PreconditionFailed, cause.to_string())
            })?;
            if after == before.standing && !self.says_more() {
                unchanged.push(slot.clone());
                continue;
            }
            let now = Kept {
                standing: after,
                steps: before.steps.saturating_add(1),
                changed_at: Some(tx.now_ms()),
                ..before.clone()
            };
            steps.push(self.step(tx, slot, &now)?);
            rows.push(row(slot, &now));
        }
        insert_rows(tx.conn(), STEPS, steps, "").await?;
        insert_rows(tx.conn(), PAPERS, rows, KEPT_ALREADY).await?;
        Ok(unchanged)
    }

    /// Whether it says something even where a paper stands there already.
    fn says_more(&self) -> bool {
        let has_figures =
            matches!(&self.act, PaperAct::Compared { figures, .. } if !figures.is_empty());
        has_figures || !self.note.is_empty()
    }

    /// Appends the step to the log and returns its row.
    fn step(&self, tx: &mut Tx, slot: &SlotId, now: &Kept) -> Result<Vec<Cell>, StorageError> {
        let step = PaperStep {
            number: now.steps,
            act: self.act.clone(),
            by: self.by.clone(),
            at: Timestamp::from_unix_ms(tx.now_ms()),
            note: self.note.clone(),
        };
        let event = Event::Paper {
            slot: slot.clone(),
            number: step.number,
            digest: digest(slot, &step),
        };
        let index = tx.append(Some(&self.by), &event)?;
        let act = serde_json::to_string(&step.act)
            .map_err(|cause| StorageError::corrupt("step of a paper", cause))?;
        Ok(vec![
            slot.to_string().into(),
            i64::from(step.number).into(),
            act.into(),
            step.by.into(),
            step.at.unix_ms().into(),
            step.note.into(),
            index.into(),
        ])
    }
}

const STEPS: &str =
    "INSERT INTO paper_steps (slot, number, act, noted_by, noted_at, note, log_index)";
const PAPERS: &str = "INSERT INTO papers (slot, election, contest, tps, place, holder, folder,
     compared, steps, changed_at)";
const KEPT_ALREADY: &str = "ON CONFLICT (slot) DO UPDATE SET place = excluded.place,
     holder = excluded.holder, folder = excluded.folder, compared = excluded.compared,
     steps = excluded.steps, changed_at = excluded.changed_at";

fn row(slot: &SlotId, now: &Kept) -> Vec<Cell> {
    vec![
        slot.to_string().into(),
        slot.election.as_str().into(),
        slot.contest.as_str().into(),
        slot.tps.to_string().into(),
        Noted::word(now.standing.place).into(),
        now.standing.holder.clone().into(),
        now.standing.folder.clone().into(),
        now.standing.compared.map(word).into(),
        i64::from(now.steps).into(),
        now.changed_at.into(),
    ]
}

/// The hash of a step that stands in the log.
#[must_use]
pub(crate) fn digest(slot: &SlotId, step: &PaperStep) -> String {
    let text = serde_json::json!([
        "saksi-paper-v1",
        slot,
        step.number,
        step.act,
        step.by,
        step.at,
        step.note,
    ]);
    sha256_hex(text.to_string().as_bytes())
}
