//! Opening the database: pools, pragmas, migrations.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Executor as _, Transaction};

use super::error::OpenError;

/// Connections for reading, per process.
const READERS_MAX: u32 = 8;
/// Connections that read everything once: for exports and backups.
const SCANNERS_MAX: u32 = 4;
/// A connection to a server that was quiet for this long is asked whether it
/// still stands before it is used; asking every time would double the journeys.
const QUIET: Duration = Duration::from_secs(5);
/// How long a reader waits for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Name of the SQLite file in the data folder.
pub const SQLITE_FILE: &str = "saksi.db";
/// Held while migrating, so that two processes on a new folder do not both.
const MIGRATION_LOCK_FILE: &str = "migrate.lock";

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// What every SQLite connection is told first. WAL lets readers go on while
/// one writes; FULL makes a commit survive a power cut, which a receipt
/// promises; the busy timeout covers other processes (the command line). Each
/// connection may keep 64 MiB of pages: with half of that, a regency's list of
/// 2,389 polling stations took 215 ms instead of 120.
const SQLITE_PRAGMAS: &str = "PRAGMA busy_timeout = 15000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; \
     PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000;";

/// Who reads everything once gains nothing by keeping it: four exports, each on
/// a connection that had kept 64 MiB, took 257 MB.
const SQLITE_SCAN_PRAGMAS: &str = "PRAGMA cache_size = -4096;";

/// PostgreSQL must not answer a commit before it is on disk, whatever the
/// server's default is; a lost session must not hold the writers' row.
const POSTGRES_SETTINGS: &str = "SET synchronous_commit = on; \
     SET idle_in_transaction_session_timeout = '60s'; SET lock_timeout = '30s';";

/// Which of the two databases is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// One file in the data folder.
    Sqlite,
    /// A server, shared by replicas.
    Postgres,
}

/// The open database.
#[derive(Debug, Clone)]
pub struct Storage {
    pool: AnyPool,
    scanning: AnyPool,
    writing: AnyPool,
    database: Database,
    place: String,
    folder: PathBuf,
}

impl Storage {
    /// Opens (and where needed creates and migrates) the database: SQLite in
    /// `folder`, or PostgreSQL when there is a `database_url`.
    ///
    /// # Errors
    /// [`OpenError`], a sentence for the operator.
    pub async fn open(folder: &Path, database_url: Option<&str>) -> Result<Self, OpenError> {
        install_default_drivers();
        make_folder(folder)?;
        let (database, url, place) = address(folder, database_url)?;
        let (setup, scan): (&'static [_], &'static [_]) = match database {
            Database::Sqlite => (&[SQLITE_PRAGMAS], &[SQLITE_PRAGMAS, SQLITE_SCAN_PRAGMAS]),
            Database::Postgres => (&[POSTGRES_SETTINGS], &[POSTGRES_SETTINGS]),
        };
        let unreachable = |cause: sqlx::Error| open_error(database, &place, &cause);
        // Tried by itself first: a pool would try again and again, and in the
        // end only say that it took too long.
        probe(&url, setup).await.map_err(unreachable)?;
        let writing = pool(database, 1, setup)
            .connect(&url)
            .await
            .map_err(unreachable)?;
        migrate(folder, database, &place, &writing).await?;
        let pool = pool(database, READERS_MAX, setup)
            .connect(&url)
            .await
            .map_err(unreachable)?;
        let scanning = self::pool(database, SCANNERS_MAX, scan)
            .connect_lazy(&url)
            .map_err(unreachable)?;
        Ok(Self {
            pool,
            scanning,
            writing,
            database,
            place,
            folder: folder.to_owned(),
        })
    }

    /// For reading. Writing goes through the [`crate::writer::Writer`].
    #[must_use]
    pub fn reading(&self) -> &AnyPool {
        &self.pool
    }

    /// For reading a great deal as it was at one moment, whatever is written
    /// meanwhile.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn snapshot(&self) -> Result<Transaction<'static, Any>, sqlx::Error> {
        let begin = match self.database {
            Database::Sqlite => "BEGIN",
            Database::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        self.scanning.begin_with(begin).await
    }

    /// The one connection that writes; for the writer only.
    pub(super) fn writing(&self) -> &AnyPool {
        &self.writing
    }

    /// Which database this is.
    #[must_use]
    pub fn database(&self) -> Database {
        self.database
    }

    /// Where it is, for messages: never holds a password.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The data folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Closes the connection that writes; by the thread that used it, after its
    /// last transaction.
    pub(crate) async fn close_writing(&self) {
        self.writing.close().await;
    }

    /// Closes all connections, after what runs has finished.
    pub async fn close(&self) {
        self.pool.close().await;
        self.scanning.close().await;
        self.writing.close().await;
    }
}

/// Makes the data folder if it is not there, readable by its owner only.
pub(crate) fn make_folder(folder: &Path) -> Result<(), OpenError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        // Names and figures are for the endpoint's own user only.
        builder.mode(0o700);
    }
    builder.create(folder).map_err(|cause| OpenError::Folder {
        folder: folder.display().to_string(),
        cause,
    })
}

fn address(folder: &Path, url: Option<&str>) -> Result<(Database, String, String), OpenError> {
    match url {
        None => {
            let file = folder.join(SQLITE_FILE);
            let place = file.display().to_string();
            let escaped: String = place
                .chars()
                .map(|symbol| match symbol {
                    '%' => "%25".to_owned(),
                    '?' => "%3F".to_owned(),
                    '#' => "%23".to_owned(),
                    ' ' => "%20".to_owned(),
                    other => other.to_string(),
                })
                .collect();
            Ok((
                Database::Sqlite,
                format!("sqlite:{escaped}?mode=rwc"),
                place,
            ))
        }
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            let after_password = url.rsplit_once('@').map_or(url, |(_, rest)| rest);
            Ok((
                Database::Postgres,
                url.to_owned(),
                after_password.to_owned(),
            ))
        }
        Some(_) => Err(OpenError::UnknownKind),
    }
}

fn pool(database: Database, connections: u32, setup: &'static [&'static str]) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .before_acquire(move |connection, age| {
            Box::pin(async move {
                // A file does not hang up; a server may.
                if database == Database::Postgres && age.idle_for >= QUIET {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(move |connection, _| Box::pin(set_up(connection, setup)))
}

async fn set_up(
    connection: &mut AnyConnection,
    setup: &'static [&'static str],
) -> Result<(), sqlx::Error> {
    for &statements in setup {
        connection.execute(sqlx::raw_sql(statements)).await?;
    }
    Ok(())
}

async fn probe(url: &str, setup: &'static [&'static str]) -> Result<(), sqlx::Error> {
    let mut connection = AnyConnection::connect(url).await?;
    set_up(&mut connection, setup).await?;
    connection.close().await
}

fn open_error(database: Database, place: &str, cause: &sqlx::Error) -> OpenError {
    /// SQLite's code for a file that is something else.
    const NOT_A_DATABASE: &str = "26";
    /// SQLite's codes for a file, or a folder, that may only be read.
    const READ_ONLY: [&str; 2] = ["8", "1544"];
    let code = match cause {
        sqlx::Error::Database(inner) => inner.code().unwrap_or_default().into_owned(),
        _ => String::new(),
    };
    if database == Database::Sqlite && code == NOT_A_DATABASE {
        return OpenError::NotADatabase(place.to_owned());
    }
    if database == Database::Sqlite && READ_ONLY.contains(&code.as_str()) {
        return OpenError::ReadOnly(place.to_owned());
    }
    OpenError::Unreachable {
        place: place.to_owned(),
        cause: cause.to_string(),
    }
}

async fn migrate(
    folder: &Path,
    database: Database,
    place: &str,
    pool: &AnyPool,
) -> Result<(), OpenError> {
    let lock = folder.join(MIGRATION_LOCK_FILE);
    let _held = lock_file(&lock).map_err(|cause| OpenError::Folder {
        folder: folder.display().to_string(),
        cause,
    })?;
    let migrations = match database {
        Database::Sqlite => &SQLITE_MIGRATIONS,
        Database::Postgres => &POSTGRES_MIGRATIONS,
    };
    migrations.run(pool).await.map_err(|cause| match cause {
        MigrateError::VersionMissing(version) => OpenError::FromTheFuture(version),
        MigrateError::Execute(inner) | MigrateError::ExecuteMigration(inner, _) => {
            match open_error(database, place, &inner) {
                OpenError::Unreachable { place, cause } => OpenError::Migration { place, cause },
                other => other,
            }
        }
        other => OpenError::Migration {
            place: place.to_owned(),
            cause: other.to_string(),
        },
    })
}

/// Waits for the lock and holds it until the file is dropped.
fn lock_file(path: &Path) -> std::io::Result<File> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    file.lock()?;
    Ok(file)
}
