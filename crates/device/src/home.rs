//! The whole state of the app that does not belong to one form.

use protocol::SlotId;
use protocol::pack::Pack;
use store::Enrolment;

use crate::core::Core;
use crate::form::{find, slots};
use crate::standing::progress;
use crate::view::{
    DeliveryView, Enrolled, Failure, Home, InboxEntry, Language, PhotoProgress, Place, Post,
    RefusedItem, SlotCard, TroubleCode, WayOut,
};

/// Most lines of the inbox that are shown.
const INBOX_SHOWN_MAX: u32 = 200;
/// How far a clock may be off without a word, in milliseconds.
const CLOCK_SKEW_MAX_MS: i64 = 10 * 60 * 1_000;

impl Core {
    /// Everything but the live part of the delivery, which the caller fills in.
    pub(crate) fn home(&self, delivery: DeliveryView) -> Result<Home, Failure> {
        let identity = self.identity()?;
        let pack = self.store().pack()?.map(|row| row.pack);
        let enrolment = identity.and_then(|identity| identity.enrolment);
        let (enrolled, posts) = match (&enrolment, &pack) {
            (Some(enrolment), Some(pack)) => (Some(enrolled(enrolment, pack)), self.posts(pack)?),
            _ => (None, Vec::new()),
        };
        let refused = self.refused()?;
        let carried = self.carried_counts()?;
        let store = self.store();
        let place = store.place()?;
        let skew_ms = store.clock_skew_ms()?;
        let inbox = store.inbox(INBOX_SHOWN_MAX)?;
        Ok(Home {
            enrolled,
            posts,
            delivery,
            refused,
            carried,
            inbox: inbox
                .into_iter()
                .map(|row| InboxEntry {
                    id: row.id,
                    item: row.item,
                    is_read: row.is_read,
                })
                .collect(),
            language: language(store.language()?.as_deref()),
            // A place that a newer app wrote is no place here.
            last_place: place.and_then(|json| serde_json::from_str(&json).ok()),
            clock_skew_seconds: skew_ms
                .filter(|skew| skew.saturating_abs() > CLOCK_SKEW_MAX_MS)
                .map(|skew| skew / 1_000),
        })
    }

    /// What lies only here, and how delivery last stood. Whether one is
    /// running and when the next comes is the caller's to say.
    pub(crate) fn delivery_view(&self) -> Result<DeliveryView, Failure> {
        let store = self.store();
        let remaining = store.remaining()?;
        let stopped_by = store
            .trouble()?
            .and_then(|json| serde_json::from_str(&json).ok());
        let min_app = store.pack()?.map(|row| row.pack.min_app);
        let is_too_old = min_app.is_some_and(|least| is_older(&self.ports.info.app, &least));
        Ok(DeliveryView {
            revisions_only_here: remaining.revisions,
            photos_only_here: remaining.photos,
            bytes_only_here: remaining.bytes,
            is_running: false,
            trouble: stopped_by.or(is_too_old.then_some(TroubleCode::AppTooOld)),
            next_try_at: None,
            last_contact_at: store
                .last_contact_ms()?
                .map(protocol::Timestamp::from_unix_ms),
            photos_wait_until: None,
            link: self.link(),
            is_sent_again: store.is_sending_again()?,
        })
    }

    /// Remembers where in the app the witness is.
    pub(crate) fn set_place(&self, place: Option<&Place>) -> Result<(), Failure> {
        let json = place.map(serde_json::to_string).transpose()?;
        Ok(self.store().put_place(json.as_deref())?)
    }

    /// Chooses the language.
    pub(crate) fn set_language(&self, language: Language) -> Result<(), Failure> {
        let word = match language {
            Language::Id => "id",
            Language::En => "en",
        };
        Ok(self.store().put_language(word)?)
    }

    /// What of this phone's own the endpoint refused, each with its way out.
    fn refused(&self) -> Result<Vec<RefusedItem>, Failure> {
        let Some(identity) = self.identity()? else {
            return Ok(Vec::new());
        };
        let rows = self.store().refused(identity.id, self.originals())?;
        let items = rows.into_iter().map(|row| RefusedItem {
            way_out: match row.photo {
                None => WayOut::of_revision(&row.code),
                Some(_) => WayOut::of_photo(&row.code),
            },
            slot: row.slot,
            rev_id: row.rev_id,
            photo: row.photo,
            page: row.page,
            code: row.code,
            is_tried_again: !row.is_final,
        });
        Ok(items.collect())
    }

    /// The posts of the pack, and those where something was recorded before
    /// the witness was posted elsewhere: nothing on a device vanishes.
    fn posts(&self, pack: &Pack) -> Result<Vec<Post>, Failure> {
        let mut posts = Vec::new();
        let mut shown: Vec<SlotId> = Vec::new();
        for assignment in &pack.assignments {
            let own = slots(pack, assignment);
            posts.push(Post {
                tps: assignment.tps.to_string(),
                number: assignment.number.clone(),
                place: assignment.place.clone(),
                slots: self.cards(pack, &own, true)?,
            });
            shown.extend(own);
        }
        let recorded = {
            let store = self.store();
            let mut slots = store.sealed_slots()?;
            slots.extend(store.drafted_slots()?);
            slots
        };
        for slot in recorded {
            if shown.contains(&slot) {
                continue;
            }
            posts.push(Post {
                tps: slot.tps.to_string(),
                number: slot.tps.number().to_owned(),
                place: Vec::new(),
                slots: self.cards(pack, std::slice::from_ref(&slot), false)?,
            });
            shown.push(slot);
        }
        Ok(posts)
    }

    fn cards(
        &self,
        pack: &Pack,
        slots: &[SlotId],
        is_assigned: bool,
    ) -> Result<Vec<SlotCard>, Failure> {
        let card = |slot| self.card(pack, slot, is_assigned);
        slots.iter().map(card).collect()
    }

    fn card(&self, pack: &Pack, slot: &SlotId, is_assigned: bool) -> Result<SlotCard, Failure> {
        let form = find(pack, slot);
        let standing = self.standing(slot)?;
        let (draft, revisions, newest) = {
            let store = self.store();
            let revisions = store.revision_count(slot)?;
            (store.draft(slot)?, revisions, store.newest_revision(slot)?)
        };
        let photos = match &newest {
            Some(row) => progress(&self.store().revision_photos(&row.revision.rev_id)?),
            None => PhotoProgress::default(),
        };
        let has_draft = match draft {
            Some(draft) => self.is_changed(slot, &draft)?,
            None => false,
        };
        let (title, form) = match form {
            Some(form) if form.layout.also_called.is_empty() => {
                (form.contest.title, form.layout.title)
            }
            Some(form) => (
                form.contest.title,
                format!("{} ({})", form.layout.title, form.layout.also_called),
            ),
            None => (slot.contest.clone(), String::new()),
        };
        Ok(SlotCard {
            slot: slot.clone(),
            title,
            form,
            standing,
            is_assigned,
            has_draft,
            revisions,
            figures_received: newest.is_some_and(|row| row.receipt.is_some()),
            photos,
        })
    }
}

fn enrolled(enrolment: &Enrolment, pack: &Pack) -> Enrolled {
    Enrolled {
        witness: pack.witness.name.clone(),
        election: pack.election.name.clone(),
        date: pack.election.date.clone(),
        rehearsal: pack.election.rehearsal,
        endpoint: enrolment.address.clone(),
        timezone: pack.election.timezone.clone(),
    }
}

fn language(word: Option<&str>) -> Language {
    match word {
        Some("en") => Language::En,
        _ => Language::Id,
    }
}

/// Whether version `own` is older than `least`; versions that are not three
/// numbers are not compared.
fn is_older(own: &str, least: &str) -> bool {
    let numbers = |text: &str| -> Option<Vec<u32>> {
        text.split('.').map(|part| part.parse().ok()).collect()
    };
    match (numbers(own), numbers(least)) {
        (Some(own), Some(least)) => own < least,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_older;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(is_older("0.9.12", "0.10.0"));
        assert!(!is_older("0.1.0", "0.1.0"));
        assert!(!is_older("0.1.0-dev", "9.0.0"));
    }
}
