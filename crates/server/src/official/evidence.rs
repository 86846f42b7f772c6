//! What there is to prove our figures with where the official ones differ:
//! photos, and the paper.

use std::collections::HashMap;

use protocol::official::{OfficialDifference, OfficialEvidence};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use crate::paper;
use crate::room::from_word;
use crate::storage::{StorageError, keyed_in};

/// Adds it to each polling station.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn add(
    connection: &mut AnyConnection,
    differences: &mut [OfficialDifference],
) -> Result<(), StorageError> {
    let slots: Vec<String> = differences
        .iter()
        .filter_map(|one| one.slot.as_ref().map(ToString::to_string))
        .collect();
    let head = "SELECT s.slot, s.state, s.photos_announced, s.photos_received,
             p.place AS paper, p.compared AS paper_compared
         FROM slots s LEFT JOIN papers p ON p.slot = s.slot WHERE s.slot";
    let mut found = HashMap::new();
    for query in keyed_in(head, &slots, "") {
        for row in query.fetch_all(&mut *connection).await? {
            found.insert(row.try_get::<String, _>("slot")?, in_row(&row)?);
        }
    }
    for one in differences {
        let slot = one.slot.as_ref().map(ToString::to_string);
        one.evidence = slot.and_then(|slot| found.remove(&slot));
    }
    Ok(())
}

fn in_row(row: &AnyRow) -> Result<OfficialEvidence, StorageError> {
    let count = |column: &str| {
        let count: i64 = row.try_get(column)?;
        u32::try_from(count).map_err(|cause| StorageError::corrupt("photos", cause))
    };
    let state = from_word("slot", row.try_get("state")?)?;
    let (paper, paper_compared) = paper::place_in(row, state)?;
    Ok(OfficialEvidence {
        photos_announced: count("photos_announced")?,
        photos_received: count("photos_received")?,
        paper,
        paper_compared,
    })
}
