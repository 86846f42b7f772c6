//! Photos on the wire: resumable, addressed by their hash.

use serde::{Deserialize, Serialize};

use crate::envelope::Envelope;

/// Header with the number of bytes that have arrived.
pub const UPLOAD_OFFSET: &str = "upload-offset";
/// Header with the number of bytes of the whole photo.
pub const UPLOAD_LENGTH: &str = "upload-length";
/// Content type of a piece of a photo.
pub const PIECE_TYPE: &str = "application/offset+octet-stream";

/// Answer when a photo is complete and durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhotoAnswer {
    /// The signed receipt.
    pub receipt: Envelope,
}
