//! Tables `revisions` and `revision_photos`: sealed statements, for ever.

use protocol::{SlotId, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::columns::{json, photo_kind, photo_kind_word, signed, slot, time, unsigned};
use crate::{Draft, DraftPhoto, Photo, ReceiptRow, Result, Store, photos};

/// A revision to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRevision {
    /// Its id: the hash of its payload.
    pub rev_id: String,
    /// The identity whose key signed it.
    pub identity: i64,
    /// Its slot.
    pub slot: SlotId,
    /// Its number, as [`Store::next_seq`] said.
    pub seq: u64,
    /// The revision before it, as [`Store::next_seq`] said.
    pub prev: Option<String>,
    /// The envelope as JSON, exactly as it will be sent.
    pub envelope: String,
    /// The draft that it was sealed from.
    pub draft: Draft,
    /// By the device's clock.
    pub sealed_at: Timestamp,
}

/// A revision, and what the endpoint said to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionRow {
    /// Number on this device, in the order of sealing.
    pub id: i64,
    /// The revision.
    pub revision: NewRevision,
    /// Newest inbox entry that was here when it was sealed; 0 for none.
    pub inbox_seen: i64,
    /// The pinned key of the endpoint that it was sealed for.
    pub server_key: String,
    /// The endpoint's receipt, if it is here.
    pub receipt: Option<ReceiptRow>,
    /// Why the endpoint refused it, by code.
    pub refused: Option<String>,
}

/// A photo of a revision, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionPhoto {
    /// What it shows, and its number.
    pub place: DraftPhoto,
    /// The photo.
    pub photo: Photo,
    /// Whether a receipt for its reading copy is here.
    pub is_received: bool,
    /// Bytes of the reading copy that the endpoint holds.
    pub sent_bytes: u64,
    /// Why the endpoint refused it, by code.
    pub refused: Option<String>,
}

/// A revision as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRevision {
    /// Id of the device that signed it.
    pub device: String,
    /// The envelope as JSON.
    pub envelope: String,
}

const SELECT: &str = "SELECT r.id, r.rev_id, r.identity, r.slot, r.seq, r.prev, r.envelope, \
    r.draft, r.sealed_at, r.inbox_seen, c.log_index, c.received_at, o.refused, i.server_key
    FROM revisions r
    JOIN identities i ON i.id = r.identity
    LEFT JOIN receipts c
        ON c.server_key = i.server_key AND c.kind = 'revision' AND c.item = r.rev_id
    LEFT JOIN outbox o
        ON o.server_key = i.server_key AND o.lane = 'revision' AND o.item = r.rev_id";

impl Store {
    /// The next `seq` of an identity in a slot, and the revision before it.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn next_seq(&self, identity: i64, slot: &SlotId) -> Result<(u64, Option<String>)> {
        let newest = self.connection.query_row(
            "SELECT seq, rev_id FROM revisions WHERE identity = ?1 AND slot = ?2
             ORDER BY seq DESC LIMIT 1",
            params![identity, slot.to_string()],
            |row| Ok((unsigned(row, 0)?, row.get(1)?)),
        );
        Ok(match newest.optional()? {
            Some((seq, rev_id)) => (seq.saturating_add(1), Some(rev_id)),
            None => (1, None),
        })
    }

    /// Keeps a sealed revision, and puts it and those of its photos without a
    /// receipt into the outbox, all in one transaction.
    ///
    /// # Errors
    /// [`crate::StoreError`]; then nothing has changed.
    pub fn seal(&mut self, new: &NewRevision) -> Result<()> {
        let draft = serde_json::to_string(&new.draft)?;
        let transaction = self.begin()?;
        transaction.execute(
            "INSERT INTO revisions (rev_id, identity, slot, seq, prev, envelope, draft, sealed_at,
                 inbox_seen)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, (SELECT coalesce(max(id), 0) FROM inbox))",
            params![
                new.rev_id,
                new.identity,
                new.slot.to_string(),
                signed(new.seq),
                new.prev,
                new.envelope,
                draft,
                new.sealed_at.unix_ms(),
            ],
        )?;
        transaction.execute(
            "INSERT INTO outbox (server_key, lane, item, size_bytes)
             SELECT server_key, 'revision', ?2, ?3 FROM identities WHERE id = ?1",
            params![
                new.identity,
                new.rev_id,
                signed(u64::try_from(new.envelope.len()).unwrap_or(u64::MAX)),
            ],
        )?;
        put_photos(&transaction, new)?;
        Ok(transaction.commit()?)
    }

    /// The newest revision of a slot.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn newest_revision(&self, slot: &SlotId) -> Result<Option<RevisionRow>> {
        let sql = format!("{SELECT} WHERE r.slot = ?1 ORDER BY r.id DESC LIMIT 1");
        Ok(self
            .connection
            .query_row(&sql, [slot.to_string()], revision)
            .optional()?)
    }

    /// All revisions of a slot, newest first.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn revisions(&self, slot: &SlotId) -> Result<Vec<RevisionRow>> {
        let sql = format!("{SELECT} WHERE r.slot = ?1 ORDER BY r.id DESC");
        let mut statement = self.connection.prepare(&sql)?;
        let rows = statement.query_map([slot.to_string()], revision)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Number of revisions of a slot.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn revision_count(&self, slot: &SlotId) -> Result<u32> {
        Ok(self.connection.query_row(
            "SELECT count(*) FROM revisions WHERE slot = ?1",
            [slot.to_string()],
            |row| row.get(0),
        )?)
    }

    /// Slots that have revisions.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn sealed_slots(&self) -> Result<Vec<SlotId>> {
        let mut statement = self
            .connection
            .prepare("SELECT DISTINCT slot FROM revisions ORDER BY slot")?;
        let slots = statement.query_map([], |row| slot(row, 0))?;
        Ok(slots.collect::<rusqlite::Result<_>>()?)
    }

    /// A revision as it is sent, own or carried, if it is here.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn signed_revision(&self, rev_id: &str) -> Result<Option<SignedRevision>> {
        let signed = self.connection.query_row(
            "SELECT i.device, r.envelope FROM revisions r
             JOIN identities i ON i.id = r.identity WHERE r.rev_id = ?1
             UNION ALL
             SELECT device, envelope FROM carried_revisions WHERE rev_id = ?1 LIMIT 1",
            [rev_id],
            |row| {
                Ok(SignedRevision {
                    device: row.get(0)?,
                    envelope: row.get(1)?,
                })
            },
        );
        Ok(signed.optional()?)
    }

    /// The photos of a revision in order, and how far each has come at the
    /// endpoint that it was sealed for.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn revision_photos(&self, rev_id: &str) -> Result<Vec<RevisionPhoto>> {
        let sql = format!(
            "SELECT {}, rp.kind, rp.page, c.item IS NOT NULL, coalesce(o.sent_bytes, 0), o.refused
             FROM revision_photos rp
             JOIN revisions r ON r.rev_id = rp.rev_id
             JOIN photos ON photos.id = rp.photo
             JOIN identities i ON i.id = r.identity
             LEFT JOIN receipts c
                 ON c.server_key = i.server_key AND c.kind = 'photo'
                     AND c.item = photos.copy_sha256
             LEFT JOIN outbox o
                 ON o.server_key = i.server_key AND o.lane = 'copy'
                     AND o.item = photos.copy_sha256
             WHERE rp.rev_id = ?1 ORDER BY rp.position",
            photos::COLUMNS
        );
        let mut statement = self.connection.prepare(&sql)?;
        let rows = statement.query_map([rev_id], revision_photo)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn put_photos(connection: &Connection, new: &NewRevision) -> Result<()> {
    for (position, place) in (0_i64..).zip(&new.draft.photos) {
        connection.execute(
            "INSERT INTO revision_photos (rev_id, position, photo, kind, page)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                new.rev_id,
                position,
                place.photo,
                photo_kind_word(place.kind),
                place.page,
            ],
        )?;
        connection.execute(
            "INSERT INTO outbox (server_key, lane, item, size_bytes)
             SELECT i.server_key, 'copy', p.copy_sha256, p.copy_bytes
             FROM photos p, identities i
             WHERE i.id = ?1 AND p.id = ?2 AND NOT EXISTS (
                 SELECT 1 FROM receipts c WHERE c.server_key = i.server_key
                     AND c.kind = 'photo' AND c.item = p.copy_sha256)
             ON CONFLICT DO NOTHING",
            params![new.identity, place.photo],
        )?;
    }
    Ok(())
}

fn revision(row: &Row<'_>) -> rusqlite::Result<RevisionRow> {
    let receipt = match row.get::<_, Option<i64>>(10)? {
        Some(_) => Some(ReceiptRow {
            log_index: unsigned(row, 10)?,
            received_at: time(row, 11)?,
        }),
        None => None,
    };
    Ok(RevisionRow {
        id: row.get(0)?,
        revision: NewRevision {
            rev_id: row.get(1)?,
            identity: row.get(2)?,
            slot: slot(row, 3)?,
            seq: unsigned(row, 4)?,
            prev: row.get(5)?,
            envelope: row.get(6)?,
            draft: json(row, 7)?,
            sealed_at: time(row, 8)?,
        },
        inbox_seen: row.get(9)?,
        // With a receipt here, a refusal to hear it again means nothing.
        refused: row
            .get::<_, Option<String>>(12)?
            .filter(|_| receipt.is_none()),
        receipt,
        server_key: row.get(13)?,
    })
}

fn revision_photo(row: &Row<'_>) -> rusqlite::Result<RevisionPhoto> {
    let photo = photos::photo(row)?;
    let after = photos::COLUMN_COUNT;
    Ok(RevisionPhoto {
        place: DraftPhoto {
            photo: photo.id,
            kind: photo_kind(row, after)?,
            page: row.get(after + 1)?,
        },
        photo,
        is_received: row.get(after + 2)?,
        sent_bytes: unsigned(row, after + 3)?,
        refused: row.get(after + 4)?,
    })
}
