//! Bundles: `.saksi` files that carry envelopes and photos where no network
//! does.
//!
//! A bundle is a zip with `envelopes/{rev_id}.json` and `photos/{sha256}.jpg`,
//! written without compression (photos and signatures do not shrink) and read
//! with it, since a bundle may pass through other people's tools. Nothing in
//! it is believed: a photo must have the hash in its name, and envelopes are
//! verified by whoever takes them in. Entries with other names are left alone.

use std::collections::BTreeSet;
use std::io::{Read, Seek, Write};

use serde::{Deserialize, Serialize};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::encoding::{is_sha256_hex, sha256_hex};
use crate::envelope::Envelope;
use crate::limits;
use crate::problem::Problem;
use crate::revision::{RevisionResult, RevisionStatus};

/// Media type of a bundle's bytes.
pub const BUNDLE_TYPE: &str = "application/zip";
/// How the names of bundle files end.
pub const EXTENSION: &str = "saksi";

const ENVELOPES: (&str, &str) = ("envelopes/", ".json");
const PHOTOS: (&str, &str) = ("photos/", ".jpg");

/// Why a file is no bundle, or a bundle could not be written.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// Not a zip, or a damaged one.
    #[error("not a .saksi bundle: {0}")]
    Zip(String),
    /// Holds neither envelopes nor photos.
    #[error("the bundle holds nothing of Saksi's")]
    Empty,
    /// More entries, or larger ones, than a bundle may have.
    #[error("the bundle is larger than allowed")]
    TooLarge,
    /// A photo whose bytes do not have the hash in its name.
    #[error("the photo {0} is damaged")]
    DamagedPhoto(String),
    /// Reading or writing failed.
    #[error("the bundle cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
}

impl From<zip::result::ZipError> for BundleError {
    fn from(cause: zip::result::ZipError) -> Self {
        match cause {
            zip::result::ZipError::Io(cause)
                if cause.kind() != std::io::ErrorKind::UnexpectedEof =>
            {
                Self::Io(cause)
            }
            other => Self::Zip(other.to_string()),
        }
    }
}

/// Writes a bundle.
pub struct BundleWriter<W: Write + Seek> {
    zip: ZipWriter<W>,
    written: BTreeSet<String>,
}

impl<W: Write + Seek> BundleWriter<W> {
    /// An empty bundle into `out`.
    pub fn new(out: W) -> Self {
        Self {
            zip: ZipWriter::new(out),
            written: BTreeSet::new(),
        }
    }

    /// Puts a revision's envelope in, byte for byte. A second one of the same
    /// revision is left out.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn envelope(&mut self, rev_id: &str, json: &str) -> Result<(), BundleError> {
        self.entry(ENVELOPES, rev_id, json.as_bytes())
    }

    /// Puts a photo in. A second one of the same hash is left out.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn photo(&mut self, sha256: &str, jpeg: &[u8]) -> Result<(), BundleError> {
        self.entry(PHOTOS, sha256, jpeg)
    }

    /// Ends the bundle and hands back what it was written to.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn finish(self) -> Result<W, BundleError> {
        Ok(self.zip.finish()?)
    }

    fn entry(
        &mut self,
        (before, after): (&str, &str),
        id: &str,
        bytes: &[u8],
    ) -> Result<(), BundleError> {
        let name = format!("{before}{id}{after}");
        if !self.written.insert(name.clone()) {
            return Ok(());
        }
        if self.written.len() > limits::BUNDLE_ENTRIES_MAX {
            return Err(BundleError::TooLarge);
        }
        // No times: the same content is the same file.
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.zip.start_file(name, options)?;
        Ok(self.zip.write_all(bytes)?)
    }
}

/// An opened bundle.
pub struct Bundle<R: Read + Seek> {
    zip: ZipArchive<R>,
    /// Hashes in the names of its envelopes, in the bundle's order.
    pub envelopes: Vec<String>,
    /// Hashes in the names of its photos, in the bundle's order.
    pub photos: Vec<String>,
}

impl<R: Read + Seek> Bundle<R> {
    /// Opens a bundle and looks at its names. The caller sees to it that the
    /// whole is at most [`limits::BUNDLE_MAX_BYTES`].
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn open(from: R) -> Result<Self, BundleError> {
        let zip = ZipArchive::new(from)?;
        if zip.len() > limits::BUNDLE_ENTRIES_MAX {
            return Err(BundleError::TooLarge);
        }
        let named = |(before, after): (&str, &str)| -> Vec<String> {
            zip.file_names()
                .filter_map(|name| name.strip_prefix(before)?.strip_suffix(after))
                .filter(|id| is_sha256_hex(id))
                .map(str::to_owned)
                .collect()
        };
        let (envelopes, photos) = (named(ENVELOPES), named(PHOTOS));
        if envelopes.is_empty() && photos.is_empty() {
            return Err(BundleError::Empty);
        }
        Ok(Self {
            zip,
            envelopes,
            photos,
        })
    }

    /// The envelope of a revision as JSON, not yet believed.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn envelope(&mut self, rev_id: &str) -> Result<String, BundleError> {
        let bytes = self.bytes(ENVELOPES, rev_id, limits::ENVELOPE_JSON_MAX_BYTES)?;
        String::from_utf8(bytes).map_err(|cause| BundleError::Zip(cause.to_string()))
    }

    /// The bytes of a photo, which have the hash in its name.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn photo(&mut self, sha256: &str) -> Result<Vec<u8>, BundleError> {
        let bytes = self.bytes(PHOTOS, sha256, limits::ORIGINAL_MAX_BYTES)?;
        if sha256_hex(&bytes) != sha256 {
            return Err(BundleError::DamagedPhoto(sha256.to_owned()));
        }
        Ok(bytes)
    }

    fn bytes(
        &mut self,
        (before, after): (&str, &str),
        id: &str,
        max_bytes: u64,
    ) -> Result<Vec<u8>, BundleError> {
        let entry = self.zip.by_name(&format!("{before}{id}{after}"))?;
        let mut bytes = Vec::new();
        // The size that the zip tells is its writer's word only.
        entry
            .take(max_bytes.saturating_add(1))
            .read_to_end(&mut bytes)?;
        if u64::try_from(bytes.len()).is_ok_and(|size| size > max_bytes) {
            return Err(BundleError::TooLarge);
        }
        Ok(bytes)
    }
}

/// Answer to `POST /v1/bundles`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct BundleAnswer {
    /// One result per envelope, in the bundle's order.
    pub results: Vec<RevisionResult>,
    /// One result per photo, in the bundle's order.
    pub photos: Vec<PhotoResult>,
}

/// What became of a photo of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct PhotoResult {
    /// Its hash.
    pub sha256: String,
    /// Stored now, known before, or refused.
    pub status: RevisionStatus,
    /// The signed receipt, unless refused. The screens make nothing of it.
    #[ts(type = "unknown")]
    pub receipt: Option<Envelope>,
    /// Why it was refused.
    pub problem: Option<Problem>,
}

#[cfg(test)]
mod tests;
