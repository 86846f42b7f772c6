//! What an operator needs of an endpoint: whether it is well, what it has
//! counted, its users, backups, and proof that nothing was rewritten.

pub mod archive;
pub mod backup;
pub mod device;
mod evidence;
pub mod health;
pub mod metrics;
pub mod open;
pub mod post;
pub mod restore;
pub mod tables;
pub mod user;
pub mod verify_log;
mod vouched;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use health::Readiness;
pub use metrics::Metrics;
pub(crate) use vouched::Vouched;

use crate::app::AppState;

/// Its routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(health::counters))
}
