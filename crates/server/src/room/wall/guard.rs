//! Who is asking: a screen with a link, and nobody else.

use std::time::Instant;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::RegionCode;
use protocol::ProblemCode;
use protocol::encoding::sha256_hex;
use protocol::wall::WallLink;

use super::links;
use crate::api_problem::ApiProblem;
use crate::app::{App, AppState};
use crate::enrol::bearer;
use crate::http::Caller;

/// A screen whose link is live as of this request.
#[derive(Debug, Clone)]
pub(super) struct Wall {
    /// Its link.
    pub link: WallLink,
    token_hash: String,
}

impl Wall {
    /// The region asked for, or the link's own.
    ///
    /// # Errors
    /// `not_found` for a region that the link does not show.
    pub(super) fn within(&self, asked: Option<RegionCode>) -> Result<RegionCode, ApiProblem> {
        let own = &self.link.region.code;
        match asked {
            None => Ok(own.clone()),
            Some(region) if region.is_within(own) => Ok(region),
            Some(_) => Err(ProblemCode::NotFound.into()),
        }
    }

    /// Asks again whether the link is live: for what took a while.
    ///
    /// # Errors
    /// `token_unknown`.
    pub(super) async fn still_holds(&self, app: &App) -> Result<(), ApiProblem> {
        let pool = app.storage.reading();
        let live = links::live(pool, &self.token_hash, app.clock().now_ms()).await?;
        live.map(|_| ())
            .ok_or_else(|| ProblemCode::TokenUnknown.into())
    }
}

impl FromRequestParts<AppState> for Wall {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiProblem> {
        let token_hash = bearer(parts)
            .map(|token| sha256_hex(token.as_bytes()))
            .ok_or(ProblemCode::TokenUnknown)?;
        let Ok(Caller(caller)) = Caller::from_request_parts(parts, app).await;
        let caller = caller.to_string();
        let throttle = &app.room.wall_throttle;
        // Counted after looking, not before as passwords are: many screens
        // share one link and one address and ask at once, and nobody guesses
        // 256 bits.
        if let Some(wait) = throttle.wait(&token_hash, &caller, Instant::now()) {
            let no = ApiProblem::new(ProblemCode::RateLimited);
            return Err(no.with_retry_after(wait.as_secs().saturating_add(1)));
        }
        let pool = app.storage.reading();
        let Some(link) = links::live(pool, &token_hash, app.clock().now_ms()).await? else {
            throttle.wrong(&token_hash, &caller, Instant::now());
            return Err(ProblemCode::TokenUnknown.into());
        };
        Ok(Self { link, token_hash })
    }
}
