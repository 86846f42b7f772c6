//! When photos should come, so that ten thousand phones do not come at once.
//!
//! What was announced lately and is not here is the backlog; divided by what
//! the endpoint can take in, it is a time. When that is long, a **wave**
//! begins: each device is given a moment in it, by a hash of its id, evenly
//! spread. A wave grows while more is announced and never lasts longer than
//! devices wait. When it is over everybody is welcome: what is still missing
//! then is on phones without coverage, and they shall not be kept waiting, nor
//! keep others waiting, when they come back.
//!
//! It is a wish and no rule: nothing is refused because of it. Each process
//! works it out for itself from the database, at most every ten seconds.

use protocol::Timestamp;
use protocol::limits::PHOTOS_WAIT_MAX_SECONDS;
use sha2::{Digest as _, Sha256};
use sqlx::AnyPool;
use tokio::sync::Mutex;

use crate::app::App;
use crate::storage::StorageError;

/// How often the database is asked, in milliseconds.
const LOOK_EVERY_MS: i64 = 10_000;
/// A backlog that is taken in faster than this is none, in milliseconds.
const WORTH_A_WAVE_MS: i64 = 10_000;
/// Longest wave, in milliseconds.
const WAVE_MAX_MS: i64 = PHOTOS_WAIT_MAX_SECONDS.cast_signed() * 1_000;
/// Photos that were announced longer ago are not expected any more, in
/// milliseconds.
const EXPECTED_MS: i64 = 12 * 60 * 60 * 1_000;

/// The backlog as this process knows it.
#[derive(Debug, Default)]
pub struct Backlog(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    looked_at_ms: Option<i64>,
    tide: Tide,
}

impl Backlog {
    /// Before when `device` should not send photos; `None` when it may.
    pub async fn not_before(&self, app: &App, device: &str) -> Option<Timestamp> {
        let now_ms = app.clock().now_ms();
        let mut known = self.0.lock().await;
        let is_fresh = |at: i64| (0..LOOK_EVERY_MS).contains(&now_ms.saturating_sub(at));
        if !known.looked_at_ms.is_some_and(is_fresh) {
            match due_bytes(app.storage.reading(), now_ms).await {
                Ok(due) => {
                    let mbit_per_s = app.config.photo_intake_mbit;
                    known.tide.look(now_ms, due, mbit_per_s);
                }
                // A wish that cannot be worked out is not worth a failure.
                Err(error) => tracing::warn!(%error, "the backlog of photos could not be read"),
            }
            known.looked_at_ms = Some(now_ms);
        }
        known
            .tide
            .not_before(now_ms, device)
            .map(Timestamp::from_unix_ms)
    }
}

/// Bytes of reading copies that were announced lately and are not here.
/// Originals are sent when asked for, so they are not expected.
async fn due_bytes(pool: &AnyPool, now_ms: i64) -> Result<u64, StorageError> {
    let due: i64 = sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(due.size_bytes), 0) AS BIGINT) FROM (
             SELECT a.sha256, MAX(a.size_bytes) AS size_bytes
             FROM announced a JOIN revisions r ON r.rev_id = a.rev_id
             WHERE a.kind = 'copy' AND r.received_at > $1
             AND NOT EXISTS (SELECT 1 FROM photos p WHERE p.sha256 = a.sha256)
             GROUP BY a.sha256) AS due",
    )
    .bind(now_ms.saturating_sub(EXPECTED_MS))
    .fetch_one(pool)
    .await?;
    Ok(u64::try_from(due).unwrap_or_default())
}

/// What is expected, and the wave that it is spread over. Pure.
#[derive(Debug, Default)]
struct Tide {
    /// Bytes that are missing since before: nobody waits because of them.
    missing_bytes: u64,
    wave: Option<Wave>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wave {
    began_at_ms: i64,
    lasts_ms: i64,
}

impl Wave {
    fn ends_at_ms(self) -> i64 {
        self.began_at_ms.saturating_add(self.lasts_ms)
    }
}

impl Tide {
    /// Looks at what is due now.
    fn look(&mut self, now_ms: i64, due_bytes: u64, mbit_per_s: u32) {
        self.missing_bytes = self.missing_bytes.min(due_bytes);
        let fresh_bytes = due_bytes.saturating_sub(self.missing_bytes);
        let needed_ms = drain_ms(fresh_bytes, mbit_per_s);
        match &mut self.wave {
            Some(wave) if now_ms < wave.ends_at_ms() => {
                let until_ms = now_ms.saturating_add(needed_ms);
                let lasts_ms = until_ms.saturating_sub(wave.began_at_ms);
                wave.lasts_ms = lasts_ms.clamp(wave.lasts_ms, WAVE_MAX_MS.max(wave.lasts_ms));
            }
            Some(_) => {
                self.missing_bytes = due_bytes;
                self.wave = None;
            }
            None if needed_ms >= WORTH_A_WAVE_MS => {
                self.wave = Some(Wave {
                    began_at_ms: now_ms,
                    lasts_ms: needed_ms.min(WAVE_MAX_MS),
                });
            }
            None => {}
        }
    }

    fn not_before(&self, now_ms: i64, device: &str) -> Option<i64> {
        let wave = self.wave?;
        let digest = Sha256::digest(device.as_bytes());
        let share = digest
            .iter()
            .take(4)
            .fold(0_i64, |share, byte| (share << 8) | i64::from(*byte));
        // At most half an hour times 2³²: far below 2⁶³.
        let after_ms = wave.lasts_ms.saturating_mul(share) >> 32;
        let at_ms = wave.began_at_ms.saturating_add(after_ms);
        (at_ms > now_ms).then_some(at_ms)
    }
}

/// How long it takes to take this in.
fn drain_ms(bytes: u64, mbit_per_s: u32) -> i64 {
    // A megabit per second is 125 bytes per millisecond.
    let bytes_per_ms = u64::from(mbit_per_s.max(1)).saturating_mul(125);
    let ms = bytes.checked_div(bytes_per_ms).unwrap_or_default();
    i64::try_from(ms).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGAN_MS: i64 = 1_732_700_000_000;
    const MINUTE_MS: i64 = 60_000;
    const MB: u64 = 1_000_000;

    fn moments(tide: &Tide, now_ms: i64) -> Vec<i64> {
        (0..1_000)
            .filter_map(|n| tide.not_before(now_ms, &format!("dev-{n}")))
            .collect()
    }

    #[test]
    fn a_backlog_of_less_than_ten_seconds_keeps_nobody_waiting() {
        let mut tide = Tide::default();
        tide.look(BEGAN_MS, 499 * MB, 400);
        assert!(moments(&tide, BEGAN_MS).is_empty());
    }

    #[test]
    fn ten_thousand_phones_are_spread_evenly_and_each_keeps_its_moment() {
        let mut tide = Tide::default();
        // 10 GB at 50 MB/s: 200 seconds.
        tide.look(BEGAN_MS, 10_000 * MB, 400);
        let told = moments(&tide, BEGAN_MS);
        assert!(told.iter().all(|at| *at <= BEGAN_MS + 200_000));
        for quarter in 0..4 {
            let from = BEGAN_MS + quarter * 50_000;
            let here = told.iter().filter(|at| (from..from + 50_000).contains(at));
            assert!((200..300).contains(&here.count()), "quarter {quarter}");
        }
        let one = tide.not_before(BEGAN_MS, "dev-7");
        tide.look(BEGAN_MS + 10_000, 9_500 * MB, 400);
        assert_eq!(tide.not_before(BEGAN_MS + 10_000, "dev-7"), one);
        let later = BEGAN_MS + 100_000;
        assert!((400..600).contains(&moments(&tide, later).len()));
    }

    #[test]
    fn a_wave_grows_while_more_is_announced_but_never_beyond_half_an_hour() {
        let mut tide = Tide::default();
        tide.look(BEGAN_MS, 1_000 * MB, 400);
        tide.look(BEGAN_MS + 10_000, 3_000 * MB, 400);
        assert_eq!(tide.wave.unwrap().lasts_ms, 70_000);
        tide.look(BEGAN_MS + 20_000, 1_000_000 * MB, 400);
        assert_eq!(tide.wave.unwrap().lasts_ms, 30 * MINUTE_MS);
    }

    #[test]
    fn phones_without_coverage_keep_nobody_waiting_for_ever() {
        let mut tide = Tide::default();
        tide.look(BEGAN_MS, 1_000 * MB, 400);
        let over_ms = BEGAN_MS + 20_000;
        assert!(moments(&tide, over_ms).is_empty());
        tide.look(over_ms, 900 * MB, 400);
        tide.look(over_ms + 10_000, 900 * MB, 400);
        assert!(moments(&tide, over_ms + 10_000).is_empty());
        // The next rush is spread again.
        tide.look(over_ms + 20_000, 1_900 * MB, 400);
        assert!(!moments(&tide, over_ms + 20_000).is_empty());
    }
}
