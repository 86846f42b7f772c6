//! What can go wrong with the database, sorted by what one can do about it.

/// A query or transaction failed.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// No connection was free, or the database could not be reached in time.
    #[error("the database is not available at the moment: {0}")]
    Unavailable(sqlx::Error),
    /// The disk of the database is full, or it can only be read.
    #[error("the database cannot write: {0}")]
    CannotWrite(sqlx::Error),
    /// The writer has stopped: the process is shutting down.
    #[error("the writer has stopped")]
    Stopped,
    /// What was asked for broke down half-way; nothing of it was kept.
    #[error("a job broke down")]
    BrokeDown,
    /// Something stored cannot be read back.
    #[error("{what} cannot be read: {cause}")]
    Corrupt {
        /// What was read.
        what: &'static str,
        /// Why it cannot be.
        cause: String,
    },
    /// Anything else: a fault of ours.
    #[error("a query failed: {0}")]
    Query(sqlx::Error),
}

impl StorageError {
    /// For a stored value that is not what it should be.
    pub fn corrupt(what: &'static str, cause: impl std::fmt::Display) -> Self {
        Self::Corrupt {
            what,
            cause: cause.to_string(),
        }
    }

    /// The same failure for one more caller who shared the transaction.
    #[must_use]
    pub fn shared(&self) -> Self {
        let same = |cause: &sqlx::Error| sqlx::Error::Protocol(cause.to_string());
        match self {
            Self::Unavailable(cause) => Self::Unavailable(same(cause)),
            Self::CannotWrite(cause) => Self::CannotWrite(same(cause)),
            Self::Query(cause) => Self::Query(same(cause)),
            Self::Stopped => Self::Stopped,
            Self::BrokeDown => Self::BrokeDown,
            Self::Corrupt { what, cause } => Self::corrupt(what, cause),
        }
    }
}

/// SQLite's codes: full, read-only, input/output error.
const SQLITE_CANNOT_WRITE: [&str; 3] = ["13", "8", "10"];
/// SQLite's codes: busy, locked, and busy with a stale snapshot.
const SQLITE_BUSY: [&str; 4] = ["5", "6", "261", "517"];
/// PostgreSQL's classes: connection lost, shutting down, out of resources.
const POSTGRES_UNAVAILABLE: [&str; 3] = ["08", "57", "53"];
/// PostgreSQL's codes: disk full, read-only transaction.
const POSTGRES_CANNOT_WRITE: [&str; 2] = ["53100", "25006"];

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        let code = match &error {
            sqlx::Error::Database(cause) => cause.code().unwrap_or_default().into_owned(),
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Io(_) => return Self::Unavailable(error),
            _ => return Self::Query(error),
        };
        let code = code.as_str();
        if SQLITE_CANNOT_WRITE.contains(&code) || POSTGRES_CANNOT_WRITE.contains(&code) {
            Self::CannotWrite(error)
        } else if SQLITE_BUSY.contains(&code)
            || (code.len() == 5
                && POSTGRES_UNAVAILABLE
                    .iter()
                    .any(|class| code.starts_with(class)))
        {
            Self::Unavailable(error)
        } else {
            Self::Query(error)
        }
    }
}

/// Why the storage could not be opened, as a sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data folder cannot be made or written to.
    #[error("the data folder {folder} cannot be used: {cause}")]
    Folder {
        /// Its path.
        folder: String,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The file is something else.
    #[error("{0} is not a database of this program; it was left as it is")]
    NotADatabase(String),
    /// It may only be read.
    #[error("{0} cannot be written to; check who owns it and whether its disk is read-only")]
    ReadOnly(String),
    /// A newer version has migrated it.
    #[error(
        "the database was made by a newer version of saksi-server (migration {0} is unknown here); use that version, nothing was changed"
    )]
    FromTheFuture(i64),
    /// The database cannot be reached.
    #[error("the database at {place} cannot be opened: {cause}")]
    Unreachable {
        /// Path, or host and name; never a password.
        place: String,
        /// What the driver says.
        cause: String,
    },
    /// `DATABASE_URL` is of another kind.
    #[error(
        "DATABASE_URL must begin with postgres:// (without it, SQLite in the data folder is used)"
    )]
    UnknownKind,
    /// A migration failed.
    #[error("the database at {place} could not be migrated: {cause}")]
    Migration {
        /// See `Unreachable`.
        place: String,
        /// What went wrong.
        cause: String,
    },
}
