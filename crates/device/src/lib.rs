//! Everything a witness's device does, without a window: enrol, photograph,
//! record, seal, deliver.
//!
//! [`Device`] has one method per command of the window; what it shows is in
//! [`view`]. What is promised:
//! * Every keystroke and every photo is durable before the method answers; a
//!   device killed at any moment comes back where it was.
//! * Nothing sealed is changed or lost, and nothing is called received without
//!   a receipt that verified.
//! * Figures that do not add up are asked about, never refused.
//!
//! What is absent: no sentences for people (the window has them), no SQL (the
//! store has it), no HTTP (sync has it), no look at pixels (photo has it); and
//! no clock, randomness, network or disk besides those in [`Ports`].

mod adopt;
mod core;
mod delivery;
mod device;
mod disk;
mod draft;
mod enrol;
mod failure;
mod form;
mod history;
mod home;
mod outbox;
mod photos;
mod ports;
mod seal;
mod standing;
pub mod view;

pub use device::Device;
pub use disk::{Disk, Listed, SystemDisk};
pub use ports::{Ports, SystemClock, SystemRandom};
pub use sync::{
    Answer, BoxFuture, Cleartext, Clock, Http, Method, Progress, Random, Request, Timeouts,
    Transport, Trouble, TroubleReport, Trust,
};
