//! The audit: who did what when.
//!
//! Each entry of the endpoint's log as people look at it. What an entry says
//! (`event`) is the endpoint's own type, whose TypeScript twin is `LogEvent`.

use std::collections::BTreeMap;

use domain::RegionCode;
use serde::{Deserialize, Serialize};

use crate::slot_id::SlotId;
use crate::timestamp::Timestamp;

/// Answer to `GET /v1/audit`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct AuditAnswer {
    /// Newest first.
    pub entries: Vec<AuditEntry>,
    /// Pass as `before` for older ones; `None` when there are no more.
    pub next: Option<i64>,
    /// Index of the log's newest entry, of any kind.
    pub newest: i64,
    /// Names of the devices' witnesses, of witnesses and of villages that the
    /// entries name, by their ids and codes.
    pub names: BTreeMap<String, String>,
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct AuditEntry {
    /// Position in the log.
    pub log_index: i64,
    /// By the endpoint's clock.
    pub at: Timestamp,
    /// The user who acted; `None` when a device or the endpoint itself did.
    pub actor: Option<String>,
    /// What happened.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    #[ts(type = "import('./LogEvent').LogEvent")]
    pub event: serde_json::Value,
    /// Over the hash before and this entry.
    pub hash: String,
}

/// Which entries; a member that is absent means any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
#[ts(export)]
pub struct AuditFilter {
    /// What this user did.
    #[ts(optional)]
    pub actor: Option<String>,
    /// About this device.
    #[ts(optional)]
    pub device: Option<String>,
    /// About this witness.
    #[ts(optional)]
    pub witness: Option<String>,
    /// Of this kind.
    #[ts(optional)]
    pub kind: Option<String>,
    /// About this slot.
    #[ts(optional)]
    pub slot: Option<SlotId>,
    /// About what lies in this region or polling station.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    #[ts(optional)]
    pub region: Option<RegionCode>,
    /// Not before this.
    #[ts(optional)]
    pub from: Option<Timestamp>,
    /// Before this.
    #[ts(optional)]
    pub to: Option<Timestamp>,
}

/// Answer to `GET /v1/audit/chain`: a stretch of the chain was walked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct AuditChain {
    /// The last entry that fits; the walk goes on after it.
    pub checked_to: i64,
    /// Its hash, to be given back with the next call.
    pub hash: String,
    /// The entry that does not fit, if one does not.
    pub broken_at: Option<i64>,
    /// Signed heads that fit on the way.
    pub checkpoints: u32,
    /// The log's newest entry.
    pub newest: i64,
    /// The newest signed head.
    pub checkpoint: Option<SignedHead>,
}

/// A head of the log that the endpoint has signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct SignedHead {
    /// The entry.
    pub log_index: i64,
    /// Its hash.
    pub hash: String,
    /// When it was signed.
    pub signed_at: Timestamp,
}

/// How an export of the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum AuditFormat {
    /// Lines of JSON.
    Jsonl,
    /// A table.
    Csv,
}

/// Body of `POST /v1/audit/export`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct AuditExportRequest {
    /// How it is written.
    pub format: AuditFormat,
    /// Which entries are shown; the others stand in it as hashes.
    #[serde(default)]
    pub filter: AuditFilter,
}
