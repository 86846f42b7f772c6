//! The list: what stands there now, the heaviest first, page by page.

use axum::Json;
use axum::extract::State;
use domain::RegionCode;
use domain::irregularity::FLAG_SCORE;
use protocol::irregularity::{
    IrregularitiesAnswer, IrregularityCount, IrregularityItem, IrregularityRulingKind,
};
use protocol::{ProblemCode, SlotId, limits};
use serde::Deserialize;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use utoipa::{IntoParams, ToSchema};

use super::row;
use crate::api_problem::ApiProblem;
use crate::app::{App, AppState};
use crate::http::StrictQuery;
use crate::queue::{lies_within, slots_within};
use crate::room::{SignedIn, word};
use crate::storage::StorageError;

/// Irregularities in a page when none is asked for.
const PAGE_USUAL: u32 = 100;

/// By what somebody ruled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ruled {
    /// Nobody, or on other numbers.
    Open,
    /// Explained.
    Explained,
    /// To be followed up.
    FollowUp,
    /// Settled.
    Settled,
}

impl Ruled {
    fn kept(self) -> String {
        match self {
            Self::Open => String::new(),
            Self::Explained => word(IrregularityRulingKind::Explained),
            Self::FollowUp => word(IrregularityRulingKind::FollowUp),
            Self::Settled => word(IrregularityRulingKind::Settled),
        }
    }
}

/// Which irregularities to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// In this region; by default the user's own.
    #[param(value_type = Option<String>)]
    pub(super) region: Option<RegionCode>,
    /// Of this contest.
    pub(super) contest: Option<String>,
    /// Of this slot.
    #[param(value_type = Option<String>)]
    pub(super) slot: Option<SlotId>,
    /// With this code.
    code: Option<String>,
    /// With this ruling in force; all when left out.
    #[param(inline)]
    ruling: Option<Ruled>,
    /// Also what is unusual but legal.
    #[serde(default)]
    notices: bool,
    /// After so many: the `next` of the page before.
    #[serde(default)]
    from: u32,
    /// Irregularities in a page, at most 500.
    limit: Option<u32>,
}

/// What is irregular, the heaviest slots first
///
/// Slots that the caller is to read blind are left out.
#[utoipa::path(get, path = "/v1/irregularities", tag = "irregularities", params(ListQuery),
    responses(
        (status = 200, body = IrregularitiesAnswer),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed`: not for operators"),
        (status = 404, description = "A region outside the user's own"),
    ))]
pub(super) async fn list(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<ListQuery>,
) -> Result<Json<IrregularitiesAnswer>, ApiProblem> {
    let asked = Asked::of(&app, &who, &query).await?;
    let limit = query
        .limit
        .unwrap_or(PAGE_USUAL)
        .clamp(1, limits::IRREGULARITIES_PAGE_MAX);
    let pool = app.storage.reading();
    let items = async {
        asked
            .page(&mut *pool.acquire().await?, query.from, limit)
            .await
    };
    let codes = async { asked.codes(&mut *pool.acquire().await?).await };
    let (mut items, codes) = tokio::try_join!(items, codes)?;
    let has_more = items.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if has_more {
        items.pop();
    }
    Ok(Json(IrregularitiesAnswer {
        items,
        next: has_more.then(|| query.from.saturating_add(limit)),
        codes,
    }))
}

/// A question for irregularities, as conditions and what fills them.
pub(super) struct Asked<'a> {
    who: &'a SignedIn,
    /// Where, which contest, whether notices too, and not what is read blind.
    place: String,
    /// The same, and which code and ruling.
    all: String,
    given: Vec<String>,
    placed: usize,
    now_ms: i64,
}

impl<'a> Asked<'a> {
    /// Understands a query.
    ///
    /// # Errors
    /// `not_found` for a region outside the user's own, or without an election.
    pub(super) async fn of(
        app: &App,
        who: &'a SignedIn,
        query: &ListQuery,
    ) -> Result<Self, ApiProblem> {
        let catalogue = app.catalogues.get().await?;
        let election = catalogue.newest_election().ok_or(ProblemCode::NotFound)?;
        let region = match &query.slot {
            Some(slot) => Some(slot.tps.region()),
            None => query.region.clone(),
        };
        let region = who.within(region)?;
        let (from, to) = slots_within(&election.id, region.as_ref());
        let mut given = vec![from, to, who.user.name.clone()];
        let mut place = format!(
            "i.gone_at IS NULL AND {}
             AND NOT EXISTS (SELECT 1 FROM queue_claims c WHERE c.slot = i.slot
                 AND c.user_name = $3 AND c.way = 'blind' AND c.expires_at > $4)",
            lies_within("i.slot")
        );
        if !query.notices {
            place.push_str(&format!(" AND i.score >= {FLAG_SCORE}"));
        }
        let mut narrow = |conditions: &mut String, column: &str, value: Option<String>| {
            if let Some(value) = value {
                given.push(value);
                // The fourth is the time.
                let number = given.len().saturating_add(1);
                conditions.push_str(&format!(" AND i.{column} = ${number}"));
            }
        };
        let contest = query.slot.as_ref().map(|slot| slot.contest.clone());
        narrow(&mut place, "contest", contest.or(query.contest.clone()));
        narrow(
            &mut place,
            "slot",
            query.slot.as_ref().map(SlotId::to_string),
        );
        let mut all = String::new();
        narrow(&mut all, "code", query.code.clone());
        narrow(&mut all, "ruling", query.ruling.map(Ruled::kept));
        let in_place = usize::from(query.contest.is_some() && query.slot.is_none())
            .saturating_add(usize::from(query.slot.is_some()).saturating_mul(2));
        Ok(Self {
            who,
            all: format!("{place}{all}"),
            place,
            placed: in_place.saturating_add(3),
            given,
            now_ms: app.clock().now_ms(),
        })
    }

    /// One more than `limit`, to know whether there is another page.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(super) async fn page(
        &self,
        connection: &mut AnyConnection,
        from: u32,
        limit: u32,
    ) -> Result<Vec<IrregularityItem>, StorageError> {
        let sql = format!(
            "{} WHERE {} ORDER BY i.weight DESC, i.slot_stake DESC, i.slot, i.score DESC, i.key
             LIMIT {} OFFSET {from}",
            row::COLUMNS,
            self.all,
            limit.saturating_add(1)
        );
        let query = self.filled(sql, self.given.len());
        let rows = query.fetch_all(&mut *connection).await?;
        row::items(connection, self.who, &rows).await
    }

    async fn codes(
        &self,
        connection: &mut AnyConnection,
    ) -> Result<Vec<IrregularityCount>, StorageError> {
        let sql = format!(
            "SELECT i.code, COUNT(*) AS items,
                 CAST(SUM(CASE WHEN i.ruling = '' THEN 1 ELSE 0 END) AS BIGINT) AS open
             FROM irregularities i WHERE {} GROUP BY i.code ORDER BY i.code",
            self.place
        );
        let rows = self.filled(sql, self.placed).fetch_all(connection).await?;
        rows.iter()
            .map(|row| {
                let number = |column| {
                    let count: i64 = row.try_get(column)?;
                    Ok::<_, StorageError>(u32::try_from(count).unwrap_or(u32::MAX))
                };
                Ok(IrregularityCount {
                    code: row.try_get("code")?,
                    items: number("items")?,
                    open: number("open")?,
                })
            })
            .collect()
    }

    /// The statement with the first `count` texts, and the time as the fourth.
    fn filled(
        &self,
        sql: String,
        count: usize,
    ) -> sqlx::query::Query<'static, sqlx::Any, sqlx::any::AnyArguments> {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (at, text) in self.given.iter().take(count).enumerate() {
            query = query.bind(text.clone());
            if at == 2 {
                query = query.bind(self.now_ms);
            }
        }
        query
    }
}
