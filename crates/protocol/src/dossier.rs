//! Dossiers: files for lawyers about chosen slots.

use domain::{Mark, RegionCode, SlotState};
use serde::{Deserialize, Serialize};

use crate::slot_id::SlotId;

/// Header with about how many bytes a dossier will have.
pub const SIZE_ABOUT: &str = "saksi-size-about";

/// Body of `POST /v1/dossiers` and `POST /v1/dossiers/preview`: named slots, or
/// those of a region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct DossierRequest {
    /// Which slots.
    pub choice: DossierChoice,
    /// For the first page, such as the number of a case.
    #[serde(default)]
    pub title: String,
    /// Whether the untouched originals of photos go with it, where they are
    /// here.
    #[serde(default)]
    pub with_originals: bool,
}

/// Which slots a dossier is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[ts(export)]
pub enum DossierChoice {
    /// These.
    Slots(Vec<SlotId>),
    /// Those of a region, as the list of slots would show them.
    Filter(DossierFilter),
}

/// Slots as the list would show them; a member that is absent means any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
#[ts(export)]
pub struct DossierFilter {
    /// In this region; by default the user's own.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    #[ts(optional)]
    pub region: Option<RegionCode>,
    /// Of this contest.
    #[ts(optional)]
    pub contest: Option<String>,
    /// In this state; slots from which nothing has arrived are left out unless
    /// they are asked for.
    #[ts(optional)]
    pub state: Option<SlotState>,
    /// With this mark.
    #[ts(optional)]
    pub mark: Option<Mark>,
}

/// Answer to `POST /v1/dossiers/preview`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct DossierPreview {
    /// Slots that were chosen; one more than `slots_max` stands for more.
    pub slots: u32,
    /// Photos of theirs that are here and go with it.
    pub photos: u32,
    /// About how many bytes the file will have.
    pub size_bytes: u64,
    /// Most slots.
    pub slots_max: u32,
    /// Most bytes.
    pub size_max_bytes: u64,
}
