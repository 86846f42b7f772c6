//! Forms sent from far away from where the rest of their village was sent from.
//!
//! Nothing says where a polling station lies, but its neighbours' phones do, when
//! they were asked: a village's forms come from within walking distance of one
//! another. Pure.

use super::finding::{Evidence, Irregularity, Kind};

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
/// The Earth's mean radius, in kilometres.
const EARTH_KM: f64 = 6_371.0;

/// Where a phone was, as it said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// Radius of uncertainty in metres.
    pub accuracy_m: f64,
}

impl Position {
    /// Whether it can be on Earth, and says enough.
    fn is_usable(&self) -> bool {
        self.lat.abs() <= 90.0
            && self.lon.abs() <= 180.0
            && (0.0..=ACCURACY_MAX_M).contains(&self.accuracy_m)
    }

    /// The way to another one along the Earth, in kilometres (haversine).
    fn km_to(&self, other: &Self) -> f64 {
        let (lat, other_lat) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = (other_lat - lat) / 2.0;
        let half_lon = (other.lon - self.lon).to_radians() / 2.0;
        let chord = half_lat.sin().powi(2) + lat.cos() * other_lat.cos() * half_lon.sin().powi(2);
        2.0 * EARTH_KM * chord.sqrt().min(1.0).asin()
    }
}

/// Which stations of a village sent all their forms from far away. For each
/// station the positions its forms came with, and the votes that hang on them.
#[must_use]
pub fn far(village: &[(Vec<Position>, u32)]) -> Vec<Irregularity> {
    let usable = |positions: &[Position]| -> Vec<Position> {
        let usable = positions.iter().filter(|one| one.is_usable());
        usable.copied().collect()
    };
    let stations: Vec<Vec<Position>> = village.iter().map(|(all, _)| usable(all)).collect();
    let mut found = Vec::new();
    for (at, own) in stations.iter().enumerate() {
        let others = || {
            stations
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
        };
        let there: Vec<Position> = others().flat_map(|(_, all)| all).copied().collect();
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

fn finding(station: usize, position: &Position, km: f64, others: usize) -> Irregularity {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most half around the Earth"
    )]
    let km = km.round() as u32;
    let others = u32::try_from(others).unwrap_or(u32::MAX);
    let evidence = Evidence::Distance {
        // To the next kilometre: where somebody lives is nobody's business here.
        at: format!("{:.2}, {:.2}", position.lat, position.lon),
        km,
        others,
    };
    Irregularity::of(station, Kind::FarAway, evidence).saying(
        format!("Dikirim {km} km dari tempat {others} TPS lain di desa ini mengirim."),
        format!("Sent {km} km from where {others} other TPS of the village were sent from."),
    )
}

/// The middle of positions: half of them lie north of it, half of them east.
fn middle(positions: &[Position]) -> Option<Position> {
    Some(Position {
        lat: median(positions.iter().map(|one| one.lat).collect())?,
        lon: median(positions.iter().map(|one| one.lon).collect())?,
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

    /// In Samarinda, so many kilometres north of its middle.
    fn north(km: f64) -> Position {
        Position {
            lat: -0.5 + km / (EARTH_KM * 1_f64.to_radians()),
            lon: 117.15,
            accuracy_m: 20.0,
        }
    }

    fn found(village: &[Vec<Position>]) -> Vec<(usize, u32)> {
        let village: Vec<(Vec<Position>, u32)> =
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
        let vague = Position {
            accuracy_m: 60_000.0,
            ..north(90.0)
        };
        let nowhere = Position {
            lat: f64::MAX,
            ..north(0.0)
        };
        for odd in [vague, nowhere] {
            assert!(found(&[vec![north(0.0)], vec![north(1.0)], vec![odd]]).is_empty());
        }
    }
}
