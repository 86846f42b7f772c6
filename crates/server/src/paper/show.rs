//! Papers of one polling station, and what happened to one paper.

use axum::Json;
use axum::extract::{Path, State};
use domain::TpsCode;
use protocol::paper::{PaperHistory, PapersAnswer};
use protocol::{ProblemCode, SlotId, Timestamp};

use super::read;
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::room::SignedIn;
use crate::storage::StorageError;

/// The papers of a polling station, one for each contest held there.
#[utoipa::path(get, path = "/v1/paper/stations/{tps}", tag = "paper",
    params(("tps" = String, Path, description = "13 digits")),
    responses(
        (status = 200, body = PapersAnswer),
        (status = 401, description = "`not_signed_in`"),
        (status = 404, description = "No such polling station in the user's region"),
    ))]
pub(super) async fn station(
    State(app): State<AppState>,
    who: SignedIn,
    Path(tps): Path<String>,
) -> Result<Json<PapersAnswer>, ApiProblem> {
    let tps: TpsCode = tps.parse().map_err(|_| ProblemCode::NotFound)?;
    if !who.sees(&tps.region()) {
        return Err(ProblemCode::NotFound.into());
    }
    let catalogue = app.catalogues.get().await?;
    let election = catalogue.newest_election().ok_or(ProblemCode::NotFound)?;
    let contests = catalogue.contests.get(&election.id).into_iter().flatten();
    // In the order of the screens.
    let slots: Vec<SlotId> = contests
        .filter(|held| tps.region().is_within(&held.region))
        .map(|held| SlotId {
            election: election.id.clone(),
            tps: tps.clone(),
            contest: held.contest.id.clone(),
        })
        .collect();
    let papers = read::lines(app.storage.reading(), &slots).await?;
    if papers.is_empty() {
        return Err(ProblemCode::NotFound.into());
    }
    Ok(Json(PapersAnswer {
        papers,
        unchanged: Vec::new(),
    }))
}

/// Where a slot's paper stands, and all that was noted of it.
#[utoipa::path(get, path = "/v1/paper/slots/{election}/{tps}/{contest}", tag = "paper",
    params(
        ("election" = String, Path, description = "Id of the election"),
        ("tps" = String, Path, description = "13 digits"),
        ("contest" = String, Path, description = "Id of the contest"),
    ),
    responses(
        (status = 200, body = PaperHistory),
        (status = 401, description = "`not_signed_in`"),
        (status = 404, description = "No such slot in the user's region"),
    ))]
pub(super) async fn history(
    State(app): State<AppState>,
    who: SignedIn,
    Path((election, tps, contest)): Path<(String, String, String)>,
) -> Result<Json<PaperHistory>, ApiProblem> {
    let slot: SlotId = format!("{election}/{tps}/{contest}")
        .parse()
        .map_err(|_| ProblemCode::NotFound)?;
    if !who.sees(&slot.tps.region()) {
        return Err(ProblemCode::NotFound.into());
    }
    let pool = app.storage.reading();
    let mut connection = pool.acquire().await?;
    let mut kept = read::kept(&mut connection, std::slice::from_ref(&slot)).await?;
    let kept = kept.remove(&slot).ok_or(ProblemCode::NotFound)?;
    let rows = sqlx::query(
        "SELECT number, act, noted_by, noted_at, note FROM paper_steps
         WHERE slot = $1 ORDER BY number",
    )
    .bind(slot.to_string())
    .fetch_all(&mut *connection)
    .await?;
    let steps: Result<_, StorageError> = rows.iter().map(read::step_in).collect();
    Ok(Json(PaperHistory {
        custody: kept
            .standing
            .told(kept.state, kept.changed_at.map(Timestamp::from_unix_ms)),
        steps: steps?,
    }))
}
