//! Which slots a dossier is about, and how large it will be.

use std::collections::BTreeSet;

use domain::{Mark, RegionCode, SlotState};
use protocol::dossier::{DossierChoice, DossierFilter, DossierPreview, DossierRequest};
use protocol::limits::{DOSSIER_MAX_BYTES, DOSSIER_SLOTS_MAX, DOSSIER_TITLE_MAX_CHARS};
use protocol::{ProblemCode, SlotId};
use sqlx::{AnyPool, Row as _};

use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::queue;
use crate::room::{SignedIn, may_rule, word};
use crate::storage::{StorageError, keyed_in, with_texts};

/// What a slot takes besides its photos, about, in bytes.
const SLOT_BYTES: u64 = 24 * 1024;
/// What an entry of the log takes, about, in bytes.
const ENTRY_BYTES: u64 = 45;

/// What goes into a dossier.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub(super) slots: Vec<SlotId>,
    pub(super) preview: DossierPreview,
}

/// The slots that `who` asks for, and what they amount to.
///
/// # Errors
/// `not_allowed` for who makes no dossiers, or who is to read one of the slots blind;
/// `not_found` for a slot or region that `who` does not see.
pub(super) async fn choose(
    app: &AppState,
    who: &SignedIn,
    asked: &DossierRequest,
) -> Result<Chosen, ApiProblem> {
    may_rule(who)?;
    let pool = app.storage.reading();
    if asked.title.chars().count() > DOSSIER_TITLE_MAX_CHARS {
        let detail = format!("title has at most {DOSSIER_TITLE_MAX_CHARS} characters");
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    let slots = match &asked.choice {
        DossierChoice::Slots(slots) => named(pool, who, slots).await?,
        DossierChoice::Filter(filter) => {
            let region = who.within(filter.region.clone())?;
            let catalogue = app.catalogues.get().await?;
            let election = catalogue.newest_election().ok_or(ProblemCode::NotFound)?;
            filtered(pool, &election.id, region.as_ref(), filter).await?
        }
    };
    let now_ms = app.clock().now_ms();
    let mut connection = pool.acquire().await?;
    for slot in slots.iter().take(most()) {
        queue::may_see_figures(&mut connection, who, slot, now_ms).await?;
    }
    drop(connection);
    let preview = preview(app, &slots, asked.with_originals).await?;
    Ok(Chosen { slots, preview })
}

/// Whether this can be made.
///
/// # Errors
/// `request_invalid` for no slots, or for slots of several elections;
/// `too_large`.
pub(super) fn within_limits(chosen: &Chosen) -> Result<(), ApiProblem> {
    let preview = &chosen.preview;
    if preview.slots == 0 {
        let detail = "a dossier is about at least one slot";
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    let elections: BTreeSet<&str> = chosen
        .slots
        .iter()
        .map(|slot| slot.election.as_str())
        .collect();
    if elections.len() > 1 {
        let detail = "a dossier is about one election";
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    if preview.slots > preview.slots_max || preview.size_bytes > preview.size_max_bytes {
        let detail = format!(
            "a dossier has at most {DOSSIER_SLOTS_MAX} slots and {DOSSIER_MAX_BYTES} bytes"
        );
        return Err(ApiProblem::because(ProblemCode::TooLarge, detail));
    }
    Ok(())
}

fn most() -> usize {
    usize::try_from(DOSSIER_SLOTS_MAX).unwrap_or(usize::MAX)
}

async fn named(
    pool: &AnyPool,
    who: &SignedIn,
    slots: &[SlotId],
) -> Result<Vec<SlotId>, ApiProblem> {
    let unique: BTreeSet<&SlotId> = slots.iter().collect();
    let ids: Vec<String> = unique
        .iter()
        .take(most().saturating_add(1))
        .map(ToString::to_string)
        .collect();
    let mut known = Vec::new();
    for query in keyed_in("SELECT slot FROM slots WHERE slot", &ids, "ORDER BY slot") {
        for row in query.fetch_all(pool).await? {
            known.push(in_row(&row)?);
        }
    }
    known.sort();
    known.dedup();
    let is_seen = |slot: &SlotId| who.sees(&slot.tps.region());
    if known.len() < ids.len() || !known.iter().all(is_seen) {
        return Err(ProblemCode::NotFound.into());
    }
    Ok(known)
}

fn in_row(row: &sqlx::any::AnyRow) -> Result<SlotId, StorageError> {
    let slot: String = row.try_get("slot")?;
    slot.parse()
        .map_err(|cause| StorageError::corrupt("slot", cause))
}

/// At most one more than may be chosen, to know that there are more.
async fn filtered(
    pool: &AnyPool,
    election: &str,
    region: Option<&RegionCode>,
    filter: &DossierFilter,
) -> Result<Vec<SlotId>, StorageError> {
    let (from, to) = queue::slots_within(election, region);
    let mut given = vec![from, to];
    let mut conditions = "slot >= $1 AND slot < $2".to_owned();
    let mut narrow = |condition: &str, value: Option<String>| {
        if let Some(value) = value {
            given.push(value);
            conditions.push_str(&format!(" AND {condition} ${}", given.len()));
        }
    };
    narrow("contest =", filter.contest.clone());
    match filter.state {
        Some(state) => narrow("state =", Some(word(state))),
        None => narrow("state <>", Some(word(SlotState::Empty))),
    }
    match filter.mark {
        Some(Mark::SamePhoto) => conditions.push_str(" AND same_photos > 0"),
        Some(Mark::BubblesDiffer) => conditions.push_str(" AND bubbles_differ > 0"),
        Some(mark) => narrow("marks LIKE", Some(format!("%{}%", word(mark)))),
        None => {}
    }
    let limit = DOSSIER_SLOTS_MAX.saturating_add(1);
    let sql = format!("SELECT slot FROM slots WHERE {conditions} ORDER BY slot LIMIT {limit}");
    let query = with_texts(sql, given);
    query.fetch_all(pool).await?.iter().map(in_row).collect()
}

async fn preview(
    app: &AppState,
    slots: &[SlotId],
    with_originals: bool,
) -> Result<DossierPreview, StorageError> {
    let pool = app.storage.reading();
    let ids: Vec<String> = slots.iter().take(most()).map(ToString::to_string).collect();
    let mut photos: BTreeSet<String> = BTreeSet::new();
    let mut photo_bytes = 0_u64;
    let queries = keyed_in(
        "SELECT a.sha256, a.kind, p.size_bytes FROM announced a
         JOIN revisions r ON r.rev_id = a.rev_id JOIN photos p ON p.sha256 = a.sha256
         WHERE r.slot",
        &ids,
        "",
    );
    for query in queries {
        for row in query.fetch_all(pool).await? {
            let is_wanted = with_originals || row.try_get::<&str, _>("kind")? == "copy";
            let size: i64 = row.try_get("size_bytes")?;
            if is_wanted && photos.insert(row.try_get("sha256")?) {
                photo_bytes = photo_bytes.saturating_add(u64::try_from(size).unwrap_or_default());
            }
        }
    }
    let entries = crate::log::newest_index(pool).await?;
    let entries = u64::try_from(entries).unwrap_or_default();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let listed = u64::from(count(ids.len()));
    let size_bytes = photo_bytes
        .saturating_add(SLOT_BYTES.saturating_mul(listed))
        .saturating_add(ENTRY_BYTES.saturating_mul(entries));
    Ok(DossierPreview {
        slots: count(slots.len()),
        photos: count(photos.len()),
        size_bytes,
        slots_max: DOSSIER_SLOTS_MAX,
        size_max_bytes: DOSSIER_MAX_BYTES,
    })
}
