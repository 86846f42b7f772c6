//! Noting that a table left the endpoint, and which file it was: figures that
//! stand in court are traced back to who took them out and when.

use domain::RegionCode;

use crate::app::App;
use crate::log::{Event, ExportedTable};
use crate::storage::StorageError;

/// A file with a table in it.
#[derive(Debug)]
pub(crate) struct GivenOut {
    /// What stands in it.
    pub table: ExportedTable,
    /// Of this contest alone.
    pub contest: Option<String>,
    /// Of this region.
    pub region: Option<RegionCode>,
    /// Its rows, without headings.
    pub rows: usize,
    /// Hash of the file.
    pub sha256: String,
}

/// Writes it to the log, in the name of `by`; `None` is the command line.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn note_table(
    app: &App,
    by: Option<&str>,
    given: GivenOut,
) -> Result<(), StorageError> {
    let by = by.map(str::to_owned);
    let event = Event::TableExported {
        table: given.table,
        contest: given.contest,
        region: given.region,
        rows: u32::try_from(given.rows).unwrap_or(u32::MAX),
        sha256: given.sha256,
    };
    app.writer
        .run(move |tx| Box::pin(async move { tx.append(by.as_deref(), &event).map(|_| ()) }))
        .await
}
