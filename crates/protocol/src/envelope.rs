//! Signed envelopes (DSSE v1).
//!
//! The signature covers the payload's bytes as they were sent together with
//! their type. A receiver verifies the bytes it received and never writes them
//! anew.

use serde::{Deserialize, Serialize};

use crate::encoding;
use crate::keys::{PublicKey, SecretKey};

/// Type of a revision's payload.
pub const REVISION_TYPE: &str = "application/vnd.saksi.revision.v1+json";
/// Type of a receipt's payload.
pub const RECEIPT_TYPE: &str = "application/vnd.saksi.receipt.v1+json";

/// A payload, its type, and exactly one signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Envelope {
    /// What the payload is.
    #[serde(rename = "payloadType")]
    pub payload_type: String,
    /// Base64 of the payload's bytes.
    pub payload: String,
    /// Exactly one.
    pub signatures: Vec<EnvelopeSignature>,
}

/// Who signed, and the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnvelopeSignature {
    /// Id of the device, or of the endpoint's key.
    pub keyid: String,
    /// Base64 of 64 bytes.
    pub sig: String,
}

/// Why an envelope is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Not of the shape of an envelope, or unknown keys in it.
    #[error("not an envelope with one signature")]
    Shape,
    /// Another type than the one expected here.
    #[error("a payload of another type")]
    WrongType,
    /// Payload or signature is not base64 of the right length.
    #[error("payload or signature is not proper base64")]
    Encoding,
    /// The signature was not made over this payload by this key.
    #[error("the signature does not verify")]
    Signature,
}

/// What Ed25519 signs: type and payload, each with its length before it.
#[must_use]
pub fn pre_authentication(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "DSSEv1 {} {payload_type} {} ",
        payload_type.len(),
        payload.len()
    )
    .into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

/// The id of a revision: SHA-256 of its payload's bytes, in hex.
#[must_use]
pub fn rev_id(payload: &[u8]) -> String {
    encoding::sha256_hex(payload)
}

impl Envelope {
    /// Signs `payload` as `payload_type` with the key called `keyid`.
    #[must_use]
    pub fn seal(payload_type: &str, payload: &[u8], keyid: &str, key: &SecretKey) -> Self {
        let signature = key.sign(&pre_authentication(payload_type, payload));
        Self {
            payload_type: payload_type.to_owned(),
            payload: encoding::to_base64(payload),
            signatures: vec![EnvelopeSignature {
                keyid: keyid.to_owned(),
                sig: encoding::to_base64(&signature),
            }],
        }
    }

    /// An envelope as it came in a request: unknown keys are refused.
    ///
    /// # Errors
    /// [`EnvelopeError::Shape`].
    pub fn from_request(json: &str) -> Result<Self, EnvelopeError> {
        let strict: Strict = serde_json::from_str(json).map_err(|_| EnvelopeError::Shape)?;
        let signatures = strict
            .signatures
            .into_iter()
            .map(|one| EnvelopeSignature {
                keyid: one.keyid,
                sig: one.sig,
            })
            .collect();
        Ok(Self {
            payload_type: strict.payload_type,
            payload: strict.payload,
            signatures,
        })
    }

    /// The only signature.
    ///
    /// # Errors
    /// [`EnvelopeError::Shape`] when there is none or more than one.
    pub fn signature(&self) -> Result<&EnvelopeSignature, EnvelopeError> {
        match self.signatures.as_slice() {
            [one] => Ok(one),
            _ => Err(EnvelopeError::Shape),
        }
    }

    /// The payload's bytes, not yet believed.
    ///
    /// # Errors
    /// [`EnvelopeError::Encoding`].
    pub fn payload_bytes(&self) -> Result<Vec<u8>, EnvelopeError> {
        encoding::from_base64(&self.payload).ok_or(EnvelopeError::Encoding)
    }

    /// The payload's bytes, once the one signature over them and over
    /// `expected_type` verifies under `key`.
    ///
    /// # Errors
    /// [`EnvelopeError`], the first thing that is wrong.
    pub fn open(&self, expected_type: &str, key: &PublicKey) -> Result<Vec<u8>, EnvelopeError> {
        let signature = self.signature()?;
        if self.payload_type != expected_type {
            return Err(EnvelopeError::WrongType);
        }
        let payload = self.payload_bytes()?;
        let bytes = encoding::array_from_base64(&signature.sig).ok_or(EnvelopeError::Encoding)?;
        if !key.verifies(&pre_authentication(expected_type, &payload), &bytes) {
            return Err(EnvelopeError::Signature);
        }
        Ok(payload)
    }
}

/// The same shape as [`Envelope`], strict as requests are.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Strict {
    #[serde(rename = "payloadType")]
    payload_type: String,
    payload: String,
    signatures: Vec<StrictSignature>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StrictSignature {
    keyid: String,
    sig: String,
}
