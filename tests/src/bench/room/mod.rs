//! How the counting room fares with a whole night in its endpoint: two
//! witnesses at each of the 11,441 polling stations, both contests.
//!
//! First what one person waits for while nothing else goes on, then the same
//! with fifty consoles at work and revisions coming in.

mod busy;
mod export;
mod reads;

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use reqwest::Client;

use super::endpoint;
use super::figures::{Figures, Goal, percentile};
use super::place::Place;
use super::population::{inside, populate, seconds};
use crate::campaign::pictures::picture;
use crate::stage::counting_room::CountingRoom;

/// Parts of the names of the figures, before the database's name.
pub const NAMES: &[&str] = &[
    "room_rollup_p95_ms_",
    "room_board_p95_ms_",
    "room_stations_p95_ms_",
    "room_slots_p95_ms_",
    "room_slot_p95_ms_",
    "room_irregularities_p95_ms_",
    "room_turnout_p95_ms_",
    "room_paper_p95_ms_",
    "room_audit_p95_ms_",
    "room_queue_p95_ms_",
    "room_export_csv_s_",
    "room_export_csv_mb_",
    "room_export_xlsx_s_",
    "room_export_xlsx_mb_",
    "room_export_memory_mb_",
    "room_resident_mb_",
    "busy_decide_p95_ms_",
    "busy_next_p95_ms_",
    "busy_rollup_p95_ms_",
    "busy_board_p95_ms_",
    "busy_live_p95_ms_",
    "busy_revisions_per_s_",
];

/// Second witnesses who are late: their figures come in while people work.
const LATE: usize = 6_000;

/// Measures one database; `url` is none for the embedded one.
///
/// # Errors
/// When anything is refused.
pub async fn measure(figures: &mut Figures, url: Option<&str>) -> Result<()> {
    let place = Place::seeded(url)?;
    let database = place.database();
    let election = sample::kaltim()?;
    let photo_of = |number| picture(u64::try_from(number).ok()?).ok();
    let mut senders = populate(place.config(), inside(&election).collect(), photo_of).await?;
    let late = populate(place.config(), seconds(&election).collect(), |_| None).await?;
    let (late, in_time) = late.split_at(LATE);
    senders.extend_from_slice(in_time);
    let password = crate::demo::password()?;
    place.add_user("bench", "admin", &password)?;
    let consoles = busy::add_people(&place, &password)?;
    let served = place.serve()?;
    let client = Client::new();
    endpoint::revisions(&client, &served.address, &senders).await?;
    endpoint::photos(&client, &served.address, &senders).await?;
    let room = CountingRoom::sign_in(&served.address, "bench", &password).await?;
    let station = &senders.first().context("nobody sent anything")?.tps;
    for read in reads::all(station) {
        let times = read.times_ms(&room).await?;
        add(
            figures,
            &format!("room_{}", read.name),
            &times,
            read.goal_ms,
            database,
        );
    }
    let contests = election.contests.iter().map(|held| held.contest.id.clone());
    let contests: BTreeSet<String> = contests.collect();
    export::measure(figures, &room, &contests, served.process.id(), database).await?;
    let waits = busy::work(&served.address, &consoles, &password, &room, late).await?;
    for (name, times, goal_ms) in [
        ("decide", &waits.decide_ms, 100.0),
        ("next", &waits.next_ms, 100.0),
        ("rollup", &waits.rollup_ms, 20.0),
        ("board", &waits.board_ms, 200.0),
        ("live", &waits.live_ms, 1_000.0),
    ] {
        add(figures, &format!("busy_{name}"), times, goal_ms, database);
    }
    // They are sent at that pace: less by a hundredth is how the clock ticks.
    let goal = Some(Goal::AtLeast(busy::REVISIONS_PER_S * 0.99));
    figures.add(
        &format!("busy_revisions_per_s_{database}"),
        waits.revisions_per_s,
        "1/s",
        goal,
    );
    Ok(())
}

fn add(figures: &mut Figures, name: &str, times: &[f64], goal_ms: f64, database: &str) {
    let name = format!("{name}_p95_ms_{database}");
    let goal = Some(Goal::AtMost(goal_ms));
    figures.add(&name, percentile(times, 95), "ms", goal);
}
