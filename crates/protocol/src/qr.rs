//! One revision's envelope as the text of one QR code.
//!
//! `SAKSI1:` and then, in base 45 (RFC 9285), so that the code's dense
//! alphanumeric mode can hold it: one byte for the length of the key id, the
//! key id, the 64 bytes of the signature, and the payload's bytes deflated.
//! The payload comes out byte for byte, so the revision keeps its `rev_id`.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use crate::encoding;
use crate::envelope::{Envelope, EnvelopeSignature, REVISION_TYPE};
use crate::limits;

/// How the text begins; the digit is the version of the format.
pub const PREFIX: &str = "SAKSI1:";
/// Most symbols of alphanumeric text that the largest QR code holds with the
/// lowest error correction.
pub const TEXT_MAX_BYTES: usize = 4_296;
/// Bytes of an Ed25519 signature.
const SIGNATURE_BYTES: usize = 64;
/// Best compression: the code is small, and phones are slow to read large ones.
const DEFLATE_LEVEL: u8 = 10;
/// The symbols of base 45 in the order of their values.
const SYMBOLS: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Why a text is not an envelope of ours, or an envelope not such a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// Another QR code, or a newer version of the format.
    #[error("not a QR code of Saksi's")]
    NotOurs,
    /// Begins like one, and is damaged.
    #[error("the QR code's text is damaged")]
    Damaged,
    /// Not a revision with one signature.
    #[error("only the envelope of a revision fits into a QR code")]
    NotARevision,
    /// More than a QR code holds.
    #[error("the revision is too large for a QR code")]
    TooLarge,
}

/// The text for this envelope's QR code.
///
/// # Errors
/// [`QrError::NotARevision`] and [`QrError::TooLarge`].
pub fn text(envelope: &Envelope) -> Result<String, QrError> {
    if envelope.payload_type != REVISION_TYPE {
        return Err(QrError::NotARevision);
    }
    let signature = envelope.signature().map_err(|_| QrError::NotARevision)?;
    let sig: [u8; SIGNATURE_BYTES] =
        encoding::array_from_base64(&signature.sig).ok_or(QrError::NotARevision)?;
    let payload = envelope
        .payload_bytes()
        .map_err(|_| QrError::NotARevision)?;
    let keyid_length = u8::try_from(signature.keyid.len()).map_err(|_| QrError::NotARevision)?;
    let mut bytes = vec![keyid_length];
    bytes.extend_from_slice(signature.keyid.as_bytes());
    bytes.extend_from_slice(&sig);
    bytes.extend_from_slice(&compress_to_vec(&payload, DEFLATE_LEVEL));
    let text = format!("{PREFIX}{}", to_base45(&bytes));
    if text.len() > TEXT_MAX_BYTES {
        return Err(QrError::TooLarge);
    }
    Ok(text)
}

/// The envelope in a QR code's text, not yet believed.
///
/// # Errors
/// [`QrError::NotOurs`] and [`QrError::Damaged`].
pub fn read(text: &str) -> Result<Envelope, QrError> {
    let coded = text.strip_prefix(PREFIX).ok_or(QrError::NotOurs)?;
    if text.len() > TEXT_MAX_BYTES {
        return Err(QrError::Damaged);
    }
    let bytes = from_base45(coded).ok_or(QrError::Damaged)?;
    let (keyid_length, rest) = bytes.split_first().ok_or(QrError::Damaged)?;
    let (keyid, rest) = rest
        .split_at_checked(usize::from(*keyid_length))
        .ok_or(QrError::Damaged)?;
    let (sig, deflated) = rest
        .split_at_checked(SIGNATURE_BYTES)
        .ok_or(QrError::Damaged)?;
    let payload = decompress_to_vec_with_limit(deflated, limits::PAYLOAD_MAX_BYTES)
        .map_err(|_| QrError::Damaged)?;
    Ok(Envelope {
        payload_type: REVISION_TYPE.to_owned(),
        payload: encoding::to_base64(&payload),
        signatures: vec![EnvelopeSignature {
            keyid: String::from_utf8(keyid.to_vec()).map_err(|_| QrError::Damaged)?,
            sig: encoding::to_base64(sig),
        }],
    })
}

/// Base 45 of RFC 9285: two bytes make three symbols, one makes two.
fn to_base45(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    for pair in bytes.chunks(2) {
        let mut value = pair
            .iter()
            .fold(0_u32, |value, byte| (value << 8) | u32::from(*byte));
        for _ in 0..=pair.len() {
            let symbol = usize::try_from(value % 45)
                .ok()
                .and_then(|at| SYMBOLS.get(at));
            text.push(symbol.map_or('0', |byte| char::from(*byte)));
            value /= 45;
        }
    }
    text
}

/// The bytes of base 45; `None` for anything else.
fn from_base45(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 3 * 2 + 1);
    for group in text.as_bytes().chunks(3) {
        let value = group.iter().rev().try_fold(0_u32, |value, symbol| {
            let digit = SYMBOLS.iter().position(|known| known == symbol)?;
            Some(value * 45 + u32::try_from(digit).ok()?)
        })?;
        match group.len() {
            3 => bytes.extend_from_slice(&u16::try_from(value).ok()?.to_be_bytes()),
            2 => bytes.push(u8::try_from(value).ok()?),
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::SecretKey;

    #[test]
    fn base_45_is_that_of_the_rfc() {
        for (bytes, text) in [
            ("AB", "BB8"),
            ("Hello!!", "%69 VD92EX0"),
            ("base-45", "UJCLQE7W581"),
            ("ietf!", "QED8WEX0"),
        ] {
            assert_eq!(to_base45(bytes.as_bytes()), text);
            assert_eq!(from_base45(text).as_deref(), Some(bytes.as_bytes()));
        }
        for wrong in ["A", "GGW", "::", "ab", "AAAA"] {
            assert_eq!(from_base45(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_envelope_comes_out_of_its_code_byte_for_byte() {
        let key = SecretKey::from_seed(&[7; 32]);
        let payload = br#"{"v":1,"counts":{"votes.1":101,"votes.2":88}}"#;
        let envelope = Envelope::seal(REVISION_TYPE, payload, "dev-1", &key);
        let text = text(&envelope).unwrap();
        assert_eq!(read(&text), Ok(envelope));
    }

    #[test]
    fn other_codes_and_damaged_ones_are_told_apart() {
        assert_eq!(read("https://example.org"), Err(QrError::NotOurs));
        assert_eq!(read("SAKSI1:ab"), Err(QrError::Damaged));
        assert_eq!(read("SAKSI1:"), Err(QrError::Damaged));
        assert_eq!(read("SAKSI2:00"), Err(QrError::NotOurs));
    }

    #[test]
    fn a_payload_that_would_swell_is_damaged() {
        let mut bytes = vec![0_u8];
        bytes.extend_from_slice(&[0; SIGNATURE_BYTES]);
        bytes.extend(compress_to_vec(&vec![0; limits::PAYLOAD_MAX_BYTES + 1], 10));
        let text = format!("{PREFIX}{}", to_base45(&bytes));
        assert_eq!(read(&text), Err(QrError::Damaged));
    }
}
