//! Taking in what another phone, or this one, exported: a bundle, a picture of
//! a QR code, or the code's text.
//!
//! The file arrives in pieces and is looked at only when it is whole. Photos
//! become durable files first; then one transaction makes everything carried.
//! An import that is killed before leaves nothing that counts, and importing
//! anything again, by whichever way, changes nothing.

use std::collections::BTreeSet;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use protocol::bundle::{Bundle, BundleError};
use protocol::encoding;
use protocol::envelope::{self, Envelope, REVISION_TYPE};
use protocol::receipt::ReceiptKind;
use protocol::{Revision, limits, qr};
use store::{CarriedPhoto, NewCarried};

use crate::carried::{CARRIED_PHOTOS_MAX_BYTES, CARRIED_REVISIONS_MAX};
use crate::core::{CARRIED, Core, IMPORTS, lock};
use crate::disk::Disk;
use crate::view::{Failure, ImportProblem, Imported};

/// How much of a bundle is read at once, in bytes.
const READ_BYTES: usize = 32 * 1024;

/// Imports that are arriving from the window.
#[derive(Debug, Default)]
pub(crate) struct Imports {
    newest: i64,
    arriving: Vec<(i64, u64)>,
}

/// What an import has come to so far.
struct Intake {
    identity: i64,
    revisions: Vec<NewCarried>,
    photos: Vec<CarriedPhoto>,
    problems: BTreeSet<ImportProblem>,
    counts: Imported,
    room_revisions: u32,
    room_bytes: u64,
}

impl Core {
    /// Says that a file is about to come, and numbers it.
    pub(crate) fn begin_import(&self) -> Result<i64, Failure> {
        let mut imports = lock(&self.imports);
        imports.newest = imports.newest.saturating_add(1);
        let import = imports.newest;
        self.ports
            .disk
            .append(&self.path(&part_file(import)), &[], true)?;
        imports.arriving.push((import, 0));
        Ok(import)
    }

    /// Takes in one piece; after the last, the file is read.
    pub(crate) fn add_import_piece(
        &self,
        import: i64,
        base64: &str,
        is_last: bool,
    ) -> Result<Option<Imported>, Failure> {
        let Some(bytes) = encoding::from_base64(base64) else {
            tracing::error!(import, "a piece of an import is not base64");
            return Err(Failure::Internal);
        };
        let part = self.path(&part_file(import));
        let size_bytes = self.import_size(import, bytes.len())?;
        let appended = if size_bytes > limits::BUNDLE_MAX_BYTES {
            Ok(Some(only(ImportProblem::TooLarge)))
        } else {
            let appended = self.ports.disk.append(&part, &bytes, false);
            appended.map(|()| None).map_err(Failure::from)
        };
        let imported = match appended {
            Ok(None) if !is_last => return Ok(None),
            Ok(None) => {
                let alone = lock(&self.importing);
                let taken = self.take_file(&part, size_bytes).map(Some);
                drop(alone);
                taken
            }
            other => other,
        };
        // Whoever handed the file over still has it.
        lock(&self.imports)
            .arriving
            .retain(|(own, _)| *own != import);
        if let Err(cause) = self.ports.disk.remove(&part) {
            tracing::warn!(%cause, "an imported file is still here");
        }
        imported
    }

    /// The size of an arriving file with this piece.
    fn import_size(&self, import: i64, piece_bytes: usize) -> Result<u64, Failure> {
        let mut imports = lock(&self.imports);
        let own = imports.arriving.iter_mut().find(|(own, _)| *own == import);
        let (_, size_bytes) = own.ok_or(Failure::NotFound)?;
        *size_bytes = size_bytes.saturating_add(u64::try_from(piece_bytes).unwrap_or(u64::MAX));
        Ok(*size_bytes)
    }

    /// Takes in the text of a QR code.
    pub(crate) fn import_text(&self, text: &str) -> Result<Imported, Failure> {
        let alone = lock(&self.importing);
        let taken = self.take_texts(&[text.trim().to_owned()]);
        drop(alone);
        taken
    }

    /// Forgets half-arrived files of an earlier start.
    pub(crate) fn sweep_imports(&self) {
        let files = self.ports.disk.list(&self.path(IMPORTS));
        for file in files.unwrap_or_default() {
            if let Err(cause) = self.ports.disk.remove(&file.path) {
                tracing::warn!(%cause, "a half-arrived import is still here");
            }
        }
    }

    fn take_file(&self, path: &Path, size_bytes: u64) -> Result<Imported, Failure> {
        let disk = self.ports.disk.as_ref();
        let head = disk.read(path, 0, 8)?;
        match head.as_slice() {
            [b'P', b'K', ..] => self.take_bundle(DiskFile {
                disk,
                path: path.to_owned(),
                size_bytes,
                at: 0,
            }),
            [0xFF, 0xD8, ..] | [0x89, b'P', b'N', b'G', ..] => {
                let bytes = disk.read(path, 0, limits::ORIGINAL_MAX_BYTES + 1)?;
                self.take_texts(&photo::read_qr(&bytes).unwrap_or_default())
            }
            [b'S', b'A', b'K', b'S', b'I', ..] => {
                let most_bytes = u64::try_from(qr::TEXT_MAX_BYTES).unwrap_or(u64::MAX);
                let bytes = disk.read(path, 0, most_bytes.saturating_add(64))?;
                self.take_texts(&[String::from_utf8_lossy(&bytes).trim().to_owned()])
            }
            _ => Ok(only(ImportProblem::NotOurs)),
        }
    }

    /// Takes in the texts of the codes in a picture.
    fn take_texts(&self, texts: &[String]) -> Result<Imported, Failure> {
        let Some(mut intake) = self.begin_intake()? else {
            return Ok(only(ImportProblem::NotEnrolled));
        };
        if texts.is_empty() {
            return Ok(only(ImportProblem::NoCode));
        }
        for text in texts {
            match qr::read(text) {
                Ok(envelope) => {
                    let json = serde_json::to_string(&envelope)?;
                    self.consider_envelope(&mut intake, None, json)?;
                }
                Err(qr::QrError::NotOurs) => {
                    intake.problems.insert(ImportProblem::NotOurs);
                }
                Err(_) => {
                    intake.problems.insert(ImportProblem::Damaged);
                }
            }
        }
        self.keep(intake)
    }

    fn take_bundle(&self, file: DiskFile<'_>) -> Result<Imported, Failure> {
        let Some(mut intake) = self.begin_intake()? else {
            return Ok(only(ImportProblem::NotEnrolled));
        };
        let mut bundle = match Bundle::open(BufReader::with_capacity(READ_BYTES, file)) {
            Ok(bundle) => bundle,
            Err(cause) => return Ok(only(problem_of(cause, ImportProblem::Damaged)?)),
        };
        for rev_id in bundle.envelopes.clone() {
            match bundle.envelope(&rev_id) {
                Ok(json) => self.consider_envelope(&mut intake, Some(&rev_id), json)?,
                Err(cause) => {
                    let problem = problem_of(cause, ImportProblem::FormInvalid)?;
                    intake.problems.insert(problem);
                }
            }
        }
        for sha256 in bundle.photos.clone() {
            if !self.is_photo_wanted(&mut intake, &sha256)? {
                continue;
            }
            match bundle.photo(&sha256) {
                Ok(jpeg) => self.take_photo(&mut intake, &sha256, &jpeg)?,
                Err(cause) => {
                    let problem = problem_of(cause, ImportProblem::PhotoInvalid)?;
                    intake.problems.insert(problem);
                }
            }
        }
        self.keep(intake)
    }

    fn begin_intake(&self) -> Result<Option<Intake>, Failure> {
        let Some(identity) = self.identity()? else {
            return Ok(None);
        };
        let totals = self.store().carried_totals(identity.id)?;
        let waiting = totals.revisions.saturating_sub(totals.revisions_received);
        Ok(Some(Intake {
            identity: identity.id,
            revisions: Vec::new(),
            photos: Vec::new(),
            problems: BTreeSet::new(),
            counts: Imported::default(),
            room_revisions: CARRIED_REVISIONS_MAX.saturating_sub(waiting),
            room_bytes: CARRIED_PHOTOS_MAX_BYTES.saturating_sub(totals.bytes),
        }))
    }

    /// Looks at an envelope, which is `named` so in its bundle.
    fn consider_envelope(
        &self,
        intake: &mut Intake,
        named: Option<&str>,
        json: String,
    ) -> Result<(), Failure> {
        let Some(new) = carriable(json).filter(|new| named.is_none_or(|id| id == new.rev_id))
        else {
            intake.problems.insert(ImportProblem::FormInvalid);
            return Ok(());
        };
        let store = self.store();
        if store.is_own_revision(&new.rev_id)? {
            intake.counts.revisions_own += 1;
        } else if store.is_carried_revision(&new.rev_id)? {
            intake.counts.revisions_known += 1;
        } else if intake.room_revisions == 0 {
            intake.problems.insert(ImportProblem::NoRoom);
        } else {
            intake.room_revisions -= 1;
            intake.counts.revisions_new += 1;
            intake.revisions.push(new);
        }
        Ok(())
    }

    /// Whether the bytes of a photo are to be read: some form here names it,
    /// and they are not here and not received.
    fn is_photo_wanted(&self, intake: &mut Intake, sha256: &str) -> Result<bool, Failure> {
        let store = self.store();
        let is_here = store.photo_by_copy(sha256)?.is_some()
            || store.photo_by_original(sha256)?.is_some()
            || store.carried_photo(sha256)?.is_some()
            || store
                .receipt(intake.identity, ReceiptKind::Photo, sha256)?
                .is_some();
        if is_here {
            intake.counts.photos_known += 1;
            return Ok(false);
        }
        let is_named = store.is_named_by_carried(sha256)?
            || intake.revisions.iter().any(|new| names(new, sha256));
        if !is_named {
            intake.problems.insert(ImportProblem::PhotoUnnamed);
        }
        Ok(is_named)
    }

    /// Makes the bytes of a photo durable. A disk that has no room for it
    /// still has room for the figures.
    fn take_photo(&self, intake: &mut Intake, sha256: &str, jpeg: &[u8]) -> Result<(), Failure> {
        let size_bytes = u64::try_from(jpeg.len()).unwrap_or(u64::MAX);
        if photo::inspect(jpeg).is_err() {
            intake.problems.insert(ImportProblem::PhotoInvalid);
            return Ok(());
        }
        let Some(room_bytes) = intake.room_bytes.checked_sub(size_bytes) else {
            intake.problems.insert(ImportProblem::NoRoom);
            return Ok(());
        };
        let file = format!("{CARRIED}/{sha256}.jpg");
        let written = self.ports.disk.write(&self.path(&file), jpeg);
        match written.map_err(Failure::from) {
            Ok(()) => {}
            Err(Failure::DiskFull) => {
                intake.problems.insert(ImportProblem::NoRoom);
                return Ok(());
            }
            Err(failure) => return Err(failure),
        }
        intake.room_bytes = room_bytes;
        intake.counts.photos_new += 1;
        intake.photos.push(CarriedPhoto {
            sha256: sha256.to_owned(),
            size_bytes,
            file,
        });
        Ok(())
    }

    fn keep(&self, intake: Intake) -> Result<Imported, Failure> {
        let now = self.now();
        let kept = self
            .store()
            .carry(intake.identity, &intake.revisions, &intake.photos, now);
        if let Err(cause) = kept {
            self.sweep_carried();
            return Err(cause.into());
        }
        Ok(Imported {
            problems: intake.problems.into_iter().collect(),
            ..intake.counts
        })
    }
}

/// Whether a carried revision names a photo.
fn names(new: &NewCarried, sha256: &str) -> bool {
    new.photos.iter().any(|own| own == sha256)
}

/// What an envelope says that is needed to carry it; `None` when it is not the
/// signed revision of a device. Whether the signature verifies is not known
/// here.
fn carriable(json: String) -> Option<NewCarried> {
    let envelope = Envelope::from_request(&json).ok()?;
    let payload = envelope.payload_bytes().ok()?;
    let revision = Revision::from_payload(&payload).ok()?;
    let signature = envelope.signature().ok()?;
    let is_signed = envelope.payload_type == REVISION_TYPE
        && signature.keyid == revision.device
        && encoding::array_from_base64::<64>(&signature.sig).is_some();
    let copies = revision.photos.iter().map(|photo| photo.sha256.clone());
    let originals = revision.photos.iter().filter_map(|photo| {
        let original = photo.original.as_ref()?;
        Some(original.sha256.clone())
    });
    let photos = copies.chain(originals).collect();
    is_signed.then(|| NewCarried {
        rev_id: envelope::rev_id(&payload),
        slot: revision.slot(),
        seq: revision.seq,
        photos,
        device: revision.device,
        envelope: json,
    })
}

/// The problem that a fault of a bundle is; a fault of the disk is none.
fn problem_of(cause: BundleError, otherwise: ImportProblem) -> Result<ImportProblem, Failure> {
    match cause {
        BundleError::Io(cause) => Err(cause.into()),
        BundleError::Empty => Ok(ImportProblem::NotOurs),
        BundleError::TooLarge => Ok(ImportProblem::TooLarge),
        BundleError::DamagedPhoto(_) => Ok(ImportProblem::PhotoInvalid),
        BundleError::Zip(cause) => {
            tracing::info!(cause, "a bundle cannot be read");
            Ok(otherwise)
        }
    }
}

fn only(problem: ImportProblem) -> Imported {
    Imported {
        problems: vec![problem],
        ..Imported::default()
    }
}

fn part_file(import: i64) -> String {
    format!("{IMPORTS}/{import}.part")
}

/// A file of the disk, to be read in any order.
struct DiskFile<'a> {
    disk: &'a dyn Disk,
    path: PathBuf,
    size_bytes: u64,
    at: u64,
}

impl Read for DiskFile<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most_bytes = u64::try_from(buffer.len()).unwrap_or(u64::MAX);
        let bytes = self.disk.read(&self.path, self.at, most_bytes)?;
        let read = bytes.len().min(buffer.len());
        for (place, byte) in buffer.iter_mut().zip(&bytes) {
            *place = *byte;
        }
        self.at = self
            .at
            .saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        Ok(read)
    }
}

impl Seek for DiskFile<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size_bytes.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
