//! A thin link that is cut again and again, measured with the real endpoint
//! and the real device over real HTTP; and the other ways in which a link
//! misleads.
//!
//! Bytes are those of HTTP, headers included, both ways; TLS and TCP come on
//! top of them for everybody alike. In the same run a naive sender, which
//! begins each photo anew after each cut, stands on the same link.

mod measure;
mod naive;
mod troubles;

use std::time::Duration;

use anyhow::Result;

pub use measure::{Measured, Scenario, measure};
pub use naive::{Naive, send_from_the_start};
pub use troubles::{Endured, endure};

use crate::bench::figures::{Figures, Goal};
use crate::stage::relay::Shape;

/// Twenty kbit/s.
pub const THIN_BYTES_PER_S: u64 = 2_500;

/// How often the thin link is cut.
pub const CUT_EVERY: Duration = Duration::from_secs(15);

/// How long each byte of the thin link is under way.
const DELAY: Duration = Duration::from_millis(100);

/// How long there is no coverage before.
const OUTAGE: Duration = Duration::from_secs(20);

/// Rounds of troubles by default.
pub const ROUNDS: u64 = 200;

/// The link of the goal.
#[must_use]
pub fn thin() -> Shape {
    Shape {
        bytes_per_s: Some(THIN_BYTES_PER_S),
        delay: DELAY,
        cut_every: Some(CUT_EVERY),
        ..Shape::default()
    }
}

/// Measures on the thin link, compares, and goes through `rounds` troubles.
///
/// # Errors
/// When something is lost, or called received that is not; never for a figure.
pub async fn run(rounds: u64, seed: u64, figures: &mut Figures) -> Result<()> {
    println!("link: {THIN_BYTES_PER_S} bytes/s, a cut every {CUT_EVERY:?}; this takes minutes");
    let scenario = Scenario {
        shape: thin(),
        outage: OUTAGE,
        megapixels: 12.0,
        seed,
    };
    let measured = measure(scenario).await?;
    println!("link: {measured:?}");
    record(&measured, figures);
    let naive = send_from_the_start(thin(), measured.photo_bytes).await?;
    println!("link: from the start each time: {naive:?}");
    figures.add(
        "link_naive_photo_received",
        f64::from(u8::from(naive.is_received)),
        "",
        None,
    );
    figures.add("link_naive_tries", f64::from(naive.tries), "", None);
    figures.add(
        "link_naive_wire_kb",
        naive.wire_bytes as f64 / 1_000.0,
        "KB",
        None,
    );
    let endured = endure(rounds, seed).await?;
    println!("link: {endured:?}, no violation");
    figures.add("link_troubles_endured", endured.total() as f64, "", None);
    Ok(())
}

fn record(measured: &Measured, figures: &mut Figures) {
    let ratio = measured.payload_bytes as f64 / measured.wire_bytes as f64;
    figures.add(
        "link_payload_share_of_wire",
        ratio,
        "",
        Some(Goal::AtLeast(0.85)),
    );
    let counts_s = measured.counts_after.as_secs_f64();
    figures.add(
        "link_counts_after_coverage_s",
        counts_s,
        "s",
        Some(Goal::AtMost(5.0)),
    );
    let ideal_s = measured.photo_bytes as f64 / THIN_BYTES_PER_S as f64;
    let photo = measured.photo_took.as_secs_f64() / ideal_s;
    figures.add(
        "link_photo_time_to_ideal",
        photo,
        "",
        Some(Goal::AtMost(1.3)),
    );
    figures.add(
        "link_photo_kb",
        measured.photo_bytes as f64 / 1_000.0,
        "KB",
        None,
    );
}
