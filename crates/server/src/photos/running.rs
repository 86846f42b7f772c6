//! The hash of a photo, worked out while its bytes stream in.
//!
//! Between two requests for the same photo the state of its hash is kept in
//! memory. When it is not there (the process was started anew, or many other
//! photos came meanwhile), the bytes in the part file are read once and hashed;
//! so the last piece costs no more than the others, however large the photo.

use std::collections::HashMap;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest as _, Sha256};

use super::parts::Part;

/// Photos whose hashes are kept between requests, about 200 bytes each; beyond
/// that all are forgotten and worked out anew when they are needed.
const KEPT_MAX: usize = 10_000;
/// Bytes of a part file that are read at a time.
const STRIDE_BYTES: usize = 128 * 1024;

/// A hash over the first bytes of a photo.
#[derive(Debug, Clone, Default)]
pub(super) struct Running {
    hash: Sha256,
    /// Number of bytes that it is over.
    pub(super) bytes: u64,
}

impl Running {
    pub(super) fn add(&mut self, piece: &[u8]) {
        self.hash.update(piece);
        let size = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(size);
    }

    /// The SHA-256 in lowercase hex.
    pub(super) fn finish(self) -> String {
        hex::encode(self.hash.finalize())
    }

    fn of(path: &Path) -> std::io::Result<Self> {
        let mut running = Self::default();
        let mut file = match File::open(path) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(running),
            other => other?,
        };
        let mut stride = vec![0; STRIDE_BYTES];
        loop {
            let size = file.read(&mut stride)?;
            if size == 0 {
                return Ok(running);
            }
            running.add(stride.get(..size).unwrap_or_default());
        }
    }
}

/// The hashes of parts that nobody is sending at this moment.
#[derive(Debug, Default)]
pub(super) struct RunningHashes(Mutex<HashMap<PathBuf, Running>>);

impl RunningHashes {
    /// The hash over the bytes in the part file. Whoever asks has the photo's
    /// gate, so nobody adds to the part meanwhile.
    pub(super) async fn resume(&self, part: &Part, received: u64) -> std::io::Result<Running> {
        if received == 0 {
            return Ok(Running::default());
        }
        let kept = self.kept().remove(part.path());
        if let Some(running) = kept.filter(|running| running.bytes == received) {
            return Ok(running);
        }
        let path = part.path().to_owned();
        let hashing = tokio::task::spawn_blocking(move || Running::of(&path));
        hashing.await.map_err(std::io::Error::other)?
    }

    /// Keeps the hash over the bytes in the part file until they go on.
    pub(super) fn keep(&self, part: &Part, running: Running) {
        let mut kept = self.kept();
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(part.path().to_owned(), running);
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<PathBuf, Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use protocol::encoding::sha256_hex;

    use super::super::parts::Parts;
    use super::*;

    #[tokio::test]
    async fn a_part_from_before_a_restart_is_hashed_once_and_then_remembered() {
        let data = tempfile::tempdir().unwrap();
        let part = Parts::new(data.path()).named("a", 11);
        part.append(&[Bytes::from_static(b"hello ")]).await.unwrap();
        let hashes = RunningHashes::default();
        let mut running = hashes.resume(&part, 6).await.unwrap();
        running.add(b"wor");
        part.append(&[Bytes::from_static(b"wor")]).await.unwrap();
        hashes.keep(&part, running);
        // Were it read again, this would be another hash.
        std::fs::write(part.path(), b"jello wor").unwrap();
        let mut running = hashes.resume(&part, 9).await.unwrap();
        running.add(b"ld");
        assert_eq!(running.finish(), sha256_hex(b"hello world"));
    }

    #[tokio::test]
    async fn what_is_remembered_of_another_length_is_not_believed() {
        let data = tempfile::tempdir().unwrap();
        let part = Parts::new(data.path()).named("a", 11);
        part.append(&[Bytes::from_static(b"hello")]).await.unwrap();
        let hashes = RunningHashes::default();
        let mut stale = Running::default();
        stale.add(b"hell");
        hashes.keep(&part, stale);
        let running = hashes.resume(&part, 5).await.unwrap();
        assert_eq!(running.finish(), sha256_hex(b"hello"));
        let nothing = hashes.resume(&part, 0).await.unwrap();
        assert_eq!(nothing.finish(), sha256_hex(b""));
    }
}
