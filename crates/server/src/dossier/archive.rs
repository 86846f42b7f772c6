//! A zip that is sent while it is written.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use protocol::encoding::sha256_hex;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::machine::FileFact;

/// A piece of the file, or why it breaks off.
pub(super) type Piece = Result<Bytes, std::io::Error>;

/// Holds what was written until it is sent.
#[derive(Debug, Clone, Default)]
struct Waiting(Arc<Mutex<Vec<u8>>>);

impl Waiting {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Waiting {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The zip.
pub(super) struct Archive {
    zip: ZipWriter<StreamWriter<Waiting>>,
    waiting: Waiting,
    out: mpsc::Sender<Piece>,
    files: Vec<FileFact>,
    running: Option<Running>,
}

/// The file that is being written.
struct Running {
    name: String,
    hash: Sha256,
    size_bytes: u64,
}

impl Archive {
    /// An empty one, sent to `out`.
    pub(super) fn new(out: mpsc::Sender<Piece>) -> Self {
        let waiting = Waiting::default();
        Self {
            zip: ZipWriter::new_stream(waiting.clone()),
            waiting,
            out,
            files: Vec::new(),
            running: None,
        }
    }

    /// Whether a file of this name is in it.
    pub(super) fn has(&self, name: &str) -> bool {
        self.files.iter().any(|file| file.name == name)
    }

    /// The files so far, with their hashes.
    pub(super) fn files(&self) -> &[FileFact] {
        &self.files
    }

    /// A whole file. One of a name that is there already is left out.
    ///
    /// # Errors
    /// When nobody takes it any more.
    pub(super) async fn file(&mut self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        if self.has(name) {
            return Ok(());
        }
        self.begin(name)?;
        self.piece(bytes).await?;
        self.end();
        Ok(())
    }

    /// Begins a file that comes in pieces.
    ///
    /// # Errors
    /// When the zip cannot be written.
    pub(super) fn begin(&mut self, name: &str) -> std::io::Result<()> {
        // Photos do not shrink; all else does. No times: nothing but the
        // manifest says when.
        let method = if name.ends_with(".jpg") {
            CompressionMethod::Stored
        } else {
            CompressionMethod::Deflated
        };
        let options = SimpleFileOptions::default().compression_method(method);
        self.zip.start_file(name, options)?;
        self.running = Some(Running {
            name: name.to_owned(),
            hash: Sha256::new(),
            size_bytes: 0,
        });
        Ok(())
    }

    /// The next piece of the file begun.
    ///
    /// # Errors
    /// When nobody takes it any more.
    pub(super) async fn piece(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.zip.write_all(bytes)?;
        if let Some(running) = &mut self.running {
            running.hash.update(bytes);
            let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            running.size_bytes = running.size_bytes.saturating_add(size);
        }
        self.send().await
    }

    /// Ends the file begun.
    pub(super) fn end(&mut self) {
        if let Some(running) = self.running.take() {
            self.files.push(FileFact {
                name: running.name,
                size_bytes: running.size_bytes,
                sha256: hex::encode(running.hash.finalize()),
            });
        }
    }

    /// Ends the zip.
    ///
    /// # Errors
    /// When nobody takes it any more.
    pub(super) async fn finish(mut self) -> std::io::Result<()> {
        let waiting = self.waiting.clone();
        let out = self.out.clone();
        self.zip.finish()?;
        self.files.clear();
        send(&out, waiting.take()).await
    }

    async fn send(&self) -> std::io::Result<()> {
        send(&self.out, self.waiting.take()).await
    }
}

async fn send(out: &mpsc::Sender<Piece>, bytes: Vec<u8>) -> std::io::Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    let gone = |_| std::io::Error::from(std::io::ErrorKind::BrokenPipe);
    out.send(Ok(bytes.into())).await.map_err(gone)
}

/// Hash of a file's bytes, as the manifest says it.
pub(super) fn hash_of(bytes: &[u8]) -> String {
    sha256_hex(bytes)
}
