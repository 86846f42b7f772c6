//! What of this phone's own the endpoint refused.

use protocol::SlotId;

use crate::columns::slot;
use crate::{Originals, Result, Store};

/// A refused revision or photo of this phone's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// The slot that it belongs to.
    pub slot: SlotId,
    /// The revision that it is, or the newest one that names it.
    pub rev_id: String,
    /// The photo that it is; `None` for a revision.
    pub photo: Option<i64>,
    /// Page of that photo.
    pub page: Option<u32>,
    /// The endpoint's code, or what this device found.
    pub code: String,
    /// Whether it stands until the witness taps.
    pub is_final: bool,
}

impl Store {
    /// Everything of this phone's own that the endpoint of `identity` refused,
    /// oldest first: revisions, and photos of the newest revision of a slot. A
    /// photo that a later revision left out was replaced, a revision of an
    /// earlier enrolment was sealed anew: those need nothing.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn refused(&self, identity: i64, originals: Originals) -> Result<Vec<RefusedRow>> {
        let mut statement = self.connection.prepare(
            "WITH refused AS (
                 SELECT o.* FROM outbox o JOIN identities i ON i.server_key = o.server_key
                 WHERE i.id = ?1 AND o.refused IS NOT NULL AND (o.is_asked OR ?2)
                   AND NOT EXISTS (
                       SELECT 1 FROM receipts c WHERE c.server_key = o.server_key
                           AND (c.kind = 'revision') = (o.lane = 'revision') AND c.item = o.item))
             SELECT r.slot, r.rev_id, NULL, NULL, o.refused, o.is_final, o.id
             FROM refused o JOIN revisions r ON r.rev_id = o.item
             WHERE o.lane = 'revision' AND (r.identity = ?1
                 OR r.id = (SELECT max(id) FROM revisions WHERE slot = r.slot))
             UNION ALL
             SELECT r.slot, r.rev_id, p.id, rp.page, o.refused, o.is_final, o.id
             FROM refused o
             JOIN photos p ON (o.lane = 'copy' AND p.copy_sha256 = o.item)
                 OR (o.lane = 'original' AND p.original_sha256 = o.item)
             JOIN revision_photos rp ON rp.photo = p.id JOIN revisions r ON r.rev_id = rp.rev_id
             WHERE r.id = (SELECT max(id) FROM revisions WHERE slot = r.slot)
             ORDER BY 7",
        )?;
        let is_all = originals == Originals::All;
        let rows = statement.query_map(rusqlite::params![identity, is_all], |row| {
            Ok(RefusedRow {
                slot: slot(row, 0)?,
                rev_id: row.get(1)?,
                photo: row.get(2)?,
                page: row.get(3)?,
                code: row.get(4)?,
                is_final: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
