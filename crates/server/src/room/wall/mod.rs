//! Screens on a wall: totals for a room, without anybody being signed in.
//!
//! An admin makes a link ([`links`]), which names a region and ends by itself.
//! Who has it reads the totals of that region and of the regions below it, how
//! the night goes there, and nothing else: no slot, no photo, no witness. Its
//! token is 256 random bits, of which the endpoint keeps a hash, and every use
//! asks the database whether the link still holds, so a revocation works at
//! once and in every replica.

mod admin;
mod guard;
mod links;
mod show;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;

/// Screens that wait for news at a time, per process.
pub(super) const WAITING_MAX: usize = 500;

/// Its routes.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(admin::list, admin::make))
        .routes(routes!(admin::revoke))
        .routes(routes!(show::view))
        .routes(routes!(show::totals))
        .routes(routes!(show::news))
}
