//! The counting room over HTTP: who is signed in, slots, rulings, totals, and
//! what changes while one looks.
//!
//! Every call but the sign-in takes a `signed_in::SignedIn` and looks only
//! into that user's region; what lies outside does not exist for him or her
//! (404, not 403). Whatever changes something goes through
//! `change::Change`, which refuses other sites' pages.
//!
//! Devices have no access here: they carry tokens, not sessions. Screens on a
//! wall carry tokens too, and read totals only (`wall`).

mod change;
mod cross_origin;
mod decisions;
pub mod detail;
mod events;
mod feed;
mod openapi;
mod originals;
pub mod password;
mod photos;
mod prefix;
mod progress;
mod refused;
mod regions;
mod rollup;
mod ruling;
mod same_photos;
mod seats;
mod session;
mod sheets;
mod signed_in;
mod slot;
mod slots;
mod sums;
mod tag;
mod throttle;
mod totals;
pub mod users;
mod wall;

use std::sync::Arc;

use serde::de::DeserializeOwned;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use tokio::sync::{Semaphore, SemaphorePermit};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use change::{Change, SameOrigin};
pub(crate) use decisions::rule_on;
pub use feed::Feed;
pub(crate) use prefix::Prefix;
pub(crate) use regions::at_level as regions_at;
pub use ruling::digest as ruling_digest;
pub(crate) use signed_in::{SignedIn, may_administer, may_rule};
pub(crate) use slot::{SlotPath, seen, seen_slot};

use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::storage::StorageError;

/// Passwords checked at a time: each takes about 19 MiB.
const PASSWORDS_AT_A_TIME: usize = 2;
/// Photos decoded at a time.
const DECODED_AT_A_TIME: usize = 2;

/// What the counting room keeps in memory: nothing that matters after a
/// restart.
#[derive(Debug)]
pub struct Room {
    /// Counts wrong passwords.
    throttle: throttle::Throttle,
    password_places: Semaphore,
    decoding_places: Semaphore,
    /// Where sheets lie in photos.
    sheets: sheets::Sheets,
    /// What changes, for the consoles that follow.
    feed: Feed,
    /// Counts wrong links of wall displays.
    wall_throttle: throttle::Throttle,
    /// Wall displays that wait for news.
    wall_places: Semaphore,
    /// Dossiers that are being made.
    pub(crate) dossier_places: Arc<Semaphore>,
}

impl Room {
    /// A room whose consoles follow `feed`.
    #[must_use]
    pub fn new(feed: Feed) -> Self {
        Self {
            throttle: throttle::Throttle::default(),
            password_places: Semaphore::new(PASSWORDS_AT_A_TIME),
            decoding_places: Semaphore::new(DECODED_AT_A_TIME),
            sheets: sheets::Sheets::default(),
            feed,
            wall_throttle: throttle::Throttle::default(),
            wall_places: Semaphore::new(wall::WAITING_MAX),
            dossier_places: Arc::new(Semaphore::new(crate::dossier::AT_A_TIME)),
        }
    }

    /// A place among the few photos that are decoded at a time.
    async fn decoding_place(&self) -> Result<SemaphorePermit<'_>, ApiProblem> {
        let place = self.decoding_places.acquire().await;
        place.map_err(ApiProblem::internal)
    }
}

/// Its routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(
            session::sign_in,
            session::sign_out,
            session::who_is_signed_in
        ))
        .routes(routes!(slots::list))
        .routes(routes!(slot::show))
        .routes(routes!(decisions::decide))
        .routes(routes!(originals::ask))
        .routes(routes!(refused::list))
        .routes(routes!(refused::admit))
        .routes(routes!(rollup::totals))
        .routes(routes!(progress::over_the_night))
        .merge(wall::routes())
        .routes(routes!(regions::below))
        .routes(routes!(events::follow))
        .routes(routes!(photos::show))
        .routes(routes!(sheets::show))
        .routes(routes!(openapi::show))
}

/// A value of a closed list as the word it is kept by, as on the wire.
pub(crate) fn word<T: serde::Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The value that a kept word stands for.
pub(crate) fn from_word<T: DeserializeOwned>(
    what: &'static str,
    word: &str,
) -> Result<T, StorageError> {
    serde_json::from_value(serde_json::Value::String(word.to_owned()))
        .map_err(|cause| StorageError::corrupt(what, cause))
}

/// The value kept as JSON in a column.
pub(crate) fn json<T: DeserializeOwned>(
    row: &AnyRow,
    column: &'static str,
) -> Result<T, StorageError> {
    let text: String = row.try_get(column)?;
    serde_json::from_str(&text).map_err(|cause| StorageError::corrupt(column, cause))
}
