//! All figures of a contest as one file: per polling station, village, district
//! or regency, as XLSX or CSV.
//!
//! Everything in it is read in one snapshot, and each row says the moment and
//! the place in the log that it stands for. Slots are read some hundreds at a
//! time and written as they come to a file without a name, so an export takes
//! little memory however large the election is. Figures are the same that
//! totals are added up from ([`domain::rollup::Contribution`]).
//!
//! A text that a spreadsheet could take for a formula is defused (`cell`).

mod cell;
mod file;
mod read;
pub(super) mod route;
mod table;

use std::fs::File;
use std::path::Path;

use domain::{Level, RegionCode};
use protocol::{ProblemCode, Timestamp};
use serde::Deserialize;
use tokio::sync::mpsc;

use crate::api_problem::ApiProblem;
use crate::app::App;
use crate::log::{Event, ExportedTable};

pub use file::Kind;

/// Rows that wait to be written.
const ROWS_QUEUE: usize = 256;

/// What one row stands for. Provinces are not offered: their one row is the
/// totals' first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A polling station.
    Tps,
    /// A village.
    Village,
    /// A district.
    District,
    /// A regency or city.
    Regency,
}

impl By {
    /// The level of regions.
    #[must_use]
    pub fn level(self) -> Level {
        match self {
            Self::Tps => Level::Tps,
            Self::Village => Level::Village,
            Self::District => Level::District,
            Self::Regency => Level::Regency,
        }
    }

    /// As it stands in names of files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Tps => "tps",
            Self::Village => "desa",
            Self::District => "kecamatan",
            Self::Regency => "kabupaten",
        }
    }
}

/// What is to be exported.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Id of the contest, in the newest election.
    pub contest: String,
    /// What one row stands for.
    pub by: By,
    /// Inside this region; `None` is everywhere.
    pub region: Option<RegionCode>,
    /// As which kind of file.
    pub kind: Kind,
    /// Who asks for it; `None` is the command line.
    pub asked_by: Option<String>,
}

/// What an export stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Id of the election.
    pub election: String,
    /// By the endpoint's clock.
    pub at: Timestamp,
    /// The last entry of the log that is in it.
    pub log_index: i64,
    /// That entry's hash.
    pub log_hash: String,
}

/// A finished export.
#[derive(Debug)]
pub struct Exported {
    /// The file, read from its beginning. It has no name.
    pub file: File,
    /// Its size.
    pub size_bytes: u64,
    /// Its rows, without headings.
    pub rows: usize,
    /// What they stand for.
    pub moment: Moment,
}

/// Makes an export, and notes in the log that it was made; `progress` is told
/// how many polling stations have been read, of how many.
///
/// # Errors
/// `not_found` without such a contest or region; a storage problem.
pub async fn make(
    app: &App,
    wanted: &Wanted,
    progress: impl FnMut(usize, usize) + Send,
) -> Result<Exported, ApiProblem> {
    let catalogue = app.catalogues.get().await?;
    let election = catalogue.newest_election().ok_or(ProblemCode::NotFound)?;
    let table = table::Table::of(&catalogue, &election.id, wanted).ok_or(ProblemCode::NotFound)?;
    let mut source = read::Source::open(app, &table, wanted.region.as_ref()).await?;
    let moment = source.moment().clone();
    let (send, rows) = mpsc::channel(ROWS_QUEUE);
    let (kind, head) = (wanted.kind, table.head());
    let (about, folder) = (table.about(&moment), app.storage.folder().to_owned());
    let writing =
        tokio::task::spawn_blocking(move || file::write(kind, &folder, &head, &about, rows));
    let sent = source.send_all(&table, send, progress).await;
    let written = writing.await.map_err(ApiProblem::internal)?;
    let rows = sent?;
    let written = written.map_err(ApiProblem::internal)?;
    let given = Event::TableExported {
        table: ExportedTable::Figures,
        contest: Some(wanted.contest.clone()),
        region: wanted.region.clone(),
        rows: u32::try_from(rows).unwrap_or(u32::MAX),
        sha256: written.sha256,
    };
    app.writer.note(wanted.asked_by.as_deref(), given).await?;
    let (file, size_bytes) = (written.file, written.size_bytes);
    Ok(Exported {
        file,
        size_bytes,
        rows,
        moment,
    })
}

/// A file for a while, in the data folder and without a name.
fn scratch(folder: &Path) -> std::io::Result<File> {
    tempfile::tempfile_in(folder)
}
