//! Enrolment: a code on paper becomes a device with a key of its own.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::crockford;
use crate::encoding;
use crate::keys::{PublicKey, SecretKey};
use crate::pack::Pack;

/// Symbols before the check symbol.
const CODE_SYMBOLS: usize = 10;
/// Random bytes that a code is made from; 50 of their bits are used.
pub const CODE_RANDOM_BYTES: usize = CODE_SYMBOLS;
/// The check symbol is the code's value modulo this.
const CHECK_MODULUS: u64 = 31;
/// What the proof is made over, before the code.
const PROOF_PREFIX: &str = "saksi-enrol-v1\n";

/// A normalised enrolment code: 10 symbols and their check symbol.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolCode(String);

/// Why a text is not an enrolment code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Not 11 symbols of the alphabet.
    #[error("an enrolment code has 11 letters and digits")]
    Shape,
    /// The check symbol says that something was mistyped.
    #[error("the check symbol does not fit")]
    Check,
}

impl EnrolCode {
    /// The code made from random bytes, five bits of each.
    #[must_use]
    pub fn from_random(random: [u8; CODE_RANDOM_BYTES]) -> Self {
        let mut symbols: String = random
            .iter()
            .map(|byte| crockford::symbol(byte % 32))
            .collect();
        symbols.push(check_symbol(&symbols));
        Self(symbols)
    }

    /// The 11 symbols without hyphens: what is hashed, signed and compared.
    #[must_use]
    pub fn normalised(&self) -> &str {
        &self.0
    }

    /// The bytes that an enrolling device signs to prove that it holds its key.
    #[must_use]
    pub fn proof_message(&self) -> Vec<u8> {
        format!("{PROOF_PREFIX}{}", self.0).into_bytes()
    }

    /// The proof of holding `key`, in base64.
    #[must_use]
    pub fn prove(&self, key: &SecretKey) -> String {
        encoding::to_base64(&key.sign(&self.proof_message()))
    }

    /// Whether `proof` (base64) was made for this code with `key`.
    #[must_use]
    pub fn is_proved_by(&self, proof: &str, key: &PublicKey) -> bool {
        encoding::array_from_base64(proof)
            .is_some_and(|signature| key.verifies(&self.proof_message(), &signature))
    }
}

/// The 10 symbols' value modulo 31, as a symbol.
fn check_symbol(symbols: &str) -> char {
    let value = symbols
        .chars()
        .filter_map(crockford::value)
        .fold(0_u64, |value, digit| {
            (value * 32 + u64::from(digit)) % CHECK_MODULUS
        });
    crockford::symbol(u8::try_from(value).unwrap_or_default())
}

impl FromStr for EnrolCode {
    type Err = CodeError;

    /// Reads a code as people type it: any case, spaces and hyphens anywhere,
    /// `O` for 0, `I` or `L` for 1.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let typed = text
            .chars()
            .filter(|symbol| !symbol.is_whitespace() && *symbol != '-');
        let symbols: String = typed
            .take(CODE_SYMBOLS + 2)
            .map(crockford::normalise)
            .collect();
        let known = symbols
            .chars()
            .all(|symbol| crockford::value(symbol).is_some());
        let (Some(body), Some(check)) = (
            symbols.get(..CODE_SYMBOLS).filter(|_| known),
            symbols.get(CODE_SYMBOLS..),
        ) else {
            return Err(CodeError::Shape);
        };
        if check.chars().count() != 1 {
            return Err(CodeError::Shape);
        }
        if !check.starts_with(check_symbol(body)) {
            return Err(CodeError::Check);
        }
        Ok(Self(symbols))
    }
}

impl fmt::Display for EnrolCode {
    /// As shown to people: `7KQ2M-9XH4T-1`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |range| self.0.get(range).unwrap_or_default();
        write!(out, "{}-{}-{}", part(0..5), part(5..10), part(10..11))
    }
}

impl fmt::Debug for EnrolCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A code is a secret until it is used: not for logs.
        out.write_str("EnrolCode(…)")
    }
}

/// Body of `POST /v1/enrol`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EnrolRequest {
    /// The code as typed.
    pub code: String,
    /// The device's new public key, base64 of 32 bytes.
    pub public_key: String,
    /// Proof of holding its secret half, base64 of 64 bytes.
    pub proof: String,
    /// What kind of device this is.
    pub device: DeviceInfo,
}

/// What kind of device is enrolling; shown to coordinators only.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct DeviceInfo {
    /// Model, such as `Redmi 9A`.
    #[serde(default)]
    pub model: String,
    /// Operating system and version.
    #[serde(default)]
    pub os: String,
    /// Version of the app.
    #[serde(default)]
    pub app: String,
}

/// Answer to `POST /v1/enrol`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolAnswer {
    /// The device's id from now on.
    pub device_id: String,
    /// Bearer token for every later call.
    pub token: String,
    /// Id of the endpoint's signing key.
    pub server_key_id: String,
    /// The endpoint's public key, to be pinned: base64 of 32 bytes.
    pub server_key: String,
    /// Addresses of the endpoint, tried in turn.
    pub endpoints: Vec<String>,
    /// What the device must know to work offline.
    pub pack: Pack,
}
