//! Coverage and calling: how far each polling station is, whom to call, and
//! messages to the phones.
//!
//! What the endpoint knows of a device is when it last asked for news, what it
//! said then of itself, and up to where it has read its inbox (`contacts`).
//! That is no evidence and not in the log. A call that was noted (`calls`)
//! and a message that was sent (`messages`) are.
//!
//! A board is read anew each time, from indexes, in one statement (`board`).
//!
//! A witness's phone number is personal: it is given to coordinators alone, and
//! stands in no log and no message.

mod board;
mod calls;
pub(crate) mod contacts;
mod evidence;
pub(crate) mod messages;
pub(crate) mod phones;
mod reach;
mod stations;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use evidence::verify;

use crate::app::AppState;

/// Its routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(board::show))
        .routes(routes!(stations::list))
        .routes(routes!(calls::list, calls::note))
        .routes(routes!(phones::set))
        .routes(routes!(messages::list, messages::send))
        .routes(routes!(reach::show))
}
