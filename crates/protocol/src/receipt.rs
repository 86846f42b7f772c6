//! Receipts: the endpoint's signed word that it durably holds something.

use serde::{Deserialize, Serialize};

use crate::envelope::{Envelope, EnvelopeError, RECEIPT_TYPE};
use crate::keys::{PublicKey, SecretKey};
use crate::timestamp::Timestamp;

/// The version of the payload that this code writes and reads.
pub const VERSION: u32 = 1;

/// What a receipt is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptKind {
    /// A revision.
    Revision,
    /// A photo.
    Photo,
}

/// The payload of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Version of this payload, 1.
    pub v: u32,
    /// What it is about.
    pub kind: ReceiptKind,
    /// The `rev_id`, or the photo's hash.
    pub id: String,
    /// The device that it was given to.
    pub device: String,
    /// Position in the endpoint's log.
    pub log_index: u64,
    /// By the endpoint's clock.
    pub received_at: Timestamp,
}

/// Why a receipt is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// The envelope does not open under the pinned key.
    #[error("the receipt does not verify: {0}")]
    Envelope(#[from] EnvelopeError),
    /// Signed, but not a receipt of this version.
    #[error("the receipt is not of the documented shape")]
    Shape,
    /// A good receipt for something else, or for somebody else.
    #[error("the receipt is for something else")]
    Other,
}

impl Receipt {
    /// Signs this receipt with the endpoint's key called `keyid`.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn seal(&self, keyid: &str, key: &SecretKey) -> Result<Envelope, serde_json::Error> {
        Ok(Envelope::seal(
            RECEIPT_TYPE,
            &serde_json::to_vec(self)?,
            keyid,
            key,
        ))
    }

    /// The receipt in `envelope`, once it verifies under the pinned `key` and
    /// is for exactly this `kind`, `id` and `device`.
    ///
    /// # Errors
    /// [`ReceiptError`], the first thing that is wrong.
    pub fn open(
        envelope: &Envelope,
        key: &PublicKey,
        kind: ReceiptKind,
        id: &str,
        device: &str,
    ) -> Result<Self, ReceiptError> {
        let payload = envelope.open(RECEIPT_TYPE, key)?;
        let receipt: Self = serde_json::from_slice(&payload).map_err(|_| ReceiptError::Shape)?;
        if receipt.v != VERSION {
            return Err(ReceiptError::Shape);
        }
        if receipt.kind != kind || receipt.id != id || receipt.device != device {
            return Err(ReceiptError::Other);
        }
        Ok(receipt)
    }
}
