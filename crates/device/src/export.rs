//! Writing a bundle: what lies on this phone, for any other way to the
//! counting room.
//!
//! A bundle is a copy: nothing on this phone counts as sent because of it. The
//! figures go in first, so that a bundle that is too small leaves photos out,
//! never figures before photos.

use std::io::Cursor;

use protocol::bundle::{BundleError, BundleWriter, EXTENSION};
use protocol::receipt::ReceiptKind;
use protocol::{Envelope, Revision, SlotId, limits};

use crate::core::{Core, EXPORTS};
use crate::view::{ExportWhat, Exported, Failure};

/// What an entry of a bundle takes besides its content, in bytes, at most.
const ENTRY_FRAME_BYTES: u64 = 512;

/// A revision that is to go into a bundle, with the photos that lie here.
struct Chosen {
    rev_id: String,
    envelope: String,
    copies: Vec<Piece>,
    originals: Vec<Piece>,
}

/// A photo's file.
struct Piece {
    sha256: String,
    file: String,
    size_bytes: u64,
}

/// A bundle that is being written.
struct Writing {
    bundle: BundleWriter<Cursor<Vec<u8>>>,
    room_bytes: u64,
    room_entries: usize,
    revisions: u32,
    photos: u32,
    left_out: u32,
}

impl Core {
    /// Writes a bundle.
    pub(crate) fn export_bundle(&self, what: &ExportWhat) -> Result<Exported, Failure> {
        let chosen = self.chosen(what)?;
        if chosen.is_empty() {
            return Err(Failure::NothingToSave);
        }
        let mut writing = Writing::begin();
        for one in &chosen {
            writing.envelope(&one.rev_id, &one.envelope)?;
        }
        for piece in chosen.iter().flat_map(|one| &one.copies) {
            self.write_piece(&mut writing, piece)?;
        }
        for piece in chosen.iter().flat_map(|one| &one.originals) {
            self.write_piece(&mut writing, piece)?;
        }
        let (revisions, photos, left_out) = (writing.revisions, writing.photos, writing.left_out);
        let bytes = writing.bundle.finish().map_err(failure)?.into_inner();
        let name = self.export_name(what.slot.as_ref());
        let path = self.path(&format!("{EXPORTS}/{name}"));
        self.ports.disk.write(&path, &bytes)?;
        Ok(Exported {
            file: path.to_string_lossy().into_owned(),
            name,
            size_bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            revisions,
            photos,
            left_out,
        })
    }

    /// Removes the bundles of an earlier start.
    pub(crate) fn sweep_exports(&self) {
        let files = self.ports.disk.list(&self.path(EXPORTS));
        for file in files.unwrap_or_default() {
            if let Err(cause) = self.ports.disk.remove(&file.path) {
                tracing::warn!(%cause, "an old bundle is still here");
            }
        }
    }

    /// What is to go in, the newest forms first, one's own before others'.
    fn chosen(&self, what: &ExportWhat) -> Result<Vec<Chosen>, Failure> {
        let mut rows = Vec::new();
        {
            let store = self.store();
            let slots = match &what.slot {
                Some(slot) => vec![slot.clone()],
                None => store.sealed_slots()?,
            };
            for slot in &slots {
                rows.extend(store.revisions(slot)?);
            }
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.id));
        let mut named: Vec<(String, bool)> = rows
            .into_iter()
            .map(|row| (row.revision.rev_id, row.receipt.is_some()))
            .collect();
        if what.slot.is_none()
            && let Some(identity) = self.identity()?
        {
            let carried = self.store().carried(identity.id)?;
            named.extend(carried.into_iter().map(|row| (row.rev_id, row.is_received)));
        }
        let mut chosen = Vec::new();
        for (rev_id, is_received) in named {
            let one = self.choose(rev_id, what)?;
            let has_photos = !(one.copies.is_empty() && one.originals.is_empty());
            if !what.only_unreceived || !is_received || has_photos {
                chosen.push(one);
            }
        }
        Ok(chosen)
    }

    fn choose(&self, rev_id: String, what: &ExportWhat) -> Result<Chosen, Failure> {
        let signed = self.store().signed_revision(&rev_id)?;
        let envelope = signed.ok_or(Failure::NotFound)?.envelope;
        let statement = statement(&envelope)?;
        let mut copies = Vec::new();
        let mut originals = Vec::new();
        for photo in &statement.photos {
            copies.extend(self.piece_of(&photo.sha256, what)?);
            if let Some(original) = photo.original.as_ref().filter(|_| what.with_originals) {
                originals.extend(self.piece_of(&original.sha256, what)?);
            }
        }
        Ok(Chosen {
            rev_id,
            envelope,
            copies,
            originals,
        })
    }

    /// The file of a photo, if it lies here and is wanted.
    fn piece_of(&self, sha256: &str, what: &ExportWhat) -> Result<Option<Piece>, Failure> {
        let identity = self.identity()?.map(|identity| identity.id);
        let store = self.store();
        if what.only_unreceived
            && let Some(identity) = identity
            && store
                .receipt(identity, ReceiptKind::Photo, sha256)?
                .is_some()
        {
            return Ok(None);
        }
        let found = if let Some(photo) = store.photo_by_copy(sha256)? {
            Some((photo.facts.copy_file, photo.facts.copy_bytes))
        } else if let Some(photo) = store.photo_by_original(sha256)? {
            Some((photo.facts.original_file, photo.facts.original_bytes))
        } else {
            let carried = store.carried_photo(sha256)?;
            carried.map(|photo| (photo.file, photo.size_bytes))
        };
        Ok(found.map(|(file, size_bytes)| Piece {
            sha256: sha256.to_owned(),
            file,
            size_bytes,
        }))
    }

    fn write_piece(&self, writing: &mut Writing, piece: &Piece) -> Result<(), Failure> {
        if !writing.has_room(piece.size_bytes) {
            return Ok(());
        }
        let path = self.path(&piece.file);
        match self.ports.disk.read(&path, 0, piece.size_bytes) {
            Ok(jpeg) => writing.photo(&piece.sha256, &jpeg),
            Err(cause) => {
                tracing::error!(%cause, "a photo is left out of a bundle: its file is gone");
                writing.left_out = writing.left_out.saturating_add(1);
                Ok(())
            }
        }
    }

    /// A name that tells bundles apart.
    fn export_name(&self, slot: Option<&SlotId>) -> String {
        let moment: String = self
            .now()
            .to_string()
            .chars()
            .take(19)
            .filter(char::is_ascii_alphanumeric)
            .collect();
        match slot {
            Some(slot) => format!("saksi-{}-{}-{moment}.{EXTENSION}", slot.tps, slot.contest),
            None => format!("saksi-{moment}.{EXTENSION}"),
        }
    }
}

impl Writing {
    fn begin() -> Self {
        Self {
            bundle: BundleWriter::new(Cursor::new(Vec::new())),
            room_bytes: limits::BUNDLE_MAX_BYTES - ENTRY_FRAME_BYTES,
            room_entries: limits::BUNDLE_ENTRIES_MAX,
            revisions: 0,
            photos: 0,
            left_out: 0,
        }
    }

    /// Whether an entry of this size still fits; one that does not is counted
    /// as left out.
    fn has_room(&mut self, size_bytes: u64) -> bool {
        let left_bytes = self
            .room_bytes
            .checked_sub(size_bytes.saturating_add(ENTRY_FRAME_BYTES));
        match (left_bytes, self.room_entries.checked_sub(1)) {
            (Some(left_bytes), Some(left_entries)) => {
                self.room_bytes = left_bytes;
                self.room_entries = left_entries;
                true
            }
            _ => {
                self.left_out = self.left_out.saturating_add(1);
                false
            }
        }
    }

    fn envelope(&mut self, rev_id: &str, json: &str) -> Result<(), Failure> {
        if self.has_room(u64::try_from(json.len()).unwrap_or(u64::MAX)) {
            self.bundle.envelope(rev_id, json).map_err(failure)?;
            self.revisions = self.revisions.saturating_add(1);
        }
        Ok(())
    }

    fn photo(&mut self, sha256: &str, jpeg: &[u8]) -> Result<(), Failure> {
        self.bundle.photo(sha256, jpeg).map_err(failure)?;
        self.photos = self.photos.saturating_add(1);
        Ok(())
    }
}

fn statement(envelope: &str) -> Result<Revision, Failure> {
    let damaged = || Failure::Database {
        code: "damaged".to_owned(),
    };
    let envelope: Envelope = serde_json::from_str(envelope).map_err(|_| damaged())?;
    let payload = envelope.payload_bytes().map_err(|_| damaged())?;
    Revision::from_payload(&payload).map_err(|_| damaged())
}

fn failure(cause: BundleError) -> Failure {
    tracing::error!(%cause, "a bundle could not be written");
    Failure::Internal
}
