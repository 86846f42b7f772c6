//! Contests and what a voter can choose in them.

use serde::{Deserialize, Serialize};

use crate::region::RegionCode;

/// What is being elected. Statutory words keep their own spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ContestKind {
    /// President and vice president (*Presiden dan Wakil Presiden*).
    Ppwp,
    /// National house of representatives.
    Dpr,
    /// Regional representatives' council.
    Dpd,
    /// Provincial assembly.
    DprdProvinsi,
    /// Assembly of a regency or city.
    DprdKabKota,
    /// Governor and vice governor.
    Gubernur,
    /// Regent or mayor, and deputy.
    BupatiWalikota,
}

/// One candidate on a party's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Candidate {
    /// Number on the party's list, from 1.
    pub number: u32,
    /// Name as printed on the ballot.
    pub name: String,
}

/// One option on the ballot: a candidate pair, or a party with its list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Choice {
    /// Ballot number, from 1.
    pub number: u32,
    /// Name as printed on the ballot.
    pub name: String,
    /// A party's candidates; empty for a pair.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<Candidate>>", optional)]
    pub candidates: Vec<Candidate>,
}

impl Choice {
    /// The ids of the counts that a form holds for this option: `votes.2` for
    /// a pair; `votes.2.party`, `votes.2.1` … and the party's own total
    /// `votes.2` for a party.
    #[must_use]
    pub fn count_ids(&self) -> Vec<String> {
        let total = format!("votes.{}", self.number);
        if self.candidates.is_empty() {
            return vec![total];
        }
        let mut ids = self.part_ids();
        ids.push(total);
        ids
    }

    /// The ids whose sum is this option's votes: itself for a pair; own votes
    /// and each candidate's for a party.
    #[must_use]
    pub fn part_ids(&self) -> Vec<String> {
        if self.candidates.is_empty() {
            return vec![format!("votes.{}", self.number)];
        }
        let own = format!("votes.{}.party", self.number);
        let each = self
            .candidates
            .iter()
            .map(|candidate| format!("votes.{}.{}", self.number, candidate.number));
        std::iter::once(own).chain(each).collect()
    }
}

/// An electoral district (*daerah pemilihan*): the regions whose votes share
/// some seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Dapil {
    /// Its name, such as `Kalimantan Timur 6`; one contest's dapils have
    /// different ones.
    pub name: String,
    /// Seats that are elected in it.
    pub seats: u16,
    /// Its regions. The contest is held in each of them under the same id.
    pub regions: Vec<RegionCode>,
}

/// One contest of an election.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Contest {
    /// Short id inside the election, such as `gub`.
    pub id: String,
    /// What is being elected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub kind: Option<ContestKind>,
    /// Title for the screens.
    pub title: String,
    /// Id of the form layout its results are written on.
    pub form: String,
    /// What a voter can choose, in ballot order.
    pub options: Vec<Choice>,
    /// An assembly's: where its seats are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub dapil: Option<Dapil>,
}
