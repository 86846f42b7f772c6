//! How the night went: bodies beside those of the totals themselves.

use serde::{Deserialize, Serialize};

use crate::timestamp::Timestamp;

/// Answer to `GET /v1/progress`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct ProgressAnswer {
    /// Quarters of an hour in which anything changed, oldest first; one that
    /// is not there ended like the one before it.
    pub quarters: Vec<Quarter>,
}

/// Where the polling stations of a region stood at the end of a quarter of an
/// hour; of the last one, where they stand now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Quarter {
    /// When it began, by the endpoint's clock.
    pub began_at: Timestamp,
    /// Polling stations from which anything had arrived.
    pub received: u64,
    /// Those ruled on.
    pub verified: u64,
}
