//! Forms sent from far away from where the rest of their village was sent from.
//!
//! Nothing says where a polling station lies, but its neighbours' phones do, when
//! they were asked: a village's forms come from within walking distance of one
//! another. Pure.

use super::finding::{Evidence, Irregularity, Kind};
use crate::Location;

/// A witness may have carried the form home before keying it: near the threshold
/// of a flag.
const FAR_SCORE: u8 = 35;
/// Nearer than this is never far. Villages of Kalimantan are dozens of
/// kilometres long.
const FAR_KM: f64 = 25.0;
/// Where the others themselves lie far apart, so many times as far as they do.
const FAR_TIMES: f64 = 4.0;
/// Fewer others do not say where the village is: with one, either may be away.
const OTHERS_MIN: usize = 2;
/// A position that is less certain says too little.
const ACCURACY_MAX_M: f64 = 10_000.0;

/// Whether it can be on Earth, and says enough.
fn is_usable(place: &Location) -> bool {
    place.is_on_earth() && (0.0..=ACCURACY_MAX_M).contains(&place.accuracy_m)
}

/// Which stations of a village sent all their forms from far away. For each
/// station the places its forms came from, and the votes that hang on them.
#[must_use]
pub fn far(village: &[(Vec<Location>, u32)]) -> Vec<Irregularity> {
    let usable = |places: &[Location]| -> Vec<Location> {
        let usable = places.iter().filter(|one| is_usable(one));
        usable.copied().collect()
    };
    let stations: Vec<Vec<Location>> = village.iter().map(|(all, _)| usable(all)).collect();
    let mut found = Vec::new();
    for (at, own) in stations.iter().enumerate() {
        let others = || {
            stations
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
        };
        let there: Vec<Location> = others().flat_map(|(_, all)| all).copied().collect();
        let count = others().filter(|(_, all)| !all.is_empty()).count();
        let Some(middle) = middle(&there).filter(|_| count >= OTHERS_MIN) else {
            continue;
        };
        let spread = median(there.iter().map(|one| one.km_to(&middle)).collect());
        let bound = FAR_KM.max(spread.unwrap_or_default() * FAR_TIMES);
        let nearest = own.iter().min_by(|a, b| {
            let (a, b) = (a.km_to(&middle), b.km_to(&middle));
            a.total_cmp(&b)
        });
        let Some(nearest) = nearest else {
            continue;
        };
        let km = nearest.km_to(&middle);
        if km - nearest.accuracy_m / 1_000.0 > bound {
            let votes = village.get(at).map_or(0, |(_, votes)| *votes);
            found.push(finding(at, nearest, km, count).weighing(FAR_SCORE, votes));
        }
    }
    found
}

fn finding(station: usize, place: &Location, km: f64, others: usize) -> Irregularity {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most half around the Earth"
    )]
    let km = km.round() as u32;
    let others = u32::try_from(others).unwrap_or(u32::MAX);
    let evidence = Evidence::Distance {
        // To the next kilometre: where somebody lives is nobody's business here.
        at: format!("{:.2}, {:.2}", place.lat, place.lon),
        km,
        others,
    };
    Irregularity::of(station, Kind::FarAway, evidence).saying(
        format!("Dikirim {km} km dari tempat {others} TPS lain di desa ini mengirim."),
        format!("Sent {km} km from where {others} other TPS of the village were sent from."),
    )
}

/// The middle of places: half of them lie north of it, half of them east.
fn middle(places: &[Location]) -> Option<Location> {
    Some(Location {
        lat: median(places.iter().map(|one| one.lat).collect())?,
        lon: median(places.iter().map(|one| one.lon).collect())?,
        accuracy_m: 0.0,
    })
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::EARTH_KM;

    /// In Samarinda, so many kilometres north of its middle.
    fn north(km: f64) -> Location {
        Location {
            lat: -0.5 + km / (EARTH_KM * 1_f64.to_radians()),
            lon: 117.15,
            accuracy_m: 20.0,
        }
    }

    fn found(village: &[Vec<Location>]) -> Vec<(usize, u32)> {
        let village: Vec<(Vec<Location>, u32)> =
            village.iter().map(|all| (all.clone(), 200)).collect();
        let of = |one: Irregularity| match one.evidence {
            Evidence::Distance { km, .. } => (one.station, km),
            other => panic!("{other:?}"),
        };
        far(&village).into_iter().map(of).collect()
    }

    #[test]
    fn a_form_from_another_town_is_far_from_its_village() {
        let near = [vec![north(0.0)], vec![north(1.5)], vec![north(0.7)]];
        assert!(found(&near).is_empty());
        let mut village = near.to_vec();
        village.push(vec![north(240.0)]);
        assert_eq!(found(&village), [(3, 239)]);
        let flag = &far(&[
            (vec![north(0.0)], 1),
            (vec![north(1.0)], 1),
            (vec![north(90.0)], 150),
        ])[0];
        assert!(flag.is_flag());
        assert_eq!(
            (flag.code.as_str(), flag.stake, flag.text.as_str()),
            (
                "P402",
                150,
                "Dikirim 89 km dari tempat 2 TPS lain di desa ini mengirim."
            )
        );
    }

    #[test]
    fn one_neighbour_does_not_say_who_is_away() {
        assert!(found(&[vec![north(0.0)], vec![north(240.0)]]).is_empty());
        assert!(found(&[vec![north(240.0)], vec![], vec![north(0.0)], vec![]]).is_empty());
    }

    #[test]
    fn a_village_that_is_long_itself_is_given_its_length() {
        let village = [
            vec![north(0.0)],
            vec![north(15.0)],
            vec![north(30.0)],
            vec![north(60.0)],
        ];
        assert!(found(&village).is_empty());
    }

    #[test]
    fn the_witness_who_is_there_speaks_for_the_one_who_has_gone_home() {
        let village = [
            vec![north(0.0)],
            vec![north(1.0)],
            vec![north(0.5), north(80.0)],
        ];
        assert!(found(&village).is_empty());
    }

    #[test]
    fn positions_that_cannot_be_or_say_nothing_are_not_looked_at() {
        let vague = Location {
            accuracy_m: 60_000.0,
            ..north(90.0)
        };
        let nowhere = Location {
            lat: f64::MAX,
            ..north(0.0)
        };
        for odd in [vague, nowhere] {
            assert!(found(&[vec![north(0.0)], vec![north(1.0)], vec![odd]]).is_empty());
        }
    }
}
