//! The paper: where each form's is, noted step by step.
//!
//! What somebody notes is evidence: append-only, in the log by its hash, and
//! held against it by `verify-log`. Where a paper stands follows from its steps
//! (`custody`), and is kept beside them for lists and totals. A note changes
//! no figure, no state and no `ETag`: a ruling does not have to wait for a
//! folder.
//!
//! Absent: operators. Papers come in at a desk of coordinators.

mod custody;
mod evidence;
mod lists;
mod note;
mod read;
mod show;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use evidence::verify;
pub(crate) use note::digest;
pub(crate) use read::{Totals, custody, place_in, steps};

use crate::app::AppState;

/// Its routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(note::take_in))
        .routes(routes!(show::station))
        .routes(routes!(show::history))
        .routes(routes!(lists::list, lists::make))
        .routes(routes!(lists::show))
        .routes(routes!(lists::qr))
}
