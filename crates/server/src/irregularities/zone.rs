//! Local time in Indonesia's three zones, which keep one offset all year.

use chrono::{DateTime, FixedOffset, NaiveDate};
use protocol::Timestamp;

/// Seconds east of UTC by the names that elections carry.
const ZONES: [(&str, i32); 6] = [
    ("Asia/Jakarta", 7 * 3_600),
    ("Asia/Pontianak", 7 * 3_600),
    ("Asia/Makassar", 8 * 3_600),
    ("Asia/Ujung_Pandang", 8 * 3_600),
    ("Asia/Jayapura", 9 * 3_600),
    ("UTC", 0),
];

/// A moment as a clock on the spot shows it; `None` in a zone that is none of
/// these.
fn local(moment: Timestamp, timezone: &str) -> Option<DateTime<FixedOffset>> {
    let (_, east) = ZONES.iter().find(|(name, _)| *name == timezone)?;
    let offset = FixedOffset::east_opt(*east)?;
    Some(moment.date_time().with_timezone(&offset))
}

/// The local day, `2024-11-27`.
pub(super) fn day(moment: Timestamp, timezone: &str) -> Option<String> {
    Some(local(moment, timezone)?.format("%Y-%m-%d").to_string())
}

/// The local time, `13:05`.
pub(super) fn time(moment: Timestamp, timezone: &str) -> Option<String> {
    Some(local(moment, timezone)?.format("%H:%M").to_string())
}

/// The day after a day, both as `2024-11-27`.
pub(super) fn day_after(day: &str) -> Option<String> {
    let day: NaiveDate = day.parse().ok()?;
    Some(day.succ_opt()?.format("%Y-%m-%d").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_as_on_the_spot() {
        let late: Timestamp = "2024-11-27T16:30:00Z".parse().unwrap();
        assert_eq!(day(late, "Asia/Makassar").as_deref(), Some("2024-11-28"));
        assert_eq!(time(late, "Asia/Jakarta").as_deref(), Some("23:30"));
        assert_eq!(day(late, "Mars/Olympus"), None);
        assert_eq!(day_after("2024-12-31").as_deref(), Some("2025-01-01"));
    }
}
