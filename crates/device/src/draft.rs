//! Keying: one change at a time, each durable before it is answered.

use std::collections::BTreeMap;

use domain::counts::votes_of;
use domain::{Choice, Counts, Finding, FormHead, figure, rules, words};
use protocol::SlotId;
use protocol::receipt::ReceiptKind;
use store::{Draft, DraftPhoto, Identity, Lane, RevisionRow};

use crate::core::Core;
use crate::form::Form;
use crate::questions::{LookedPhoto, bubble_questions, page_findings};
use crate::view::{DraftChange, DraftView, Failure, FormView, PhotoView};

/// Digits of the TPS number on the form's head.
const FORM_TPS_DIGITS: u8 = 3;
/// Longest note, in bytes. What is longer is cut, and the draft that comes
/// back shows it.
const NOTE_MAX_BYTES: usize = 2_000;
/// Longest answer to a finding, in bytes; cut like the note.
const ANSWER_MAX_BYTES: usize = 500;
/// Longest code of a finding or name of a flag, in bytes.
const NAME_MAX_BYTES: usize = 40;
/// Most flags, and most answers, of a draft.
const NAMES_MAX: usize = 60;

impl Core {
    /// The form of a slot; its draft begins when absent, from the newest
    /// revision if there is one.
    pub(crate) fn open_form(&self, slot: &SlotId) -> Result<FormView, Failure> {
        let form = self.form(slot)?;
        self.begin_draft(slot)?;
        self.form_view(form)
    }

    /// The form of a slot with its draft as it is.
    pub(crate) fn form_view(&self, form: Form) -> Result<FormView, Failure> {
        let draft = self.draft_view(&form)?;
        let standing = self.standing(&form.slot)?;
        Ok(FormView {
            slot: form.slot,
            number: form.number,
            place: form.place,
            contest: form.contest,
            layout: form.layout,
            draft,
            standing,
        })
    }

    /// One keystroke.
    pub(crate) fn change_draft(
        &self,
        slot: &SlotId,
        change: DraftChange,
    ) -> Result<DraftView, Failure> {
        let form = self.form(slot)?;
        let draft = self.begin_draft(slot)?;
        let now = self.now();
        match change {
            DraftChange::Figure { id, text } => {
                let digits = form
                    .layout
                    .digits_of(&id, &form.contest.options)
                    .ok_or(Failure::NotFound)?;
                let text = digits_only(&text, digits)?;
                self.store().put_draft_figure(slot, &id, text, now)?;
            }
            DraftChange::FormTps { text } => {
                let text = digits_only(&text, FORM_TPS_DIGITS)?;
                self.store().put_draft_form_tps(slot, text, now)?;
            }
            DraftChange::Note { text } => {
                let text = cut(&text, NOTE_MAX_BYTES);
                self.store().put_draft_note(slot, text, now)?;
            }
            DraftChange::Answer { code, text } => {
                let has_room = draft.answers.len() < NAMES_MAX || draft.answers.contains_key(&code);
                check_name(&code, has_room)?;
                let text = cut(&text, ANSWER_MAX_BYTES);
                self.store().put_draft_answer(slot, &code, text, now)?;
            }
            DraftChange::Flag { name, is_set } => {
                let has_room = draft.flags.len() < NAMES_MAX || !is_set;
                check_name(&name, has_room)?;
                self.store().put_draft_flag(slot, &name, is_set, now)?;
            }
        }
        self.draft_view(&form)
    }

    /// Takes the draft back to the newest revision, or to nothing.
    pub(crate) fn discard_draft(&self, slot: &SlotId) -> Result<DraftView, Failure> {
        let form = self.form(slot)?;
        let now = self.now();
        {
            let mut store = self.store();
            let newest = store.newest_revision(slot)?;
            let sealed = newest.map(|row| row.revision.draft).unwrap_or_default();
            store.replace_draft(slot, &sealed, now)?;
        }
        self.remove_retired_files();
        self.draft_view(&form)
    }

    /// The draft of a slot, which begins when absent: from the newest revision
    /// for a correction, or from nothing.
    fn begin_draft(&self, slot: &SlotId) -> Result<Draft, Failure> {
        let now = self.now();
        let mut store = self.store();
        if let Some(draft) = store.draft(slot)? {
            return Ok(draft);
        }
        let newest = store.newest_revision(slot)?;
        let draft = newest.map(|row| row.revision.draft).unwrap_or_default();
        store.replace_draft(slot, &draft, now)?;
        Ok(draft)
    }

    /// What is keyed and photographed so far, and what follows from it.
    pub(crate) fn draft_view(&self, form: &Form) -> Result<DraftView, Failure> {
        let draft = self.store().draft(&form.slot)?.unwrap_or_default();
        let counts = counts(&draft, form);
        let options = &form.contest.options;
        let party_sums = party_sums(options, &counts);
        let votes_sum = options
            .iter()
            .map(|choice| match party_sums.get(&choice.number.to_string()) {
                Some(sum) => *sum,
                None => votes_of(choice, &counts).unwrap_or_default(),
            })
            .fold(0_u32, u32::saturating_add);
        let photos = self.looked_photos(&draft)?;
        Ok(DraftView {
            page_findings: page_findings(form, &photos),
            bubble_questions: bubble_questions(form, &draft, &counts, &photos),
            words: counts
                .iter()
                .map(|(id, value)| (id.clone(), words::in_words(*value)))
                .collect(),
            findings: findings(form, &counts, &draft.form_tps),
            photos: self.photo_views(photos)?,
            is_changed: self.is_changed(&form.slot, &draft)?,
            figures: draft.figures,
            form_tps: draft.form_tps,
            answers: draft.answers,
            note: draft.note,
            flags: draft.flags.into_iter().collect(),
            votes_sum,
            party_sums,
        })
    }

    /// Whether a draft says anything that the newest revision does not. A
    /// revision that an earlier enrolment sealed, that never arrived, and that
    /// the present one cannot carry, has to be sealed again.
    pub(crate) fn is_changed(&self, slot: &SlotId, draft: &Draft) -> Result<bool, Failure> {
        let store = self.store();
        let Some(newest) = store.newest_revision(slot)? else {
            return Ok(!is_empty(draft));
        };
        let present = store.identity()?;
        Ok(*draft != newest.revision.draft || is_stranded(&newest, present.as_ref()))
    }

    fn photo_views(&self, photos: Vec<LookedPhoto>) -> Result<Vec<PhotoView>, Failure> {
        let store = self.store();
        let identity = store.identity()?.map(|identity| identity.id);
        let mut views = Vec::with_capacity(photos.len());
        for (place, looked) in photos {
            let Some(photo) = store.photo(place.photo)? else {
                continue;
            };
            let hash = &photo.facts.copy_sha256;
            let (is_received, refused) = match identity {
                Some(identity) => (
                    store.receipt(identity, ReceiptKind::Photo, hash)?.is_some(),
                    store.refusal(identity, Lane::Copy, hash)?,
                ),
                None => (false, None),
            };
            views.push(PhotoView {
                look: looked.map(|looked| looked.look),
                ..photo_view(&place, photo, is_received, refused)
            });
        }
        Ok(views)
    }
}

/// A photo as the window shows it, whatever was made out on it.
pub(crate) fn photo_view(
    place: &DraftPhoto,
    photo: store::Photo,
    is_received: bool,
    refused: Option<String>,
) -> PhotoView {
    PhotoView {
        id: photo.id,
        kind: place.kind,
        page: place.page,
        source: photo.facts.source,
        width: photo.facts.width,
        height: photo.facts.height,
        size_bytes: photo.facts.copy_bytes,
        look: None,
        is_received,
        refused,
    }
}

/// The figures of a draft. A text that no longer fits the form, because a newer
/// pack has other boxes, is not a figure of it.
pub(crate) fn counts(draft: &Draft, form: &Form) -> Counts {
    let figure = |id: &str, text: &str| {
        let digits = form.layout.digits_of(id, &form.contest.options)?;
        figure::parse(text, digits).ok().flatten()
    };
    draft
        .figures
        .iter()
        .filter_map(|(id, text)| Some((id.clone(), figure(id, text)?)))
        .collect()
}

/// What of these figures does not add up on this form.
pub(crate) fn findings(form: &Form, counts: &Counts, form_tps: &str) -> Vec<Finding> {
    let head = FormHead {
        read: Some(form_tps).filter(|read| !read.is_empty()),
        assigned: &form.number,
    };
    rules::check(&form.layout, &form.contest.options, counts, head)
}

/// Sum of what is keyed of each party, by ballot number.
fn party_sums(options: &[Choice], counts: &Counts) -> BTreeMap<String, u32> {
    let sum = |choice: &Choice| {
        let parts: Vec<u32> = choice
            .part_ids()
            .iter()
            .filter_map(|id| counts.get(id).copied())
            .collect();
        if parts.is_empty() {
            return votes_of(choice, counts).unwrap_or_default();
        }
        parts.into_iter().fold(0, u32::saturating_add)
    };
    options
        .iter()
        .filter(|choice| !choice.candidates.is_empty())
        .map(|choice| (choice.number.to_string(), sum(choice)))
        .collect()
}

/// Whether nothing was keyed, noted or photographed.
pub(crate) fn is_empty(draft: &Draft) -> bool {
    *draft == Draft::default()
}

/// Whether a revision belongs to an earlier enrolment, never arrived, and will
/// not arrive as it is: it was for another endpoint, or this one refuses it.
fn is_stranded(row: &RevisionRow, present: Option<&Identity>) -> bool {
    let Some(present) = present.filter(|own| own.id != row.revision.identity) else {
        return false;
    };
    let is_same_endpoint = present
        .enrolment
        .as_ref()
        .is_some_and(|enrolment| enrolment.server_key == row.server_key);
    row.receipt.is_none() && (!is_same_endpoint || row.refused.is_some())
}

fn digits_only(text: &str, digits: u8) -> Result<&str, Failure> {
    match figure::parse(text, digits) {
        Ok(_) => Ok(text.trim()),
        Err(_) => Err(Failure::Figure { digits }),
    }
}

fn check_name(name: &str, has_room: bool) -> Result<(), Failure> {
    let fits = (1..=NAME_MAX_BYTES).contains(&name.len());
    if fits && has_room {
        Ok(())
    } else {
        Err(Failure::NotFound)
    }
}

/// The longest beginning of `text` that has at most `max_bytes` bytes.
pub(crate) fn cut(text: &str, max_bytes: usize) -> &str {
    let mut end = text.len().min(max_bytes);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or_default()
}
