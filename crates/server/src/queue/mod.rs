//! The queue: what is to be looked at next, by one person at a time.
//!
//! Where a slot stands in the queue is worked out with its state (`rank`) and
//! kept in its row, so that the next item comes from an index. A claim
//! (`claims`) is no evidence: it is not in the log, but it is in the
//! database, so that all replicas give the same answer. What somebody read
//! (`readings`) is evidence, append-only and logged.
//!
//! Promised: no item is in two hands; nobody is offered what he or she has
//! read, entered at the desk ([`crate::desk`]), or ruled with figures of his or
//! her own; who reads blind is told nobody's
//! figures, here or elsewhere. Nothing is verified here: an agreement becomes a
//! ruling in `room::decisions` like any other.

mod claim;
mod claims;
mod overview;
mod people;
pub(crate) mod rank;
mod readings;
mod ruled;
mod settings;
mod tag;

pub use rank::Open;
pub(crate) use readings::{digest as reading_digest, reading_in};
pub(crate) use ruled::{Through, follow, may_decide, may_see_figures, only_confirms};
pub(crate) use settings::election;

use domain::RegionCode;
use protocol::SlotId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::storage::{StorageError, Tx};

/// Its routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(overview::show))
        .routes(routes!(claim::claim))
        .routes(routes!(claim::renew))
        .routes(routes!(claim::release))
        .routes(routes!(readings::take_in))
        .routes(routes!(settings::show, settings::set))
        .routes(routes!(people::show))
}

/// Gives up one item that `user` may hold.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn let_go(tx: &mut Tx, user: &str, slot: &SlotId) -> Result<(), StorageError> {
    claims::release(tx, user, std::slice::from_ref(slot), false).await
}

/// The names of an election's slots in a region, or everywhere: from the first
/// (included) to the second (excluded), since `:` follows on the digits.
pub(crate) fn slots_within(election: &str, region: Option<&RegionCode>) -> (String, String) {
    let digits = region.map_or("", RegionCode::as_str);
    (
        format!("{election}/{digits}"),
        format!("{election}/{digits}:"),
    )
}

/// The condition that the slot in `column` lies from `$1` to `$2` as
/// [`slots_within`] says it, for statements that read in an order of their own.
/// Said as what it is not, it does not tempt SQLite away from that order's index,
/// and PostgreSQL still knows how many slots lie there.
pub(crate) fn lies_within(column: &str) -> String {
    format!("NOT ({column} < $1 OR {column} >= $2)")
}
