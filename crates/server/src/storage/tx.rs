//! One open transaction, with the log's head in hand.

use sqlx::{Any, AnyConnection, Row as _, Transaction};

use super::cell::insert_rows;
use super::error::StorageError;
use super::open::Storage;
use crate::log::{Entry, Event};
use crate::slots::{HeldSlot, Recent};

/// A transaction that may write. It holds the row of `log_head`, so nobody
/// else writes until it ends, in this process or another.
pub struct Tx {
    inner: Transaction<'static, Any>,
    now_ms: i64,
    next_index: i64,
    hash: String,
    pending: Vec<Entry>,
    /// What the pending entries are about, each with the entry's index.
    subjects: Vec<(String, i64)>,
    recent: Recent,
    /// Slots that were saved, to be remembered once that is committed.
    saved: Vec<HeldSlot>,
}

/// What to return to when a job fails.
pub(crate) struct Savepoint {
    next_index: i64,
    hash: String,
    pending: usize,
    subjects: usize,
    saved: usize,
}

impl Tx {
    /// Begins, and waits for other writers to end.
    pub(crate) async fn begin(
        storage: &Storage,
        recent: Recent,
        now_ms: i64,
    ) -> Result<Self, StorageError> {
        let mut inner = storage.writing().begin().await?;
        let head = sqlx::query(
            "UPDATE log_head SET next_index = next_index WHERE id = 1 RETURNING next_index, hash",
        )
        .fetch_one(&mut *inner)
        .await?;
        Ok(Self {
            now_ms,
            next_index: head.try_get("next_index")?,
            hash: head.try_get("hash")?,
            inner,
            pending: Vec::new(),
            subjects: Vec::new(),
            recent,
            saved: Vec::new(),
        })
    }

    /// The connection, for queries.
    pub fn conn(&mut self) -> &mut AnyConnection {
        &mut self.inner
    }

    /// The time of this transaction, in milliseconds since 1970: one for all
    /// that it writes.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// The index that the next [`Tx::append`] will return: a receipt is
    /// signed over it.
    #[must_use]
    pub fn next_log_index(&self) -> i64 {
        self.next_index
    }

    pub(crate) fn recent_slots(&self) -> &Recent {
        &self.recent
    }

    pub(crate) fn remember_slots(&mut self, slots: impl Iterator<Item = HeldSlot>) {
        self.saved.extend(slots);
    }

    /// Hash of the log's newest entry, this transaction's included.
    #[must_use]
    pub fn head_hash(&self) -> &str {
        &self.hash
    }

    /// Appends to the log and returns the entry's index. `actor` is the user
    /// of the counting room, or `None` for devices and the endpoint itself.
    ///
    /// # Errors
    /// When the event cannot be written as JSON.
    pub fn append(&mut self, actor: Option<&str>, event: &Event) -> Result<i64, StorageError> {
        let entry = Entry::after(&self.hash, self.next_index, self.now_ms, actor, event)?;
        let index = entry.log_index;
        self.hash.clone_from(&entry.hash);
        self.next_index = self.next_index.saturating_add(1);
        self.pending.push(entry);
        let subjects = event.subjects().into_iter();
        self.subjects
            .extend(subjects.map(|subject| (subject, index)));
        Ok(index)
    }

    pub(crate) async fn savepoint(&mut self) -> Result<Savepoint, StorageError> {
        sqlx::query("SAVEPOINT job").execute(self.conn()).await?;
        Ok(Savepoint {
            next_index: self.next_index,
            hash: self.hash.clone(),
            pending: self.pending.len(),
            subjects: self.subjects.len(),
            saved: self.saved.len(),
        })
    }

    pub(crate) async fn release(&mut self) -> Result<(), StorageError> {
        let release = sqlx::query("RELEASE SAVEPOINT job");
        release.execute(self.conn()).await?;
        Ok(())
    }

    pub(crate) async fn roll_back_to(&mut self, to: Savepoint) -> Result<(), StorageError> {
        let back = sqlx::query("ROLLBACK TO SAVEPOINT job");
        back.execute(self.conn()).await?;
        self.release().await?;
        self.next_index = to.next_index;
        self.hash = to.hash;
        self.pending.truncate(to.pending);
        self.subjects.truncate(to.subjects);
        self.saved.truncate(to.saved);
        Ok(())
    }

    /// Writes the log and commits; returns the index of the last entry when
    /// there is a new one.
    pub(crate) async fn commit(mut self) -> Result<Option<i64>, StorageError> {
        let pending = std::mem::take(&mut self.pending);
        let last = pending.last().map(|entry| entry.log_index);
        if last.is_some() {
            let rows = pending.into_iter().map(Entry::into_row).collect();
            let head = "INSERT INTO log (log_index, at, actor, kind, body, hash)";
            insert_rows(&mut self.inner, head, rows, "").await?;
            let subjects = std::mem::take(&mut self.subjects).into_iter();
            let rows = subjects.map(|(subject, index)| vec![subject.into(), index.into()]);
            let head = "INSERT INTO log_subjects (subject, log_index)";
            insert_rows(&mut self.inner, head, rows.collect(), "").await?;
            sqlx::query("UPDATE log_head SET next_index = $1, hash = $2 WHERE id = 1")
                .bind(self.next_index)
                .bind(self.hash)
                .execute(&mut *self.inner)
                .await?;
        }
        self.inner.commit().await?;
        self.recent.remember(self.saved);
        Ok(last)
    }
}
