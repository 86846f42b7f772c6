//! Revisions: signed, complete statements by one device about one slot.

use domain::{Counts, Location, TpsCode};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::desk::DeskOrigin;
use crate::encoding::is_sha256_hex;
use crate::envelope::Envelope;
use crate::limits;
use crate::problem::Problem;
use crate::slot_id::{self, SlotId};
use crate::timestamp::Timestamp;

/// The version of the payload that this code writes and reads.
pub const VERSION: u32 = 1;

/// The payload of a revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// Version of this payload, 1.
    pub v: u32,
    /// Id of the election.
    pub election: String,
    /// The polling station.
    pub tps: TpsCode,
    /// Id of the contest.
    pub contest: String,
    /// Id of the device that states this.
    pub device: String,
    /// The device's number for this revision in this slot, from 1.
    pub seq: u64,
    /// The device's revision before it in this slot.
    pub prev: Option<String>,
    /// The figures, perhaps partial.
    pub counts: Counts,
    /// TPS number as read from the form's head.
    #[serde(default)]
    pub form_tps: Option<String>,
    /// The photos that belong to it.
    pub photos: Vec<PhotoRef>,
    /// What else the witness wants known.
    #[serde(default)]
    pub flags: Vec<String>,
    /// Free words, answers to findings included.
    #[serde(default)]
    pub note: String,
    /// By the device's clock, which may be wrong.
    pub recorded_at: Timestamp,
    /// How the device's clock ran.
    #[serde(default)]
    pub clock: Option<Clock>,
    /// Where, if the witness allowed it.
    #[serde(default)]
    pub location: Option<Location>,
    /// Version of the app.
    #[serde(default)]
    pub app: String,
    /// Where a desk of the counting room has the figures from; a phone's
    /// revision has none, and is written without the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<DeskOrigin>,
}

/// One photo that a revision names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct PhotoRef {
    /// What it shows.
    pub kind: PhotoKind,
    /// Page of the form, from 1; `None` when unknown.
    pub page: Option<u32>,
    /// Hash of the reading copy.
    pub sha256: String,
    /// Its size in bytes.
    #[serde(rename = "bytes")]
    pub size_bytes: u64,
    /// Where it came from.
    pub source: PhotoSource,
    /// The untouched original, if it can be sent.
    #[serde(default)]
    pub original: Option<OriginalRef>,
    /// When it was taken, by the device's clock or the photo's own word.
    #[serde(default)]
    pub taken_at: Option<Timestamp>,
}

/// What a photo shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PhotoKind {
    /// A page of the result form.
    Form,
    /// The objection form.
    Objection,
    /// Anything else.
    Other,
}

/// Where a photo came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PhotoSource {
    /// Taken in the app.
    Camera,
    /// Picked from files.
    Gallery,
}

/// The untouched original of a photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct OriginalRef {
    /// Its hash.
    pub sha256: String,
    /// Its size in bytes.
    #[serde(rename = "bytes")]
    pub size_bytes: u64,
}

/// How a device's clock ran, to compare its times with one another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Changes with every start of the device.
    pub boot: String,
    /// Milliseconds since that start.
    pub monotonic_ms: u64,
}

/// Why a payload is not a revision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RevisionError {
    /// More bytes than [`limits::PAYLOAD_MAX_BYTES`].
    #[error("the payload is larger than {} bytes", limits::PAYLOAD_MAX_BYTES)]
    TooLarge,
    /// Not JSON of the documented shape, or unknown keys in it.
    #[error("the payload is not of the documented shape: {0}")]
    Shape(String),
    /// Something in it is out of bounds.
    #[error("{0}")]
    OutOfBounds(&'static str),
}

impl Revision {
    /// The revision in a payload's bytes.
    ///
    /// # Errors
    /// [`RevisionError`], the first thing that is wrong. Whether the figures
    /// fit a form, or add up, is not asked here.
    pub fn from_payload(payload: &[u8]) -> Result<Self, RevisionError> {
        if payload.len() > limits::PAYLOAD_MAX_BYTES {
            return Err(RevisionError::TooLarge);
        }
        let revision: Self = serde_json::from_slice(payload)
            .map_err(|cause| RevisionError::Shape(cause.to_string()))?;
        revision.check_bounds()?;
        Ok(revision)
    }

    /// Its place.
    #[must_use]
    pub fn slot(&self) -> SlotId {
        SlotId {
            election: self.election.clone(),
            tps: self.tps.clone(),
            contest: self.contest.clone(),
        }
    }

    fn check_bounds(&self) -> Result<(), RevisionError> {
        let hash = |text: &Option<String>| text.as_deref().is_none_or(is_sha256_hex);
        let photos_fit = self.photos.iter().all(PhotoRef::is_sound);
        let checks = [
            (self.v == VERSION, "v is not 1"),
            (
                slot_id::is_id(&self.election) && slot_id::is_id(&self.contest),
                "election or contest is not an id",
            ),
            (
                self.seq >= 1 && i64::try_from(self.seq).is_ok(),
                "seq starts at 1",
            ),
            (hash(&self.prev), "prev is not a hash"),
            (
                self.photos.len() <= limits::PHOTOS_PER_REVISION_MAX,
                "too many photos",
            ),
            (photos_fit, "a photo's hash or size is out of bounds"),
            (
                self.note.len() <= limits::TEXT_MAX_BYTES,
                "the note is too long",
            ),
            (
                self.desk
                    .as_ref()
                    .is_none_or(|desk| desk.called.len() <= limits::DESK_CALLED_MAX_BYTES),
                "who was called is too long",
            ),
        ];
        match checks.iter().find(|(holds, _)| !holds) {
            Some((_, what)) => Err(RevisionError::OutOfBounds(what)),
            None => Ok(()),
        }
    }
}

impl PhotoRef {
    fn is_sound(&self) -> bool {
        let copy = is_sha256_hex(&self.sha256)
            && (1..=limits::READING_COPY_MAX_BYTES).contains(&self.size_bytes);
        let original = self.original.as_ref().is_none_or(|original| {
            is_sha256_hex(&original.sha256)
                && (1..=limits::ORIGINAL_MAX_BYTES).contains(&original.size_bytes)
        });
        copy && original
    }
}

/// Body of `POST /v1/revisions`, each envelope still as it came, so that one
/// bad envelope does not spoil the others.
#[derive(Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevisionsRequest {
    /// 1 to [`limits::ENVELOPES_MAX`] envelopes.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Envelope>))]
    pub envelopes: Vec<Box<RawValue>>,
}

/// Answer to `POST /v1/revisions`, in the order sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevisionsAnswer {
    /// One result per envelope.
    pub results: Vec<RevisionResult>,
    /// Photos should not be sent before this, by the endpoint's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photos_not_before: Option<Timestamp>,
}

/// What became of one envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct RevisionResult {
    /// Its id: the hash of its payload; empty when there was none to hash.
    pub rev_id: String,
    /// Stored now, known before, or refused.
    pub status: RevisionStatus,
    /// The signed receipt, unless refused. The screens make nothing of it.
    #[ts(type = "unknown")]
    pub receipt: Option<Envelope>,
    /// Why it was refused.
    pub problem: Option<Problem>,
}

/// What became of an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RevisionStatus {
    /// Durable now.
    Stored,
    /// Durable before: the same receipt again.
    Known,
    /// Not taken in; the problem says why.
    Refused,
}
