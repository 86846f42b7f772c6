//! Who is asking: the guard in front of every call of the counting room.
//!
//! [`SignedIn`] is an argument of the handlers, so a handler without it does
//! not know whose region to look into.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::cookie::CookieJar;
use domain::RegionCode;
use protocol::ProblemCode;
use protocol::console::Role;

use super::users::{self, LiveSession, User};
use crate::api_problem::ApiProblem;
use crate::app::AppState;

/// Name of the session's cookie.
pub(super) const COOKIE: &str = "saksi_session";

/// A user with a session.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn {
    /// Who.
    pub user: User,
    /// Hash of the session's token.
    pub token_hash: String,
}

impl SignedIn {
    /// Whether this user sees what lies in `region`.
    #[must_use]
    pub(super) fn sees(&self, region: &RegionCode) -> bool {
        self.user
            .region
            .as_ref()
            .is_none_or(|own| region.is_within(own))
    }

    /// The region asked for, or the user's own when none is; `None` is
    /// everywhere.
    ///
    /// # Errors
    /// `not_found` for a region that the user does not see: that it exists is
    /// not for him or her to know.
    pub(super) fn within(
        &self,
        asked: Option<RegionCode>,
    ) -> Result<Option<RegionCode>, ApiProblem> {
        match asked {
            Some(region) if self.sees(&region) => Ok(Some(region)),
            Some(_) => Err(ProblemCode::NotFound.into()),
            None => Ok(self.user.region.clone()),
        }
    }
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiProblem> {
        let jar = CookieJar::from_headers(&parts.headers);
        let token = jar
            .get(COOKIE)
            .map(|cookie| cookie.value().to_owned())
            .ok_or(ProblemCode::NotSignedIn)?;
        let now_ms = app.clock().now_ms();
        let live = users::live_session(app.storage.reading(), &token, now_ms)
            .await?
            .ok_or(ProblemCode::NotSignedIn)?;
        move_on(app, &live);
        Ok(Self {
            user: live.user,
            token_hash: live.token_hash,
        })
    }
}

/// Moves the session's end behind the request: an answer does not wait for it,
/// and reading goes on while the disk is full.
fn move_on(app: &AppState, live: &LiveSession) {
    let Some(end_ms) = live.move_end_to_ms else {
        return;
    };
    let token_hash = live.token_hash.clone();
    let app = Arc::clone(app);
    tokio::spawn(async move {
        let moved = app
            .writer
            .run(move |tx| Box::pin(async move { users::move_end(tx, &token_hash, end_ms).await }))
            .await;
        if let Err(error) = moved {
            tracing::warn!(%error, "a session's end could not be moved");
        }
    });
}

/// A user who may rule: a viewer may not.
///
/// # Errors
/// `not_allowed`.
pub(crate) fn may_rule(who: &SignedIn) -> Result<(), ApiProblem> {
    match who.user.role {
        Role::Admin | Role::Coordinator => Ok(()),
        Role::Viewer => Err(ProblemCode::NotAllowed.into()),
    }
}
