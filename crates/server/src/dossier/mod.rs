//! Dossiers: for chosen slots, one file for lawyers.
//!
//! A dossier has two parts. The **machine part** is everything that can be
//! checked without the endpoint: the envelopes as they came, receipts, photos,
//! rulings, readings, the paper's steps, devices' keys, and a part of the log up to a signed
//! head ([`crate::log::part`]); its manifest names each file with its hash, and the
//! manifest's hash stands for the whole. The **pages** are for people, and show that hash on
//! the first one, so that paper and file can be told to belong together. A seal,
//! signed by the endpoint, names both.
//!
//! A dossier is made while it is sent (`make`) and kept nowhere; it can be made
//! again. That it was made is an entry of the log. `verify` checks one offline.
//!
//! What is proved: these statements, photos and rulings are what the devices
//! signed and what the endpoint logged, in this order, unchanged since. What is
//! not: that there was nothing else about a slot. A message that came by SMS is
//! vouched for by the log; its mac needs a key that does not leave the endpoint.
//!
//! Absent: phone numbers and identity numbers, which the endpoint does not have;
//! names of witnesses stand on the pages and not in the machine part.

mod archive;
mod choose;
mod gather;
pub mod machine;
mod make;
mod pages;
mod route;
pub mod verify;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;

/// Dossiers that are made at a time; more are told to come back.
pub(crate) const AT_A_TIME: usize = 2;

/// Its routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(route::preview))
        .routes(routes!(route::make))
}
