//! Where a slot stands, as the witness should see it.

use protocol::SlotId;
use protocol::inbox::{InboxItem, InboxKind};
use store::{InboxRow, RevisionPhoto, RevisionRow};

use crate::core::Core;
use crate::draft::is_empty;
use crate::view::{Failure, PhotoProgress, Standing};

impl Core {
    /// How many forms are begun here and not sealed.
    pub(crate) fn begun(&self) -> Result<u32, Failure> {
        let store = self.store();
        let mut begun = 0_u32;
        for slot in store.drafted_slots()? {
            let draft = store.draft(&slot)?.unwrap_or_default();
            if !is_empty(&draft) && store.newest_revision(&slot)?.is_none() {
                begun = begun.saturating_add(1);
            }
        }
        Ok(begun)
    }

    /// Where a slot stands.
    pub(crate) fn standing(&self, slot: &SlotId) -> Result<Standing, Failure> {
        let store = self.store();
        let Some(newest) = store.newest_revision(slot)? else {
            let draft = store.draft(slot)?.unwrap_or_default();
            return Ok(if is_empty(&draft) {
                Standing::NotStarted
            } else {
                Standing::Draft
            });
        };
        if let Some(word) = last_word(&store.inbox_of(slot)?, &newest) {
            return Ok(word);
        }
        let photos = store.revision_photos(&newest.revision.rev_id)?;
        Ok(by_receipts(&newest, progress(&photos)))
    }
}

/// What the counting room last said of a slot, unless this device has said
/// something newer since: a correction answers what was said before it.
fn last_word(news: &[InboxRow], newest: &RevisionRow) -> Option<Standing> {
    let (row, standing) = news.iter().find_map(|row| Some((row, word(&row.item)?)))?;
    let was_known_at_sealing = row.id <= newest.inbox_seen;
    // Both times are the endpoint's, so they can be compared. The endpoint says
    // "conflict" because of a revision: in the same moment, or after it.
    let arrived_after = newest
        .receipt
        .is_some_and(|receipt| receipt.received_at > row.item.at);
    (!was_known_at_sealing && !arrived_after).then_some(standing)
}

/// The standing that a piece of news gives its slot, if it gives one.
fn word(item: &InboxItem) -> Option<Standing> {
    match item.kind {
        InboxKind::Verified => Some(Standing::Verified { at: item.at }),
        InboxKind::Returned => Some(Standing::Returned {
            reason: item.text.clone(),
            at: item.at,
        }),
        InboxKind::Conflict => Some(Standing::InConflict),
        InboxKind::OriginalWanted
        | InboxKind::Message
        | InboxKind::PackChanged
        | InboxKind::Revoked => None,
    }
}

fn by_receipts(newest: &RevisionRow, photos: PhotoProgress) -> Standing {
    match (&newest.receipt, &newest.refused) {
        (Some(_), _) if photos.received == photos.total => Standing::AllReceived { photos },
        (Some(_), _) => Standing::FiguresReceived { photos },
        (None, Some(code)) => Standing::Refused { code: code.clone() },
        (None, None) => Standing::SavedHere,
    }
}

/// How far the photos of a revision have come.
pub(crate) fn progress(photos: &[RevisionPhoto]) -> PhotoProgress {
    let mut progress = PhotoProgress::default();
    for photo in photos {
        let size_bytes = photo.photo.facts.copy_bytes;
        progress.total = progress.total.saturating_add(1);
        progress.total_bytes = progress.total_bytes.saturating_add(size_bytes);
        let received_bytes = if photo.is_received {
            progress.received = progress.received.saturating_add(1);
            size_bytes
        } else {
            photo.sent_bytes.min(size_bytes)
        };
        progress.received_bytes = progress.received_bytes.saturating_add(received_bytes);
    }
    progress
}
