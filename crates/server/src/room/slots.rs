//! The list of slots, by page.

use axum::Json;
use axum::extract::State;
use domain::{Mark, RegionCode, SlotState};
use protocol::console::{SlotSummary, SlotsAnswer};
use protocol::{ProblemCode, SlotId, Timestamp, limits};
use serde::Deserialize;
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row as _};
use utoipa::{IntoParams, ToSchema};

use super::prefix::Prefix;

use super::signed_in::SignedIn;
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::http::StrictQuery;
use crate::paper;
use crate::storage::{StorageError, with_texts};

/// Slots in a page when none is asked for.
const PAGE_USUAL: u32 = 100;

/// Which slots to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SlotsQuery {
    /// In this region; by default the user's own.
    #[param(value_type = Option<String>)]
    region: Option<RegionCode>,
    /// Of this contest.
    contest: Option<String>,
    /// In this state.
    #[param(value_type = Option<SlotState>)]
    state: Option<SlotState>,
    /// By what they are ordered: `place` (the default), or `bubbles`, those
    /// first whose photos' bubbles say otherwise of the most figures.
    #[serde(default)]
    #[param(inline)]
    order: Order,
    /// With this mark.
    #[param(value_type = Option<Mark>)]
    mark: Option<Mark>,
    /// Whose paper is there.
    #[param(inline)]
    paper: Option<PaperFilter>,
    /// After the last slot of the page before: its `next`.
    #[param(value_type = Option<String>)]
    after: Option<SlotId>,
    /// Slots in a page, at most 500.
    limit: Option<u32>,
}

/// What slots are ordered by.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Order {
    /// Election, polling station and contest.
    #[default]
    Place,
    /// Figures that the bubbles of photos say otherwise, most first; then as
    /// above.
    Bubbles,
}

/// Where a slot's paper is, to list slots by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum PaperFilter {
    /// In the counting room.
    Here,
    /// Not there.
    NotHere,
    /// With somebody who took it over.
    HandedOver,
    /// In the counting room, and held against no photo yet.
    NotCompared,
    /// It does not say what the photo says.
    Differs,
}

impl PaperFilter {
    /// As a condition on the row of the paper, if there is one.
    fn condition(self) -> &'static str {
        match self {
            Self::Here => " AND p.place = 'here'",
            Self::NotHere => " AND COALESCE(p.place, '') <> 'here'",
            Self::HandedOver => " AND p.place = 'handed_over'",
            Self::NotCompared => " AND p.place = 'here' AND p.compared IS NULL",
            Self::Differs => " AND p.compared = 'differs'",
        }
    }
}

/// Slots in a region, by election, polling station and contest, or by what
/// there is to ask.
#[utoipa::path(get, path = "/v1/slots", tag = "slots", params(SlotsQuery), responses(
    (status = 200, body = SlotsAnswer),
    (status = 401, description = "`not_signed_in`"),
    (status = 404, description = "A region outside the user's own"),
))]
pub(super) async fn list(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<SlotsQuery>,
) -> Result<Json<SlotsAnswer>, ApiProblem> {
    let region = who.within(query.region.clone())?;
    let Some(election) = app
        .catalogues
        .get()
        .await?
        .newest_election()
        .map(|one| one.id.clone())
    else {
        return Err(ProblemCode::NotFound.into());
    };
    let limit = query
        .limit
        .unwrap_or(PAGE_USUAL)
        .clamp(1, limits::SLOTS_PAGE_MAX);
    let range = Prefix::of(region.as_ref());
    let mut slots = page(app.storage.reading(), &election, &range, &query, limit).await?;
    let has_more = slots.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if has_more {
        slots.pop();
    }
    let next = slots
        .last()
        .filter(|_| has_more)
        .map(|last| last.slot.to_string());
    Ok(Json(SlotsAnswer { slots, next }))
}

/// One slot more than `limit`, to know whether there is another page.
async fn page(
    pool: &AnyPool,
    election: &str,
    range: &Prefix,
    asked: &SlotsQuery,
    limit: u32,
) -> Result<Vec<SlotSummary>, StorageError> {
    let mut given = vec![
        format!("{election}/{}", range.from),
        format!("{election}/{}", range.to),
    ];
    let mut conditions = "s.slot >= $1 AND s.slot < $2".to_owned();
    let mut narrow = |condition: &str, value: Option<String>| {
        if let Some(value) = value {
            given.push(value);
            conditions.push_str(&format!(" AND {condition} ${}", given.len()));
        }
    };
    narrow("s.contest =", asked.contest.clone());
    narrow("s.state =", asked.state.map(super::word));
    // Marks of the state are kept as a JSON list of words, none of which is part
    // of another; those of photos as numbers.
    let of_photos = match asked.mark {
        Some(Mark::SamePhoto) => " AND s.same_photos > 0",
        Some(Mark::BubblesDiffer) => " AND s.bubbles_differ > 0",
        Some(mark) => {
            narrow("s.marks LIKE", Some(format!("%{}%", super::word(mark))));
            ""
        }
        None => "",
    };
    conditions.push_str(of_photos);
    if let Some(paper) = asked.paper {
        conditions.push_str(paper.condition());
    }
    if let Some(after) = &asked.after {
        given.push(after.to_string());
        let last = format!("${}", given.len());
        conditions.push_str(&beyond(asked.order, &last));
    }
    let order = match asked.order {
        Order::Place => "s.slot",
        Order::Bubbles => "s.bubbles_differ DESC, s.slot",
    };
    let sql = format!(
        "SELECT s.slot, s.state, s.marks, s.heads, s.findings, s.photos_announced,
             s.photos_received, s.bubbles_differ, s.same_photos, s.changed_at, t.number, d.name AS district_name,
             v.name AS village_name, p.place AS paper, p.compared AS paper_compared
         FROM slots s
         JOIN tps t ON t.code = s.tps
         LEFT JOIN regions d ON d.code = s.district
         LEFT JOIN regions v ON v.code = substr(s.tps, 1, 10)
         LEFT JOIN papers p ON p.slot = s.slot
         WHERE {conditions} ORDER BY {order} LIMIT {}",
        limit.saturating_add(1)
    );
    let query = with_texts(sql, given);
    let rows = query.fetch_all(pool).await?;
    rows.iter().map(summary).collect()
}

/// What comes after the slot that `last` names. By bubbles, from where that slot
/// stands now.
fn beyond(order: Order, last: &str) -> String {
    match order {
        Order::Place => format!(" AND s.slot > {last}"),
        Order::Bubbles => {
            let there = format!("(SELECT l.bubbles_differ FROM slots l WHERE l.slot = {last})");
            format!(
                " AND (s.bubbles_differ < {there}
                   OR (s.bubbles_differ = {there} AND s.slot > {last}))"
            )
        }
    }
}

fn summary(row: &AnyRow) -> Result<SlotSummary, StorageError> {
    let name = |column| Ok::<_, StorageError>(row.try_get::<Option<String>, _>(column)?);
    let count = |column| {
        let count: i64 = row.try_get(column)?;
        u32::try_from(count).map_err(|cause| StorageError::corrupt("slot", cause))
    };
    let place = [
        name("district_name")?,
        name("village_name")?,
        name("number")?,
    ];
    let heads: Vec<String> = super::json(row, "heads")?;
    let mut marks: Vec<Mark> = super::json(row, "marks")?;
    if count("same_photos")? > 0 {
        marks.push(Mark::SamePhoto);
    }
    if count("bubbles_differ")? > 0 {
        marks.push(Mark::BubblesDiffer);
    }
    let changed_at: Option<i64> = row.try_get("changed_at")?;
    let slot: String = row.try_get("slot")?;
    let state = super::from_word("slot", row.try_get("state")?)?;
    let (paper, paper_compared) = paper::place_in(row, state)?;
    Ok(SlotSummary {
        slot: slot
            .parse()
            .map_err(|cause| StorageError::corrupt("slot", cause))?,
        place: place.into_iter().flatten().collect(),
        state,
        marks,
        heads: u32::try_from(heads.len()).unwrap_or(u32::MAX),
        photos_received: count("photos_received")?,
        photos_announced: count("photos_announced")?,
        findings: count("findings")?,
        bubbles_differ: count("bubbles_differ")?,
        paper,
        paper_compared,
        changed_at: changed_at.map(Timestamp::from_unix_ms),
    })
}
