//! Papers of one polling station, and what happened to one paper.

use axum::Json;
use axum::extract::{Path, State};
use domain::TpsCode;
use protocol::paper::{PaperHistory, PapersAnswer};
use protocol::{ProblemCode, SlotId};

use super::read;
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::room::SignedIn;

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
    let custody = read::custody(&mut connection, &slot).await?;
    let steps = read::steps(&mut connection, &slot).await?;
    Ok(Json(PaperHistory {
        custody: custody.ok_or(ProblemCode::NotFound)?,
        steps: steps.into_iter().map(|(step, _)| step).collect(),
    }))
}
