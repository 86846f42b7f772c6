//! Tables `receipts` and `receipts_disowned`: the endpoint's signed words,
//! verified before they come here.
//!
//! A receipt counts for the endpoint that signed it, known by its pinned key,
//! whichever of this phone's enrolments it was given to.

use protocol::inbox::HeldReceipt;
use protocol::receipt::{Receipt, ReceiptKind};
use protocol::{Envelope, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::columns::{signed, time, unsigned};
use crate::{Result, Store, settings};

/// What a receipt says, without its signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiptRow {
    /// Position in the endpoint's log.
    pub log_index: u64,
    /// By the endpoint's clock.
    pub received_at: Timestamp,
}

fn word(kind: ReceiptKind) -> &'static str {
    match kind {
        ReceiptKind::Revision => "revision",
        ReceiptKind::Photo => "photo",
    }
}

impl Store {
    /// Keeps a verified receipt of the endpoint that `identity` is enrolled
    /// with, and takes what it is for out of the outbox, in one transaction.
    ///
    /// # Errors
    /// [`crate::StoreError`]; then it still counts as not received.
    pub fn receive(&mut self, identity: i64, receipt: &Receipt, envelope: &Envelope) -> Result<()> {
        let envelope = serde_json::to_string(envelope)?;
        let transaction = self.begin()?;
        transaction.execute(
            "INSERT INTO receipts
                 (server_key, kind, item, device, envelope, log_index, received_at)
             SELECT server_key, ?2, ?3, ?4, ?5, ?6, ?7 FROM identities WHERE id = ?1
             ON CONFLICT DO NOTHING",
            params![
                identity,
                word(receipt.kind),
                receipt.id,
                receipt.device,
                envelope,
                signed(receipt.log_index),
                receipt.received_at.unix_ms(),
            ],
        )?;
        transaction.execute(
            "DELETE FROM outbox
             WHERE server_key = (SELECT server_key FROM identities WHERE id = ?1) AND item = ?2
               AND (lane IN ('revision', 'carried_revision')) = (?3 = 'revision')",
            params![identity, receipt.id, word(receipt.kind)],
        )?;
        Ok(transaction.commit()?)
    }

    /// The receipt of a revision or photo, of the endpoint that `identity` is
    /// enrolled with, if it is here.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn receipt(
        &self,
        identity: i64,
        kind: ReceiptKind,
        item: &str,
    ) -> Result<Option<ReceiptRow>> {
        let row = self.connection.query_row(
            "SELECT c.log_index, c.received_at FROM receipts c
             JOIN identities i ON i.server_key = c.server_key
             WHERE i.id = ?1 AND c.kind = ?2 AND c.item = ?3",
            params![identity, word(kind), item],
            |row| {
                Ok(ReceiptRow {
                    log_index: unsigned(row, 0)?,
                    received_at: time(row, 1)?,
                })
            },
        );
        Ok(row.optional()?)
    }

    /// The receipt itself as the endpoint signed it, for whoever wants to
    /// verify it again.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn signed_receipt(
        &self,
        identity: i64,
        kind: ReceiptKind,
        item: &str,
    ) -> Result<Option<Envelope>> {
        let text: Option<String> = self
            .connection
            .query_row(
                "SELECT c.envelope FROM receipts c
                 JOIN identities i ON i.server_key = c.server_key
                 WHERE i.id = ?1 AND c.kind = ?2 AND c.item = ?3",
                params![identity, word(kind), item],
                |row| row.get(0),
            )
            .optional()?;
        Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
    }

    /// Up to `most` receipts to name when asking the endpoint of `identity`
    /// whether its log still has them: the highest of those that it was heard to
    /// stand by, and those that came since, oldest first. Each of these, because
    /// an endpoint that was restored between two of them may have outgrown the
    /// older one without having it.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn held_receipts(&self, identity: i64, most: usize) -> Result<Vec<HeldReceipt>> {
        let checked = settings::number(&self.connection, settings::RECEIPTS_CHECKED)?;
        let named = |which: &str, most: usize| -> Result<Vec<HeldReceipt>> {
            let sql = format!(
                "SELECT c.log_index, c.item, c.envelope FROM receipts c
                 JOIN identities i ON i.server_key = c.server_key
                 WHERE i.id = ?1 AND c.id {which} LIMIT ?3"
            );
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            let values = params![identity, checked.unwrap_or_default(), most];
            let mut query = self.connection.prepare(&sql)?;
            let mut rows = query.query(values)?;
            let mut named = Vec::new();
            while let Some(row) = rows.next()? {
                let receipt: Envelope = serde_json::from_str(&row.get::<_, String>(2)?)?;
                named.push(HeldReceipt::new(unsigned(row, 0)?, row.get(1)?, &receipt));
            }
            Ok(named)
        };
        let mut held = named("<= ?2 ORDER BY c.log_index DESC", most.min(1))?;
        held.extend(named(
            "> ?2 ORDER BY c.id",
            most.saturating_sub(held.len()),
        )?);
        Ok(held)
    }

    /// Notes that the endpoint of `identity` still has these receipts, and with
    /// each all that its log had before. Says whether newer ones are still to
    /// be named.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn note_held(&mut self, identity: i64, held: &[HeldReceipt]) -> Result<bool> {
        let transaction = self.begin()?;
        let before = settings::number(&transaction, settings::RECEIPTS_CHECKED)?;
        let mut checked = before;
        for receipt in held {
            checked = checked.max(receipt_number(&transaction, identity, receipt)?);
        }
        if let Some(number) = checked.filter(|_| checked != before) {
            let number = number.to_string();
            settings::put(&transaction, settings::RECEIPTS_CHECKED, Some(&number))?;
        }
        let is_more = transaction.query_row(
            "SELECT EXISTS (SELECT 1 FROM receipts c
                 JOIN identities i ON i.server_key = c.server_key
                 WHERE i.id = ?1 AND c.id > ?2)",
            params![identity, checked.unwrap_or_default()],
            |row| row.get(0),
        )?;
        transaction.commit()?;
        Ok(is_more)
    }

    /// The endpoint of `identity` no longer has one of these receipts, so none
    /// of its receipts is relied on any more: all are set aside, everything that
    /// they were for is to be sent again, and the inbox is read from its
    /// beginning. Says whether it was so; nothing is done when they were set
    /// aside before.
    ///
    /// # Errors
    /// [`crate::StoreError`]; then nothing has changed.
    pub fn disown(&mut self, identity: i64, held: &[HeldReceipt], now: Timestamp) -> Result<bool> {
        let transaction = self.begin()?;
        let mut are_here = true;
        for receipt in held {
            are_here &= receipt_number(&transaction, identity, receipt)?.is_some();
        }
        if !are_here {
            return Ok(false);
        }
        let key: String = transaction.query_row(
            "SELECT server_key FROM identities WHERE id = ?1",
            [identity],
            |row| row.get(0),
        )?;
        crate::outbox::send_again(&transaction, &key)?;
        transaction.execute(
            "INSERT INTO receipts_disowned (server_key, kind, item, device, envelope, log_index,
                 received_at, disowned_at)
             SELECT server_key, kind, item, device, envelope, log_index, received_at, ?2
             FROM receipts WHERE server_key = ?1 ORDER BY id",
            params![key, now.unix_ms()],
        )?;
        transaction.execute("DELETE FROM receipts WHERE server_key = ?1", [&key])?;
        settings::put(&transaction, settings::INBOX_CURSOR, None)?;
        transaction.commit()?;
        Ok(true)
    }

    /// Whether anything is on its way again because its receipt was set aside.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn is_sending_again(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (
             SELECT 1 FROM receipts_disowned d
             JOIN outbox o ON o.server_key = d.server_key AND o.item = d.item
             WHERE NOT EXISTS (SELECT 1 FROM receipts c
                 WHERE c.server_key = d.server_key AND c.kind = d.kind AND c.item = d.item))";
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }

    /// How many receipts were set aside.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn disowned_count(&self) -> Result<u64> {
        Ok(self
            .connection
            .query_row("SELECT count(*) FROM receipts_disowned", [], |row| {
                unsigned(row, 0)
            })?)
    }
}

/// The number on this device of a receipt of the endpoint of `identity`.
fn receipt_number(
    connection: &Connection,
    identity: i64,
    held: &HeldReceipt,
) -> Result<Option<i64>> {
    let number = connection.query_row(
        "SELECT c.id FROM receipts c JOIN identities i ON i.server_key = c.server_key
         WHERE i.id = ?1 AND c.log_index = ?2 AND c.item = ?3",
        params![identity, signed(held.log_index), held.id],
        |row| row.get(0),
    );
    Ok(number.optional()?)
}
