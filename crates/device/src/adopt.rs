//! Taking up what a killed app left behind.
//!
//! A phone with little memory kills the app behind the camera. The pending row
//! says what the photo was for; the file lies either here, durable and without
//! a row, or in the app's own Pictures folder, where the camera left it. Nothing
//! is ever removed that is not understood: strangers are logged and stay.

use protocol::encoding;
use protocol::limits::ORIGINAL_MAX_BYTES;
use protocol::revision::PhotoSource;
use store::PendingPhoto;

use crate::core::{Core, ORIGINALS};
use crate::disk::Listed;
use crate::photos::original_file;
use crate::view::Failure;

/// How much earlier than the pending row a camera's file may be dated, in
/// milliseconds: memory cards keep times to two seconds.
const DATE_SLACK_MS: i64 = 2_000;

impl Core {
    /// Takes up everything that was left behind. What cannot be taken up now
    /// stays for the next start; it never keeps the app from opening.
    pub(crate) fn adopt_orphans(&self) {
        self.remove_retired_files();
        let pending = match self.store().pending_photos() {
            Ok(pending) => pending,
            Err(cause) => {
                tracing::error!(%cause, "pending photos cannot be read");
                return;
            }
        };
        for announced in pending.iter().filter(|own| own.failed.is_none()) {
            if let Err(failure) = self.adopt(announced) {
                tracing::warn!(%failure, pending = announced.id, "not taken up");
            }
        }
        self.name_strangers();
    }

    fn adopt(&self, announced: &PendingPhoto) -> Result<(), Failure> {
        if let Some((source, original)) = self.original_of(announced.id) {
            return self.finish_photo(announced, source, &original);
        }
        for file in self.pictures_since(announced)? {
            let bytes = self
                .ports
                .disk
                .read(&file.path, 0, ORIGINAL_MAX_BYTES + 1)?;
            let hash = encoding::sha256_hex(&bytes);
            let is_known = self.store().photo_by_original(&hash)?.is_some();
            if is_known || photo::reduce(&bytes).is_err() {
                continue;
            }
            // The camera's own file stays where it is; this is a copy of it.
            let original = original_file(announced.id, PhotoSource::Camera);
            self.ports.disk.write(&self.path(&original), &bytes)?;
            return self.finish_photo(announced, PhotoSource::Camera, &original);
        }
        Ok(())
    }

    /// The camera's files since the photo was announced, newest first.
    fn pictures_since(&self, announced: &PendingPhoto) -> Result<Vec<Listed>, Failure> {
        let Some(folder) = &self.ports.pictures else {
            return Ok(Vec::new());
        };
        let earliest_ms = announced.created_at.unix_ms().saturating_sub(DATE_SLACK_MS);
        let mut files = self.ports.disk.list(folder)?;
        files.retain(|file| file.modified_ms >= earliest_ms && file.size_bytes > 0);
        files.sort_by_key(|file| std::cmp::Reverse(file.modified_ms));
        Ok(files)
    }

    /// Logs files among the originals that no row knows.
    fn name_strangers(&self) {
        let files = self
            .ports
            .disk
            .list(&self.path(ORIGINALS))
            .unwrap_or_default();
        for file in files {
            let Some(name) = file.path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let is_known = self
                .store()
                .is_photo_file(&format!("{ORIGINALS}/{name}"))
                .unwrap_or(true);
            if !is_known {
                tracing::warn!(name, "a file that no photo knows stays where it is");
            }
        }
    }
}
