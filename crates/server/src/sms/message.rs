//! From the text of a message to the revision that it is.

use domain::{Counts, FormLayout};
use protocol::revision::VERSION;
use protocol::sms::{Sms, SmsError};
use protocol::{Revision, SlotId, Timestamp};

use crate::catalogue::Catalogue;

/// Why a message is no revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAMessage {
    /// Not of the documented shape.
    #[error(transparent)]
    Shape(#[from] SmsError),
    /// The contest has no form here.
    #[error("no form is known for its slot")]
    NoForm,
    /// Other figures than the form asks for.
    #[error("it has {has} figures and the form asks for {wants}")]
    OtherFigures {
        /// In the message.
        has: usize,
        /// On the form.
        wants: usize,
    },
    /// No figure at all is filled in.
    #[error("it has no figure")]
    Nothing,
    /// Revisions are numbered from 1, within 64 bits.
    #[error("it has no number that a revision may have")]
    Number,
}

/// The revision that the message in `text` is, when `device` sent it about
/// `slot` and it came at `at`. Its mac is not looked at.
///
/// # Errors
/// [`NotAMessage`].
pub fn revision_of(
    text: &str,
    slot: &SlotId,
    device: &str,
    catalogue: &Catalogue,
    at: Timestamp,
) -> Result<Revision, NotAMessage> {
    let (sms, _) = Sms::read(text)?;
    let (form, ids) = asked(slot, catalogue).ok_or(NotAMessage::NoForm)?;
    Ok(Revision {
        v: VERSION,
        election: slot.election.clone(),
        tps: slot.tps.clone(),
        contest: slot.contest.clone(),
        device: device.to_owned(),
        seq: number(sms.seq)?,
        prev: None,
        counts: counts(&sms, &ids, form)?,
        form_tps: None,
        photos: Vec::new(),
        flags: Vec::new(),
        note: String::new(),
        recorded_at: at,
        clock: None,
        location: None,
        app: String::new(),
        desk: None,
    })
}

/// The form of a slot, and the counts that its SMS carries, in order.
pub(super) fn asked<'a>(
    slot: &SlotId,
    catalogue: &'a Catalogue,
) -> Option<(&'a FormLayout, Vec<String>)> {
    let contest = catalogue.contest_at(&slot.election, &slot.contest, &slot.tps)?;
    let form = catalogue.form_of(contest)?;
    Some((form, form.sms_count_ids(&contest.options)))
}

fn number(seq: u64) -> Result<u64, NotAMessage> {
    let fits = seq >= 1 && i64::try_from(seq).is_ok();
    fits.then_some(seq).ok_or(NotAMessage::Number)
}

fn counts(sms: &Sms, ids: &[String], form: &FormLayout) -> Result<Counts, NotAMessage> {
    if sms.figures.len() != ids.len() || form.sms_fields.is_empty() {
        return Err(NotAMessage::OtherFigures {
            has: sms.figures.len(),
            wants: ids.len(),
        });
    }
    let filled = ids.iter().zip(&sms.figures);
    let counts: Counts = filled
        .filter_map(|(id, figure)| figure.map(|figure| (id.clone(), figure)))
        .collect();
    if counts.is_empty() {
        return Err(NotAMessage::Nothing);
    }
    Ok(counts)
}
