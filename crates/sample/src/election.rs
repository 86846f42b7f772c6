//! The sample election put together.

use domain::{Contest, Counts, FormLayout, Level, TpsCode};
use protocol::console::{Region, RegionalContest};
use protocol::pack::Election;

use crate::places::{self, SampleTps};
use crate::{BrokenData, contests, layouts, results};

/// Id of the sample election.
pub const ELECTION_ID: &str = "kaltim-2024";

/// Midnight before polling day in Makassar.
const OPENS_AT: &str = "2024-11-26T16:00:00.000Z";

/// Years after polling day, so that the sample takes revisions in whatever the
/// day it is tried on.
const CLOSES_AT: &str = "2034-12-31T15:59:59.000Z";

/// An election with all its places, contests and forms.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleElection {
    /// The election.
    pub election: Election,
    /// The province, its regencies, districts and villages, by code.
    pub regions: Vec<Region>,
    /// All polling stations, by code.
    pub tps: Vec<SampleTps>,
    /// All contests. An id is unique at a polling station, not in the
    /// province: three cities each elect their own `wako`.
    pub contests: Vec<RegionalContest>,
    /// The forms of those contests.
    pub forms: Vec<FormLayout>,
}

/// The sample election of East Kalimantan.
///
/// # Errors
/// [`BrokenData`] when the data compiled into this crate cannot be read.
pub fn kaltim() -> Result<SampleElection, BrokenData> {
    let moment = |text: &str| {
        text.parse()
            .map_err(|_| BrokenData::Moment(text.to_owned()))
    };
    Ok(SampleElection {
        election: Election {
            id: ELECTION_ID.into(),
            name: "Pemilihan Serentak 2024 Kalimantan Timur (contoh)".into(),
            date: "2024-11-27".into(),
            timezone: "Asia/Makassar".into(),
            rehearsal: true,
            opens_at: moment(OPENS_AT)?,
            closes_at: moment(CLOSES_AT)?,
        },
        regions: places::regions()?,
        tps: places::tps()?,
        contests: contests::regional()?,
        forms: layouts::layout(layouts::KWK_FORM)?.into_iter().collect(),
    })
}

impl SampleElection {
    /// The polling station with this code.
    #[must_use]
    pub fn tps(&self, code: &TpsCode) -> Option<&SampleTps> {
        self.tps
            .binary_search_by(|tps| tps.code.cmp(code))
            .ok()
            .and_then(|index| self.tps.get(index))
    }

    /// The contests held at a polling station: governor, then mayor or regent.
    #[must_use]
    pub fn contests_at(&self, code: &TpsCode) -> Vec<&Contest> {
        let here = code.region();
        self.contests
            .iter()
            .filter(|held| here.is_within(&held.region))
            .map(|held| &held.contest)
            .collect()
    }

    /// The contest with this id that is held at a polling station.
    #[must_use]
    pub fn contest_at(&self, code: &TpsCode, contest: &str) -> Option<&Contest> {
        self.contests_at(code)
            .into_iter()
            .find(|held| held.id == contest)
    }

    /// The form layout with this id.
    #[must_use]
    pub fn form(&self, id: &str) -> Option<&FormLayout> {
        self.forms.iter().find(|form| form.id == id)
    }

    /// Names of the regions that a polling station lies in: province,
    /// regency, district, village.
    #[must_use]
    pub fn place(&self, code: &TpsCode) -> Vec<String> {
        let here = code.region();
        [
            Level::Province,
            Level::Regency,
            Level::District,
            Level::Village,
        ]
        .into_iter()
        .filter_map(|level| here.at(level))
        .filter_map(|region| {
            let index = self
                .regions
                .binary_search_by(|known| known.code.cmp(&region))
                .ok()?;
            Some(self.regions.get(index)?.name.clone())
        })
        .collect()
    }

    /// The made-up result of a contest at a polling station, always the same;
    /// `None` when there is no such station or it does not hold the contest.
    #[must_use]
    pub fn truth(&self, code: &TpsCode, contest: &str) -> Option<Counts> {
        let roll = self.tps(code)?.roll;
        let contest = self.contest_at(code, contest)?;
        let form = self.form(&contest.form)?;
        Some(results::counts(
            form,
            contest,
            roll,
            results::seed_of(code, &contest.id),
        ))
    }
}
