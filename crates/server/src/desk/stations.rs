//! Finding a polling station by what somebody reads on a form: names of places
//! and a number, or a code.

use axum::Json;
use axum::extract::State;
use domain::TpsCode;
use futures_util::TryStreamExt as _;
use protocol::ProblemCode;
use protocol::desk::{DeskStation, DeskStations};
use protocol::limits::DESK_STATIONS_MAX;
use serde::Deserialize;
use sqlx::Row as _;
use utoipa::IntoParams;

use super::may_enter;
use super::places::{named_regions, station};
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::http::StrictQuery;
use crate::queue::slots_within;
use crate::room::SignedIn;
use crate::storage::StorageError;

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
    let mut found = DeskStations {
        stations: Vec::new(),
        is_cut: false,
    };
    if wanted.is_nothing() {
        return Ok(Json(found));
    }
    let region = who.user.region.as_ref();
    let mut connection = app.storage.reading().acquire().await?;
    let names = named_regions(&mut connection, region).await?;
    let (from, to) = slots_within(&election.id, region);
    let mut rows = sqlx::query(
        "SELECT tps FROM slots WHERE slot >= $1 AND slot < $2 AND contest = $3 ORDER BY slot",
    )
    .bind(from)
    .bind(to)
    .bind(query.contest)
    .fetch(&mut *connection);
    while let Some(row) = rows.try_next().await.map_err(StorageError::from)? {
        let tps: &str = row.try_get("tps").map_err(StorageError::from)?;
        if !wanted.may_be(tps) {
            continue;
        }
        let tps: TpsCode = tps
            .parse()
            .map_err(|cause| StorageError::corrupt("tps", cause))?;
        let station = station(&tps, &names);
        if !wanted.is(&station) {
            continue;
        }
        if found.stations.len() == DESK_STATIONS_MAX {
            found.is_cut = true;
            break;
        }
        found.stations.push(station);
    }
    Ok(Json(found))
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
            .split(|symbol: char| symbol.is_whitespace() || ",;/".contains(symbol))
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

    /// Whether a code alone does not speak against it.
    fn may_be(&self, tps: &str) -> bool {
        let number = || tps.get(10..).and_then(|digits| digits.parse::<u32>().ok());
        self.code.as_ref().is_none_or(|code| tps.starts_with(code))
            && self.number.is_none_or(|wanted| number() == Some(wanted))
    }

    fn is(&self, station: &DeskStation) -> bool {
        let names: Vec<String> = station
            .place
            .iter()
            .map(|name| name.to_lowercase())
            .collect();
        self.parts
            .iter()
            .all(|part| names.iter().any(|name| name.contains(part)))
    }
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
        assert!(Wanted::of(" tps ").is_nothing());
    }

    #[test]
    fn every_part_has_to_be_in_one_of_the_names() {
        let station = DeskStation {
            tps: "6472011001012".parse().unwrap(),
            number: "012".to_owned(),
            place: vec![
                "Kota Samarinda".to_owned(),
                "Palaran".to_owned(),
                "Rawa Makmur".to_owned(),
            ],
        };
        let fits = |text: &str| {
            let wanted = Wanted::of(text);
            wanted.may_be(station.tps.as_str()) && wanted.is(&station)
        };
        assert!(fits("rawa 12") && fits("palaran makmur 012") && fits("647201"));
        assert!(!fits("rawa 13") && !fits("rawa simpang") && !fits("6471"));
    }
}
