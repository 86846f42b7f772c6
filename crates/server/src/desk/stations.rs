//! Finding a polling station by what somebody reads on a form: names of places
//! and a number, or a code.

use axum::Json;
use axum::extract::State;
use domain::TpsCode;
use protocol::ProblemCode;
use protocol::desk::DeskStations;
use protocol::limits::DESK_STATIONS_MAX;
use serde::Deserialize;
use sqlx::{AnyPool, Row as _};
use utoipa::IntoParams;

use super::may_enter;
use super::places::stations;
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::http::StrictQuery;
use crate::room::{Prefix, SignedIn};
use crate::storage::{StorageError, with_texts};

/// Longest text that is looked for, in bytes.
const TEXT_MAX_BYTES: usize = 120;
/// Digits that a number of a polling station has at most; more are a code.
const NUMBER_MAX_DIGITS: usize = 3;

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StationsQuery {
    /// Parts of names of the village, district or regency, and a number
    /// (`sungai kunjang 12`), or the beginning of a code.
    q: String,
    /// Id of a contest that is held there.
    contest: String,
}

/// Finds polling stations of the newest election in the user's region.
#[utoipa::path(get, path = "/v1/desk/stations", tag = "desk", params(StationsQuery), responses(
    (status = 200, body = DeskStations),
    (status = 400, description = "`request_invalid`: the text is too long"),
    (status = 401, description = "`not_signed_in`"),
    (status = 403, description = "`not_allowed` for a viewer"),
    (status = 404, description = "No election is set up here"),
))]
pub(super) async fn find(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<StationsQuery>,
) -> Result<Json<DeskStations>, ApiProblem> {
    may_enter(&who)?;
    if query.q.len() > TEXT_MAX_BYTES {
        return Err(ApiProblem::because(
            ProblemCode::RequestInvalid,
            "the text is too long",
        ));
    }
    let catalogue = app.catalogues.get().await?;
    let election = catalogue.newest_election().ok_or(ProblemCode::NotFound)?;
    let wanted = Wanted::of(&query.q);
    if wanted.is_nothing() {
        return Ok(Json(DeskStations {
            stations: Vec::new(),
            is_cut: false,
        }));
    }
    let pool = app.storage.reading();
    let range = Prefix::of(who.user.region.as_ref());
    let mut codes = wanted
        .codes(pool, &election.id, &query.contest, range)
        .await?;
    let is_cut = codes.len() > DESK_STATIONS_MAX;
    codes.truncate(DESK_STATIONS_MAX);
    Ok(Json(DeskStations {
        stations: stations(pool, &codes).await?,
        is_cut,
    }))
}

/// What a text asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted {
    /// Each is in one of the names.
    parts: Vec<String>,
    /// The station's number.
    number: Option<u32>,
    /// How the code begins.
    code: Option<String>,
}

impl Wanted {
    fn of(text: &str) -> Self {
        let mut wanted = Self::default();
        let lower = text.to_lowercase();
        let parts = lower
            .split(|symbol: char| {
                // PostgreSQL takes no text with a zero in it.
                symbol.is_whitespace() || symbol.is_control() || ",;/".contains(symbol)
            })
            .filter(|part| !part.is_empty() && *part != "tps");
        for part in parts {
            let digits: String = part.chars().filter(|symbol| *symbol != '.').collect();
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            if !is_number {
                wanted.parts.push(part.to_owned());
            } else if digits.len() <= NUMBER_MAX_DIGITS {
                wanted.number = digits.parse().ok();
            } else {
                wanted.code = Some(digits);
            }
        }
        wanted
    }

    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// The codes of those polling stations of a contest in `range`, in order and
    /// one more than are answered.
    async fn codes(
        &self,
        pool: &AnyPool,
        election: &str,
        contest: &str,
        range: Prefix,
    ) -> Result<Vec<TpsCode>, StorageError> {
        let mut given = vec![
            election.to_owned(),
            contest.to_owned(),
            range.from,
            range.to,
        ];
        let mut give = |value: String| {
            given.push(value);
            format!("${}", given.len())
        };
        let mut conditions = String::new();
        if let Some(code) = &self.code {
            let (from, to) = (give(code.clone()), give(format!("{code}:")));
            conditions.push_str(&format!(" AND s.tps >= {from} AND s.tps < {to}"));
        }
        if let Some(number) = self.number {
            let number = give(format!("{number:03}"));
            conditions.push_str(&format!(" AND substr(s.tps, 11) = {number}"));
        }
        if !self.parts.is_empty() {
            let named = self.parts.iter().map(|part| {
                let part = give(format!("%{}%", literal(part)));
                let has = |name| format!("lower({name}) LIKE {part} ESCAPE '!'");
                let [regency, district, village] = ["r.name", "d.name", "v.name"].map(has);
                format!(" AND ({regency} OR {district} OR {village})")
            });
            conditions.push_str(&format!(
                " AND substr(s.tps, 1, 10) IN (
                     SELECT v.code FROM regions v
                     LEFT JOIN regions d ON d.code = substr(v.code, 1, 6)
                     LEFT JOIN regions r ON r.code = substr(v.code, 1, 4)
                     WHERE length(v.code) = 10 {})",
                named.collect::<String>()
            ));
        }
        let sql = format!(
            "SELECT s.tps FROM slots s
             WHERE s.election = $1 AND s.contest = $2 AND s.tps >= $3 AND s.tps < $4 {conditions}
             ORDER BY s.tps LIMIT {}",
            DESK_STATIONS_MAX.saturating_add(1)
        );
        let rows = with_texts(sql, given).fetch_all(pool).await?;
        rows.iter()
            .map(|row| {
                let code: &str = row.try_get("tps")?;
                code.parse()
                    .map_err(|cause| StorageError::corrupt("tps", cause))
            })
            .collect()
    }
}

/// A text in which nothing means more than itself to `LIKE … ESCAPE '!'`.
fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len());
    for symbol in text.chars() {
        if "!%_".contains(symbol) {
            literal.push('!');
        }
        literal.push(symbol);
    }
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_numbers_and_codes_are_told_apart() {
        let wanted = Wanted::of("Sungai  Kunjang, TPS 012");
        assert_eq!(wanted.parts, ["sungai", "kunjang"]);
        assert_eq!((wanted.number, wanted.code), (Some(12), None));
        let code = Wanted::of("64.72.01.1001");
        assert_eq!(code.code.as_deref(), Some("6472011001"));
        assert!(Wanted::of(" tps ").is_nothing() && Wanted::of("\0").is_nothing());
    }

    #[test]
    fn what_is_a_sign_to_a_pattern_stands_for_itself() {
        assert_eq!(literal("100%_a!"), "100!%!_a!!");
    }
}
