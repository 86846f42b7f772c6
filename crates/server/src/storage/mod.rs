//! Where everything is kept: one set of queries on SQLite and PostgreSQL.
//!
//! [`Storage`] holds a pool for reading. All writing happens in a [`Tx`], which
//! only [`crate::writer::Writer`] opens: one at a time per process, many jobs
//! in one, committed once. Writers of several processes (replicas, the command
//! line) wait for one another on the one row of `log_head`, so that states of
//! slots are worked out strictly one after the other.
//!
//! Absent on purpose: an object for each table. Queries stand in the module
//! that owns the meaning (`intake`, `photos`, `enrol` …), as literal SQL that
//! runs on both databases.

mod cell;
mod error;
mod open;
mod tx;

pub use cell::{Cell, insert_rows, keyed_in, with_texts};
pub use error::{OpenError, StorageError};
pub(crate) use open::make_folder;
pub use open::{Database, SQLITE_FILE, Storage};
pub use tx::Tx;
