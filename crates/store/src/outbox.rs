//! Table `outbox`: what is still to be sent, and how trying went so far.
//!
//! To the endpoint equal bytes are one thing, so what is noted of a photo is
//! noted of all rows with its hash.

use protocol::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::columns::{signed, time_or_null, unsigned};
use crate::{Result, Store};

/// The kinds of things that are sent, in the order they go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// The envelope of a revision that the present enrolment sealed.
    Revision,
    /// The envelope of a revision that another phone, or an earlier enrolment
    /// of this one, sealed.
    CarriedRevision,
    /// A photo's reading copy.
    Copy,
    /// A photo of a carried revision.
    CarriedPhoto,
    /// A photo's original.
    Original,
}

impl Lane {
    fn is_revision(self) -> bool {
        matches!(self, Self::Revision | Self::CarriedRevision)
    }
}

/// One thing to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxItem {
    /// What kind of thing.
    pub lane: Lane,
    /// Its `rev_id` or hash.
    pub item: String,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Bytes that the endpoint said it holds.
    pub sent_bytes: u64,
    /// Failures since the last success.
    pub attempts: u32,
    /// Times that all bytes arrived and were wrong.
    pub restarts: u32,
    /// Not before, by the device's clock.
    pub next_try_at: Option<Timestamp>,
    /// The endpoint's refusal, by code.
    pub refused: Option<String>,
    /// Whether the refusal stands until the witness taps.
    pub is_final: bool,
    /// Place in its form: 0 for a revision.
    pub position: u32,
    /// Whether it belongs to the newest revision of its slot.
    pub is_of_head: bool,
    /// Number of the newest form that it belongs to: a larger one was sealed
    /// later.
    pub form: i64,
    /// Order of queueing.
    pub queued: i64,
}

/// Which originals go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Originals {
    /// Those that the counting room asked for.
    Asked,
    /// All that are queued.
    All,
}

/// How much lies only on this device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Remaining {
    /// Revisions without a receipt.
    pub revisions: u32,
    /// Reading copies of sealed photos without a receipt.
    pub photos: u32,
    /// Bytes of both that the endpoint has not said it holds.
    pub bytes: u64,
}

/// Every row that the identity `?1` has to send to its endpoint, with (`?2`) or
/// without originals that nobody asked for. After the table's own columns come
/// `kind` (the lane for this identity, see [`outbox_item`]), `position`,
/// `is_of_head` and `form`.
const ITEMS: &str = "
    WITH waiting AS (
        SELECT o.* FROM outbox o JOIN identities i ON i.server_key = o.server_key
        WHERE i.id = ?1 AND (o.is_asked OR ?2)),
    heads AS (SELECT max(id) AS id FROM revisions GROUP BY slot)
    SELECT w.*, CASE WHEN r.identity = ?1 THEN 0 ELSE 1 END AS kind, 0 AS position,
           r.id IN heads AS is_of_head, r.id AS form
    FROM waiting w JOIN revisions r ON r.rev_id = w.item WHERE w.lane = 'revision'
    UNION ALL
    SELECT w.*, 1, 0, 1, v.id
    FROM waiting w JOIN carried_revisions v ON v.rev_id = w.item
    WHERE w.lane = 'carried_revision'
    UNION ALL
    SELECT w.*, CASE WHEN max(r.identity = ?1) THEN 2 ELSE 3 END, min(rp.position),
           max(r.id IN heads), max(r.id)
    FROM waiting w JOIN photos p ON p.copy_sha256 = w.item
    JOIN revision_photos rp ON rp.photo = p.id JOIN revisions r ON r.rev_id = rp.rev_id
    WHERE w.lane = 'copy' GROUP BY w.id
    UNION ALL
    SELECT w.*, CASE WHEN max(r.identity = ?1) THEN 4 ELSE 3 END, min(rp.position),
           max(r.id IN heads), max(r.id)
    FROM waiting w JOIN photos p ON p.original_sha256 = w.item
    JOIN revision_photos rp ON rp.photo = p.id JOIN revisions r ON r.rev_id = rp.rev_id
    WHERE w.lane = 'original' GROUP BY w.id
    UNION ALL
    SELECT w.*, 3, min(n.position), 1, max(v.id)
    FROM waiting w JOIN carried_revision_photos n ON n.sha256 = w.item
    JOIN carried_revisions v ON v.rev_id = n.rev_id
    WHERE w.lane = 'carried_photo' GROUP BY w.id
    ORDER BY id";

impl Store {
    /// Everything that `identity` has to send to its endpoint.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn outbox(&self, identity: i64, originals: Originals) -> Result<Vec<OutboxItem>> {
        let mut statement = self.connection.prepare(ITEMS)?;
        let rows =
            statement.query_map(params![identity, originals == Originals::All], outbox_item)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Puts the original of a photo into the outbox because it was asked for,
    /// unless it was received.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn queue_original(&mut self, identity: i64, photo: i64) -> Result<()> {
        self.connection.execute(
            "INSERT INTO outbox (server_key, lane, item, size_bytes)
             SELECT i.server_key, 'original', p.original_sha256, p.original_bytes
             FROM photos p, identities i
             WHERE i.id = ?1 AND p.id = ?2 AND p.original_is_jpeg AND NOT EXISTS (
                 SELECT 1 FROM receipts c WHERE c.server_key = i.server_key
                     AND c.kind = 'photo' AND c.item = p.original_sha256)
             ON CONFLICT DO UPDATE SET is_asked = 1",
            params![identity, photo],
        )?;
        Ok(())
    }

    /// Puts the originals of all photos that `identity` sealed into the outbox
    /// for a link that costs nothing, unless they were received or are larger
    /// than `max_bytes`.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn queue_originals(&mut self, identity: i64, max_bytes: u64) -> Result<()> {
        self.connection.execute(
            "INSERT INTO outbox (server_key, lane, item, size_bytes, is_asked)
             SELECT DISTINCT i.server_key, 'original', p.original_sha256, p.original_bytes, 0
             FROM identities i JOIN revisions r ON r.identity = i.id
             JOIN revision_photos rp ON rp.rev_id = r.rev_id JOIN photos p ON p.id = rp.photo
             WHERE i.id = ?1 AND p.original_is_jpeg AND p.original_bytes <= ?2 AND NOT EXISTS (
                 SELECT 1 FROM receipts c WHERE c.server_key = i.server_key
                     AND c.kind = 'photo' AND c.item = p.original_sha256)
             ON CONFLICT DO NOTHING",
            params![identity, signed(max_bytes)],
        )?;
        Ok(())
    }

    /// Notes how many bytes of a photo the endpoint holds. Success: failures
    /// before it are forgotten.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn note_sent_bytes(
        &mut self,
        identity: i64,
        lane: Lane,
        item: &str,
        sent_bytes: u64,
    ) -> Result<()> {
        let change =
            "sent_bytes = ?4, attempts = 0, next_try_at = NULL, refused = NULL, is_final = 0";
        self.note(
            change,
            params![identity, lane.is_revision(), item, signed(sent_bytes)],
        )
    }

    /// Notes that a photo's bytes all arrived and were wrong, so that it
    /// starts from 0.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn note_restart(&mut self, identity: i64, lane: Lane, item: &str) -> Result<()> {
        let change = "sent_bytes = 0, restarts = restarts + 1";
        self.note(change, params![identity, lane.is_revision(), item])
    }

    /// Notes that sending failed in a way that may pass.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn note_failure(
        &mut self,
        identity: i64,
        lane: Lane,
        item: &str,
        next_try_at: Timestamp,
    ) -> Result<()> {
        let change = "attempts = attempts + 1, next_try_at = ?4";
        let at_ms = next_try_at.unix_ms();
        self.note(change, params![identity, lane.is_revision(), item, at_ms])
    }

    /// Notes that the endpoint refused an item, which stays. Without
    /// `next_try_at` it is tried again only when the witness asks.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn note_refusal(
        &mut self,
        identity: i64,
        lane: Lane,
        item: &str,
        code: &str,
        next_try_at: Option<Timestamp>,
    ) -> Result<()> {
        let change = "attempts = attempts + 1, refused = ?4, next_try_at = ?5, is_final = ?6";
        self.note(
            change,
            params![
                identity,
                lane.is_revision(),
                item,
                code,
                next_try_at.map(Timestamp::unix_ms),
                next_try_at.is_none(),
            ],
        )
    }

    fn note(&mut self, change: &str, values: impl rusqlite::Params) -> Result<()> {
        let sql = format!(
            "UPDATE outbox SET {change}
             WHERE server_key = (SELECT server_key FROM identities WHERE id = ?1)
               AND (lane IN ('revision', 'carried_revision')) = ?2 AND item = ?3"
        );
        self.connection.execute(&sql, values)?;
        Ok(())
    }

    /// Puts the revisions that name a photo into the outbox again, with or
    /// without a receipt: the endpoint does not know that this device may send
    /// the photo.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn announce_again(&mut self, identity: i64, photo_sha256: &str) -> Result<()> {
        let transaction = self.begin()?;
        transaction.execute(
            "INSERT INTO outbox (server_key, lane, item, size_bytes)
             SELECT DISTINCT i.server_key, 'revision', r.rev_id, length(r.envelope)
             FROM photos p JOIN revision_photos rp ON rp.photo = p.id
             JOIN revisions r ON r.rev_id = rp.rev_id JOIN identities i ON i.id = r.identity
             WHERE ?2 IN (p.copy_sha256, p.original_sha256) AND r.identity <> ?1
               AND i.server_key = (SELECT server_key FROM identities WHERE id = ?1)
             ON CONFLICT DO NOTHING",
            params![identity, photo_sha256],
        )?;
        transaction.execute(
            "INSERT INTO outbox (server_key, lane, item, size_bytes)
             SELECT i.server_key, 'carried_revision', v.rev_id, length(v.envelope)
             FROM identities i, carried_revisions v
             WHERE i.id = ?1
               AND v.rev_id IN (SELECT rev_id FROM carried_revision_photos WHERE sha256 = ?2)
             ON CONFLICT DO NOTHING",
            params![identity, photo_sha256],
        )?;
        Ok(transaction.commit()?)
    }

    /// Why the endpoint refused an item, by code, if it did.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn refusal(&self, identity: i64, lane: Lane, item: &str) -> Result<Option<String>> {
        let refused = self.connection.query_row(
            "SELECT refused FROM outbox
             WHERE server_key = (SELECT server_key FROM identities WHERE id = ?1)
               AND (lane IN ('revision', 'carried_revision')) = ?2 AND item = ?3
               AND refused IS NOT NULL LIMIT 1",
            params![identity, lane.is_revision(), item],
            |row| row.get(0),
        );
        Ok(refused.optional()?)
    }

    /// Lets everything be tried at once: because the network changed, the app
    /// came to the foreground, or (`refused_too`) the witness asked.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn reset_back_off(&mut self, refused_too: bool) -> Result<()> {
        self.connection.execute(
            "UPDATE outbox SET next_try_at = NULL, is_final = is_final AND NOT ?1,
                    restarts = CASE WHEN ?1 THEN 0 ELSE restarts END
             WHERE next_try_at IS NOT NULL OR is_final",
            [refused_too],
        )?;
        Ok(())
    }

    /// How much of this phone's own lies only on it. What was sealed for
    /// another endpoint, or by an earlier enrolment and is refused, counts
    /// until the slot is sealed anew.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn remaining(&self) -> Result<Remaining> {
        let newest = "FROM identities WHERE device IS NOT NULL ORDER BY id DESC LIMIT 1";
        let (present, key) = (
            format!("(SELECT id {newest})"),
            format!("(SELECT server_key {newest})"),
        );
        let sql = format!(
            "SELECT coalesce(sum(o.lane = 'revision'), 0), coalesce(sum(o.lane = 'copy'), 0),
                    coalesce(sum(max(o.size_bytes - o.sent_bytes, 0)), 0)
             FROM outbox o
             WHERE o.lane IN ('revision', 'copy') AND NOT EXISTS (
                 SELECT 1 FROM receipts c WHERE c.server_key = o.server_key
                     AND (c.kind = 'revision') = (o.lane = 'revision') AND c.item = o.item)
               AND EXISTS (
                 SELECT 1 FROM revisions r
                 JOIN identities i ON i.id = r.identity
                 LEFT JOIN revision_photos rp ON rp.rev_id = r.rev_id
                 LEFT JOIN photos p ON p.id = rp.photo
                 WHERE i.server_key = o.server_key AND o.item IN (r.rev_id, p.copy_sha256)
                   AND (r.identity = {present}
                     OR (i.server_key = {key} AND o.refused IS NULL)
                     OR r.id = (SELECT max(id) FROM revisions WHERE slot = r.slot)))"
        );
        Ok(self.connection.query_row(&sql, [], |row| {
            Ok(Remaining {
                revisions: row.get(0)?,
                photos: row.get(1)?,
                bytes: unsigned(row, 2)?,
            })
        })?)
    }
}

/// A new enrolment takes over what earlier ones left unsent to this endpoint:
/// nothing waits any more, and revisions whose photos are still to go are named
/// again, because only who named a photo may send it.
pub(crate) fn take_over(connection: &Connection, key: &str) -> rusqlite::Result<()> {
    connection.execute(
        // One failure is remembered of what failed: the endpoint may hold a part
        // of it, and is asked first.
        "UPDATE outbox SET next_try_at = NULL, refused = NULL, attempts = min(attempts, 1),
                restarts = 0, is_final = 0
         WHERE server_key = ?1",
        [key],
    )?;
    connection.execute(
        "INSERT INTO outbox (server_key, lane, item, size_bytes)
         SELECT DISTINCT ?1, 'revision', r.rev_id, length(r.envelope)
         FROM outbox o JOIN photos p ON o.item IN (p.copy_sha256, p.original_sha256)
         JOIN revision_photos rp ON rp.photo = p.id JOIN revisions r ON r.rev_id = rp.rev_id
         JOIN identities i ON i.id = r.identity
         WHERE o.server_key = ?1 AND o.lane IN ('copy', 'original') AND i.server_key = ?1
         ON CONFLICT DO NOTHING",
        [key],
    )?;
    connection.execute(
        "INSERT INTO outbox (server_key, lane, item, size_bytes)
         SELECT DISTINCT ?1, 'carried_revision', v.rev_id, length(v.envelope)
         FROM outbox o JOIN carried_revision_photos n ON n.sha256 = o.item
         JOIN carried_revisions v ON v.rev_id = n.rev_id
         WHERE o.server_key = ?1 AND o.lane = 'carried_photo'
         ON CONFLICT DO NOTHING",
        [key],
    )?;
    Ok(())
}

/// Puts everything that has a receipt of this endpoint into the outbox again,
/// except carried photos whose bytes went when their receipts came.
pub(crate) fn send_again(connection: &Connection, key: &str) -> rusqlite::Result<()> {
    let of_photos = |hash: &str, bytes: &str| {
        format!(
            "SELECT DISTINCT c.server_key, '{lane}', c.item, p.{bytes} FROM receipts c
             JOIN photos p ON p.{hash} = c.item JOIN revision_photos rp ON rp.photo = p.id
             WHERE c.server_key = ?1 AND c.kind = 'photo'",
            lane = if hash == "copy_sha256" {
                "copy"
            } else {
                "original"
            },
        )
    };
    for what in [
        "SELECT c.server_key, 'revision', c.item, length(r.envelope) FROM receipts c
         JOIN revisions r ON r.rev_id = c.item
         WHERE c.server_key = ?1 AND c.kind = 'revision'"
            .to_owned(),
        of_photos("copy_sha256", "copy_bytes"),
        of_photos("original_sha256", "original_bytes"),
        "SELECT c.server_key, 'carried_revision', c.item, length(v.envelope) FROM receipts c
         JOIN carried_revisions v ON v.rev_id = c.item
         WHERE c.server_key = ?1 AND c.kind = 'revision'"
            .to_owned(),
        "SELECT c.server_key, 'carried_photo', c.item, p.size_bytes FROM receipts c
         JOIN carried_photos p ON p.sha256 = c.item AND p.removed_at IS NULL
         WHERE c.server_key = ?1 AND c.kind = 'photo'"
            .to_owned(),
    ] {
        let sql = format!(
            "INSERT INTO outbox (server_key, lane, item, size_bytes) {what} ON CONFLICT DO NOTHING"
        );
        connection.execute(&sql, [key])?;
    }
    // What is to be sent again was there whole when the endpoint last spoke of
    // it; so it is asked how much it still has, before any byte is sent.
    connection.execute(
        "UPDATE outbox SET attempts = 0, next_try_at = NULL,
                sent_bytes = CASE WHEN lane IN ('revision', 'carried_revision') THEN 0
                    WHEN EXISTS (SELECT 1 FROM receipts c WHERE c.server_key = outbox.server_key
                        AND c.kind = 'photo' AND c.item = outbox.item) THEN size_bytes
                    ELSE sent_bytes END
         WHERE server_key = ?1",
        [key],
    )?;
    Ok(())
}

/// A row of [`ITEMS`]: the table's own columns come first.
fn outbox_item(row: &Row<'_>) -> rusqlite::Result<OutboxItem> {
    let lane = match row.get::<_, i64>("kind")? {
        0 => Lane::Revision,
        1 => Lane::CarriedRevision,
        2 => Lane::Copy,
        3 => Lane::CarriedPhoto,
        _ => Lane::Original,
    };
    Ok(OutboxItem {
        lane,
        item: row.get(3)?,
        size_bytes: unsigned(row, 4)?,
        sent_bytes: unsigned(row, 5)?,
        attempts: row.get(6)?,
        restarts: row.get(7)?,
        next_try_at: time_or_null(row, 8)?,
        refused: row.get(9)?,
        is_final: row.get(10)?,
        queued: row.get(0)?,
        position: row.get("position")?,
        is_of_head: row.get("is_of_head")?,
        form: row.get("form")?,
    })
}
