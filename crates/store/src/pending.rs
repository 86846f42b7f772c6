//! Table `pending_photos`: photos that are about to be taken.

use protocol::revision::PhotoKind;
use protocol::{SlotId, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::columns::{photo_kind, photo_kind_word, slot, time};
use crate::{Result, Store};

/// A photo that is about to be taken, or whose file could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingPhoto {
    /// Number on this device; never used again.
    pub id: i64,
    /// The slot whose draft it is for.
    pub slot: SlotId,
    /// What it will show.
    pub kind: PhotoKind,
    /// Page of the form.
    pub page: Option<u32>,
    /// The photo that it takes the place of.
    pub replaces: Option<i64>,
    /// When the camera was about to open, by the device's clock.
    pub created_at: Timestamp,
    /// Why its file could not be used, by code.
    pub failed: Option<String>,
}

const COLUMNS: &str = "id, slot, kind, page, replaces, created_at, failed";

impl Store {
    /// Announces a photo and returns its number. `id` and `failed` of the
    /// argument are not looked at.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn expect_photo(&mut self, pending: &PendingPhoto) -> Result<i64> {
        self.connection.execute(
            "INSERT INTO pending_photos (slot, kind, page, replaces, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                pending.slot.to_string(),
                photo_kind_word(pending.kind),
                pending.page,
                pending.replaces,
                pending.created_at.unix_ms(),
            ],
        )?;
        Ok(self.connection.last_insert_rowid())
    }

    /// A pending photo by its number.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn pending_photo(&self, id: i64) -> Result<Option<PendingPhoto>> {
        Ok(by_id(&self.connection, id)?)
    }

    /// All pending photos, newest first.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn pending_photos(&self) -> Result<Vec<PendingPhoto>> {
        let sql = format!("SELECT {COLUMNS} FROM pending_photos ORDER BY id DESC");
        let mut statement = self.connection.prepare(&sql)?;
        let rows = statement.query_map([], pending)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Notes why the file of a pending photo could not be used.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn fail_pending_photo(&mut self, id: i64, code: &str) -> Result<()> {
        self.connection.execute(
            "UPDATE pending_photos SET failed = ?2 WHERE id = ?1",
            params![id, code],
        )?;
        Ok(())
    }

    /// Expects a photo no more.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn cancel_photo(&mut self, id: i64) -> Result<()> {
        self.connection
            .execute("DELETE FROM pending_photos WHERE id = ?1", [id])?;
        Ok(())
    }
}

pub(crate) fn by_id(connection: &Connection, id: i64) -> rusqlite::Result<Option<PendingPhoto>> {
    let sql = format!("SELECT {COLUMNS} FROM pending_photos WHERE id = ?1");
    connection.query_row(&sql, [id], pending).optional()
}

fn pending(row: &Row<'_>) -> rusqlite::Result<PendingPhoto> {
    Ok(PendingPhoto {
        id: row.get(0)?,
        slot: slot(row, 1)?,
        kind: photo_kind(row, 2)?,
        page: row.get(3)?,
        replaces: row.get(4)?,
        created_at: time(row, 5)?,
        failed: row.get(6)?,
    })
}
