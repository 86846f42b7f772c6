//! Opening the database: what it is, how durable, and which version.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

use crate::{Result, Store, StoreError};

/// Marks the file as this app's (`SAKS`), so that another program's database
/// is not taken for an empty one.
const APPLICATION_ID: i32 = 0x5341_4B53;

/// SQLite before 3.51.3 can lose committed transactions when a WAL is reset.
const SQLITE_MIN_VERSION: i32 = 3_051_003;

/// How long to wait for another process that is writing, in milliseconds.
const BUSY_WAIT_MS: u64 = 5_000;

const MIGRATIONS: &[M<'_>] = &[
    M::up(include_str!("../migrations/0001_begin.sql")),
    M::up(include_str!("../migrations/0002_readings.sql")),
];

impl Store {
    /// Opens the database at `path`, which begins empty when there is none,
    /// and brings it to this app's version.
    ///
    /// # Errors
    /// [`StoreError::NotADatabase`], [`StoreError::FromTheFuture`],
    /// [`StoreError::ReadOnly`], [`StoreError::DiskFull`],
    /// [`StoreError::Damaged`], [`StoreError::Io`]. The file is left as it was.
    pub fn open(path: &Path) -> Result<Self> {
        create_private(path)?;
        Self::open_with(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    fn open_with(path: &Path, access: OpenFlags) -> Result<Self> {
        if rusqlite::version_number() < SQLITE_MIN_VERSION {
            return Err(StoreError::OldSqlite(rusqlite::version()));
        }
        let connection =
            Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(Duration::from_millis(BUSY_WAIT_MS))?;
        refuse_foreign(&connection)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let mut store = Self { connection };
        Migrations::from_slice(MIGRATIONS).to_latest(&mut store.connection)?;
        store
            .connection
            .pragma_update(None, "application_id", APPLICATION_ID)?;
        Ok(store)
    }
}

/// Creates an empty file that only its user may read, unless it is there.
/// SQLite gives its journal the same mode.
fn create_private(path: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(cause) => Err(cause.into()),
    }
}

/// Refuses a database of another program. Reading the mark is also what makes
/// SQLite look at the file for the first time.
fn refuse_foreign(connection: &Connection) -> Result<()> {
    let mark: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let is_new = mark == 0 && tables == 0;
    if mark == APPLICATION_ID || is_new {
        Ok(())
    } else {
        Err(StoreError::NotADatabase)
    }
}

#[cfg(test)]
mod tests;
