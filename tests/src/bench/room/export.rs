//! How long all figures take to leave as files, how large these are, and how
//! much memory that takes beyond what the endpoint has anyway.

use std::collections::BTreeSet;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};

use crate::bench::figures::{Figures, Goal};
use crate::stage::counting_room::CountingRoom;

/// Bytes of a megabyte.
const MEGABYTE: f64 = 1_000_000.0;

/// Written to a process's `clear_refs`, the kernel forgets its peak.
const FORGET_THE_PEAK: &str = "5";

/// Exports every contest by polling station, as CSV and as XLSX.
///
/// # Errors
/// When the endpoint refuses.
pub async fn measure(
    figures: &mut Figures,
    room: &CountingRoom,
    contests: &BTreeSet<String>,
    endpoint: u32,
    database: &str,
) -> Result<()> {
    // What was needed before, for photos and revisions, is not the exports'.
    std::fs::write(format!("/proc/{endpoint}/clear_refs"), FORGET_THE_PEAK)?;
    let before_mb = memory_mb(endpoint, "VmRSS")?;
    for kind in ["csv", "xlsx"] {
        let started = Instant::now();
        let mut bytes = 0;
        for contest in contests {
            let path = format!("/v1/export?contest={contest}&by=tps&format={kind}&region=64");
            let answer = room.get(&path).await?;
            let status = answer.status();
            ensure!(status.is_success(), "{path} answered {status}");
            bytes += answer.bytes().await?.len();
        }
        let took_s = started.elapsed().as_secs_f64();
        let goal = Some(Goal::AtMost(10.0));
        figures.add(
            &format!("room_export_{kind}_s_{database}"),
            took_s,
            "s",
            goal,
        );
        let size_mb = bytes as f64 / MEGABYTE;
        figures.add(
            &format!("room_export_{kind}_mb_{database}"),
            size_mb,
            "MB",
            None,
        );
    }
    let goal = Some(Goal::AtMost(200.0));
    let added_mb = memory_mb(endpoint, "VmHWM")? - before_mb;
    figures.add(
        &format!("room_export_memory_mb_{database}"),
        added_mb,
        "MB",
        goal,
    );
    figures.add(
        &format!("room_resident_mb_{database}"),
        before_mb,
        "MB",
        None,
    );
    Ok(())
}

/// What a process has of memory, as the kernel counts it: `VmRSS` now, `VmHWM`
/// at most since that was forgotten.
fn memory_mb(process: u32, which: &str) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(which));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    let kib: f64 = kib.with_context(|| format!("no {which}"))?.parse()?;
    Ok(kib * 1_024.0 / MEGABYTE)
}
