//! Reading papers as they stand: of named slots, and summed over regions.

use std::collections::{BTreeMap, HashMap};

use domain::SlotState;
use protocol::paper::{PaperCustody, PaperLine, PaperMatch, PaperPlace, PaperStep};
use protocol::{SlotId, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, Row as _};

use super::custody::{Noted, Standing};
use crate::room::{from_word, json};
use crate::storage::{StorageError, keyed_in};

/// A paper as it is kept.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub state: SlotState,
    pub standing: Standing,
    pub steps: u32,
    /// In milliseconds since 1970.
    pub changed_at: Option<i64>,
}

/// Where a slot's paper stands; `None` when there is no such slot.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn custody(
    connection: &mut AnyConnection,
    slot: &SlotId,
) -> Result<Option<PaperCustody>, StorageError> {
    let found = kept(connection, std::slice::from_ref(slot)).await?;
    Ok(found.into_values().next().map(Kept::told))
}

const KEPT: &str = "SELECT s.slot, s.state, p.place, p.holder, p.folder, p.compared, p.steps,
         p.changed_at
     FROM slots s LEFT JOIN papers p ON p.slot = s.slot WHERE s.slot";

impl Kept {
    /// As the counting room is told.
    fn told(self) -> PaperCustody {
        let changed_at = self.changed_at.map(Timestamp::from_unix_ms);
        self.standing.told(self.state, changed_at)
    }
}

/// The papers of those of these slots that there are.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn kept(
    connection: &mut AnyConnection,
    slots: &[SlotId],
) -> Result<BTreeMap<SlotId, Kept>, StorageError> {
    let keys: Vec<String> = slots.iter().map(SlotId::to_string).collect();
    let mut found = BTreeMap::new();
    for query in keyed_in(KEPT, &keys, "") {
        for row in query.fetch_all(&mut *connection).await? {
            found.insert(slot_in(&row)?, kept_in(&row)?);
        }
    }
    Ok(found)
}

pub(super) fn slot_in(row: &AnyRow) -> Result<SlotId, StorageError> {
    let text: String = row.try_get("slot")?;
    text.parse()
        .map_err(|cause| StorageError::corrupt("slot", cause))
}

fn kept_in(row: &AnyRow) -> Result<Kept, StorageError> {
    let place: Option<String> = row.try_get("place")?;
    let compared: Option<String> = row.try_get("compared")?;
    let steps: Option<i64> = row.try_get("steps")?;
    Ok(Kept {
        state: from_word("slot", row.try_get("state")?)?,
        standing: Standing {
            place: Noted::of(place.as_deref().unwrap_or_default()),
            holder: row.try_get("holder")?,
            folder: row.try_get("folder")?,
            compared: compared.map(|word| from_word("paper", &word)).transpose()?,
        },
        steps: u32::try_from(steps.unwrap_or_default())
            .map_err(|cause| StorageError::corrupt("paper", cause))?,
        changed_at: row.try_get("changed_at")?,
    })
}

/// Where a paper is, by the columns `paper` and `paper_compared` of a list of
/// slots.
///
/// # Errors
/// [`StorageError`].
pub(crate) fn place_in(
    row: &AnyRow,
    state: SlotState,
) -> Result<(PaperPlace, Option<PaperMatch>), StorageError> {
    let place: Option<String> = row.try_get("paper")?;
    let compared: Option<String> = row.try_get("paper_compared")?;
    let standing = Standing {
        place: Noted::of(place.as_deref().unwrap_or_default()),
        compared: compared.map(|word| from_word("paper", &word)).transpose()?,
        ..Standing::default()
    };
    let told = standing.told(state, None);
    Ok((told.place, told.compared))
}

/// These papers as lines, in this order; what is no slot is left out.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn lines(
    pool: &AnyPool,
    slots: &[SlotId],
) -> Result<Vec<PaperLine>, StorageError> {
    let mut connection = pool.acquire().await?;
    let kept = kept(&mut connection, slots).await?;
    drop(connection);
    let tps: Vec<String> = slots.iter().map(|slot| slot.tps.to_string()).collect();
    let places = places(pool, &tps).await?;
    let mut posted = posted(pool, &tps).await?;
    let line = |slot: &SlotId| {
        let kept = kept.get(slot)?.clone();
        let tps = slot.tps.to_string();
        let at = (slot.election.clone(), tps.clone());
        Some(PaperLine {
            slot: slot.clone(),
            place: places.get(&tps).cloned().unwrap_or_default(),
            state: kept.state,
            witnesses: posted.entry(at).or_default().clone(),
            custody: kept.told(),
        })
    };
    Ok(slots.iter().filter_map(line).collect())
}

/// District, village and number of these polling stations.
async fn places(
    pool: &AnyPool,
    tps: &[String],
) -> Result<HashMap<String, Vec<String>>, StorageError> {
    let head = "SELECT t.code, t.number, d.name AS district, v.name AS village FROM tps t
         LEFT JOIN regions d ON d.code = substr(t.code, 1, 6)
         LEFT JOIN regions v ON v.code = substr(t.code, 1, 10) WHERE t.code";
    let mut found = HashMap::new();
    for query in keyed_in(head, tps, "") {
        for row in query.fetch_all(pool).await? {
            let name = |column| Ok::<_, StorageError>(row.try_get::<Option<String>, _>(column)?);
            let place = [name("district")?, name("village")?, name("number")?];
            let code: String = row.try_get("code")?;
            found.insert(code, place.into_iter().flatten().collect());
        }
    }
    Ok(found)
}

/// Names of who is posted, by election and polling station.
async fn posted(
    pool: &AnyPool,
    tps: &[String],
) -> Result<HashMap<(String, String), Vec<String>>, StorageError> {
    let head = "SELECT a.election, a.tps, w.name FROM assignments a
         JOIN witnesses w ON w.id = a.witness WHERE a.tps";
    let mut found: HashMap<(String, String), Vec<String>> = HashMap::new();
    for query in keyed_in(head, tps, "ORDER BY w.created_at, w.id") {
        for row in query.fetch_all(pool).await? {
            let at = (row.try_get("election")?, row.try_get("tps")?);
            let names = found.entry(at).or_default();
            let name: String = row.try_get("name")?;
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    Ok(found)
}

/// The steps of a slot's paper in their order, each with its entry of the log.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn steps(
    connection: &mut AnyConnection,
    slot: &SlotId,
) -> Result<Vec<(PaperStep, i64)>, StorageError> {
    let rows = sqlx::query(
        "SELECT number, act, noted_by, noted_at, note, log_index FROM paper_steps
         WHERE slot = $1 ORDER BY number",
    )
    .bind(slot.to_string())
    .fetch_all(connection)
    .await?;
    let steps = rows
        .iter()
        .map(|row| Ok((step_in(row)?, row.try_get("log_index")?)));
    steps.collect()
}

/// The step in a row of the table.
///
/// # Errors
/// [`StorageError`] when what is kept is none.
pub(super) fn step_in(row: &AnyRow) -> Result<PaperStep, StorageError> {
    let number: i64 = row.try_get("number")?;
    Ok(PaperStep {
        number: u32::try_from(number).map_err(|cause| StorageError::corrupt("number", cause))?,
        act: json(row, "act")?,
        by: row.try_get("noted_by")?,
        at: Timestamp::from_unix_ms(row.try_get("noted_at")?),
        note: row.try_get("note")?,
    })
}

/// Papers of a contest that are in the counting room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// All of them.
    pub here: u64,
    /// Those that do not say what the photo says.
    pub differ: u64,
}

impl Totals {
    /// Adds papers of which the comparison with the photo says `compared` (its
    /// name in [`PaperMatch`]; empty before anybody compared them).
    pub(crate) fn add(&mut self, compared: &str, papers: u64) {
        self.here = self.here.saturating_add(papers);
        if compared == "differs" {
            self.differ = self.differ.saturating_add(papers);
        }
    }

    /// Adds those of another region.
    pub(crate) fn join(&mut self, other: Self) {
        self.here = self.here.saturating_add(other.here);
        self.differ = self.differ.saturating_add(other.differ);
    }
}
