//! The entry desk: figures that somebody of the counting room keys from a
//! paper, a phone call or a workbook.
//!
//! They meet a witness's figures as equals. Each user has a device of his or
//! her own for an election (`device`), made when first needed; what is keyed
//! becomes a revision signed with that device's key (`state`), goes through
//! the same intake, and is one more head of its slot. An entry is corrected by
//! another entry.
//!
//! The key is worked out from `server.key` and the device's id and stored
//! nowhere, so a restart, a replica and a restored endpoint have it when they
//! have `server.key`, and nobody else has. A backup does not hold what was
//! entered after it, and no phone can send that again; so that no number of a
//! lost entry is ever given to another, a restore moves all desks on to numbers
//! that were not in use (`after_restore`).
//!
//! Promised: nobody verifies what he or she entered (`has_entered`, asked by
//! the queue, by readings and by rulings). No answer here holds figures of
//! others or the state of a slot.

mod device;
mod enter;
mod entries;
mod form;
mod places;
mod state;
mod stations;

pub(crate) use device::{after_restore, entered_by, has_entered, open};
pub(crate) use places::{named_regions, place_of};
pub(crate) use state::{Stated, Statement, state};

use protocol::ProblemCode;
use protocol::console::Role;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::room::SignedIn;

/// Its routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(stations::find))
        .routes(routes!(form::show))
        .routes(routes!(entries::list, enter::enter))
}

/// A user who may enter figures.
///
/// # Errors
/// `not_allowed` for a viewer.
fn may_enter(who: &SignedIn) -> Result<(), ApiProblem> {
    match who.user.role {
        Role::Admin | Role::Coordinator | Role::Operator => Ok(()),
        Role::Viewer => Err(ProblemCode::NotAllowed.into()),
    }
}
