//! The seats of an assembly, dapil by dapil, by what is verified and received.

use std::collections::{BTreeMap, BTreeSet};

use domain::rollup::Tally;
use domain::seats::{Allotment, Votes, allot};
use domain::{Choice, Dapil};
use protocol::totals::DapilSeats;
use sqlx::AnyPool;

use super::rollup::Question;
use crate::storage::StorageError;

/// The seats of each dapil of the contest asked for that lies wholly in the
/// region asked for (of another, part of the votes would be missing), without
/// the parties that are `left_out`.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn of_dapils(
    asked: &Question<'_>,
    pool: &AnyPool,
    left_out: &BTreeSet<u32>,
) -> Result<Vec<DapilSeats>, StorageError> {
    // A dapil of several regions stands at the contest of each of them.
    let mut dapils: BTreeMap<&str, (&Dapil, &[Choice])> = BTreeMap::new();
    for held in asked.held() {
        if let Some(dapil) = &held.contest.dapil
            && dapil.regions.iter().all(|region| asked.covers(region))
        {
            dapils.insert(&dapil.name, (dapil, &held.contest.options));
        }
    }
    let mut seats = Vec::with_capacity(dapils.len());
    for (dapil, parties) in dapils.into_values() {
        let (mut tps, mut tally) = (0_u64, Tally::default());
        for region in &dapil.regions {
            let whole = asked.whole(region, pool).await?;
            tps = tps.saturating_add(whole.tps);
            tally.join(&whole.tally);
        }
        let votes = votes(parties, &tally);
        let allotment = allot(&votes, dapil.seats, left_out);
        seats.push(of(dapil, tps, &tally, votes, allotment));
    }
    Ok(seats)
}

/// What each party has, verified and received.
fn votes(parties: &[Choice], tally: &Tally) -> Votes {
    let of = |party: &Choice| {
        let id = format!("votes.{}", party.number);
        let of = |column: &BTreeMap<String, u64>| column.get(&id).copied().unwrap_or_default();
        let sum = of(&tally.verified).saturating_add(of(&tally.received));
        (party.number, sum)
    };
    parties.iter().map(of).collect()
}

fn of(dapil: &Dapil, tps: u64, tally: &Tally, votes: Votes, allotment: Allotment) -> DapilSeats {
    DapilSeats {
        name: dapil.name.clone(),
        seats: u32::from(dapil.seats),
        tps,
        received: tally.received_slots,
        conflict: tally.conflict_slots,
        allotment,
        votes: votes
            .into_iter()
            .map(|(party, votes)| (party.to_string(), votes))
            .collect(),
    }
}
