//! The text of an SMS: one slot's essential figures with a short mac.
//!
//! `S1 <slot code> <seq> <count> … <mac>`. Reading is forgiving, because
//! phones break lines, double spaces and lower the case.

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::revision::RevisionStatus;
use crate::timestamp::Timestamp;
use crate::{crockford, encoding};

/// Symbols of the mac, five bits each.
const MAC_SYMBOLS: usize = 10;
/// Most figures in one message.
pub const FIGURES_MAX: usize = 60;
/// Bytes of the mac key.
pub const KEY_BYTES: usize = 32;

/// A message without its mac.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sms {
    /// The slot's code from the pack.
    pub slot_code: String,
    /// The device's number of the revision.
    pub seq: u64,
    /// The form's `sms_fields` in order; `None` for one not filled in.
    pub figures: Vec<Option<u32>>,
}

/// Why a text is not a message of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SmsError {
    /// Not `S1` and what follows it.
    #[error("not a message of the documented shape")]
    Shape,
    /// Mistyped or forged.
    #[error("the mac does not fit")]
    Mac,
}

impl Sms {
    /// The text before the mac.
    #[must_use]
    pub fn text(&self) -> String {
        let figure =
            |figure: &Option<u32>| figure.map_or_else(|| "-".to_owned(), |value| value.to_string());
        let figures: Vec<String> = self.figures.iter().map(figure).collect();
        format!("S1 {} {} {}", self.slot_code, self.seq, figures.join(" "))
    }

    /// The whole message.
    #[must_use]
    pub fn message(&self, key: &[u8; KEY_BYTES]) -> String {
        let text = self.text();
        format!("{text} {}", mac(&text, key))
    }

    /// Reads a message without checking its mac, to find whose key to check
    /// it with.
    ///
    /// # Errors
    /// [`SmsError::Shape`].
    pub fn read(body: &str) -> Result<(Self, String), SmsError> {
        let body = body.to_ascii_uppercase();
        let mut words = body.split_whitespace();
        let (Some("S1"), Some(slot_code), Some(seq)) = (words.next(), words.next(), words.next())
        else {
            return Err(SmsError::Shape);
        };
        let mut rest: Vec<&str> = words.take(FIGURES_MAX + 2).collect();
        let mac: String = rest
            .pop()
            .ok_or(SmsError::Shape)?
            .chars()
            .map(crockford::normalise)
            .collect();
        if rest.is_empty() || rest.len() > FIGURES_MAX || mac.len() != MAC_SYMBOLS {
            return Err(SmsError::Shape);
        }
        let figure = |word: &str| match word {
            "-" => Ok(None),
            digits => digits.parse().map(Some).map_err(|_| SmsError::Shape),
        };
        let figures = rest.into_iter().map(figure).collect::<Result<_, _>>()?;
        let seq = seq.parse().map_err(|_| SmsError::Shape)?;
        Ok((
            Self {
                slot_code: slot_code.to_owned(),
                seq,
                figures,
            },
            mac,
        ))
    }

    /// Reads a message and checks its mac.
    ///
    /// # Errors
    /// [`SmsError`].
    pub fn open(body: &str, key: &[u8; KEY_BYTES]) -> Result<Self, SmsError> {
        let (sms, given) = Self::read(body)?;
        let expected = mac(&sms.text(), key);
        if bool::from(expected.as_bytes().ct_eq(given.as_bytes())) {
            Ok(sms)
        } else {
            Err(SmsError::Mac)
        }
    }
}

/// Body of `POST /v1/sms`, from the gateway that received the message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SmsRequest {
    /// The sender's number.
    pub from: String,
    /// The message as it came.
    pub body: String,
    /// By the gateway's clock.
    pub received_at: Timestamp,
}

/// Answer to `POST /v1/sms`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SmsAnswer {
    /// Stored now, known before, or refused.
    pub status: RevisionStatus,
    /// What to send back, in Indonesian, at most one message long.
    pub reply: String,
}

/// The id of the revision that a message is: a hash of who sent it and of the
/// message in its canonical spelling, so that it is one revision however often
/// and however broken it arrives.
#[must_use]
pub fn rev_id(device: &str, sms: &Sms, mac: &str) -> String {
    let named = format!("saksi-sms-v1\n{device}\n{} {mac}", sms.text());
    encoding::sha256_hex(named.as_bytes())
}

/// The first 50 bits of HMAC-SHA256 over `text`, as ten symbols.
#[must_use]
pub fn mac(text: &str, key: &[u8; KEY_BYTES]) -> String {
    // A key shorter than the hash's block is padded with zeros: HMAC's own rule.
    let mut block = [0_u8; 64];
    for (slot, byte) in block.iter_mut().zip(key) {
        *slot = *byte;
    }
    let mut hmac = Hmac::<Sha256>::new(&block.into());
    hmac.update(text.as_bytes());
    let bytes = hmac.finalize().into_bytes();
    let bits = bytes
        .iter()
        .take(8)
        .fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
    let symbol = |at: usize| {
        let shift = 64_usize.saturating_sub(5 * (at + 1));
        crockford::symbol(u8::try_from((bits >> shift) & 31).unwrap_or_default())
    };
    (0..MAC_SYMBOLS).map(symbol).collect()
}
