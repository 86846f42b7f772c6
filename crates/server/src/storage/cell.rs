//! Many rows in one statement, with few distinct statements.
//!
//! A statement for every number of rows would push one another out of the
//! cache of prepared statements. So rows go in groups of a few fixed sizes,
//! and lists in `IN (…)` are filled up to one of them by repeating a value.

use sqlx::{Any, AnyConnection, AssertSqlSafe, query::Query};

use super::error::StorageError;

/// Numbers of rows that SQLite's statements are made for, largest first. It
/// looks every parameter up by walking those before it, so more rows cost more
/// each.
const SQLITE_ROW_GROUPS: &[usize] = &[16, 4, 1];
/// The same for PostgreSQL, where each statement is a journey to the server and
/// back.
const POSTGRES_ROW_GROUPS: &[usize] = &[128, 32, 8, 2, 1];
/// Numbers of keys that lists are made for, largest first.
const KEY_GROUPS: [usize; 4] = [64, 16, 4, 1];

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Text, or NULL.
    Text(Option<String>),
    /// A 64-bit integer, or NULL.
    Int(Option<i64>),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}
impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}
impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}
impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}
impl From<Option<i64>> for Cell {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}

type AnyQuery = Query<'static, Any, sqlx::any::AnyArguments>;

fn bound(query: AnyQuery, cell: Cell) -> AnyQuery {
    match cell {
        Cell::Text(text) => query.bind(text),
        Cell::Int(value) => query.bind(value),
    }
}

/// Runs `{head} VALUES (…), (…) {tail}` for all rows, in as few statements as
/// the fixed sizes allow. All rows have the same number of cells. `head` and
/// `tail` are literals of ours; what came from outside is bound.
///
/// # Errors
/// The first statement's that fails.
pub async fn insert_rows(
    connection: &mut AnyConnection,
    head: &'static str,
    rows: Vec<Vec<Cell>>,
    tail: &'static str,
) -> Result<(), StorageError> {
    let width = rows.first().map_or(0, Vec::len);
    let groups = match connection.backend_name() {
        "PostgreSQL" => POSTGRES_ROW_GROUPS,
        _ => SQLITE_ROW_GROUPS,
    };
    let mut left = rows.len();
    let mut rows = rows.into_iter();
    while left > 0 {
        let fitting = groups.iter().find(|size| **size <= left);
        let size = fitting.copied().unwrap_or(1);
        left = left.saturating_sub(size);
        let sql = format!("{head} VALUES {} {tail}", placeholders(size, width));
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for cell in rows.by_ref().take(size).flatten() {
            query = bound(query, cell);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// `($1, $2), ($3, $4)` for two rows of two cells.
fn placeholders(rows: usize, width: usize) -> String {
    let row = |at: usize| {
        let first = at.saturating_mul(width);
        let cells: Vec<String> = (1..=width)
            .map(|cell| format!("${}", first.saturating_add(cell)))
            .collect();
        format!("({})", cells.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// `keys` in groups of the fixed sizes, the last one filled up by repeating
/// its last key: for `IN (…)`, where a repetition changes nothing.
fn padded(keys: &[String]) -> Vec<Vec<String>> {
    let largest = KEY_GROUPS.into_iter().max().unwrap_or(1);
    keys.chunks(largest)
        .map(|chunk| {
            let size = KEY_GROUPS
                .into_iter()
                .filter(|size| *size >= chunk.len())
                .min()
                .unwrap_or(largest);
            let mut group = chunk.to_vec();
            if let Some(last) = group.last().cloned() {
                group.resize(size, last);
            }
            group
        })
        .collect()
}

/// Queries `{head} IN ($1, $2 …) {tail}`, one for each group of padded
/// keys; the caller fetches each.
pub fn keyed_in(head: &'static str, keys: &[String], tail: &'static str) -> Vec<AnyQuery> {
    padded(keys)
        .into_iter()
        .map(|group| {
            let sql = format!("{head} IN {} {tail}", placeholders(1, group.len()));
            with_texts(sql, group)
        })
        .collect()
}

/// A query put together from texts of ours, with what came from outside bound
/// to `$1`, `$2` ….
pub fn with_texts(sql: String, given: Vec<String>) -> AnyQuery {
    let query = sqlx::query(AssertSqlSafe(sql));
    given.into_iter().fold(query, AnyQuery::bind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_in_few_sizes_and_lose_nothing() {
        let keys: Vec<String> = (0..70).map(|at| at.to_string()).collect();
        let groups = padded(&keys);
        let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
        assert_eq!(sizes, [64, 16]);
        assert_eq!(groups[1][5], "69");
        assert_eq!(groups[1][15], "69");
        assert!(padded(&[]).is_empty());
        assert_eq!(placeholders(2, 2), "($1, $2), ($3, $4)");
    }
}
