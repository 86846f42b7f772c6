//! A part of the log that can be checked without an endpoint.
//!
//! A part begins at the log's beginning or at a signed head, and ends at a
//! signed head. Between them stands every entry, in order: with its content,
//! or, where that is nobody's business, as the hash of its content. So the
//! chain is whole, and what is shown is proved to be in it at its place.
//!
//! It is written as lines of JSON, or as rows of CSV ([`csv`]). What a part
//! does not prove: what the entries say that are shown as hashes only, and
//! that nothing came after its last signed head.

pub mod csv;
mod write;

pub use write::PartWriter;

use std::io::BufRead;

use protocol::encoding::is_sha256_hex;
use protocol::{Envelope, PublicKey};
use serde::{Deserialize, Serialize};

use super::checkpoint::fits;
use super::entry::{Entry, FIRST_HASH, chained};

/// Version of the lines.
pub const VERSION: u32 = 1;
/// Longest line that is read, in bytes.
const LINE_MAX_BYTES: u64 = 1024 * 1024;

/// One line of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case", deny_unknown_fields)]
pub enum Line {
    /// The first: whose log it is, and where the part begins.
    Begin {
        /// Version, 1.
        v: u32,
        /// The endpoint's public key, in base64.
        key: String,
        /// Its id.
        key_id: String,
        /// The entry before the part; 0 at the log's beginning.
        after: i64,
        /// Its hash.
        hash: String,
        /// The signed head at it; none at the log's beginning.
        checkpoint: Option<Envelope>,
    },
    /// An entry with its content.
    Entry {
        /// Position.
        index: i64,
        /// Milliseconds since 1970.
        at: i64,
        /// Who acted.
        actor: Option<String>,
        /// The event's kind.
        kind: String,
        /// The event, exactly as it was hashed.
        body: String,
        /// The entry's hash.
        hash: String,
    },
    /// The next entries, as hashes of their contents.
    Sealed {
        /// In order.
        contents: Vec<String>,
    },
    /// The signed head at the entry before this line.
    Checkpoint {
        /// As it was signed.
        envelope: Envelope,
    },
}

impl Line {
    /// An entry with its content.
    #[must_use]
    pub fn of(entry: Entry) -> Self {
        Self::Entry {
            index: entry.log_index,
            at: entry.at_ms,
            actor: entry.actor,
            kind: entry.kind,
            body: entry.body,
            hash: entry.hash,
        }
    }
}

/// Why a part is not to be believed.
#[derive(Debug, thiserror::Error)]
pub enum PartFault {
    /// A line is not what a line should be.
    #[error("line {line}: {cause}")]
    Shape {
        /// From 1.
        line: usize,
        /// What is wrong.
        cause: String,
    },
    /// It is signed with another key than the one that was given.
    #[error("it is the log of an endpoint with another key")]
    OtherKey,
    /// An entry is missing or stands twice.
    #[error("entry {0} is missing")]
    Gap(i64),
    /// An entry, or one before it, was changed.
    #[error("the hash of entry {0} does not fit: it, or what stands before it, was changed")]
    Hash(i64),
    /// A signed head does not fit.
    #[error("the signed head at entry {0} does not fit")]
    Checkpoint(i64),
    /// The last entries are not signed for.
    #[error("entry {0} is the last, and no signed head stands behind it")]
    Unsigned(i64),
    /// The file could not be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// What a sound part holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The key that its heads are signed with.
    pub key: PublicKey,
    /// Its id.
    pub key_id: String,
    /// The entry before the first; 0 at the log's beginning.
    pub after: i64,
    /// The last entry, which is signed for.
    pub upto: i64,
    /// Its hash.
    pub hash: String,
    /// Entries with their content.
    pub shown: u64,
    /// Entries as hashes only.
    pub sealed: u64,
    /// Signed heads.
    pub checkpoints: u64,
}

/// Checks the lines of a part, in order, and hands each entry with content to
/// `seen`. With `pinned`, no other endpoint's log is believed.
///
/// # Errors
/// [`PartFault`], the first break.
pub fn check(
    lines: impl IntoIterator<Item = Result<Line, PartFault>>,
    pinned: Option<&PublicKey>,
    mut seen: impl FnMut(Entry),
) -> Result<Part, PartFault> {
    let mut lines = lines.into_iter().enumerate();
    let shape = |at: usize, cause: &str| PartFault::Shape {
        line: at.saturating_add(1),
        cause: cause.to_owned(),
    };
    let Some((_, first)) = lines.next() else {
        return Err(shape(0, "the file is empty"));
    };
    let mut part = begin(first?, pinned)?;
    let mut signed_at = part.after;
    for (at, line) in lines {
        match line? {
            Line::Begin { .. } => return Err(shape(at, "a second beginning")),
            Line::Entry {
                index,
                at: at_ms,
                actor,
                kind,
                body,
                hash,
            } => {
                let entry = Entry {
                    log_index: index,
                    at_ms,
                    actor,
                    kind,
                    body,
                    hash,
                };
                part.entry(&entry)?;
                seen(entry);
            }
            Line::Sealed { contents } => {
                for content in contents {
                    if !is_sha256_hex(&content) {
                        return Err(shape(at, "a content that is no hash"));
                    }
                    part.hash = chained(&part.hash, &content);
                    part.upto = part.upto.saturating_add(1);
                    part.sealed = part.sealed.saturating_add(1);
                }
            }
            Line::Checkpoint { envelope } => {
                if !fits(&envelope, &part.key, part.upto, &part.hash) {
                    return Err(PartFault::Checkpoint(part.upto));
                }
                signed_at = part.upto;
                part.checkpoints = part.checkpoints.saturating_add(1);
            }
        }
    }
    if signed_at != part.upto || part.checkpoints == 0 {
        return Err(PartFault::Unsigned(part.upto));
    }
    Ok(part)
}

impl Part {
    fn entry(&mut self, entry: &Entry) -> Result<(), PartFault> {
        let next = self.upto.saturating_add(1);
        if entry.log_index != next {
            return Err(PartFault::Gap(next));
        }
        if !entry.follows(&self.hash) {
            return Err(PartFault::Hash(next));
        }
        self.hash.clone_from(&entry.hash);
        self.upto = next;
        self.shown = self.shown.saturating_add(1);
        Ok(())
    }
}

fn begin(first: Line, pinned: Option<&PublicKey>) -> Result<Part, PartFault> {
    let no = |cause: &str| PartFault::Shape {
        line: 1,
        cause: cause.to_owned(),
    };
    let Line::Begin {
        v,
        key,
        key_id,
        after,
        hash,
        checkpoint,
    } = first
    else {
        return Err(no("a part of the log begins with its endpoint's key"));
    };
    if v != VERSION {
        return Err(no("a part of another version"));
    }
    let key = PublicKey::from_base64(&key).ok_or_else(|| no("the endpoint's key is none"))?;
    if pinned.is_some_and(|pinned| *pinned != key) {
        return Err(PartFault::OtherKey);
    }
    let is_sound = match &checkpoint {
        None => after == 0 && hash == FIRST_HASH,
        Some(envelope) => after > 0 && fits(envelope, &key, after, &hash),
    };
    if !is_sound {
        return Err(PartFault::Checkpoint(after));
    }
    Ok(Part {
        key,
        key_id,
        after,
        upto: after,
        hash,
        shown: 0,
        sealed: 0,
        checkpoints: 0,
    })
}

/// The lines of a file of lines of JSON.
pub fn json_lines(input: impl BufRead) -> impl Iterator<Item = Result<Line, PartFault>> {
    let mut input = input;
    let mut number = 0_usize;
    std::iter::from_fn(move || {
        number = number.saturating_add(1);
        let mut text = Vec::new();
        let mut limited = std::io::Read::take(&mut input, LINE_MAX_BYTES);
        match limited.read_until(b'\n', &mut text) {
            Err(cause) => Some(Err(cause.into())),
            Ok(0) => None,
            Ok(_) => Some(
                serde_json::from_slice(&text).map_err(|cause| PartFault::Shape {
                    line: number,
                    cause: cause.to_string(),
                }),
            ),
        }
    })
}

#[cfg(test)]
mod tests;
