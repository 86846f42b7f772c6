//! Removing part files that nobody has gone on with for a day: their photos
//! have come another way, or their devices begin anew.

use std::path::Path;
use std::time::{Duration, SystemTime};

use tokio_util::sync::CancellationToken;

use super::parts::Parts;

/// How long a part is kept that does not grow.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// How often parts are looked at.
const SWEEP_EVERY: Duration = Duration::from_secs(60 * 60);

/// Sweeps now and every hour until `stopping`.
pub(super) async fn sweep_hourly(parts: &Parts, stopping: &CancellationToken) {
    loop {
        sweep(parts).await;
        tokio::select! {
            () = stopping.cancelled() => return,
            () = tokio::time::sleep(SWEEP_EVERY) => {}
        }
    }
}

/// Sweeps once. What cannot be looked at is left.
async fn sweep(parts: &Parts) {
    let folder = parts.folder().to_owned();
    let swept = tokio::task::spawn_blocking(move || remove_old(&folder, SystemTime::now())).await;
    match swept {
        Ok(0) | Err(_) => {}
        Ok(removed) => tracing::info!(removed, "old parts of photos were removed"),
    }
}

fn remove_old(folder: &Path, now: SystemTime) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    let mut removed = 0_usize;
    for entry in entries.flatten() {
        let Ok(facts) = entry.metadata() else {
            continue;
        };
        if facts.is_dir() {
            removed = removed.saturating_add(remove_old(&entry.path(), now));
            continue;
        }
        let age = facts
            .modified()
            .ok()
            .and_then(|at| now.duration_since(at).ok());
        if age.is_some_and(|age| age >= KEPT) && std::fs::remove_file(entry.path()).is_ok() {
            removed = removed.saturating_add(1);
        }
    }
    removed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parts_that_have_not_grown_for_a_day_go() {
        let data = tempfile::tempdir().unwrap();
        let ahead = data.path().join("ahead/dev-1");
        std::fs::create_dir_all(&ahead).unwrap();
        std::fs::write(data.path().join("a-10"), "part").unwrap();
        std::fs::write(ahead.join("b-10"), "part").unwrap();
        let now = SystemTime::now();
        let evening = now + Duration::from_secs(23 * 60 * 60);
        assert_eq!(remove_old(data.path(), evening), 0);
        let later = now + Duration::from_secs(24 * 60 * 60 + 60);
        assert_eq!(remove_old(data.path(), later), 2);
    }
}
