//! Where a phone was.

use serde::{Deserialize, Serialize};

/// The Earth's mean radius, in kilometres.
pub(crate) const EARTH_KM: f64 = 6_371.0;

/// A position, with its uncertainty, as the phone said.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct Location {
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// Radius of uncertainty in metres.
    pub accuracy_m: f64,
}

impl Location {
    /// Whether there is such a place.
    #[must_use]
    pub fn is_on_earth(&self) -> bool {
        self.lat.abs() <= 90.0 && self.lon.abs() <= 180.0
    }

    /// The way to another one along the Earth, in kilometres (haversine).
    #[must_use]
    pub fn km_to(&self, other: &Self) -> f64 {
        let (lat, other_lat) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = (other_lat - lat) / 2.0;
        let half_lon = (other.lon - self.lon).to_radians() / 2.0;
        let chord = half_lat.sin().powi(2) + lat.cos() * other_lat.cos() * half_lon.sin().powi(2);
        2.0 * EARTH_KM * chord.sqrt().min(1.0).asin()
    }
}
