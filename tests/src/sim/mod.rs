//! Deterministic simulation: an evening of phones, network, endpoint and
//! counting room in one process, from one seed.
//!
//! Real are the device with its database, the courier, the endpoint's router
//! with its database and photo store, and every byte between them. Simulated
//! are time, chance, the network, the phones' disks, the moments at which
//! something dies, and the people. After an evening all faults end, everybody
//! delivers, and then everything that was promised to anybody is held against
//! what there is; totals and states are counted again by other means.
//!
//! The same seed gives the same events, line by line. What the system's own
//! randomness makes (ids, keys, tokens) does not occur in a trace, and nothing
//! that is decided follows from it.
//!
//! Absent: `Device::run`, whose waits are on the runtime's time (a phone's
//! background delivery is `Device::deliver` at moments of the simulation's
//! choosing); sockets and TLS; torn writes inside SQLite, and its full disk.
//! The real-process campaigns have those.

mod books;
mod chance;
mod checks;
mod clocks;
mod disk;
mod endpoint;
mod folders;
mod forgery;
mod healing;
mod ledger;
mod line;
mod memory;
mod phone;
mod pictures;
mod player;
mod recount;
mod room;
mod schedule;
mod template;
mod trace;
mod trap;
mod upheaval;
mod ways;
mod weather;
mod wire;
mod witness;
mod world;

use anyhow::Result;

pub use ledger::Violation;
pub use template::Template;

use trace::Trace;
use world::World;

/// What came of one seed.
#[derive(Debug)]
pub struct Verdict {
    /// The seed.
    pub seed: u64,
    /// Number of events.
    pub events: u64,
    /// Hash of all events.
    pub hash: String,
    /// What must never be, and was.
    pub violations: Vec<Violation>,
    /// The events, when they were asked for.
    pub lines: Vec<String>,
}

/// Simulates the evening of a seed.
///
/// # Errors
/// When the simulation cannot even begin.
pub fn simulate(template: &Template, seed: u64, is_traced: bool) -> Result<Verdict> {
    let mut world = World::begin(template, seed, Trace::new(is_traced))?;
    // What stops the simulation may be Saksi's doing, so it is a finding too.
    if let Err(cause) = world.play_to_the_end() {
        world.wrong("the simulation can go on", format!("{cause:#}"));
    }
    let (violations, events, (hash, lines)) = world.finish();
    Ok(Verdict {
        seed,
        events,
        hash,
        violations,
        lines,
    })
}
