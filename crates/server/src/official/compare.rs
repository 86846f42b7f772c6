//! Official figures held against ours, place by place.

use std::collections::{BTreeMap, BTreeSet};

use domain::irregularity::Difference;
use domain::rollup::Contribution;
use domain::{Counts, Level, RegionCode, SlotState};
use protocol::limits::OFFICIAL_DIFFERENCES_MAX;
use protocol::official::{
    OfficialAnswer, OfficialDifference, OfficialImport, OfficialRegion, OfficialVotes,
};
use protocol::{SlotId, Timestamp};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row as _};

use super::evidence;
use crate::room::{from_word, json};
use crate::storage::{StorageError, keyed_in};

/// Files that are listed.
const IMPORTS_SHOWN: usize = 20;

/// Which figures to compare.
pub(super) struct Asked<'a> {
    pub(super) election: &'a str,
    pub(super) contest: &'a str,
    pub(super) within: Option<&'a RegionCode>,
    /// Who asks: a form that he or she is to read blind is left out.
    pub(super) user: &'a str,
    pub(super) now_ms: i64,
}

/// One polling station of ours.
struct Ours {
    state: SlotState,
    counts: Counts,
    is_conflict: bool,
}

/// A place that was compared.
struct Compared {
    code: String,
    votes: BTreeMap<String, OfficialVotes>,
    figures: Vec<Difference>,
    state: Option<SlotState>,
    coverage: Option<(u32, u32)>,
}

impl Asked<'_> {
    /// Compares.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(super) async fn answer(&self, pool: &AnyPool) -> Result<OfficialAnswer, StorageError> {
        let mut connection = pool.acquire().await?;
        let mut answer = OfficialAnswer {
            imports: self.imports(&mut connection).await?,
            level: None,
            places: 0,
            missing: 0,
            conflict: 0,
            regions: Vec::new(),
            differences: Vec::new(),
            differences_all: 0,
        };
        let official = self.official(&mut connection).await?;
        let Some(digits) = official.keys().map(String::len).max() else {
            return Ok(answer);
        };
        let ours = self.ours(&mut connection).await?;
        let mut compared = Vec::new();
        for (code, counts) in official.iter().filter(|(code, _)| code.len() == digits) {
            answer.places = answer.places.saturating_add(1);
            let found = if digits == Level::Tps.digits() {
                station(code, counts, ours.get(code), &mut answer)
            } else {
                region(code, counts, &ours, &mut answer)
            };
            compared.extend(found);
        }
        let any = compared.first().map(|one| one.code.parse::<RegionCode>());
        let any = any
            .transpose()
            .map_err(|cause| StorageError::corrupt("region", cause))?;
        answer.level = any.map(|code| code.level()).or_else(|| {
            let code = official.keys().find(|code| code.len() == digits)?;
            Some(code.parse::<RegionCode>().ok()?.level())
        });
        self.sum_up(&mut connection, compared, &mut answer).await?;
        Ok(answer)
    }

    fn digits(&self) -> &str {
        self.within.map_or("", RegionCode::as_str)
    }

    async fn imports(
        &self,
        connection: &mut AnyConnection,
    ) -> Result<Vec<OfficialImport>, StorageError> {
        let sql = format!(
            "SELECT file, sha256, places, imported_by, imported_at, log_index
             FROM official_imports WHERE election = $1 AND contest = $2
             ORDER BY log_index DESC LIMIT {IMPORTS_SHOWN}"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(self.election.to_owned())
            .bind(self.contest.to_owned())
            .fetch_all(connection)
            .await?;
        rows.iter()
            .map(|row| {
                let (places, index): (i64, i64) =
                    (row.try_get("places")?, row.try_get("log_index")?);
                Ok(OfficialImport {
                    file: row.try_get("file")?,
                    sha256: row.try_get("sha256")?,
                    places: u32::try_from(places).unwrap_or(u32::MAX),
                    by: row.try_get("imported_by")?,
                    at: Timestamp::from_unix_ms(row.try_get("imported_at")?),
                    log_index: u64::try_from(index).unwrap_or_default(),
                })
            })
            .collect()
    }

    async fn official(
        &self,
        connection: &mut AnyConnection,
    ) -> Result<BTreeMap<String, Counts>, StorageError> {
        let rows = sqlx::query(
            "SELECT region, counts FROM official_figures
             WHERE election = $1 AND contest = $2 AND region >= $3 AND region < $4",
        )
        .bind(self.election.to_owned())
        .bind(self.contest.to_owned())
        .bind(self.digits().to_owned())
        .bind(format!("{}:", self.digits()))
        .fetch_all(connection)
        .await?;
        rows.iter()
            .map(|row| Ok((row.try_get("region")?, json(row, "counts")?)))
            .collect()
    }

    async fn ours(
        &self,
        connection: &mut AnyConnection,
    ) -> Result<BTreeMap<String, Ours>, StorageError> {
        let rows = sqlx::query(
            "SELECT tps, state, contribution FROM slots
             WHERE slot >= $1 AND slot < $2 AND contest = $3
               AND NOT EXISTS (SELECT 1 FROM queue_claims c WHERE c.slot = slots.slot
                 AND c.user_name = $4 AND c.way = 'blind' AND c.expires_at > $5)",
        )
        .bind(format!("{}/{}", self.election, self.digits()))
        .bind(format!("{}/{}:", self.election, self.digits()))
        .bind(self.contest.to_owned())
        .bind(self.user.to_owned())
        .bind(self.now_ms)
        .fetch_all(connection)
        .await?;
        rows.iter()
            .map(|row| {
                let counted: Contribution = json(row, "contribution")?;
                let ours = Ours {
                    state: from_word("slot", row.try_get("state")?)?,
                    is_conflict: counted.is_conflict,
                    counts: if counted.is_verified {
                        counted.verified
                    } else {
                        counted.received
                    },
                };
                Ok((row.try_get("tps")?, ours))
            })
            .collect()
    }

    /// Adds the sums by region below, and the differences with names.
    async fn sum_up(
        &self,
        connection: &mut AnyConnection,
        compared: Vec<Compared>,
        answer: &mut OfficialAnswer,
    ) -> Result<(), StorageError> {
        let below = match self.within {
            Some(region) => region.level().below().unwrap_or(Level::Tps),
            None => Level::Province,
        };
        let mut regions: BTreeMap<String, OfficialRegion> = BTreeMap::new();
        for one in &compared {
            let code = one.code.get(..below.digits()).unwrap_or(&one.code);
            let code: RegionCode = code
                .parse()
                .map_err(|cause| StorageError::corrupt("region", cause))?;
            let sum = regions
                .entry(code.to_string())
                .or_insert_with(|| OfficialRegion {
                    code,
                    name: String::new(),
                    compared: 0,
                    differ: 0,
                    votes: BTreeMap::new(),
                });
            sum.compared = sum.compared.saturating_add(1);
            sum.differ = sum
                .differ
                .saturating_add(u32::from(!one.figures.is_empty()));
            for (number, votes) in &one.votes {
                let of = sum.votes.entry(number.clone()).or_default();
                of.ours = of.ours.saturating_add(votes.ours);
                of.official = of.official.saturating_add(votes.official);
            }
        }
        let mut differing: Vec<Compared> = compared
            .into_iter()
            .filter(|one| !one.figures.is_empty())
            .collect();
        answer.differences_all = u32::try_from(differing.len()).unwrap_or(u32::MAX);
        differing.sort_by_key(|one| (std::cmp::Reverse(stake(one)), one.code.clone()));
        differing.truncate(OFFICIAL_DIFFERENCES_MAX);
        let names = names(connection, regions.keys(), &differing).await?;
        for region in regions.values_mut() {
            let code = region.code.as_str();
            region.name = names.get(code).cloned().unwrap_or_else(|| tps(code));
        }
        answer.regions = regions.into_values().collect();
        let mut differences: Vec<OfficialDifference> = differing
            .into_iter()
            .map(|one| self.difference(one, &names))
            .collect::<Result<_, _>>()?;
        evidence::add(connection, &mut differences).await?;
        answer.differences = differences;
        Ok(())
    }

    fn difference(
        &self,
        one: Compared,
        names: &BTreeMap<String, String>,
    ) -> Result<OfficialDifference, StorageError> {
        let corrupt = |cause: domain::region::NotACode| StorageError::corrupt("region", cause);
        let code: RegionCode = one.code.parse().map_err(corrupt)?;
        let is_station = code.level() == Level::Tps;
        let slot = match is_station {
            true => Some(SlotId {
                election: self.election.to_owned(),
                tps: one.code.parse().map_err(corrupt)?,
                contest: self.contest.to_owned(),
            }),
            false => None,
        };
        let mut place: Vec<String> = above(&one.code)
            .filter_map(|code| names.get(&code).cloned())
            .collect();
        if is_station {
            place.push(tps(&one.code));
        }
        Ok(OfficialDifference {
            place,
            slot,
            code,
            state: one.state,
            evidence: None,
            coverage: one.coverage,
            figures: one.figures,
        })
    }
}

fn tps(code: &str) -> String {
    format!(
        "TPS {}",
        code.get(Level::Village.digits()..).unwrap_or(code)
    )
}

/// Regency, district and village of a code, itself included.
fn above(code: &str) -> impl Iterator<Item = String> + use<'_> {
    [Level::Regency, Level::District, Level::Village]
        .into_iter()
        .filter_map(|level| code.get(..level.digits()).map(str::to_owned))
}

/// The most votes by which an option differs.
fn stake(one: &Compared) -> u64 {
    let off = one.votes.values().map(|it| it.ours.abs_diff(it.official));
    off.max().unwrap_or_default()
}

fn station(
    code: &str,
    official: &Counts,
    ours: Option<&Ours>,
    answer: &mut OfficialAnswer,
) -> Option<Compared> {
    match ours {
        Some(ours) if ours.is_conflict => {
            answer.conflict = answer.conflict.saturating_add(1);
            None
        }
        Some(ours) if !ours.counts.is_empty() => {
            let wide = |counts: &Counts| {
                let each = counts.iter();
                each.map(|(id, value)| (id.clone(), u64::from(*value)))
                    .collect()
            };
            Some(Compared {
                state: Some(ours.state),
                ..compared(code, official, &wide(&ours.counts))
            })
        }
        Some(_) | None => {
            answer.missing = answer.missing.saturating_add(1);
            None
        }
    }
}

/// A region whose polling stations are summed up.
fn region(
    code: &str,
    official: &Counts,
    ours: &BTreeMap<String, Ours>,
    answer: &mut OfficialAnswer,
) -> Option<Compared> {
    let (mut here, mut all) = (0_u32, 0_u32);
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    let stations = ours.range(code.to_owned()..format!("{code}:"));
    for (_, station) in stations {
        all = all.saturating_add(1);
        if station.counts.is_empty() || station.is_conflict {
            continue;
        }
        here = here.saturating_add(1);
        for (id, value) in &station.counts {
            let sum = sums.entry(id.clone()).or_default();
            *sum = sum.saturating_add(u64::from(*value));
        }
    }
    if here == 0 {
        answer.missing = answer.missing.saturating_add(1);
        return None;
    }
    Some(Compared {
        coverage: Some((here, all)),
        ..compared(code, official, &sums)
    })
}

fn compared(code: &str, official: &Counts, ours: &BTreeMap<String, u64>) -> Compared {
    let (mut votes, mut figures) = (BTreeMap::new(), Vec::new());
    for (id, theirs) in official {
        let Some(own) = ours.get(id).copied() else {
            continue;
        };
        if let Some(number) = id.strip_prefix("votes.") {
            let both = OfficialVotes {
                ours: own,
                official: u64::from(*theirs),
            };
            votes.insert(number.to_owned(), both);
        }
        if own != u64::from(*theirs) {
            figures.push(Difference {
                field: id.clone(),
                first: Some(u32::try_from(own).unwrap_or(u32::MAX)),
                other: Some(*theirs),
            });
        }
    }
    // Votes first; the rest stays in its order.
    figures.sort_by_key(|one: &Difference| !one.field.starts_with("votes."));
    Compared {
        code: code.to_owned(),
        votes,
        figures,
        state: None,
        coverage: None,
    }
}

async fn names(
    connection: &mut AnyConnection,
    regions: impl Iterator<Item = &String>,
    differing: &[Compared],
) -> Result<BTreeMap<String, String>, StorageError> {
    let mut codes: BTreeSet<String> = regions.cloned().collect();
    codes.extend(differing.iter().flat_map(|one| above(&one.code)));
    let codes: Vec<String> = codes.into_iter().collect();
    let mut names = BTreeMap::new();
    for query in keyed_in("SELECT code, name FROM regions WHERE code", &codes, "") {
        for row in query.fetch_all(&mut *connection).await? {
            names.insert(row.try_get("code")?, row.try_get("name")?);
        }
    }
    Ok(names)
}
