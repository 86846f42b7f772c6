//! Reading a body: what arrives is kept, whatever happens to the connection.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::StreamExt as _;

use super::gate::Pass;
use super::parts::Part;
use super::running::Running;

/// How long a client may send nothing at all.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// Bytes gathered in memory before they go to the part file.
const GATHER_BYTES: u64 = 512 * 1024;

/// How the reading of a body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The body ended by itself, or all bytes of the photo are here.
    Whole,
    /// The connection broke.
    Broken,
    /// Nothing came for too long.
    Idle,
    /// A newer request wants to go on.
    Ended,
    /// More bytes came than the photo has.
    TooMuch,
}

/// What has been read: bytes in the part file, and behind them in memory.
pub(super) struct Read {
    pub(super) end: End,
    /// Bytes of the photo in the part file.
    pub(super) in_file: u64,
    /// Those behind them.
    pub(super) in_memory: Vec<Bytes>,
    /// All of them.
    pub(super) received: u64,
    /// Over all of them.
    pub(super) hash: Running,
}

/// Reads `body` onto the bytes that the part holds, which `hash` is over.
pub(super) async fn read(
    body: Body,
    part: &Part,
    pass: &Pass,
    hash: Running,
) -> std::io::Result<Read> {
    let received = hash.bytes;
    let mut read = Read {
        end: End::Whole,
        in_file: received,
        in_memory: Vec::new(),
        received,
        hash,
    };
    pass.tell(received);
    let mut pieces = body.into_data_stream();
    loop {
        let next = tokio::select! {
            biased;
            () = pass.ended.cancelled() => Err(End::Ended),
            next = tokio::time::timeout(IDLE_TIMEOUT, pieces.next()) => match next {
                Err(_) => Err(End::Idle),
                Ok(Some(Err(_))) => Err(End::Broken),
                Ok(None) => Err(End::Whole),
                Ok(Some(Ok(piece))) => Ok(piece),
            },
        };
        match next {
            Err(end) => {
                read.end = end;
                return Ok(read);
            }
            Ok(piece) => read.take(piece, part).await?,
        }
        pass.tell(read.received);
        if read.end == End::TooMuch {
            return Ok(read);
        }
    }
}

impl Read {
    async fn take(&mut self, piece: Bytes, part: &Part) -> std::io::Result<()> {
        let room = part.length.saturating_sub(self.received);
        let size = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        if size > room {
            // Not the photo that was announced: nothing of this piece is kept.
            self.end = End::TooMuch;
            return Ok(());
        }
        self.received = self.received.saturating_add(size);
        self.hash.add(&piece);
        self.in_memory.push(piece);
        if self.received.saturating_sub(self.in_file) >= GATHER_BYTES {
            self.put_aside(part).await?;
        }
        Ok(())
    }

    /// What is in memory, in one piece.
    pub(super) fn gathered(&self) -> Bytes {
        if let [one] = self.in_memory.as_slice() {
            return one.clone();
        }
        self.in_memory.concat().into()
    }

    /// Moves what is in memory into the part file.
    pub(super) async fn put_aside(&mut self, part: &Part) -> std::io::Result<()> {
        if !self.in_memory.is_empty() {
            part.append(&self.in_memory).await?;
            self.in_memory.clear();
            self.in_file = self.received;
        }
        Ok(())
    }
}
