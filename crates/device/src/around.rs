//! The newest figures of a slot as a QR code and as an SMS.

use protocol::sms::{self, Sms};
use protocol::{Envelope, Revision, SlotId, encoding, qr};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use store::RevisionRow;

use crate::core::Core;
use crate::view::{Around, Failure, SmsView};

/// Symbols of text up to which a code is drawn with medium error correction;
/// a longer one has smaller squares, which cost more than correction gains.
const MEDIUM_MAX_SYMBOLS: usize = 900;
/// Side of a square of the code, in units of the drawing.
const SQUARE: u32 = 4;
/// Symbols of the GSM alphabet in a message that stands alone.
const SMS_SYMBOLS: usize = 160;
/// Symbols in each message of several.
const SMS_PART_SYMBOLS: usize = 153;

impl Core {
    /// The ways in which a slot's newest sealed figures can leave this phone
    /// without a connection.
    pub(crate) fn around(&self, slot: &SlotId) -> Result<Around, Failure> {
        let newest = self.store().newest_revision(slot)?;
        let newest = newest.ok_or(Failure::NotFound)?;
        let damaged = || Failure::Database {
            code: "damaged".to_owned(),
        };
        let envelope: Envelope =
            serde_json::from_str(&newest.revision.envelope).map_err(|_| damaged())?;
        let payload = envelope.payload_bytes().map_err(|_| damaged())?;
        let statement = Revision::from_payload(&payload).map_err(|_| damaged())?;
        Ok(Around {
            slot: slot.clone(),
            seq: newest.revision.seq,
            is_received: newest.receipt.is_some(),
            qr_svg: qr::text(&envelope).ok().and_then(|text| drawn(&text)),
            sms: self.sms(&newest, &statement)?,
        })
    }

    /// The SMS of a revision that the present enrolment sealed: only its own
    /// key can sign for it.
    fn sms(&self, row: &RevisionRow, statement: &Revision) -> Result<Option<SmsView>, Failure> {
        let present = self.identity()?.map(|identity| identity.id);
        let pack = self.store().pack()?.map(|row| row.pack);
        let (Some(pack), true) = (pack, present == Some(row.revision.identity)) else {
            return Ok(None);
        };
        let slot = &row.revision.slot;
        let Some(form) = crate::form::find(&pack, slot) else {
            return Ok(None);
        };
        let assigned = pack.assignments.iter().find(|own| own.tps == slot.tps);
        let slot_code = assigned.and_then(|own| own.sms.get(&slot.contest));
        let ids = form.layout.sms_count_ids(&form.contest.options);
        let figures: Vec<Option<u32>> = ids
            .iter()
            .map(|id| statement.counts.get(id).copied())
            .collect();
        let says_anything = figures.iter().any(Option::is_some);
        let (Some(access), Some(slot_code), true) = (&pack.sms, slot_code, says_anything) else {
            return Ok(None);
        };
        let key = encoding::array_from_base64::<{ sms::KEY_BYTES }>(&access.key);
        let (Some(key), false) = (key, access.numbers.is_empty()) else {
            return Ok(None);
        };
        if figures.len() > sms::FIGURES_MAX {
            return Ok(None);
        }
        let body = Sms {
            slot_code: slot_code.clone(),
            seq: statement.seq,
            figures,
        }
        .message(&key);
        Ok(Some(SmsView {
            numbers: access.numbers.clone(),
            parts: parts(&body),
            body,
        }))
    }
}

/// A code as SVG that scales to its place.
fn drawn(text: &str) -> Option<String> {
    let level = if text.len() <= MEDIUM_MAX_SYMBOLS {
        EcLevel::M
    } else {
        EcLevel::L
    };
    let code = QrCode::with_error_correction_level(text, level)
        .or_else(|_| QrCode::with_error_correction_level(text, EcLevel::L))
        .ok()?;
    Some(
        code.render::<svg::Color<'_>>()
            .module_dimensions(SQUARE, SQUARE)
            .build(),
    )
}

/// How many messages a text in plain letters, digits, blanks and hyphens takes.
fn parts(body: &str) -> u32 {
    if body.len() <= SMS_SYMBOLS {
        return 1;
    }
    u32::try_from(body.len().div_ceil(SMS_PART_SYMBOLS)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_long_message_counts_as_several() {
        for (symbols, expected) in [(1, 1), (160, 1), (161, 2), (306, 2), (307, 3)] {
            assert_eq!(parts(&"1".repeat(symbols)), expected, "{symbols}");
        }
    }
}
