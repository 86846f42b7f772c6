//! Table `receipts`: the endpoint's signed words, verified before they come
//! here.

use protocol::receipt::{Receipt, ReceiptKind};
use protocol::{Envelope, Timestamp};
use rusqlite::{OptionalExtension as _, params};

use crate::columns::{signed, time, unsigned};
use crate::{Result, Store};

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
    /// Keeps a verified receipt, and takes what it is for out of the outbox,
    /// in one transaction.
    ///
    /// # Errors
    /// [`crate::StoreError`]; then it still counts as not received.
    pub fn receive(&mut self, identity: i64, receipt: &Receipt, envelope: &Envelope) -> Result<()> {
        let envelope = serde_json::to_string(envelope)?;
        let transaction = self.begin()?;
        transaction.execute(
            "INSERT INTO receipts (identity, kind, item, envelope, log_index, received_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
            params![
                identity,
                word(receipt.kind),
                receipt.id,
                envelope,
                signed(receipt.log_index),
                receipt.received_at.unix_ms(),
            ],
        )?;
        transaction.execute(
            "DELETE FROM outbox
             WHERE identity = ?1 AND item = ?2 AND (lane = 'revision') = (?3 = 'revision')",
            params![identity, receipt.id, word(receipt.kind)],
        )?;
        Ok(transaction.commit()?)
    }

    /// The receipt of a revision or photo for an identity, if it is here.
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
            "SELECT log_index, received_at FROM receipts
             WHERE identity = ?1 AND kind = ?2 AND item = ?3",
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
                "SELECT envelope FROM receipts WHERE identity = ?1 AND kind = ?2 AND item = ?3",
                params![identity, word(kind), item],
                |row| row.get(0),
            )
            .optional()?;
        Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
    }
}
