//! Signing in and out, and who is signed in.

use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use domain::RegionCode;
use protocol::ProblemCode;
use protocol::console::{RegionalContest, Session, SignIn};

use super::change::{Change, SameOrigin};
use super::password;
use super::signed_in::{COOKIE, SignedIn};
use super::users::{self, KnownUser};
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::catalogue::Catalogue;
use crate::http::Caller;
use crate::keys;
use crate::log::Event;

/// How long a sign-in waits for its turn to be checked.
const PASSWORD_WAIT: Duration = Duration::from_secs(10);

/// Signs in with a user name and a password.
#[utoipa::path(post, path = "/v1/session", tag = "sign-in", request_body = SignIn, responses(
    (status = 204, description = "Signed in; the answer sets the session's cookie"),
    (status = 401, description = "`credentials_invalid`"),
    (status = 403, description = "`cross_origin`"),
    (status = 429, description = "`rate_limited`, with Retry-After"),
    (status = 503, description = "`overloaded`: too many sign in at once"),
))]
pub(super) async fn sign_in(
    State(app): State<AppState>,
    caller: Caller,
    jar: CookieJar,
    Change(body): Change<SignIn>,
) -> Result<(StatusCode, CookieJar), ApiProblem> {
    let caller = caller.0.to_string();
    let name = body.user.trim().to_ascii_lowercase();
    // A name that cannot be one is still counted and still takes its time.
    let counted: String = name.chars().take(users::NAME_MAX_CHARS).collect();
    if let Err(wait) = app.room.throttle.begin(&counted, &caller, Instant::now()) {
        app.metrics.sign_in("throttled");
        let no = ApiProblem::new(ProblemCode::RateLimited);
        return Err(no.with_retry_after(wait.as_secs().saturating_add(1)));
    }
    let known = users::find(app.storage.reading(), &name).await?;
    let Some(known) = checked(&app, known, body.password).await? else {
        app.metrics.sign_in("wrong");
        return Err(ProblemCode::CredentialsInvalid.into());
    };
    app.room.throttle.right(&counted, &caller);
    let token = keys::random_token()?;
    let (own, user) = (token.clone(), known.user.name);
    app.writer
        .run::<_, ApiProblem, _>(move |tx| {
            Box::pin(async move { Ok(users::begin_session(tx, &user, &own).await?) })
        })
        .await?;
    app.metrics.sign_in("right");
    Ok((StatusCode::NO_CONTENT, jar.add(cookie(token))))
}

/// The user, when the password is right. Off the async threads, few at a time.
async fn checked(
    app: &AppState,
    known: Option<KnownUser>,
    password: String,
) -> Result<Option<KnownUser>, ApiProblem> {
    let place = app.room.password_places.acquire();
    let _place = tokio::time::timeout(PASSWORD_WAIT, place)
        .await
        .map_err(|_| ProblemCode::Overloaded)?
        .map_err(ApiProblem::internal)?;
    tokio::task::spawn_blocking(move || {
        let kept = known.as_ref().map(|known| known.password_hash.as_str());
        let is_right = password::is_right(&password, kept);
        known.filter(|_| is_right)
    })
    .await
    .map_err(ApiProblem::internal)
}

fn cookie(token: String) -> Cookie<'static> {
    Cookie::build((COOKIE, token))
        .path("/")
        .http_only(true)
        .secure(true)
        .same_site(SameSite::Strict)
        .build()
}

/// Signs out.
#[utoipa::path(delete, path = "/v1/session", tag = "session", responses(
    (status = 204, description = "Signed out, or nobody was signed in"),
    (status = 403, description = "`cross_origin`"),
))]
pub(super) async fn sign_out(
    State(app): State<AppState>,
    _: SameOrigin,
    who: Result<SignedIn, ApiProblem>,
    jar: CookieJar,
) -> Result<(StatusCode, CookieJar), ApiProblem> {
    if let Ok(who) = who {
        app.writer
            .run::<_, ApiProblem, _>(move |tx| {
                Box::pin(async move {
                    users::end_session(tx, &who.token_hash).await?;
                    let name = who.user.name.clone();
                    tx.append(Some(&who.user.name), &Event::SignedOut { name })?;
                    Ok(())
                })
            })
            .await?;
    }
    Ok((StatusCode::NO_CONTENT, jar.remove(cookie(String::new()))))
}

/// Who is signed in, and for what.
#[utoipa::path(get, path = "/v1/session", tag = "session", responses(
    (status = 200, body = Session),
    (status = 401, description = "`not_signed_in`"),
))]
pub(super) async fn who_is_signed_in(
    State(app): State<AppState>,
    who: SignedIn,
) -> Result<Json<Session>, ApiProblem> {
    let catalogue = app.catalogues.get().await?;
    session(&who, &catalogue)
        .map(Json)
        .ok_or_else(|| ApiProblem::because(ProblemCode::NotFound, "no election is set up here"))
}

/// `None` while there is no election.
fn session(who: &SignedIn, catalogue: &Catalogue) -> Option<Session> {
    let election = catalogue.newest_election()?.clone();
    let held = catalogue.contests.get(&election.id)?;
    let widest = held
        .iter()
        .map(|held| &held.region)
        .min_by_key(|region| region.level())?;
    let region = who.user.region.clone().unwrap_or_else(|| widest.clone());
    let contests: Vec<RegionalContest> = held
        .iter()
        .filter(|held| touches(&held.region, &region))
        .cloned()
        .collect();
    let forms = catalogue
        .forms
        .values()
        .filter(|form| contests.iter().any(|held| held.contest.form == form.id))
        .cloned()
        .collect();
    Some(Session {
        user: who.user.name.clone(),
        role: who.user.role,
        region,
        election,
        contests,
        forms,
    })
}

/// Whether one of these regions lies in the other.
pub(super) fn touches(one: &RegionCode, other: &RegionCode) -> bool {
    one.is_within(other) || other.is_within(one)
}
