//! Bodies of the wall display: a screen that shows totals without anybody
//! being signed in, and the links that let it.

use domain::RegionCode;
use serde::{Deserialize, Serialize};

use crate::console::{Region, RegionalContest, RollupAnswer};
use crate::pack::Election;
use crate::timestamp::Timestamp;
use crate::totals::ProgressAnswer;

/// Body of `POST /v1/walls`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct WallLinkRequest {
    /// Where the screen hangs, or who has it: to know which link to revoke.
    pub name: String,
    /// The region whose totals it shows.
    pub region: RegionCode,
    /// For how many hours.
    pub valid_hours: u32,
}

/// A link, without what opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct WallLink {
    /// Its number.
    pub id: u64,
    /// See [`WallLinkRequest`].
    pub name: String,
    /// See [`WallLinkRequest`].
    pub region: Region,
    /// Who made it.
    pub made_by: String,
    /// By the endpoint's clock.
    pub made_at: Timestamp,
    /// From then on it opens nothing.
    pub expires_at: Timestamp,
    /// Who revoked it.
    pub revoked_by: Option<String>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Whether it opens anything now.
    pub is_live: bool,
}

/// Answer to `POST /v1/walls`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct WallLinkMade {
    /// The link.
    pub link: WallLink,
    /// What opens it: `/wall/#<token>`. The endpoint keeps only its hash, so
    /// it is told once.
    pub token: String,
}

/// Answer to `GET /v1/walls`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct WallLinksAnswer {
    /// Newest first.
    pub links: Vec<WallLink>,
    /// Most links that open anything at a time.
    pub live_max: u32,
}

/// Answer to `GET /v1/wall`: what this screen may show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct WallView {
    /// The link's name.
    pub name: String,
    /// From then on it shows nothing.
    pub expires_at: Timestamp,
    /// The region whose totals it shows.
    pub region: Region,
    /// The regions directly below it.
    pub below: Vec<Region>,
    /// The election.
    pub election: Election,
    /// Its contests, each with the region that it is held in.
    pub contests: Vec<RegionalContest>,
}

/// Answer to `GET /v1/wall/totals`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct WallTotals {
    /// The totals of the region asked for, as one entry.
    pub totals: RollupAnswer,
    /// How the night went there.
    pub progress: ProgressAnswer,
    /// When this was read, by the endpoint's clock.
    pub read_at: Timestamp,
}

/// Answer to `GET /v1/wall/news`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct WallNews {
    /// Pass as `after` to wait for what comes next.
    pub log_index: u64,
}
