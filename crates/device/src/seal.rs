//! Sealing: the draft becomes a signed revision, for ever.
//!
//! The payload has one free text, `note`. What a witness wrote goes into it in
//! this order: the free note, then one line for each answered finding that
//! still holds, `E301: ` and the answer. Answers to questions that no longer
//! arise stay on the device. What the bubbles of its photos said, as far as
//! they were looked at by then, goes into `flags`, agreeing or not.

use chrono::Offset as _;
use protocol::envelope::{self, Envelope, REVISION_TYPE};
use protocol::revision::{Clock, OriginalRef, PhotoRef, VERSION};
use protocol::{Revision, SlotId, Timestamp, limits, reading};
use store::{Draft, Enrolment, Identity, NewRevision};

use crate::core::Core;
use crate::draft::{counts, cut, findings, is_empty};
use crate::form::Form;
use crate::questions::reading_flags;
use crate::view::{Failure, FormView};

impl Core {
    /// Seals the draft of a slot. Whether the clock is right, the figures add
    /// up, or there is a connection, does not matter.
    pub(crate) fn seal(&self, slot: &SlotId) -> Result<FormView, Failure> {
        let form = self.form(slot)?;
        let identity = self.identity()?.ok_or(Failure::NotFound)?;
        let enrolment = identity.enrolment.clone().ok_or(Failure::NotFound)?;
        let draft = self.store().draft(slot)?.unwrap_or_default();
        if is_empty(&draft) || !self.is_changed(slot, &draft)? {
            return Err(Failure::NothingToSave);
        }
        let photos = self.photo_refs(&draft)?;
        let flags = self.flags(&draft, &form)?;
        let sealed_at = self.now();
        let mut store = self.store();
        let (seq, prev) = store.next_seq(identity.id, slot)?;
        let statement = Revision {
            v: VERSION,
            election: slot.election.clone(),
            tps: slot.tps.clone(),
            contest: slot.contest.clone(),
            device: enrolment.device.clone(),
            seq,
            prev: prev.clone(),
            counts: counts(&draft, &form),
            form_tps: Some(draft.form_tps.clone()).filter(|read| !read.is_empty()),
            photos,
            flags,
            note: note(&draft, &form),
            recorded_at: sealed_at,
            clock: Some(Clock {
                boot: self.ports.clock.boot(),
                monotonic_ms: self.ports.clock.monotonic_ms(),
            }),
            location: None,
            app: self.ports.info.app.clone(),
            desk: None,
        };
        let payload = payload_that_fits(statement)?;
        let revision = sign(&payload, &identity, &enrolment)?;
        store.seal(&NewRevision {
            rev_id: envelope::rev_id(&payload),
            identity: identity.id,
            slot: slot.clone(),
            seq,
            prev,
            envelope: revision,
            draft,
            sealed_at,
        })?;
        drop(store);
        self.queue_originals()?;
        tracing::info!(%slot, seq, "sealed");
        self.form_view(form)
    }

    /// What the witness flagged, and what bubbles say.
    fn flags(&self, draft: &Draft, form: &Form) -> Result<Vec<String>, Failure> {
        let of_witness = draft
            .flags
            .iter()
            .filter(|flag| !flag.starts_with(reading::PREFIX));
        let of_photos = reading_flags(form, &self.looked_photos(draft)?);
        Ok(of_witness.cloned().chain(of_photos).collect())
    }

    fn photo_refs(&self, draft: &Draft) -> Result<Vec<PhotoRef>, Failure> {
        let store = self.store();
        let mut refs = Vec::with_capacity(draft.photos.len());
        for place in &draft.photos {
            let photo = store.photo(place.photo)?.ok_or(Failure::NotFound)?;
            let facts = photo.facts;
            let fits_the_wire =
                facts.original_is_jpeg && facts.original_bytes <= limits::ORIGINAL_MAX_BYTES;
            refs.push(PhotoRef {
                kind: place.kind,
                page: place.page,
                sha256: facts.copy_sha256,
                size_bytes: facts.copy_bytes,
                source: facts.source,
                original: fits_the_wire.then_some(OriginalRef {
                    sha256: facts.original_sha256,
                    size_bytes: facts.original_bytes,
                }),
                taken_at: facts.taken_at,
            });
        }
        Ok(refs)
    }
}

/// The note of a revision.
fn note(draft: &Draft, form: &Form) -> String {
    let holding = findings(form, &counts(draft, form), &draft.form_tps);
    let answers = draft
        .answers
        .iter()
        .filter(|(code, _)| holding.iter().any(|finding| finding.code == **code))
        .map(|(code, answer)| format!("{code}: {}", answer.trim()));
    let free = draft.note.trim().to_owned();
    let lines: Vec<String> = std::iter::once(free)
        .chain(answers)
        .filter(|line| !line.is_empty())
        .collect();
    cut(&lines.join("\n"), limits::TEXT_MAX_BYTES).to_owned()
}

/// The bytes of a revision, at most as many as the wire carries. The figures
/// and the photos always go whole; when there are very many, what bubbles say
/// stays on the device first, then the end of the note, and after it the
/// announcements of originals, from the last photo on.
fn payload_that_fits(mut revision: Revision) -> Result<Vec<u8>, Failure> {
    loop {
        let payload = serde_json::to_vec(&revision)?;
        let excess_bytes = payload.len().saturating_sub(limits::PAYLOAD_MAX_BYTES);
        if excess_bytes == 0 {
            return Ok(payload);
        }
        let flags = revision.flags.len();
        let is_reading = |flag: &String| flag.starts_with(reading::PREFIX);
        revision.flags.retain(|flag| !is_reading(flag));
        if revision.flags.len() < flags {
            continue;
        }
        if !revision.note.is_empty() {
            let kept_bytes = revision.note.len().saturating_sub(excess_bytes);
            revision.note = cut(&revision.note, kept_bytes).to_owned();
            continue;
        }
        let last = revision
            .photos
            .iter_mut()
            .rev()
            .find(|photo| photo.original.is_some());
        match last {
            Some(photo) => photo.original = None,
            None => {
                tracing::error!("a revision larger than the wire carries");
                return Err(Failure::Internal);
            }
        }
    }
}

fn sign(payload: &[u8], identity: &Identity, enrolment: &Enrolment) -> Result<String, Failure> {
    let envelope = Envelope::seal(REVISION_TYPE, payload, &enrolment.device, &identity.key);
    Ok(serde_json::to_string(&envelope)?)
}

/// When a photo was taken: by the camera's own word, read in this device's
/// time zone if it names none.
pub(crate) fn taken_at(facts: &photo::OriginalFacts) -> Option<Timestamp> {
    let here = chrono::Local::now().offset().fix();
    let moment = facts.taken_at?.or_offset(here)?;
    Some(Timestamp::from_unix_ms(moment.timestamp_millis()))
}

#[cfg(test)]
mod tests;
