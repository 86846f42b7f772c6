//! Table `inbox`: news from the counting room.

use protocol::SlotId;
use protocol::inbox::{InboxAnswer, InboxItem};
use rusqlite::{OptionalExtension as _, Row, params};

use crate::columns::json;
use crate::{Result, Store, settings};

/// One piece of news, and whether it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxRow {
    /// Number on this device; grows.
    pub id: i64,
    /// The news.
    pub item: InboxItem,
    /// Whether the witness has seen it.
    pub is_read: bool,
}

impl Store {
    /// Takes in an answer to a question asked with the cursor `after`, in one
    /// transaction. Says whether it was taken in: an answer to an older
    /// question is not, because its news came already. News that is here
    /// already, because the endpoint told it from the beginning again, is left
    /// as it is.
    ///
    /// # Errors
    /// [`crate::StoreError`]; then nothing has changed.
    pub fn take_inbox(&mut self, after: Option<&str>, answer: &InboxAnswer) -> Result<bool> {
        let transaction = self.begin()?;
        if settings::get(&transaction, settings::INBOX_CURSOR)?.as_deref() != after {
            return Ok(false);
        }
        for item in &answer.items {
            transaction.execute(
                "INSERT INTO inbox (slot, item) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                params![
                    item.slot.as_ref().map(ToString::to_string),
                    serde_json::to_string(item)?,
                ],
            )?;
        }
        settings::put(&transaction, settings::INBOX_CURSOR, Some(&answer.cursor))?;
        transaction.commit()?;
        Ok(true)
    }

    /// The newest news, newest first, at most `limit`.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn inbox(&self, limit: u32) -> Result<Vec<InboxRow>> {
        let mut statement = self
            .connection
            .prepare("SELECT id, item, is_read FROM inbox ORDER BY id DESC LIMIT ?1")?;
        let rows = statement.query_map([limit], inbox_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// All news about a slot, newest first.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn inbox_of(&self, slot: &SlotId) -> Result<Vec<InboxRow>> {
        let mut statement = self
            .connection
            .prepare("SELECT id, item, is_read FROM inbox WHERE slot = ?1 ORDER BY id DESC")?;
        let rows = statement.query_map([slot.to_string()], inbox_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Id of the newest message of the counting room that was read here.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn newest_read_message(&self) -> Result<Option<String>> {
        let message = self.connection.query_row(
            "SELECT json_extract(item, '$.message') FROM inbox
             WHERE is_read = 1 AND json_extract(item, '$.message') IS NOT NULL
             ORDER BY id DESC LIMIT 1",
            [],
            |row| row.get(0),
        );
        Ok(message.optional()?)
    }

    /// Marks news as read, up to and with number `up_to`.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn read_inbox(&mut self, up_to: i64) -> Result<()> {
        self.connection
            .execute("UPDATE inbox SET is_read = 1 WHERE id <= ?1", [up_to])?;
        Ok(())
    }
}

fn inbox_row(row: &Row<'_>) -> rusqlite::Result<InboxRow> {
    Ok(InboxRow {
        id: row.get(0)?,
        item: json(row, 1)?,
        is_read: row.get(2)?,
    })
}
