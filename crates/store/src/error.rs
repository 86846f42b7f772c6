//! Why the database could not do what was asked.

use rusqlite::ErrorCode;

/// Why the database could not do what was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is not a database, or not one of this app.
    #[error("the file is not this app's database")]
    NotADatabase,
    /// A newer app wrote it.
    #[error("the database was written by a newer app")]
    FromTheFuture,
    /// It cannot be written.
    #[error("the database cannot be written")]
    ReadOnly,
    /// No room left.
    #[error("the disk is full")]
    DiskFull,
    /// It is a database of this app, and damaged.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The file system refused.
    #[error("the database's file cannot be used: {0}")]
    Io(String),
    /// This build carries an SQLite that may lose data.
    #[error("SQLite {0} is too old: its WAL can lose data")]
    OldSqlite(&'static str),
    /// What was asked for is not here.
    #[error("no such {0} in the database")]
    Missing(&'static str),
    /// Anything else; a fault of this code.
    #[error("the database refused: {0}")]
    Other(rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(cause: rusqlite::Error) -> Self {
        match cause.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotADatabase,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged(cause.to_string()),
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => Self::Io(cause.to_string()),
            _ => match cause {
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..) => Self::Damaged(cause.to_string()),
                other => Self::Other(other),
            },
        }
    }
}

impl From<rusqlite_migration::Error> for StoreError {
    fn from(cause: rusqlite_migration::Error) -> Self {
        use rusqlite_migration::{Error, MigrationDefinitionError as Definition};
        match cause {
            Error::RusqliteError { err, .. } => err.into(),
            Error::MigrationDefinition(Definition::DatabaseTooFarAhead) => Self::FromTheFuture,
            other => Self::Damaged(other.to_string()),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    /// Only this app writes the JSON here, so what does not read is damage.
    fn from(cause: serde_json::Error) -> Self {
        Self::Damaged(cause.to_string())
    }
}

impl From<std::io::Error> for StoreError {
    fn from(cause: std::io::Error) -> Self {
        match cause.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => {
                Self::ReadOnly
            }
            _ => Self::Io(cause.to_string()),
        }
    }
}
