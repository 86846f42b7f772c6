//! Seats of an assembly by Sainte-Laguë, as law 7 of 2017 has it (article 415):
//! each party's valid votes are divided by 1, 3, 5, 7 …, and the seats of an
//! electoral district (*dapil*) go to the largest quotients.
//!
//! Exact: quotients are compared as fractions, never as floats. Where equal
//! quotients compete for fewer seats than they are, nobody gets those seats
//! here: what breaks such a tie (how the votes are spread) is not in these
//! figures, and a silent choice would be a made-up one.
//!
//! Who is left without seats by the threshold is an input, because it is held
//! against the whole country's votes and not against the dapil's
//! ([`Threshold`]).

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// Votes of each party, by ballot number.
pub type Votes = BTreeMap<u32, u64>;

/// The share of votes below which a party gets no seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// The share as a fraction: 4 of 100.
    pub numerator: u32,
    /// See `numerator`.
    pub denominator: u32,
    /// All valid votes of the region that the threshold is held against.
    pub valid_votes: u64,
    /// Each party's votes in that region; a party that is not in it has none.
    pub votes: Votes,
}

impl Threshold {
    /// Those of `parties` that it leaves without seats.
    #[must_use]
    pub fn leaves_out(&self, parties: &Votes) -> BTreeSet<u32> {
        let parties = parties.keys().copied();
        parties.filter(|party| !self.is_passed_by(*party)).collect()
    }

    /// Whether this party has at least the share.
    #[must_use]
    pub fn is_passed_by(&self, party: u32) -> bool {
        let own = self.votes.get(&party).copied().unwrap_or_default();
        u128::from(own).saturating_mul(u128::from(self.denominator))
            >= u128::from(self.valid_votes).saturating_mul(u128::from(self.numerator))
    }
}

/// A party's votes over one of its divisors: what a seat goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Quotient {
    /// Ballot number of the party.
    pub party: u32,
    /// Its votes.
    pub votes: u64,
    /// 1, 3, 5 …: twice the seats it has already, and one.
    pub divisor: u32,
}

impl Quotient {
    /// Compares the two fractions, whoever's they are.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        self.times(other).cmp(&other.times(self))
    }

    /// These votes, brought to a common denominator with the other's.
    fn times(&self, other: &Self) -> u128 {
        u128::from(self.votes).saturating_mul(u128::from(other.divisor))
    }

    /// The fewest votes with which this divisor makes more than `other`.
    fn votes_to_beat(&self, other: &Self) -> u64 {
        let divisor = u128::from(other.divisor.max(1));
        let equal = other.times(self) / divisor;
        u64::try_from(equal).unwrap_or(u64::MAX).saturating_add(1)
    }
}

/// One seat given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Award {
    /// Place in the order, from 1. Equal quotients share the first place of
    /// theirs.
    pub place: u32,
    /// What it was given for.
    pub quotient: Quotient,
}

/// Seats that equal quotients compete for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Tie {
    /// Seats that are left for them: fewer than they are.
    pub seats: u32,
    /// The equal quotients, by ballot number.
    pub between: Vec<Quotient>,
}

/// Who got the last seat, and how close it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct LastSeat {
    /// The smallest quotients that got a seat; more than one when equal ones
    /// all did.
    pub winners: Vec<Winner>,
    /// What comes next, largest quotient first.
    pub next: Vec<Challenger>,
}

/// A party that got a last seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Winner {
    /// What it got it for.
    pub quotient: Quotient,
    /// With so many votes fewer, all else equal, it would still have got it
    /// without a tie.
    pub spare_votes: u64,
}

/// A party that got no further seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Challenger {
    /// What it would get one more seat for.
    pub quotient: Quotient,
    /// With so many votes more, all else equal, it would have got the last
    /// seat without a tie.
    pub missing_votes: u64,
}

/// Who gets which seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Allotment {
    /// The seats that were given, in their order.
    pub awards: Vec<Award>,
    /// Seats that are not given because equal quotients compete for them.
    pub tie: Option<Tie>,
    /// Seats for which there are no votes.
    pub vacant: u32,
    /// Parties with votes that were left out, below the threshold.
    pub below_threshold: Vec<u32>,
    /// What the last seat hangs on; `None` with a tie, or without seats.
    pub last: Option<LastSeat>,
}

impl Allotment {
    /// Number of seats of each party that has one.
    #[must_use]
    pub fn seats(&self) -> BTreeMap<u32, u32> {
        let mut seats: BTreeMap<u32, u32> = BTreeMap::new();
        for award in &self.awards {
            let own = seats.entry(award.quotient.party).or_default();
            *own = own.saturating_add(1);
        }
        seats
    }
}

/// Gives `seats` seats to parties with these votes, but for those that are
/// `left_out`. A party without a vote gets none, however many there are.
#[must_use]
pub fn allot(votes: &Votes, seats: u16, left_out: &BTreeSet<u32>) -> Allotment {
    let is_out = |party: &u32| left_out.contains(party);
    let voted = || votes.iter().filter(|(_, votes)| **votes > 0);
    let mut standing: Vec<Quotient> = voted()
        .filter(|(party, _)| !is_out(party))
        .map(|(party, votes)| Quotient {
            party: *party,
            votes: *votes,
            divisor: 1,
        })
        .collect();
    let mut awards: Vec<Award> = Vec::new();
    let mut tie = None;
    let mut left = u32::from(seats);
    while left > 0 {
        let largest = largest(&standing);
        let competing = u32::try_from(largest.len()).unwrap_or(u32::MAX);
        if competing == 0 {
            break;
        }
        if competing > left {
            tie = Some(Tie {
                seats: left,
                between: largest,
            });
            break;
        }
        let place = u32::from(seats).saturating_sub(left).saturating_add(1);
        awards.extend(largest.iter().map(|quotient| Award {
            place,
            quotient: *quotient,
        }));
        give(&mut standing, &largest);
        left = left.saturating_sub(competing);
    }
    let is_tied = tie.is_some();
    Allotment {
        last: (left == 0).then(|| last_seat(&awards, standing)).flatten(),
        awards,
        tie,
        vacant: if is_tied { 0 } else { left },
        below_threshold: voted().map(|(party, _)| *party).filter(is_out).collect(),
    }
}

/// The largest of these quotients: several when they are equal.
fn largest(standing: &[Quotient]) -> Vec<Quotient> {
    let Some(most) = standing.iter().max_by(|a, b| a.compare(b)) else {
        return Vec::new();
    };
    let equal = |other: &&Quotient| other.compare(most) == Ordering::Equal;
    standing.iter().filter(equal).copied().collect()
}

/// Moves those who got a seat on to their next divisor.
fn give(standing: &mut [Quotient], got: &[Quotient]) {
    let parties: BTreeSet<u32> = got.iter().map(|quotient| quotient.party).collect();
    for quotient in standing {
        if parties.contains(&quotient.party) {
            quotient.divisor = quotient.divisor.saturating_add(2);
        }
    }
}

/// What the last seat hangs on, given all awards and what each party would get
/// its next seat for.
fn last_seat(awards: &[Award], mut standing: Vec<Quotient>) -> Option<LastSeat> {
    let last = awards.last()?;
    standing.sort_by(|a, b| b.compare(a).then(a.party.cmp(&b.party)));
    let got: Vec<Quotient> = awards
        .iter()
        .filter(|award| award.place == last.place)
        .map(|award| award.quotient)
        .collect();
    // A party is no rival of its own last seat; of another's it is.
    let rivals_of = |party: u32| standing.iter().filter(move |other| other.party != party);
    let winners = got.iter().map(|quotient| {
        let floor = rivals_of(quotient.party)
            .next()
            .map_or(1, |rival| quotient.votes_to_beat(rival));
        Winner {
            quotient: *quotient,
            spare_votes: quotient.votes.saturating_sub(floor),
        }
    });
    let winners = winners.collect();
    let next = standing.iter().filter_map(|quotient| {
        let target = got.iter().find(|last| last.party != quotient.party)?;
        Some(Challenger {
            quotient: *quotient,
            missing_votes: quotient
                .votes_to_beat(target)
                .saturating_sub(quotient.votes),
        })
    });
    Some(LastSeat {
        winners,
        next: next.collect(),
    })
}
