//! Taking the next items, keeping them, and giving them up.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use protocol::console::SlotDetail;
use protocol::limits::QUEUE_HELD_MAX;
use protocol::queue::{
    BlindSheet, ClaimAnswer, ClaimRequest, QueueItem, ReleaseRequest, RenewAnswer, RenewRequest,
    Task, Way,
};
use protocol::{ProblemCode, SlotId};

use super::claims::{self, CLAIM_MS, Held, Wanted};
use super::rank::kinds_for;
use super::{readings, settings, slots_within, tag};
use crate::api_problem::ApiProblem;
use crate::app::{App, AppState};
use crate::room::{Change, SignedIn, seen};
use crate::storage::StorageError;

/// Claims the next items, and renews those that the caller holds.
#[utoipa::path(post, path = "/v1/queue/claim", tag = "queue", request_body = ClaimRequest,
    responses(
        (status = 200, body = ClaimAnswer),
        (status = 400, description = "`request_invalid`: too many or too few to hold"),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed`: not for this role; or `cross_origin`"),
        (status = 404, description = "A region outside the user's own"),
    ))]
pub(super) async fn claim(
    State(app): State<AppState>,
    who: SignedIn,
    Change(asked): Change<ClaimRequest>,
) -> Result<Json<ClaimAnswer>, ApiProblem> {
    let allowed = kinds_for(who.user.role);
    let kinds = if asked.kinds.is_empty() {
        allowed.clone()
    } else {
        asked.kinds
    };
    if allowed.is_empty() || kinds.iter().any(|kind| !allowed.contains(kind)) {
        return Err(ProblemCode::NotAllowed.into());
    }
    if !(1..=QUEUE_HELD_MAX).contains(&asked.hold) || asked.known.len() > held_max() {
        let detail = format!("hold is 1 to {QUEUE_HELD_MAX}, and known names no more");
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    let known = asked.known;
    let election = settings::election(&app).await?;
    let region = who.within(asked.region)?;
    let wanted = Wanted {
        user: who.user.name.clone(),
        range: slots_within(&election, region.as_ref()),
        contest: asked.contest,
        kinds,
        allowed,
        hold: asked.hold,
        mode: settings::read(&mut *app.storage.reading().acquire().await?, &election)
            .await?
            .mode,
    };
    let held = app
        .writer
        .run::<_, StorageError, _>(move |tx| {
            Box::pin(async move { claims::fill_up(tx, &wanted).await })
        })
        .await?;
    // Before what they name: what changes in between is told the next time.
    let mut tags = tag::of(app.storage.reading(), &held).await?;
    let mut answer = ClaimAnswer {
        held: held.iter().map(|one| one.slot.clone()).collect(),
        items: Vec::new(),
        lasts_ms: CLAIM_MS,
    };
    for one in held {
        let tag = tags.remove(&one.slot).ok_or(ProblemCode::NotFound)?;
        if !known.iter().any(|it| it.slot == one.slot && it.tag == tag) {
            answer.items.push(item(&app, &who, one, tag).await?);
        }
    }
    Ok(Json(answer))
}

/// Items that one person holds, at most.
fn held_max() -> usize {
    usize::try_from(QUEUE_HELD_MAX).unwrap_or(usize::MAX)
}

/// An item with what may be seen of its slot.
async fn item(app: &App, who: &SignedIn, held: Held, tag: String) -> Result<QueueItem, ApiProblem> {
    let detail = seen(app, who, &held.slot).await?;
    let task = match held.way {
        Way::Look => Task::Look {
            kind: held.kind,
            detail: Box::new(detail),
        },
        Way::Blind => Task::Blind {
            sheet: Box::new(sheet(detail)),
        },
        Way::Resolve => Task::Resolve {
            kind: held.kind,
            detail: Box::new(detail),
            readings: readings::of_slot(app.storage.reading(), &held.slot).await?,
        },
    };
    Ok(QueueItem {
        slot: held.slot,
        tag,
        task,
    })
}

/// What somebody may see who reads blind: where it is from, and the photos.
fn sheet(detail: SlotDetail) -> BlindSheet {
    let mut photos = detail.photos;
    for photo in &mut photos {
        photo.same_as.clear();
    }
    BlindSheet {
        place: detail.place,
        number: detail.number,
        contest: detail.contest,
        photos,
    }
}

/// Renews what the caller holds, and says what is on the screen.
#[utoipa::path(post, path = "/v1/queue/renew", tag = "queue", request_body = RenewRequest,
    responses(
        (status = 200, body = RenewAnswer),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`cross_origin`"),
    ))]
pub(super) async fn renew(
    State(app): State<AppState>,
    who: SignedIn,
    Change(asked): Change<RenewRequest>,
) -> Result<Json<RenewAnswer>, ApiProblem> {
    let held = app
        .writer
        .run::<Vec<SlotId>, ApiProblem, _>(move |tx| {
            Box::pin(async move { Ok(claims::renew(tx, &who.user.name, &asked.on_screen).await?) })
        })
        .await?;
    Ok(Json(RenewAnswer { held }))
}

/// Gives up what the caller holds.
#[utoipa::path(post, path = "/v1/queue/release", tag = "queue", request_body = ReleaseRequest,
    responses(
        (status = 204, description = "Given up, what was held"),
        (status = 400, description = "`request_invalid`: more than anybody holds"),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`cross_origin`"),
    ))]
pub(super) async fn release(
    State(app): State<AppState>,
    who: SignedIn,
    Change(asked): Change<ReleaseRequest>,
) -> Result<StatusCode, ApiProblem> {
    if asked.slots.len() > held_max() {
        let detail = format!("at most {QUEUE_HELD_MAX} slots");
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    app.writer
        .run::<_, ApiProblem, _>(move |tx| {
            Box::pin(async move {
                let user = &who.user.name;
                Ok(claims::release(tx, user, &asked.slots, asked.is_skipped).await?)
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
