//! Who takes part in a demonstration, and where.

use domain::TpsCode;
use sample::SampleElection;

/// Two witnesses of a party at one polling station are normal: one inside, one
/// outside. Their figures agree, unless one of them errs.
const WITNESSES_PER_TPS: usize = 2;

/// A witness and the polling station that he or she is posted to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// Made-up name.
    pub witness: String,
    /// Where.
    pub tps: TpsCode,
}

/// So many witnesses, two at a polling station, spread over the whole province.
#[must_use]
pub fn cast(election: &SampleElection, witnesses: usize) -> Vec<Posted> {
    let stations = witnesses.div_ceil(WITNESSES_PER_TPS).max(1);
    let step = (election.tps.len() / stations).max(1);
    (0..witnesses)
        .map(|number| {
            let station = (number / WITNESSES_PER_TPS * step) % election.tps.len();
            Posted {
                witness: format!("Saksi {:03} (contoh)", number + 1),
                tps: election.tps[station].code.clone(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn twenty_witnesses_stand_two_by_two_at_ten_stations() {
        let election = sample::kaltim().expect("the sample is whole");
        let cast = cast(&election, 20);
        let stations: BTreeSet<String> = cast.iter().map(|posted| posted.tps.to_string()).collect();
        assert_eq!((cast.len(), stations.len()), (20, 10));
    }

    #[test]
    fn an_odd_witness_stands_alone() {
        let election = sample::kaltim().expect("the sample is whole");
        let stations: BTreeSet<String> = cast(&election, 3)
            .iter()
            .map(|posted| posted.tps.to_string())
            .collect();
        assert_eq!(stations.len(), 2);
    }
}
