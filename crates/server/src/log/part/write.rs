//! Writing a part of the log, some entries at a time.

use std::collections::{BTreeSet, VecDeque};

use protocol::Envelope;
use sqlx::AnyPool;

use super::{Line, VERSION};
use crate::keys::ServerKey;
use crate::log::checkpoint::{self, opened};
use crate::log::entries_after;
use crate::log::entry::FIRST_HASH;
use crate::storage::StorageError;

/// Entries read at once.
const PAGE_ENTRIES: i64 = 2_000;
/// Hashes on one line.
const SEALED_PER_LINE: usize = 200;

/// A part that is being written.
pub struct PartWriter {
    /// Entries that are shown; `None` shows all.
    shown: Option<BTreeSet<i64>>,
    first: Option<Line>,
    hash: String,
    at: i64,
    upto: i64,
    heads: VecDeque<(i64, Envelope)>,
    sealed: Vec<String>,
}

impl PartWriter {
    /// From the last signed head before the first of `shown` (from the log's
    /// beginning when all is shown) to the signed head at `upto`.
    ///
    /// # Errors
    /// [`StorageError`]; also when there is no signed head at `upto`.
    pub async fn begin(
        pool: &AnyPool,
        key: &ServerKey,
        shown: Option<BTreeSet<i64>>,
        upto: i64,
    ) -> Result<Self, StorageError> {
        let first = match &shown {
            None => 1,
            Some(shown) => shown.first().copied().unwrap_or(upto).min(upto),
        };
        let start = checkpoint::newest_upto(pool, first.saturating_sub(1)).await?;
        let (after, hash, head) = match start {
            None => (0, FIRST_HASH.to_owned(), None),
            Some((index, envelope, _)) => {
                let said = opened(&envelope, &key.public());
                let said = said.filter(|said| said.log_index == index);
                let said = said.ok_or_else(|| {
                    StorageError::corrupt("checkpoint", format!("the one at {index} does not fit"))
                })?;
                (index, said.hash, Some(envelope))
            }
        };
        let heads = checkpoint::between(pool, after.saturating_add(1), upto).await?;
        if heads.last().is_none_or(|(index, _)| *index != upto) {
            let cause = format!("there is none at {upto}");
            return Err(StorageError::corrupt("checkpoint", cause));
        }
        Ok(Self {
            shown,
            first: Some(Line::Begin {
                v: VERSION,
                key: key.public().to_string(),
                key_id: key.id().to_owned(),
                after,
                hash: hash.clone(),
                checkpoint: head,
            }),
            hash,
            at: after,
            upto,
            heads: heads.into(),
            sealed: Vec::new(),
        })
    }

    /// Number of entries that are still to be written.
    #[must_use]
    pub fn left(&self) -> i64 {
        self.upto.saturating_sub(self.at)
    }

    /// The next lines; none when all are written.
    ///
    /// # Errors
    /// [`StorageError`]; also when the log is not whole.
    pub async fn next(&mut self, pool: &AnyPool) -> Result<Vec<Line>, StorageError> {
        let mut lines: Vec<Line> = self.first.take().into_iter().collect();
        let page = entries_after(pool, self.at, PAGE_ENTRIES.min(self.left())).await?;
        if page.is_empty() && self.left() > 0 {
            let cause = format!("it ends at {}, before {}", self.at, self.upto);
            return Err(StorageError::corrupt("log", cause));
        }
        for entry in page {
            let index = entry.log_index;
            if index != self.at.saturating_add(1) || !entry.follows(&self.hash) {
                let cause = format!("entry {index} does not follow");
                return Err(StorageError::corrupt("log", cause));
            }
            let is_shown = self.shown.as_ref().is_none_or(|own| own.contains(&index));
            // Entries of older endpoints can only be checked with their content.
            let must_show = is_shown || entry.is_before_parts(&self.hash);
            self.hash.clone_from(&entry.hash);
            self.at = index;
            if must_show {
                self.unseal(&mut lines);
                lines.push(Line::of(entry));
            } else {
                self.sealed.push(entry.content_hash());
                if self.sealed.len() >= SEALED_PER_LINE {
                    self.unseal(&mut lines);
                }
            }
            if let Some((_, envelope)) = self.heads.pop_front_if(|(at, _)| *at == index) {
                self.unseal(&mut lines);
                lines.push(Line::Checkpoint { envelope });
            }
        }
        Ok(lines)
    }

    fn unseal(&mut self, lines: &mut Vec<Line>) {
        if !self.sealed.is_empty() {
            let contents = std::mem::take(&mut self.sealed);
            lines.push(Line::Sealed { contents });
        }
    }
}
