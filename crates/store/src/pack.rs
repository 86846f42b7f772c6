//! Table `pack`: what the device must know to work offline.

use protocol::Timestamp;
use protocol::pack::Pack;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::columns::signed;
use crate::{Result, Store};

/// The pack, and how to ask whether it is still the newest.
#[derive(Debug, Clone, PartialEq)]
pub struct PackRow {
    /// The pack.
    pub pack: Pack,
    /// The endpoint's mark of this version.
    pub etag: Option<String>,
    /// When it came, by the device's clock.
    pub taken_at: Timestamp,
}

impl Store {
    /// The newest pack; `None` until enrolled.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn pack(&self) -> Result<Option<PackRow>> {
        let row = self.connection.query_row(
            "SELECT body, etag, taken_at FROM pack WHERE id = 1",
            [],
            |row| {
                Ok(PackRow {
                    pack: crate::columns::json(row, 0)?,
                    etag: row.get(1)?,
                    taken_at: crate::columns::time(row, 2)?,
                })
            },
        );
        Ok(row.optional()?)
    }

    /// Replaces the pack.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn put_pack(&mut self, pack: &PackRow) -> Result<()> {
        put(&self.connection, pack)
    }
}

pub(crate) fn put(connection: &Connection, row: &PackRow) -> Result<()> {
    connection.execute(
        "INSERT INTO pack (id, body, version, etag, taken_at) VALUES (1, ?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET body = excluded.body, version = excluded.version,
             etag = excluded.etag, taken_at = excluded.taken_at",
        params![
            serde_json::to_string(&row.pack)?,
            signed(row.pack.version),
            row.etag,
            row.taken_at.unix_ms(),
        ],
    )?;
    Ok(())
}
