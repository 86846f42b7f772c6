//! Table `photo_readings`: what was made out on photos. What a reading holds
//! is the business of the version of the reader that wrote it.

use protocol::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use crate::{Result, Store};

impl Store {
    /// What version `reader` of the reader made out on a photo; `None` when it
    /// has not looked.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn photo_reading(&self, photo: i64, reader: u32) -> Result<Option<String>> {
        let body = self.connection.query_row(
            "SELECT body FROM photo_readings WHERE photo = ?1 AND reader = ?2",
            params![photo, reader],
            |row| row.get(0),
        );
        Ok(body.optional()?)
    }

    /// Keeps what was made out on a photo, in place of what another version
    /// did. A photo that is gone meanwhile has no reading, which is no error.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn put_photo_reading(
        &mut self,
        photo: i64,
        reader: u32,
        body: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.connection.execute(
            "INSERT INTO photo_readings (photo, reader, body, read_at)
             SELECT id, ?2, ?3, ?4 FROM photos WHERE id = ?1
             ON CONFLICT (photo) DO UPDATE SET reader = excluded.reader,
                 body = excluded.body, read_at = excluded.read_at",
            params![photo, reader, body, now.unix_ms()],
        )?;
        Ok(())
    }
}
