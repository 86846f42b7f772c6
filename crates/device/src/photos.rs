//! Photographs: from the camera's bytes to a place in the draft.
//!
//! The window hands a photo over in base64 pieces, because Android's bridge
//! carries text only. The order is what makes it safe to kill the app at any
//! point: pending row → part file → durable original → durable reading copy →
//! photo row. What lies between two of these is taken up at the next start
//! (`adopt`).

use std::path::Path;

use giving_way::giving_way;
use photo::ReadingCopy;
use protocol::encoding;
use protocol::revision::{PhotoKind, PhotoSource};
use protocol::{SlotId, limits};
use store::{DraftPhoto, NewPhoto, PendingPhoto, StoreError};

use crate::core::{COPIES, Core, INCOMING, ORIGINALS, UNREADABLE, lock};
use crate::seal::taken_at;
use crate::view::{DraftView, Failure};

/// Most photos of one form: as many as a revision's payload surely holds.
const PHOTOS_MAX: usize = 40;

impl Core {
    /// Announces a photo. One camera is open at a time, so photos announced
    /// before, of which nothing has come, will not come.
    pub(crate) fn expect_photo(
        &self,
        slot: &SlotId,
        kind: PhotoKind,
        page: Option<u32>,
        replaces: Option<i64>,
    ) -> Result<i64, Failure> {
        self.form(slot)?;
        let created_at = self.now();
        let coming: Vec<i64> = lock(&self.incoming).keys().copied().collect();
        let mut store = self.store();
        let photos = store.draft(slot)?.map_or(0, |draft| draft.photos.len());
        if photos >= PHOTOS_MAX && replaces.is_none() {
            return Err(Failure::Photo {
                code: "too_many".to_owned(),
            });
        }
        for earlier in store.pending_photos()? {
            let has_file = coming.contains(&earlier.id)
                || earlier.failed.is_some()
                || self.original_of(earlier.id).is_some();
            if !has_file {
                store.cancel_photo(earlier.id)?;
            }
        }
        Ok(store.expect_photo(&PendingPhoto {
            id: 0,
            slot: slot.clone(),
            kind,
            page,
            replaces,
            created_at,
            failed: None,
        })?)
    }

    /// Takes in one piece of an announced photo; after the last, the photo is
    /// in the draft.
    pub(crate) fn add_photo_piece(
        &self,
        pending: i64,
        base64: &str,
        is_last: bool,
        source: PhotoSource,
    ) -> Result<Option<DraftView>, Failure> {
        let announced = self
            .store()
            .pending_photo(pending)?
            .ok_or(Failure::NotFound)?;
        let Some(bytes) = encoding::from_base64(base64) else {
            tracing::error!(pending, "a piece of a photo is not base64");
            return Err(Failure::Internal);
        };
        self.append_piece(pending, &bytes)?;
        if !is_last {
            return Ok(None);
        }
        lock(&self.incoming).remove(&pending);
        let original = original_file(pending, source);
        self.set_aside(pending, &original)?;
        let part = self.path(&part_file(pending));
        self.ports.disk.settle(&part, &self.path(&original))?;
        self.finish_photo(&announced, source, &original)?;
        let form = self.form(&announced.slot)?;
        self.draft_view(&form).map(Some)
    }

    fn append_piece(&self, pending: i64, bytes: &[u8]) -> Result<(), Failure> {
        let part = self.path(&part_file(pending));
        let mut incoming = lock(&self.incoming);
        let before = incoming.get(&pending).copied();
        let size_bytes = before
            .unwrap_or_default()
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        let appended = if size_bytes > limits::ORIGINAL_MAX_BYTES {
            Err(Failure::Photo {
                code: "too_large".to_owned(),
            })
        } else {
            let disk = &self.ports.disk;
            disk.append(&part, bytes, before.is_none())
                .map_err(Failure::from)
        };
        match appended {
            Ok(()) => {
                incoming.insert(pending, size_bytes);
                Ok(())
            }
            Err(failure) => {
                // The camera or the gallery still has the whole photo; what
                // came of it here only takes room that the figures may need.
                incoming.remove(&pending);
                self.remove_quietly(&part);
                Err(failure)
            }
        }
    }

    /// Makes the reading copy of a durable original and gives the photo its
    /// place in the draft.
    pub(crate) fn finish_photo(
        &self,
        announced: &PendingPhoto,
        source: PhotoSource,
        original: &str,
    ) -> Result<(), Failure> {
        let bytes =
            self.ports
                .disk
                .read(&self.path(original), 0, limits::ORIGINAL_MAX_BYTES + 1)?;
        let copy = match giving_way(|| photo::reduce(&bytes)) {
            Ok(copy) => copy,
            Err(cause) => {
                self.set_aside(announced.id, original)?;
                self.store()
                    .fail_pending_photo(announced.id, cause.code())?;
                return Err(cause.into());
            }
        };
        let copy_file = format!("{COPIES}/{}.jpg", announced.id);
        self.ports.disk.write(&self.path(&copy_file), &copy.jpeg)?;
        let now = self.now();
        let new = new_photo(&copy, source, original, &copy_file);
        let new = NewPhoto {
            taken_at: new
                .taken_at
                .or((source == PhotoSource::Camera).then_some(announced.created_at)),
            ..new
        };
        let taken = self.store().take_photo(announced.id, &new, now);
        if let Err(StoreError::Missing(_)) = taken {
            // The witness cancelled while it was being reduced.
            self.remove_quietly(&self.path(original));
            self.remove_quietly(&self.path(&copy_file));
        }
        taken?;
        self.remove_retired_files();
        Ok(())
    }

    /// Gives up an announced photo and whatever came of it.
    pub(crate) fn cancel_photo(&self, pending: i64) -> Result<(), Failure> {
        lock(&self.incoming).remove(&pending);
        self.store().cancel_photo(pending)?;
        self.remove_quietly(&self.path(&part_file(pending)));
        for source in [PhotoSource::Camera, PhotoSource::Gallery] {
            let original = original_file(pending, source);
            if !self.store().is_photo_file(&original)? {
                self.remove_quietly(&self.path(&original));
            }
        }
        for file in self.ports.disk.list(&self.path(UNREADABLE))? {
            let name = file.path.file_name().and_then(|name| name.to_str());
            if name.is_some_and(|name| name.starts_with(&format!("{pending}-"))) {
                self.remove_quietly(&file.path);
            }
        }
        Ok(())
    }

    /// Takes a photo out of the draft. One that was sealed stays with its
    /// revision; one that never was is gone.
    pub(crate) fn remove_photo(&self, slot: &SlotId, id: i64) -> Result<DraftView, Failure> {
        self.arrange(slot, |photos| {
            let place = position(photos, id)?;
            photos.remove(place);
            Some(())
        })
    }

    /// Moves a photo to place `to`, counted from 0.
    pub(crate) fn move_photo(&self, slot: &SlotId, id: i64, to: u32) -> Result<DraftView, Failure> {
        self.arrange(slot, |photos| {
            let moved = photos.remove(position(photos, id)?);
            let to = usize::try_from(to).unwrap_or(usize::MAX).min(photos.len());
            photos.insert(to, moved);
            Some(())
        })
    }

    /// Says what a photo shows.
    pub(crate) fn set_photo_page(
        &self,
        slot: &SlotId,
        id: i64,
        page: Option<u32>,
        kind: PhotoKind,
    ) -> Result<DraftView, Failure> {
        self.arrange(slot, |photos| {
            let place = position(photos, id)?;
            let photo = photos.get_mut(place)?;
            photo.page = page;
            photo.kind = kind;
            Some(())
        })
    }

    /// The reading copy of a photo.
    pub(crate) fn photo_bytes(&self, id: i64) -> Result<Vec<u8>, Failure> {
        let photo = self.store().photo(id)?.ok_or(Failure::NotFound)?;
        let path = self.path(&photo.facts.copy_file);
        Ok(self.ports.disk.read(&path, 0, photo.facts.copy_bytes)?)
    }

    /// Rearranges the photos of a draft; `None` when the photo is not there.
    fn arrange(
        &self,
        slot: &SlotId,
        change: impl FnOnce(&mut Vec<DraftPhoto>) -> Option<()>,
    ) -> Result<DraftView, Failure> {
        let form = self.form(slot)?;
        let now = self.now();
        {
            let mut store = self.store();
            let draft = store.draft(slot)?.ok_or(Failure::NotFound)?;
            let mut photos = draft.photos;
            change(&mut photos).ok_or(Failure::NotFound)?;
            store.put_draft_photos(slot, &photos, now)?;
        }
        self.remove_retired_files();
        self.draft_view(&form)
    }

    /// Removes the files of photos that nothing names any more, then their
    /// rows. What fails here is done again at the next start.
    pub(crate) fn remove_retired_files(&self) {
        let mut store = self.store();
        let retired = store.retired_photos().unwrap_or_default();
        for photo in retired {
            let files = [&photo.facts.original_file, &photo.facts.copy_file];
            let removed = files
                .iter()
                .all(|file| self.ports.disk.remove(&self.path(file)).is_ok());
            if removed && let Err(cause) = store.forget_photo(photo.id) {
                tracing::warn!(%cause, "a removed photo is still listed");
            }
        }
    }

    /// Moves the file of a pending photo aside, if it is there: it could not be
    /// read, or another one came in its place. It is kept until the witness
    /// cancels.
    fn set_aside(&self, pending: i64, file: &str) -> Result<(), Failure> {
        let path = self.path(file);
        let is_there = self.ports.disk.read(&path, 0, 1).is_ok();
        if !is_there {
            return Ok(());
        }
        let aside = format!("{UNREADABLE}/{pending}-{}", self.now().unix_ms());
        Ok(self.ports.disk.settle(&path, &self.path(&aside))?)
    }

    /// The durable original of a pending photo, if it is there.
    pub(crate) fn original_of(&self, pending: i64) -> Option<(PhotoSource, String)> {
        [PhotoSource::Camera, PhotoSource::Gallery]
            .into_iter()
            .map(|source| (source, original_file(pending, source)))
            .find(|(_, file)| self.ports.disk.read(&self.path(file), 0, 1).is_ok())
    }

    fn remove_quietly(&self, path: &Path) {
        if let Err(cause) = self.ports.disk.remove(path) {
            tracing::warn!(%cause, "a file that is of no use could not be removed");
        }
    }
}

fn position(photos: &[DraftPhoto], id: i64) -> Option<usize> {
    photos.iter().position(|photo| photo.photo == id)
}

fn part_file(pending: i64) -> String {
    format!("{INCOMING}/{pending}.part")
}

/// The name says where the photo came from, so that it is known after a crash.
pub(crate) fn original_file(pending: i64, source: PhotoSource) -> String {
    let word = match source {
        PhotoSource::Camera => "camera",
        PhotoSource::Gallery => "gallery",
    };
    format!("{ORIGINALS}/{pending}-{word}")
}

fn new_photo(copy: &ReadingCopy, source: PhotoSource, original: &str, copy_file: &str) -> NewPhoto {
    let bytes = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
    let warnings = copy.judgement.warnings.iter().filter_map(|warning| {
        // A warning's word is the one that its type has on the wire.
        let word = serde_json::to_value(warning).ok()?;
        word.as_str().map(str::to_owned)
    });
    NewPhoto {
        source,
        original_file: original.to_owned(),
        original_sha256: copy.original.file.sha256.clone(),
        original_bytes: bytes(copy.original.file.size_bytes),
        original_is_jpeg: copy.original.is_jpeg,
        copy_file: copy_file.to_owned(),
        copy_sha256: copy.file.sha256.clone(),
        copy_bytes: bytes(copy.file.size_bytes),
        width: copy.width,
        height: copy.height,
        warnings: warnings.collect(),
        taken_at: taken_at(&copy.original),
    }
}
