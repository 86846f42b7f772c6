//! Making, listing and revoking links: an admin's work.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::{Level, RegionCode};
use protocol::ProblemCode;
use protocol::encoding::sha256_hex;
use protocol::limits::{WALL_LIFE_MAX_HOURS, WALL_LINKS_MAX, WALL_NAME_MAX_CHARS};
use protocol::wall::{WallLinkMade, WallLinkRequest, WallLinksAnswer};

use super::links::{self, NewLink};
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::keys;
use crate::room::change::{Change, SameOrigin};
use crate::room::signed_in::{SignedIn, may_administer};

/// Milliseconds of an hour.
const HOUR_MS: i64 = 60 * 60 * 1_000;

/// All links, newest first.
#[utoipa::path(get, path = "/v1/walls", tag = "walls", responses(
    (status = 200, body = WallLinksAnswer),
    (status = 401, description = "`not_signed_in`"),
    (status = 403, description = "`not_allowed`: for admins"),
))]
pub(super) async fn list(
    State(app): State<AppState>,
    who: SignedIn,
) -> Result<Json<WallLinksAnswer>, ApiProblem> {
    may_administer(&who)?;
    let links = links::list(app.storage.reading(), app.clock().now_ms()).await?;
    Ok(Json(WallLinksAnswer {
        links,
        live_max: WALL_LINKS_MAX,
    }))
}

/// Makes a link. The answer is the only place where its token is told.
#[utoipa::path(post, path = "/v1/walls", tag = "walls", request_body = WallLinkRequest, responses(
    (status = 201, body = WallLinkMade),
    (status = 400, description = "`request_invalid`: no name, too long a life, too many links"),
    (status = 401, description = "`not_signed_in`"),
    (status = 403, description = "`not_allowed`, `cross_origin`"),
    (status = 404, description = "No such region"),
))]
pub(super) async fn make(
    State(app): State<AppState>,
    who: SignedIn,
    Change(asked): Change<WallLinkRequest>,
) -> Result<(StatusCode, Json<WallLinkMade>), ApiProblem> {
    may_administer(&who)?;
    if !who.sees(&asked.region) {
        return Err(ProblemCode::NotFound.into());
    }
    let token = keys::random_token()?;
    let new = checked(asked, &token)?;
    let by = who.user.name;
    let id = app
        .writer
        .run::<_, ApiProblem, _>(move |tx| Box::pin(async move { links::make(tx, &by, new).await }))
        .await?;
    let link = links::numbered(app.storage.reading(), id, app.clock().now_ms()).await?;
    let link = link.ok_or_else(|| ApiProblem::internal("a link that was just made is gone"))?;
    Ok((StatusCode::CREATED, Json(WallLinkMade { link, token })))
}

fn checked(asked: WallLinkRequest, token: &str) -> Result<NewLink, ApiProblem> {
    let no = |detail: String| ApiProblem::because(ProblemCode::RequestInvalid, detail);
    let name = asked.name.trim();
    if name.is_empty() || name.chars().count() > WALL_NAME_MAX_CHARS {
        let detail = format!("name has 1 to {WALL_NAME_MAX_CHARS} characters");
        return Err(no(detail));
    }
    if !(1..=WALL_LIFE_MAX_HOURS).contains(&asked.valid_hours) {
        let detail = format!("valid_hours is 1 to {WALL_LIFE_MAX_HOURS}");
        return Err(no(detail));
    }
    if RegionCode::level(&asked.region) == Level::Tps {
        return Err(no("region is a village or larger".to_owned()));
    }
    Ok(NewLink {
        name: name.to_owned(),
        token_hash: sha256_hex(token.as_bytes()),
        region: asked.region,
        valid_ms: HOUR_MS.saturating_mul(i64::from(asked.valid_hours)),
    })
}

/// Ends a link: from now on it opens nothing.
#[utoipa::path(delete, path = "/v1/walls/{id}", tag = "walls",
    params(("id" = u64, Path, description = "The link's number")),
    responses(
        (status = 204, description = "It is revoked, now or before"),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed`, `cross_origin`"),
        (status = 404, description = "No such link"),
    ))]
pub(super) async fn revoke(
    State(app): State<AppState>,
    who: SignedIn,
    _: SameOrigin,
    Path(id): Path<u32>,
) -> Result<StatusCode, ApiProblem> {
    may_administer(&who)?;
    let by = who.user.name;
    app.writer
        .run::<_, ApiProblem, _>(move |tx| {
            Box::pin(async move { links::revoke(tx, &by, i64::from(id)).await })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
