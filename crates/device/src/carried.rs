//! What this phone carries for others, kept apart from its own.
//!
//! Nothing in it can be verified here, because the keys of other phones are
//! known to the endpoint alone: it is kept as it came, and the endpoint judges
//! it. The bytes of a carried photo are given up when its receipt has verified,
//! and in no other way; a carried revision keeps its row for ever.

use crate::core::{CARRIED, Core};
use crate::view::{CarriedCounts, CarriedView, Failure, refused_code};

/// Most bytes of others' photos that lie on this phone at once.
pub(crate) const CARRIED_PHOTOS_MAX_BYTES: u64 = 300 * 1024 * 1024;
/// Most revisions of others that this phone carries without receipts.
pub(crate) const CARRIED_REVISIONS_MAX: u32 = 2_000;

impl Core {
    /// Everything that is carried, newest first.
    pub(crate) fn carried(&self) -> Result<Vec<CarriedView>, Failure> {
        let Some(identity) = self.identity()? else {
            return Ok(Vec::new());
        };
        let rows = self.store().carried(identity.id)?;
        let views = rows.into_iter().map(|row| CarriedView {
            rev_id: row.rev_id,
            device: row.device,
            tps: row.slot.tps.to_string(),
            contest: row.slot.contest,
            seq: row.seq,
            taken_at: row.taken_at,
            is_received: row.is_received,
            refused: row.refused.as_deref().and_then(refused_code),
            photos: row.photos,
            photos_received: row.photos_received,
            photos_refused: row.photos_refused,
        });
        Ok(views.collect())
    }

    /// The same in numbers.
    pub(crate) fn carried_counts(&self) -> Result<CarriedCounts, Failure> {
        let Some(identity) = self.identity()? else {
            return Ok(CarriedCounts::default());
        };
        let totals = self.store().carried_totals(identity.id)?;
        Ok(CarriedCounts {
            revisions: totals.revisions,
            revisions_received: totals.revisions_received,
            photos: totals.photos,
            photos_received: totals.photos_received,
            refused: totals.refused,
        })
    }

    /// Gives up the bytes of carried photos that the endpoint has signed for:
    /// the file first, then its row says so. What fails here is done again
    /// after the next receipt and at the next start.
    pub(crate) fn release_carried(&self) {
        let delivered = self.store().delivered_carried_photos();
        for photo in delivered.unwrap_or_default() {
            let removed = self.ports.disk.remove(&self.path(&photo.file));
            if let Err(cause) = removed {
                tracing::warn!(%cause, "a delivered photo of others is still here");
                continue;
            }
            let now = self.now();
            if let Err(cause) = self.store().release_carried(&photo.sha256, now) {
                tracing::warn!(%cause, "a removed photo of others is still listed");
            }
        }
    }

    /// Removes what a killed import left in the folder of carried photos: it
    /// was never said to be here, and whoever handed it over still has it.
    pub(crate) fn sweep_carried(&self) {
        let files = self.ports.disk.list(&self.path(CARRIED));
        for file in files.unwrap_or_default() {
            let Some(name) = file.path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let is_known = self
                .store()
                .is_carried_file(&format!("{CARRIED}/{name}"))
                .unwrap_or(true);
            if !is_known && let Err(cause) = self.ports.disk.remove(&file.path) {
                tracing::warn!(%cause, "half an import is still here");
            }
        }
    }
}
