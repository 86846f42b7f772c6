//! How the night went and who gets which seats: bodies beside those of the
//! totals themselves.

use std::collections::BTreeMap;

use domain::seats::Allotment;
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

/// The seats of one dapil by what is verified and received now. The threshold is
/// the whole country's, whose votes are not here: who stays below it is what the
/// question says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct DapilSeats {
    /// Name of the dapil.
    pub name: String,
    /// Its seats.
    pub seats: u32,
    /// Its polling stations.
    pub tps: u64,
    /// Those from which anything has arrived.
    pub received: u64,
    /// Those in conflict: contested votes are not counted.
    pub conflict: u64,
    /// Votes verified and received, by ballot number.
    pub votes: BTreeMap<String, u64>,
    /// Who gets the seats, and what the last one hangs on.
    pub allotment: Allotment,
}
