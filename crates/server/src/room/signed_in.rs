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

/// What an operator may ask for: paths, and beginnings of paths that end in
/// `/`. The rest of the room shows figures of forms that are still to be read
/// blind, so it is closed, and so is whatever is added here later.
const OPEN_TO_OPERATORS: [&str; 8] = [
    "/v1/session",
    "/v1/regions",
    "/v1/events",
    "/v1/photos/",
    "/v1/queue",
    "/v1/queue/",
    "/v1/slots/",
    "/v1/desk/",
];

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
    pub(crate) fn sees(&self, region: &RegionCode) -> bool {
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
    pub(crate) fn within(
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
        if live.user.role == Role::Operator && !is_open_to_operators(parts.uri.path()) {
            return Err(ProblemCode::NotAllowed.into());
        }
        Ok(Self {
            user: live.user,
            token_hash: live.token_hash,
        })
    }
}

fn is_open_to_operators(path: &str) -> bool {
    OPEN_TO_OPERATORS
        .iter()
        .any(|open| path == *open || (open.ends_with('/') && path.starts_with(open)))
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

/// A user who may do what is not about slots.
///
/// # Errors
/// `not_allowed`.
pub(crate) fn may_administer(who: &SignedIn) -> Result<(), ApiProblem> {
    match who.user.role {
        Role::Admin => Ok(()),
        Role::Coordinator | Role::Operator | Role::Viewer => Err(ProblemCode::NotAllowed.into()),
    }
}

/// A user who may rule on whatever he or she sees: a viewer may not, and an
/// operator only confirms what the queue hands out.
///
/// # Errors
/// `not_allowed`.
pub(crate) fn may_rule(who: &SignedIn) -> Result<(), ApiProblem> {
    match who.user.role {
        Role::Admin | Role::Coordinator => Ok(()),
        Role::Operator | Role::Viewer => Err(ProblemCode::NotAllowed.into()),
    }
}
