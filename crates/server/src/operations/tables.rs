//! Tables as lines of JSON: the same for both databases, so that a backup of
//! one can be restored into the other.
//!
//! Every column is text or a 64-bit integer (see the migrations), so a row is
//! a JSON list of strings, numbers and nulls, in the order of the first line,
//! which lists the columns.

use futures_util::TryStreamExt as _;
use serde_json::Value;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row as _};

use crate::storage::{Database, StorageError};

/// What a backup holds, in an order in which each table refers to earlier
/// ones only.
pub const TABLES: [&str; 46] = [
    "meta",
    "elections",
    "regions",
    "tps",
    "forms",
    "contests",
    "witnesses",
    "assignments",
    "devices",
    "device_tokens",
    "enrol_codes",
    "revisions",
    "refused",
    "announced",
    "carried",
    "originals_asked",
    "photos",
    "photo_receipts",
    "likenesses",
    "likeness_pairs",
    "slots",
    "totals",
    "progress",
    "decisions",
    "readings",
    "queue_work",
    "queue_settings",
    "irregularities",
    "irregularity_rulings",
    "irregularity_settings",
    "official_imports",
    "official_figures",
    "paper_steps",
    "papers",
    "paper_lists",
    "paper_list_slots",
    "contacts",
    "calls",
    "messages",
    "inbox",
    "log",
    "log_subjects",
    "log_head",
    "checkpoints",
    "users",
    "desks",
];

/// What a backup leaves out: who was signed in, who held what, which screens showed totals (a
/// link that was revoked since would open them again), who mistyped.
pub const LEFT_OUT: [&str; 5] = [
    "sessions",
    "enrol_tries",
    "wall_links",
    "queue_claims",
    "queue_skips",
];

/// Rows in one statement.
const ROWS_PER_INSERT: usize = 50;

/// A column and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Whether it holds integers; otherwise text.
    pub is_integer: bool,
}

/// The columns of one of [`TABLES`], but for those that the database works out
/// itself.
///
/// # Errors
/// [`StorageError`].
pub async fn columns(
    connection: &mut AnyConnection,
    database: Database,
    table: &str,
) -> Result<Vec<Column>, StorageError> {
    let sql = match database {
        Database::Sqlite => "SELECT name, type AS kind FROM pragma_table_info($1) ORDER BY cid",
        Database::Postgres => {
            "SELECT CAST(column_name AS TEXT) AS name, CAST(data_type AS TEXT) AS kind
             FROM information_schema.columns
             WHERE table_name = $1 AND table_schema = current_schema() AND is_generated = 'NEVER'
             ORDER BY ordinal_position"
        }
    };
    let rows = sqlx::query(sql)
        .bind(table.to_owned())
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            let kind: String = row.try_get("kind")?;
            Ok(Column {
                name: row.try_get("name")?,
                is_integer: kind.to_ascii_lowercase().contains("int"),
            })
        })
        .collect()
}

fn listed(columns: &[Column]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    names.join(", ")
}

/// Hands each line of `table` to `take`: the columns, then the rows. Returns
/// the number of rows.
///
/// # Errors
/// [`StorageError`], or what `take` says.
pub async fn export<E: From<StorageError>>(
    connection: &mut AnyConnection,
    database: Database,
    table: &str,
    mut take: impl AsyncFnMut(String) -> Result<(), E>,
) -> Result<u64, E> {
    let columns = columns(connection, database, table).await?;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    take(Value::from(names).to_string()).await?;
    // Names from our own schema, not from outside.
    let sql = AssertSqlSafe(format!("SELECT {} FROM {table}", listed(&columns)));
    let mut rows = sqlx::query(sql).fetch(connection);
    let mut count = 0_u64;
    while let Some(row) = rows.try_next().await.map_err(StorageError::from)? {
        take(line(&row, &columns)?).await?;
        count = count.saturating_add(1);
    }
    Ok(count)
}

fn line(row: &AnyRow, columns: &[Column]) -> Result<String, StorageError> {
    let cells = columns.iter().enumerate().map(|(at, column)| {
        Ok(if column.is_integer {
            Value::from(row.try_get::<Option<i64>, _>(at)?)
        } else {
            Value::from(row.try_get::<Option<String>, _>(at)?)
        })
    });
    let cells: Result<Vec<Value>, StorageError> = cells.collect();
    Ok(Value::from(cells?).to_string())
}

/// Lines that are no table's, as a sentence.
fn damaged(table: &str, cause: impl std::fmt::Display) -> StorageError {
    StorageError::corrupt("backup", format!("table {table}: {cause}"))
}

/// Puts exported rows into an empty table.
pub struct Import {
    table: &'static str,
    columns: Vec<Column>,
    head: String,
    waiting: Vec<Vec<Value>>,
}

impl Import {
    /// For `table`, whose export begins with the line `first`.
    ///
    /// # Errors
    /// [`StorageError`] when the line names columns that there are not.
    pub async fn begin(
        connection: &mut AnyConnection,
        database: Database,
        table: &'static str,
        first: &str,
    ) -> Result<Self, StorageError> {
        let names: Vec<String> =
            serde_json::from_str(first).map_err(|cause| damaged(table, cause))?;
        let known = columns(connection, database, table).await?;
        let columns: Option<Vec<Column>> = names
            .iter()
            .map(|name| known.iter().find(|column| column.name == *name).cloned())
            .collect();
        let columns = columns.ok_or_else(|| damaged(table, "it has other columns here"))?;
        // Identity columns keep the numbers that devices know as cursors.
        let overriding = match database {
            Database::Sqlite => "",
            Database::Postgres => " OVERRIDING SYSTEM VALUE",
        };
        Ok(Self {
            table,
            head: format!("INSERT INTO {table} ({}){overriding}", listed(&columns)),
            columns,
            waiting: Vec::with_capacity(ROWS_PER_INSERT),
        })
    }

    /// Takes one row.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn row(
        &mut self,
        connection: &mut AnyConnection,
        line: &str,
    ) -> Result<(), StorageError> {
        let row: Vec<Value> =
            serde_json::from_str(line).map_err(|cause| damaged(self.table, cause))?;
        if row.len() != self.columns.len() {
            return Err(damaged(self.table, "a row has another number of cells"));
        }
        self.waiting.push(row);
        if self.waiting.len() >= ROWS_PER_INSERT {
            self.write(connection).await?;
        }
        Ok(())
    }

    /// Writes what waits.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn write(&mut self, connection: &mut AnyConnection) -> Result<(), StorageError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.waiting);
        let sql = format!(
            "{} VALUES {}",
            self.head,
            places(rows.len(), self.columns.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (cell, column) in rows
            .into_iter()
            .flat_map(|row| row.into_iter().zip(&self.columns))
        {
            query = bound(query, cell, column)
                .ok_or_else(|| damaged(self.table, "a cell of another kind"))?;
        }
        query.execute(connection).await?;
        Ok(())
    }
}

type AnyQuery = Query<'static, Any, AnyArguments>;

fn bound(query: AnyQuery, cell: Value, column: &Column) -> Option<AnyQuery> {
    match (cell, column.is_integer) {
        (Value::Null, true) => Some(query.bind(None::<i64>)),
        (Value::Null, false) => Some(query.bind(None::<String>)),
        (Value::Number(number), true) => Some(query.bind(number.as_i64()?)),
        (Value::String(text), false) => Some(query.bind(text)),
        _ => None,
    }
}

/// `($1, $2), ($3, $4)` for two rows of two cells.
fn places(rows: usize, width: usize) -> String {
    let mut next = 1..;
    let row = |_| {
        let cells: Vec<String> = next
            .by_ref()
            .take(width)
            .map(|at| format!("${at}"))
            .collect();
        format!("({})", cells.join(", "))
    };
    (0..rows).map(row).collect::<Vec<String>>().join(", ")
}

/// Sets PostgreSQL's counters behind the rows that were put in.
///
/// # Errors
/// [`StorageError`].
pub async fn move_counters(
    connection: &mut AnyConnection,
    database: Database,
) -> Result<(), StorageError> {
    if database == Database::Postgres {
        let sql = "SELECT setval(pg_get_serial_sequence('inbox', 'id'),
             (SELECT COALESCE(MAX(id), 1) FROM inbox), (SELECT COUNT(*) > 0 FROM inbox))";
        sqlx::query(sql).execute(connection).await?;
    }
    Ok(())
}
