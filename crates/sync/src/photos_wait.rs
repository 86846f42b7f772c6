//! The endpoint's wish that photos wait a little, so that the phones of a
//! whole country do not bring theirs in the same minute.

use protocol::{Timestamp, limits};

use crate::back_off;

/// Longest that photos wait for a wish, in milliseconds.
const WAIT_MAX_MS: u64 = limits::PHOTOS_WAIT_MAX_SECONDS * 1_000;

/// Whether photos wait, and since when. Forgotten when the app ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PhotosWait {
    /// When this wait began, however often the wish was said again since.
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl PhotosWait {
    /// After an answer that said `wish` at `told_at`, both by the endpoint's
    /// clock. An answer without a wish ends the wait; one without a date says
    /// nothing that this device's clock could be held against.
    pub(crate) fn after(
        self,
        wish: Option<Timestamp>,
        told_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Self {
        let Some(wish) = wish else {
            return Self::default();
        };
        let Some(told_at) = told_at else {
            return self;
        };
        let wait_ms = u64::try_from(wish.unix_ms().saturating_sub(told_at.unix_ms()));
        let wait_ms = wait_ms.unwrap_or_default();
        // A clock that was set back meanwhile begins the wait anew.
        let since = self.since.filter(|since| *since <= now).unwrap_or(now);
        let latest = back_off::after(since, WAIT_MAX_MS);
        Self {
            since: Some(since),
            until: Some(back_off::after(now, wait_ms).min(latest)),
        }
    }

    /// After a photo went: the wait that was is over, and the next one may be
    /// as long again.
    pub(crate) fn after_photo(self) -> Self {
        Self {
            since: None,
            ..self
        }
    }

    /// Until when photos wait; `None` when they need not.
    pub(crate) fn until(self, now: Timestamp) -> Option<Timestamp> {
        self.until
            .filter(|until| !back_off::is_due(Some(*until), now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// The endpoint's clock is an hour ahead of the device's.
    fn told(minute: u32) -> Option<Timestamp> {
        Some(at(&format!("2024-11-27T11:{minute:02}:00.000Z")))
    }

    fn here(minute: u32) -> Timestamp {
        at(&format!("2024-11-27T10:{minute:02}:00.000Z"))
    }

    #[test]
    fn a_wish_is_turned_to_the_devices_own_clock() {
        let wait = PhotosWait::default().after(told(5), told(0), here(0));
        assert_eq!(wait.until(here(1)), Some(here(5)));
        assert_eq!(wait.until(here(5)), None);
        assert_eq!(wait.after(None, told(1), here(1)).until(here(1)), None);
    }

    #[test]
    fn no_wish_keeps_photos_longer_than_half_an_hour_however_often_it_is_said() {
        let mut wait = PhotosWait::default();
        for minute in [0, 10, 20, 29] {
            wait = wait.after(told(59), told(minute), here(minute));
            assert_eq!(wait.until(here(minute)), Some(here(30)), "{minute}");
        }
        wait = wait.after(told(59), told(31), here(31));
        assert_eq!(wait.until(here(31)), None);
        // Only after a photo went may another wait begin.
        wait = wait.after_photo().after(told(59), told(32), here(32));
        assert_eq!(wait.until(here(32)), Some(here(59)));
    }

    #[test]
    fn a_wish_without_a_date_and_a_clock_years_off_keep_nothing_waiting() {
        let wait = PhotosWait::default().after(told(5), None, here(0));
        assert_eq!(wait.until(here(0)), None);
        let wait = PhotosWait::default().after(told(5), told(0), at("2034-11-27T10:00:00.000Z"));
        assert_eq!(wait.until(here(0)), None);
    }
}
