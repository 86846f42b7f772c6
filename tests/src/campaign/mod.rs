//! Proofs with real processes: `cargo xtask campaign`.
//!
//! Each module is one campaign: it starts the built programs, kills, starves or
//! crowds them, and fails with the round and the seed when a promise is broken.
//! Whatever is left to chance comes from the seed, but processes are scheduled
//! by the system: a seed repeats the same plan, not the same microsecond.
//!
//! Absent: assertions on durations. Those are figures, compared by people.

pub mod decisions;
pub mod dice;
pub mod faults;
pub mod fuzzing;
pub mod kill_device;
pub mod kill_server;
pub mod link;
pub mod news;
pub mod night;
pub mod order;
pub mod phone;
pub mod photos;
pub mod pictures;
pub mod room;
pub mod sender;
pub mod stop;
#[path = "../../../fuzz/src/targets/mod.rs"]
pub mod targets;

pub use dice::Dice;
pub use news::News;
