//! The audit: who did what when, for admins and coordinators.
//!
//! What is shown is the log itself ([`crate::log`]), looked through by indexes
//! beside it (`filter`). A coordinator of one region sees what is about its
//! slots and polling stations; what is about no place is an admin's (and that
//! of coordinators of everywhere). An export is a part of the log whose chain
//! can be checked offline ([`crate::log::part`]): entries that its asker does
//! not see stand in it as hashes. Making one is itself an entry.
//!
//! Absent: wrong passwords and refused rulings. They change nothing, and a
//! stranger could fill the log with them; the metrics count them.

mod chain;
mod export;
mod filter;
mod list;
mod names;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;

/// Its routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(chain::walk))
        .routes(routes!(export::export))
}
