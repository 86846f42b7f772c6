//! Steps and lists as they are kept, against their hashes in the log.

use sqlx::{AnyPool, Row as _};

use super::{lists, note, read};
use crate::log::Event;
use crate::operations::Vouched;
use crate::storage::StorageError;

/// Every step of a paper and every hand-over list, as `verify-log` holds them
/// against the log.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn verify(pool: &AnyPool) -> Result<Vec<Vouched>, StorageError> {
    let mut kept = Vec::new();
    let steps = sqlx::query(
        "SELECT slot, number, act, noted_by, noted_at, note, log_index FROM paper_steps
         ORDER BY log_index",
    )
    .fetch_all(pool)
    .await?;
    for row in steps {
        let (slot, step) = (read::slot_in(&row)?, read::step_in(&row)?);
        let digest = note::digest(&slot, &step);
        kept.push(Vouched {
            kind: "paper",
            log_index: row.try_get("log_index")?,
            event: Event::Paper {
                slot,
                number: step.number,
                digest,
            },
        });
    }
    let made = sqlx::query(
        "SELECT code, title, region, made_by, made_at, log_index FROM paper_lists
         ORDER BY log_index",
    )
    .fetch_all(pool)
    .await?;
    for row in made {
        let code: String = row.try_get("code")?;
        let region: String = row.try_get("region")?;
        let region = region
            .parse()
            .map_err(|cause| StorageError::corrupt("region of a list", cause))?;
        let slots = lists::slots_of(pool, &code).await?;
        let digest = lists::digest(
            &code,
            row.try_get("title")?,
            &region,
            row.try_get("made_by")?,
            row.try_get("made_at")?,
            &slots,
        );
        kept.push(Vouched {
            kind: "paper_list",
            log_index: row.try_get("log_index")?,
            event: Event::PaperList {
                code,
                papers: u32::try_from(slots.len()).unwrap_or(u32::MAX),
                digest,
            },
        });
    }
    Ok(kept)
}
