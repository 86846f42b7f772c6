//! Taking a file in, all of it or nothing.

use protocol::official::{OfficialError, OfficialImport, OfficialImportAnswer};
use protocol::{ProblemCode, Timestamp};

use super::places::{Atlas, OfficialFile, Outcome, judge};
use crate::api_problem::ApiProblem;
use crate::app::App;
use crate::log::Event;
use crate::storage::{Cell, StorageError, Tx, insert_rows};

/// Who brings a file, and for what.
#[derive(Debug, Clone)]
pub struct Bringing {
    /// User name; `None` from the command line.
    pub by: Option<String>,
    /// Where figures are taken from this person; `None` is everywhere.
    pub within: Option<domain::RegionCode>,
    /// Id of the contest.
    pub contest: String,
    /// Name of the file.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Reads a file and takes it in when nothing in it is wrong.
///
/// # Errors
/// `not_found` without such a contest; a storage problem.
pub async fn bring(app: &App, brought: Bringing) -> Result<OfficialImportAnswer, ApiProblem> {
    let catalogue = app.catalogues.get().await?;
    let election = catalogue.newest_election().ok_or(ProblemCode::NotFound)?;
    let held = catalogue.contests.get(&election.id).into_iter().flatten();
    if !held
        .into_iter()
        .any(|held| held.contest.id == brought.contest)
    {
        return Err(ProblemCode::NotFound.into());
    }
    let election = election.id.clone();
    let pool = app.storage.reading();
    let atlas = Atlas::read(pool, &election, &brought.contest).await?;
    let Bringing {
        by,
        within,
        contest,
        name,
        bytes,
    } = brought;
    let file = OfficialFile { name, bytes };
    let (of, which) = (election.clone(), contest.clone());
    let reading = tokio::task::spawn_blocking(move || {
        let outcome = file
            .rows()
            .map(|rows| judge(rows, &atlas, (&catalogue, &of, &which), within.as_ref()));
        (file, outcome)
    });
    let (file, outcome) = reading.await.map_err(ApiProblem::internal)?;
    let outcome = outcome.unwrap_or_else(|why| whole(&file, why));
    let mut answer = OfficialImportAnswer {
        imported: None,
        places: u32::try_from(outcome.figures.len()).unwrap_or(u32::MAX),
        blank: outcome.blank,
        elsewhere: outcome.elsewhere,
        errors: outcome.errors,
        errors_all: outcome.errors_all,
    };
    if answer.errors_all > 0 || outcome.figures.is_empty() {
        return Ok(answer);
    }
    let sha256 = file.sha256();
    let import = app
        .writer
        .run::<_, StorageError, _>(move |tx| {
            let import = Import {
                election,
                contest,
                file: file.name,
                sha256,
                by,
                figures: outcome.figures.into_iter().collect(),
            };
            Box::pin(async move { write(tx, import).await })
        })
        .await?;
    answer.imported = Some(import);
    Ok(answer)
}

/// A file that could not be read at all.
fn whole(file: &OfficialFile, why: String) -> Outcome {
    Outcome {
        errors: vec![OfficialError {
            line: 0,
            place: file.name.clone(),
            why,
        }],
        errors_all: 1,
        ..Outcome::default()
    }
}

struct Import {
    election: String,
    contest: String,
    file: String,
    sha256: String,
    by: Option<String>,
    figures: Vec<(String, domain::Counts)>,
}

async fn write(tx: &mut Tx, import: Import) -> Result<OfficialImport, StorageError> {
    let (now_ms, log_index) = (tx.now_ms(), tx.next_log_index());
    let places = u32::try_from(import.figures.len()).unwrap_or(u32::MAX);
    sqlx::query(
        "INSERT INTO official_imports (log_index, election, contest, file, sha256, places,
             imported_by, imported_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(log_index)
    .bind(import.election.clone())
    .bind(import.contest.clone())
    .bind(import.file.clone())
    .bind(import.sha256.clone())
    .bind(i64::from(places))
    .bind(import.by.clone())
    .bind(now_ms)
    .execute(tx.conn())
    .await?;
    let mut rows: Vec<Vec<Cell>> = Vec::with_capacity(import.figures.len());
    for (region, counts) in import.figures {
        let counts = serde_json::to_string(&counts)
            .map_err(|cause| StorageError::corrupt("official figures", cause))?;
        rows.push(vec![
            import.election.clone().into(),
            import.contest.clone().into(),
            region.into(),
            counts.into(),
            log_index.into(),
        ]);
    }
    insert_rows(
        tx.conn(),
        "INSERT INTO official_figures (election, contest, region, counts, import)",
        rows,
        "ON CONFLICT (election, contest, region)
         DO UPDATE SET counts = excluded.counts, import = excluded.import",
    )
    .await?;
    let event = Event::OfficialImport {
        election: import.election,
        contest: import.contest,
        sha256: import.sha256.clone(),
        places,
    };
    tx.append(import.by.as_deref(), &event)?;
    Ok(OfficialImport {
        file: import.file,
        sha256: import.sha256,
        places,
        by: import.by,
        at: Timestamp::from_unix_ms(now_ms),
        log_index: u64::try_from(log_index).unwrap_or_default(),
    })
}
