//! Times on the wire: RFC 3339 in UTC with milliseconds.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment, written `2024-11-27T07:31:04.120Z`.
///
/// Reading accepts any RFC 3339 offset; writing always uses UTC and exactly
/// three decimals, so that equal moments have equal bytes and sort as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export, type = "string")]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// The moment `millis` milliseconds after 1970 in UTC; the nearest
    /// representable one when out of range.
    #[must_use]
    pub fn from_unix_ms(millis: i64) -> Self {
        let nearest = if millis < 0 {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        };
        Self(DateTime::from_timestamp_millis(millis).unwrap_or(nearest))
    }

    /// Milliseconds since 1970 in UTC.
    #[must_use]
    pub fn unix_ms(self) -> i64 {
        self.0.timestamp_millis()
    }

    /// The same moment for calendar arithmetic.
    #[must_use]
    pub fn date_time(self) -> DateTime<Utc> {
        self.0
    }
}

impl From<DateTime<Utc>> for Timestamp {
    /// Cuts off what is finer than a millisecond, as the wire does.
    fn from(moment: DateTime<Utc>) -> Self {
        Self::from_unix_ms(moment.timestamp_millis())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl FromStr for Timestamp {
    type Err = chrono::ParseError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        DateTime::parse_from_rfc3339(text).map(|moment| moment.with_timezone(&Utc).into())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc_with_milliseconds() {
        let moment: Timestamp = "2024-11-27T15:31:04.12+08:00".parse().unwrap();
        assert_eq!(moment.to_string(), "2024-11-27T07:31:04.120Z");
        assert_eq!(Timestamp::from_unix_ms(moment.unix_ms()), moment);
    }
}
