//! Table `outbox`: what has no receipt yet, and how trying went so far.

use protocol::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};

use crate::columns::{signed, time_or_null, unsigned};
use crate::{Result, Store};

/// The three kinds of things that are sent, in the order they go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// A revision's envelope.
    Revision,
    /// A photo's reading copy.
    Copy,
    /// A photo's original, which the counting room asked for.
    Original,
}

impl Lane {
    fn word(self) -> &'static str {
        match self {
            Self::Revision => "revision",
            Self::Copy => "copy",
            Self::Original => "original",
        }
    }
}

/// One thing without a receipt.
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
    /// Order of sealing.
    pub queued: i64,
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

impl Store {
    /// Everything of an identity without a receipt.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn outbox(&self, identity: i64) -> Result<Vec<OutboxItem>> {
        let mut statement = self.connection.prepare(
            "SELECT o.lane, o.item, o.size_bytes, o.sent_bytes, o.attempts, o.restarts,
                    o.next_try_at, o.refused, o.is_final, o.id,
                    (SELECT coalesce(min(rp.position), 0) FROM photos p
                     JOIN revision_photos rp ON rp.photo = p.id
                     WHERE o.item IN (p.copy_sha256, p.original_sha256)),
                    EXISTS (SELECT 1 FROM photos p
                     JOIN revision_photos rp ON rp.photo = p.id
                     JOIN revisions r ON r.rev_id = rp.rev_id
                     WHERE o.item IN (p.copy_sha256, p.original_sha256)
                       AND r.id = (SELECT max(id) FROM revisions WHERE slot = r.slot))
             FROM outbox o WHERE o.identity = ?1 ORDER BY o.id",
        )?;
        let rows = statement.query_map([identity], outbox_item)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Puts the original of a photo into the outbox, unless it was received.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn queue_original(&mut self, identity: i64, photo: i64) -> Result<()> {
        self.connection.execute(
            "INSERT INTO outbox (identity, lane, item, size_bytes)
             SELECT ?1, 'original', original_sha256, original_bytes FROM photos
             WHERE id = ?2 AND original_is_jpeg AND NOT EXISTS (
                 SELECT 1 FROM receipts
                 WHERE identity = ?1 AND kind = 'photo' AND item = original_sha256)
             ON CONFLICT DO NOTHING",
            params![identity, photo],
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
        self.connection.execute(
            "UPDATE outbox SET sent_bytes = ?4, attempts = 0, next_try_at = NULL, refused = NULL,
                    is_final = 0
             WHERE identity = ?1 AND lane = ?2 AND item = ?3",
            params![identity, lane.word(), item, signed(sent_bytes)],
        )?;
        Ok(())
    }

    /// Notes that a photo's bytes all arrived and were wrong, so that it
    /// starts from 0.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn note_restart(&mut self, identity: i64, lane: Lane, item: &str) -> Result<()> {
        self.connection.execute(
            "UPDATE outbox SET sent_bytes = 0, restarts = restarts + 1
             WHERE identity = ?1 AND lane = ?2 AND item = ?3",
            params![identity, lane.word(), item],
        )?;
        Ok(())
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
        self.connection.execute(
            "UPDATE outbox SET attempts = attempts + 1, next_try_at = ?4
             WHERE identity = ?1 AND lane = ?2 AND item = ?3",
            params![identity, lane.word(), item, next_try_at.unix_ms()],
        )?;
        Ok(())
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
        self.connection.execute(
            "UPDATE outbox SET attempts = attempts + 1, refused = ?4, next_try_at = ?5, is_final = ?6
             WHERE identity = ?1 AND lane = ?2 AND item = ?3",
            params![
                identity,
                lane.word(),
                item,
                code,
                next_try_at.map(Timestamp::unix_ms),
                next_try_at.is_none(),
            ],
        )?;
        Ok(())
    }

    /// Why the endpoint refused an item, by code, if it did.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn refusal(&self, identity: i64, lane: Lane, item: &str) -> Result<Option<String>> {
        let refused = self.connection.query_row(
            "SELECT refused FROM outbox WHERE identity = ?1 AND lane = ?2 AND item = ?3",
            params![identity, lane.word(), item],
            |row| row.get(0),
        );
        Ok(refused.optional()?.flatten())
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

    /// How much lies only on this device. A revision that another identity
    /// sealed counts until the slot is sealed anew with the present one.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn remaining(&self) -> Result<Remaining> {
        Ok(self.connection.query_row(
            "SELECT coalesce(sum(o.lane = 'revision'), 0), coalesce(sum(o.lane = 'copy'), 0),
                    coalesce(sum(max(o.size_bytes - o.sent_bytes, 0)), 0)
             FROM outbox o
             WHERE o.lane <> 'original' AND (
                 o.identity = (SELECT max(id) FROM identities WHERE device IS NOT NULL)
                 OR EXISTS (
                     SELECT 1 FROM revisions r
                     LEFT JOIN revision_photos rp ON rp.rev_id = r.rev_id
                     LEFT JOIN photos p ON p.id = rp.photo
                     WHERE r.identity = o.identity AND o.item IN (r.rev_id, p.copy_sha256)
                       AND r.id = (SELECT max(id) FROM revisions WHERE slot = r.slot)))",
            [],
            |row| {
                Ok(Remaining {
                    revisions: row.get(0)?,
                    photos: row.get(1)?,
                    bytes: unsigned(row, 2)?,
                })
            },
        )?)
    }
}

fn outbox_item(row: &Row<'_>) -> rusqlite::Result<OutboxItem> {
    let lane = match row.get::<_, String>(0)?.as_str() {
        "revision" => Lane::Revision,
        "copy" => Lane::Copy,
        _ => Lane::Original,
    };
    Ok(OutboxItem {
        lane,
        item: row.get(1)?,
        size_bytes: unsigned(row, 2)?,
        sent_bytes: unsigned(row, 3)?,
        attempts: row.get(4)?,
        restarts: row.get(5)?,
        next_try_at: time_or_null(row, 6)?,
        refused: row.get(7)?,
        is_final: row.get(8)?,
        queued: row.get(9)?,
        position: row.get(10)?,
        is_of_head: row.get(11)?,
    })
}
