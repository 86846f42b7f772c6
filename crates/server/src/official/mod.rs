//! Official figures beside our own.
//!
//! A file as published, CSV (`table`) or KPU's JSON (`json`), is read whole, each
//! of its places is looked up (`places`), and is taken in as one or not at all
//! (`keep`); what is wrong is told row by row. A place that a later file names
//! again has that file's figures from then on; the log keeps the hash of each.
//! The differences (`compare`) are worked out on reading; those of polling
//! stations are irregularities too (`crate::irregularities`).

mod compare;
mod evidence;
mod json;
mod keep;
mod places;
mod route;
mod table;

pub use keep::{Bringing, bring};

use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;

/// Largest file, in bytes: the stations of a large province with all figures.
pub const FILE_MAX_BYTES: usize = 32 * 1024 * 1024;

/// Its routes.
pub fn routes() -> OpenApiRouter<AppState> {
    let bring = OpenApiRouter::new()
        .routes(routes!(route::bring))
        .layer(DefaultBodyLimit::max(FILE_MAX_BYTES));
    OpenApiRouter::new()
        .routes(routes!(route::show))
        .merge(bring)
}
