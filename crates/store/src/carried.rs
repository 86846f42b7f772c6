//! Tables `carried_revisions`, `carried_revision_photos` and `carried_photos`:
//! what this phone carries for others, kept apart from its own.

use protocol::{SlotId, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::columns::{signed, slot, time, unsigned};
use crate::{Result, Store};

/// Another phone's revision, to be carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCarried {
    /// Its id: the hash of its payload.
    pub rev_id: String,
    /// Who signed it.
    pub device: String,
    /// Its slot.
    pub slot: SlotId,
    /// Its number on the device that signed it.
    pub seq: u64,
    /// The envelope as JSON.
    pub envelope: String,
    /// Hashes of all photos that it names, reading copies first.
    pub photos: Vec<String>,
}

/// A photo of a carried revision, whose file is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedPhoto {
    /// Its hash.
    pub sha256: String,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Its file, relative to the data folder.
    pub file: String,
}

/// A carried revision, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedRow {
    /// Its id.
    pub rev_id: String,
    /// Who signed it.
    pub device: String,
    /// Its slot.
    pub slot: SlotId,
    /// Its number on the device that signed it.
    pub seq: u64,
    /// When it came here, by the device's clock.
    pub taken_at: Timestamp,
    /// Whether its receipt is here.
    pub is_received: bool,
    /// Why the endpoint refused it, by code.
    pub refused: Option<String>,
    /// Photos of it that came along; not those whose bytes went against a
    /// receipt that the endpoint has not stood by since.
    pub photos: u32,
    /// Those with a receipt.
    pub photos_received: u32,
    /// Those that the endpoint refused.
    pub photos_refused: u32,
}

/// All that is carried, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CarriedTotals {
    /// Revisions.
    pub revisions: u32,
    /// Those with a receipt.
    pub revisions_received: u32,
    /// Photos, counted like those of [`CarriedRow`].
    pub photos: u32,
    /// Those with a receipt.
    pub photos_received: u32,
    /// Revisions and photos that the endpoint refused.
    pub refused: u32,
    /// Bytes of photos that lie here.
    pub bytes: u64,
}

impl Store {
    /// Whether a revision is one of this phone's own.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn is_own_revision(&self, rev_id: &str) -> Result<bool> {
        self.has(
            "SELECT EXISTS (SELECT 1 FROM revisions WHERE rev_id = ?1)",
            rev_id,
        )
    }

    /// Whether a revision is carried already.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn is_carried_revision(&self, rev_id: &str) -> Result<bool> {
        self.has(
            "SELECT EXISTS (SELECT 1 FROM carried_revisions WHERE rev_id = ?1)",
            rev_id,
        )
    }

    /// Whether a carried revision names a photo.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn is_named_by_carried(&self, sha256: &str) -> Result<bool> {
        self.has(
            "SELECT EXISTS (SELECT 1 FROM carried_revision_photos WHERE sha256 = ?1)",
            sha256,
        )
    }

    fn has(&self, sql: &str, value: &str) -> Result<bool> {
        Ok(self.connection.query_row(sql, [value], |row| row.get(0))?)
    }

    /// A carried photo whose bytes are here.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn carried_photo(&self, sha256: &str) -> Result<Option<CarriedPhoto>> {
        let found = self.connection.query_row(
            "SELECT sha256, size_bytes, file FROM carried_photos
             WHERE sha256 = ?1 AND removed_at IS NULL",
            [sha256],
            carried_photo,
        );
        Ok(found.optional()?)
    }

    /// Carries revisions and photos from now on, for the endpoint that
    /// `identity` is enrolled with: all of them or none. What is carried
    /// already stays as it is; a photo whose bytes had gone is here again.
    ///
    /// # Errors
    /// [`crate::StoreError`]; then nothing has changed.
    pub fn carry(
        &mut self,
        identity: i64,
        revisions: &[NewCarried],
        photos: &[CarriedPhoto],
        now: Timestamp,
    ) -> Result<()> {
        let transaction = self.begin()?;
        for revision in revisions {
            put_revision(&transaction, identity, revision, now)?;
        }
        for photo in photos {
            put_photo(&transaction, identity, photo, now)?;
        }
        Ok(transaction.commit()?)
    }

    /// Everything that is carried, newest first, and how far it has come at
    /// the endpoint of `identity`.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn carried(&self, identity: i64) -> Result<Vec<CarriedRow>> {
        let mut statement = self.connection.prepare(
            "SELECT v.rev_id, v.device, v.slot, v.seq, v.taken_at, c.id IS NOT NULL, o.refused,
                    count(CASE WHEN p.removed_at IS NULL OR pc.id IS NOT NULL THEN p.sha256 END),
                    count(pc.id),
                    coalesce(sum(po.refused IS NOT NULL AND pc.id IS NULL), 0)
             FROM carried_revisions v JOIN identities i ON i.id = ?1
             LEFT JOIN receipts c ON c.server_key = i.server_key AND c.kind = 'revision'
                 AND c.item = v.rev_id
             LEFT JOIN outbox o ON o.server_key = i.server_key AND o.lane = 'carried_revision'
                 AND o.item = v.rev_id
             LEFT JOIN carried_revision_photos n ON n.rev_id = v.rev_id
             LEFT JOIN carried_photos p ON p.sha256 = n.sha256
             LEFT JOIN receipts pc ON pc.server_key = i.server_key AND pc.kind = 'photo'
                 AND pc.item = p.sha256
             LEFT JOIN outbox po ON po.server_key = i.server_key AND po.lane = 'carried_photo'
                 AND po.item = p.sha256
             GROUP BY v.id ORDER BY v.id DESC",
        )?;
        let rows = statement.query_map([identity], carried_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// All that is carried, in numbers, at the endpoint of `identity`.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn carried_totals(&self, identity: i64) -> Result<CarriedTotals> {
        Ok(self.connection.query_row(
            "SELECT (SELECT count(*) FROM carried_revisions),
                    (SELECT count(*) FROM carried_revisions v JOIN receipts c
                     ON c.kind = 'revision' AND c.item = v.rev_id AND c.server_key = i.server_key),
                    (SELECT count(*) FROM carried_photos p WHERE p.removed_at IS NULL
                     OR EXISTS (SELECT 1 FROM receipts c WHERE c.kind = 'photo'
                         AND c.item = p.sha256 AND c.server_key = i.server_key)),
                    (SELECT count(*) FROM carried_photos p JOIN receipts c
                     ON c.kind = 'photo' AND c.item = p.sha256 AND c.server_key = i.server_key),
                    (SELECT count(*) FROM outbox o WHERE o.server_key = i.server_key
                     AND o.lane IN ('carried_revision', 'carried_photo')
                     AND o.refused IS NOT NULL),
                    (SELECT coalesce(sum(size_bytes), 0) FROM carried_photos
                     WHERE removed_at IS NULL)
             FROM identities i WHERE i.id = ?1",
            [identity],
            |row| {
                Ok(CarriedTotals {
                    revisions: row.get(0)?,
                    revisions_received: row.get(1)?,
                    photos: row.get(2)?,
                    photos_received: row.get(3)?,
                    refused: row.get(4)?,
                    bytes: unsigned(row, 5)?,
                })
            },
        )?)
    }

    /// Hashes of the photos that a carried revision names, reading copies
    /// first.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn carried_photo_names(&self, rev_id: &str) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare(
            "SELECT sha256 FROM carried_revision_photos WHERE rev_id = ?1 ORDER BY position",
        )?;
        let names = statement.query_map([rev_id], |row| row.get(0))?;
        Ok(names.collect::<rusqlite::Result<_>>()?)
    }

    /// Carried photos whose bytes are here although the endpoint has signed
    /// for them: their files may go, and then [`Store::release_carried`].
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn delivered_carried_photos(&self) -> Result<Vec<CarriedPhoto>> {
        let mut statement = self.connection.prepare(
            "SELECT sha256, size_bytes, file FROM carried_photos
             WHERE removed_at IS NULL
               AND EXISTS (SELECT 1 FROM receipts WHERE kind = 'photo' AND item = sha256)
               AND NOT EXISTS (SELECT 1 FROM outbox WHERE lane = 'carried_photo' AND item = sha256)",
        )?;
        let photos = statement.query_map([], carried_photo)?;
        Ok(photos.collect::<rusqlite::Result<_>>()?)
    }

    /// Notes that the bytes of a carried photo are gone.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn release_carried(&mut self, sha256: &str, now: Timestamp) -> Result<()> {
        self.connection.execute(
            "UPDATE carried_photos SET removed_at = ?2 WHERE sha256 = ?1 AND removed_at IS NULL",
            params![sha256, now.unix_ms()],
        )?;
        Ok(())
    }

    /// Whether the bytes of any carried photo are in this file.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn is_carried_file(&self, file: &str) -> Result<bool> {
        self.has(
            "SELECT EXISTS (SELECT 1 FROM carried_photos WHERE file = ?1 AND removed_at IS NULL)",
            file,
        )
    }
}

fn put_revision(
    connection: &Connection,
    identity: i64,
    revision: &NewCarried,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let added = connection.execute(
        "INSERT INTO carried_revisions (rev_id, device, slot, seq, envelope, taken_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        params![
            revision.rev_id,
            revision.device,
            revision.slot.to_string(),
            signed(revision.seq),
            revision.envelope,
            now.unix_ms(),
        ],
    )?;
    if added == 0 {
        return Ok(());
    }
    for (position, sha256) in (0_i64..).zip(&revision.photos) {
        connection.execute(
            "INSERT INTO carried_revision_photos (rev_id, position, sha256) VALUES (?1, ?2, ?3)",
            params![revision.rev_id, position, sha256],
        )?;
    }
    connection.execute(
        "INSERT INTO outbox (server_key, lane, item, size_bytes)
         SELECT server_key, 'carried_revision', ?2, ?3 FROM identities WHERE id = ?1
         ON CONFLICT DO NOTHING",
        params![
            identity,
            revision.rev_id,
            signed(u64::try_from(revision.envelope.len()).unwrap_or(u64::MAX)),
        ],
    )?;
    Ok(())
}

fn put_photo(
    connection: &Connection,
    identity: i64,
    photo: &CarriedPhoto,
    now: Timestamp,
) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO carried_photos (sha256, size_bytes, file, taken_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET file = excluded.file, removed_at = NULL",
        params![
            photo.sha256,
            signed(photo.size_bytes),
            photo.file,
            now.unix_ms(),
        ],
    )?;
    connection.execute(
        "INSERT INTO outbox (server_key, lane, item, size_bytes)
         SELECT i.server_key, 'carried_photo', ?2, ?3 FROM identities i
         WHERE i.id = ?1 AND NOT EXISTS (
             SELECT 1 FROM receipts c WHERE c.server_key = i.server_key
                 AND c.kind = 'photo' AND c.item = ?2)
         ON CONFLICT DO NOTHING",
        params![identity, photo.sha256, signed(photo.size_bytes)],
    )?;
    Ok(())
}

fn carried_photo(row: &Row<'_>) -> rusqlite::Result<CarriedPhoto> {
    Ok(CarriedPhoto {
        sha256: row.get(0)?,
        size_bytes: unsigned(row, 1)?,
        file: row.get(2)?,
    })
}

fn carried_row(row: &Row<'_>) -> rusqlite::Result<CarriedRow> {
    let is_received: bool = row.get(5)?;
    Ok(CarriedRow {
        rev_id: row.get(0)?,
        device: row.get(1)?,
        slot: slot(row, 2)?,
        seq: unsigned(row, 3)?,
        taken_at: time(row, 4)?,
        is_received,
        refused: row.get::<_, Option<String>>(6)?.filter(|_| !is_received),
        photos: row.get(7)?,
        photos_received: row.get(8)?,
        photos_refused: row.get(9)?,
    })
}
