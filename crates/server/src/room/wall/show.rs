//! What a screen reads: what it may show, totals, and whether there is news.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use domain::{Level, RegionCode};
use protocol::limits::WALL_WAIT_MAX_SECONDS;
use protocol::wall::{WallNews, WallTotals, WallView};
use protocol::{ProblemCode, Timestamp};
use serde::Deserialize;
use utoipa::IntoParams;

use super::guard::Wall;
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::http::StrictQuery;
use crate::room::rollup::{Question, election};
use crate::room::session::touches;
use crate::room::{progress, regions};

/// What this screen may show.
#[utoipa::path(get, path = "/v1/wall", tag = "wall", responses(
    (status = 200, body = WallView),
    (status = 401, description = "`token_unknown`: no such link, expired, or revoked"),
    (status = 429, description = "`rate_limited`, with Retry-After"),
))]
pub(super) async fn view(
    State(app): State<AppState>,
    wall: Wall,
) -> Result<Json<WallView>, ApiProblem> {
    let catalogue = app.catalogues.get().await?;
    let election = election(&catalogue, None)?;
    let region = &wall.link.region;
    let held = catalogue.contests.get(&election.id).into_iter().flatten();
    let contests = held
        .filter(|held| touches(&held.region, &region.code))
        .cloned()
        .collect();
    let below = match region.level.below().filter(|level| *level < Level::Tps) {
        Some(level) => regions::at_level(app.storage.reading(), Some(&region.code), level).await?,
        None => Vec::new(),
    };
    Ok(Json(WallView {
        name: wall.link.name,
        expires_at: wall.link.expires_at,
        below,
        election: election.clone(),
        contests,
        region: wall.link.region,
    }))
}

/// Which totals to show.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WallQuery {
    /// Id of the contest.
    contest: String,
    /// A region inside the link's, down to a village; by default the link's.
    #[param(value_type = Option<String>)]
    region: Option<RegionCode>,
}

/// The totals of one region, and how the night goes there.
#[utoipa::path(get, path = "/v1/wall/totals", tag = "wall", params(WallQuery), responses(
    (status = 200, body = WallTotals),
    (status = 401, description = "`token_unknown`"),
    (status = 404, description = "No such contest, or a region outside the link's"),
    (status = 429, description = "`rate_limited`, with Retry-After"),
))]
pub(super) async fn totals(
    State(app): State<AppState>,
    wall: Wall,
    StrictQuery(query): StrictQuery<WallQuery>,
) -> Result<Json<WallTotals>, ApiProblem> {
    let region = wall.within(query.region)?;
    // A polling station's figures are a slot's, and those are not shown here.
    if region.level() == Level::Tps {
        return Err(ProblemCode::NotFound.into());
    }
    let read_at = Timestamp::from_unix_ms(app.clock().now_ms());
    let catalogue = app.catalogues.get().await?;
    let election = election(&catalogue, None)?;
    let by = Some(region.level());
    let asked = Question::of(&catalogue, election, &query.contest, Some(&region), by)?;
    let pool = app.storage.reading();
    Ok(Json(WallTotals {
        totals: asked.answer(pool, &BTreeSet::new()).await?,
        progress: progress::read(pool, &election.id, &query.contest, Some(&region)).await?,
        read_at,
    }))
}

/// Where the screen is.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct NewsQuery {
    /// The `log_index` of the last answer.
    after: Option<i64>,
}

/// Answers when anything has changed, at the latest after 25 seconds.
///
/// What changed is not said; where the log stands now is.
#[utoipa::path(get, path = "/v1/wall/news", tag = "wall", params(NewsQuery), responses(
    (status = 200, body = WallNews),
    (status = 401, description = "`token_unknown`"),
    (status = 429, description = "`rate_limited`, with Retry-After"),
    (status = 503, description = "`overloaded`"),
))]
pub(super) async fn news(
    State(app): State<AppState>,
    wall: Wall,
    StrictQuery(query): StrictQuery<NewsQuery>,
) -> Result<Json<WallNews>, ApiProblem> {
    let place = app.room.wall_places.try_acquire();
    let _place = place.map_err(|_| ProblemCode::Overloaded)?;
    let mut newest = app.changes.subscribe();
    if let Some(after) = query.after {
        tokio::select! {
            // "Another", not "a later": a log that was restored may be shorter.
            _ = newest.wait_for(|head| *head != after) => {}
            () = tokio::time::sleep(Duration::from_secs(WALL_WAIT_MAX_SECONDS)) => {}
            () = app.stopping.cancelled() => {}
        }
        wall.still_holds(&app).await?;
    }
    let head = *newest.borrow();
    Ok(Json(WallNews {
        log_index: u64::try_from(head).unwrap_or_default(),
    }))
}
