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
//! * What it carries for others is kept apart from its own, and given up only
//!   with receipts.
//! * One device at a time works on a data folder.
//!
//! What is absent: no sentences for people (the window has them), no SQL (the
//! store has it), no HTTP (sync has it), no look at pixels (photo has it); and
//! no clock, randomness, network or disk besides those in [`Ports`].

mod adopt;
mod around;
mod carried;
mod core;
mod delivery;
mod device;
mod disk;
mod draft;
mod enrol;
mod export;
mod failure;
mod form;
mod history;
mod home;
mod import;
mod job;
mod lock;
mod look;
mod outbox;
mod photos;
mod ports;
mod questions;
mod seal;
mod standing;
pub mod view;

pub use device::Device;
pub use disk::{Disk, Listed, SystemDisk};
pub use job::deliver_once;
pub use ports::{Ports, SystemClock, SystemRandom};
pub use sync::{
    Answer, BoxFuture, Cleartext, Clock, Http, Method, Progress, Random, Request, Timeouts,
    Transport, Trouble, TroubleReport, Trust,
};
