//! Table `photos`: photos whose files are durable.

use protocol::Timestamp;
use protocol::revision::PhotoSource;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::columns::{json, photo_source, photo_source_word, signed, time_or_null, unsigned};
use crate::{DraftPhoto, Result, Store, StoreError, drafts};

/// A photo to be taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPhoto {
    /// Camera or gallery.
    pub source: PhotoSource,
    /// File of the untouched original, relative to the data folder.
    pub original_file: String,
    /// Its hash.
    pub original_sha256: String,
    /// Its size in bytes.
    pub original_bytes: u64,
    /// Whether the wire would carry it.
    pub original_is_jpeg: bool,
    /// File of the reading copy, relative to the data folder.
    pub copy_file: String,
    /// Its hash.
    pub copy_sha256: String,
    /// Its size in bytes.
    pub copy_bytes: u64,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// What is doubtful about it, by code.
    pub warnings: Vec<String>,
    /// When it was taken, if known.
    pub taken_at: Option<Timestamp>,
}

/// A photo and its number on this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// The number.
    pub id: i64,
    /// The rest.
    pub facts: NewPhoto,
}

pub(crate) const COLUMNS: &str = "photos.id, photos.source, photos.original_file, \
    photos.original_sha256, photos.original_bytes, photos.original_is_jpeg, photos.copy_file, \
    photos.copy_sha256, photos.copy_bytes, photos.width, photos.height, photos.warnings, \
    photos.taken_at";
/// How many columns [`COLUMNS`] are.
pub(crate) const COLUMN_COUNT: usize = 13;

impl Store {
    /// A photo by its number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn photo(&self, id: i64) -> Result<Option<Photo>> {
        self.one_photo("id = ?1", id)
    }

    /// A photo by the hash of its reading copy.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn photo_by_copy(&self, sha256: &str) -> Result<Option<Photo>> {
        self.one_photo("copy_sha256 = ?1 AND removed_at IS NULL", sha256)
    }

    /// A photo by the hash of its original.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn photo_by_original(&self, sha256: &str) -> Result<Option<Photo>> {
        self.one_photo("original_sha256 = ?1 AND removed_at IS NULL", sha256)
    }

    fn one_photo(&self, condition: &str, value: impl rusqlite::ToSql) -> Result<Option<Photo>> {
        let sql = format!("SELECT {COLUMNS} FROM photos WHERE {condition} ORDER BY id LIMIT 1");
        Ok(self.connection.query_row(&sql, [value], photo).optional()?)
    }

    /// Takes in the photo that `pending` announced: it goes into the draft, in
    /// the place of the one it replaces or at the end, and is pending no more.
    /// Returns its number.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when `pending` is not pending.
    pub fn take_photo(&mut self, pending: i64, new: &NewPhoto, now: Timestamp) -> Result<i64> {
        let transaction = self.begin()?;
        let Some(announced) = crate::pending::by_id(&transaction, pending)? else {
            return Err(StoreError::Missing("pending photo"));
        };
        let id = insert(&transaction, new, now)?;
        let slot = announced.slot.to_string();
        drafts::touch(&transaction, &slot, now)?;
        let mut photos = drafts::photos_of(&transaction, &slot)?;
        let added = DraftPhoto {
            photo: id,
            kind: announced.kind,
            page: announced.page,
        };
        let replaced = photos
            .iter_mut()
            .find(|old| Some(old.photo) == announced.replaces);
        match replaced {
            Some(old) => *old = added,
            None => photos.push(added),
        }
        drafts::put_photos(&transaction, &slot, &photos)?;
        retire_unused(&transaction, now)?;
        transaction.execute("DELETE FROM pending_photos WHERE id = ?1", [pending])?;
        transaction.commit()?;
        Ok(id)
    }

    /// Photos that nothing names any more. Their files may go, and after them
    /// the rows: [`Store::forget_photo`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn retired_photos(&self) -> Result<Vec<Photo>> {
        let sql = format!("SELECT {COLUMNS} FROM photos WHERE removed_at IS NOT NULL");
        let mut statement = self.connection.prepare(&sql)?;
        let photos = statement.query_map([], photo)?;
        Ok(photos.collect::<rusqlite::Result<_>>()?)
    }

    /// Forgets a retired photo whose files are gone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_photo(&mut self, id: i64) -> Result<()> {
        self.connection.execute(
            "DELETE FROM photos WHERE id = ?1 AND removed_at IS NOT NULL",
            [id],
        )?;
        Ok(())
    }

    /// Whether any photo, retired or not, has this file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn is_photo_file(&self, file: &str) -> Result<bool> {
        Ok(self.connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM photos WHERE original_file = ?1 OR copy_file = ?1)",
            [file],
            |row| row.get(0),
        )?)
    }
}

fn insert(connection: &Connection, new: &NewPhoto, now: Timestamp) -> Result<i64> {
    connection.execute(
        "INSERT INTO photos (source, original_file, original_sha256, original_bytes,
             original_is_jpeg, copy_file, copy_sha256, copy_bytes, width, height, warnings,
             taken_at, added_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        params![
            photo_source_word(new.source),
            new.original_file,
            new.original_sha256,
            signed(new.original_bytes),
            new.original_is_jpeg,
            new.copy_file,
            new.copy_sha256,
            signed(new.copy_bytes),
            new.width,
            new.height,
            serde_json::to_string(&new.warnings)?,
            new.taken_at.map(Timestamp::unix_ms),
            now.unix_ms(),
        ],
    )?;
    Ok(connection.last_insert_rowid())
}

/// Retires every photo that no draft and no revision names.
pub(crate) fn retire_unused(connection: &Connection, now: Timestamp) -> rusqlite::Result<usize> {
    connection.execute(
        "UPDATE photos SET removed_at = ?1
         WHERE removed_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM draft_photos WHERE photo = photos.id)
           AND NOT EXISTS (SELECT 1 FROM revision_photos WHERE photo = photos.id)",
        [now.unix_ms()],
    )
}

pub(crate) fn photo(row: &Row<'_>) -> rusqlite::Result<Photo> {
    Ok(Photo {
        id: row.get(0)?,
        facts: NewPhoto {
            source: photo_source(row, 1)?,
            original_file: row.get(2)?,
            original_sha256: row.get(3)?,
            original_bytes: unsigned(row, 4)?,
            original_is_jpeg: row.get(5)?,
            copy_file: row.get(6)?,
            copy_sha256: row.get(7)?,
            copy_bytes: unsigned(row, 8)?,
            width: row.get(9)?,
            height: row.get(10)?,
            warnings: json(row, 11)?,
            taken_at: time_or_null(row, 12)?,
        },
    })
}
