//! HTTP: which routes there are, what surrounds all of them, and the sockets.

mod json;
mod listen;
mod query;
mod surround;

pub use json::StrictJson;
pub use listen::{Caller, serve};
pub use query::StrictQuery;

use axum::Router;
use utoipa_axum::router::OpenApiRouter;

use crate::app::AppState;
use crate::{
    audit, bundles, coverage, desk, dossier, enrol, inbox, intake, irregularities, official,
    operations, paper, photos, queue, room, sms, workbooks,
};

/// All routes with their descriptions, before anything surrounds them.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(enrol::routes())
        .merge(intake::routes())
        .merge(bundles::routes())
        .merge(sms::routes())
        .merge(inbox::routes())
        .merge(photos::routes())
        .merge(room::routes())
        .merge(queue::routes())
        .merge(desk::routes())
        .merge(irregularities::routes())
        .merge(workbooks::routes())
        .merge(paper::routes())
        .merge(coverage::routes())
        .merge(official::routes())
        .merge(audit::routes())
        .merge(dossier::routes())
        .merge(operations::routes())
}

/// The whole service.
pub fn router(app: AppState) -> Router {
    let router = Router::from(routes());
    surround::with_layers(router, &app).with_state(app)
}
