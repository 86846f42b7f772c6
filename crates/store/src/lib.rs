//! The phone's SQLite: all that a device remembers.
//!
//! One [`Store`] is one open database file; it is synchronous, and a module
//! per table adds its methods. What is promised:
//! * Whatever a method has answered `Ok` to survives a power cut: the journal
//!   is a WAL with `synchronous=FULL`.
//! * What belongs together changes together: a revision and its outbox rows, a
//!   receipt and the outbox row it settles, are one transaction each.
//! * Revisions are immutable and append-only; the database itself refuses
//!   anything else.
//!
//! What is absent: no clock (times come in), no files besides the database's
//! own (names only), no network, no rules of the election.
//!
//! The device's secret key lies in this file, readable for its user only
//! (mode 0600, in the app's private storage). Whoever can read that storage is
//! the device; a keystore that never gives a key away would be better and is
//! not offered by every phone in the field.

mod carried;
mod columns;
mod drafts;
mod error;
mod identity;
mod inbox;
mod open;
mod outbox;
mod pack;
mod pending;
mod photos;
mod readings;
mod receipts;
mod refused;
mod revisions;
mod settings;

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use carried::{CarriedPhoto, CarriedRow, CarriedTotals, NewCarried};
pub use drafts::{Draft, DraftPhoto};
pub use error::StoreError;
pub use identity::{Enrolment, Identity};
pub use inbox::InboxRow;
pub use outbox::{Lane, Originals, OutboxItem, Remaining};
pub use pack::PackRow;
pub use pending::PendingPhoto;
pub use photos::{NewPhoto, Photo};
pub use receipts::ReceiptRow;
pub use refused::RefusedRow;
pub use revisions::{NewRevision, RevisionPhoto, RevisionRow, SignedRevision};

/// What a method of the store answers.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// One open database.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
}

impl Store {
    /// Begins a transaction that takes the write lock at once, so that it
    /// cannot fail half-way because another process wrote meanwhile.
    fn begin(&mut self) -> Result<Transaction<'_>> {
        Ok(self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?)
    }
}
