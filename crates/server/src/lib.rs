//! The endpoint: takes in revisions and photos, signs for them, and serves the
//! counting room.
//!
//! A device's request is verified on its own task ([`intake`], [`photos`],
//! [`enrol`]), then handed to the one task that writes ([`writer`]), and
//! answered when that has committed durably. What a slot's revisions and
//! rulings mean is `domain`'s to say; it is worked out and stored in the same
//! transaction that adds one, together with the totals of its district and an
//! entry of the [`log`]. People of the counting room read and rule through
//! [`room`]; what an operator does stands in [`cli`] and [`operations`].
//!
//! Promised: a receipt leaves this process only after what it vouches for is
//! on disk. Absent: any state that lives in memory only and matters; several
//! processes on one PostgreSQL see one another through the database alone.
//!
//! [`start`] runs the whole endpoint inside a test or another program.

pub mod api_problem;
pub mod app;
pub mod audit;
pub mod bundles;
pub mod catalogue;
pub mod cli;
pub mod clock;
pub mod config;
pub mod console_assets;
pub mod coverage;
pub mod desk;
pub mod dossier;
pub mod enrol;
pub mod http;
pub mod inbox;
pub mod intake;
pub mod irregularities;
pub mod keys;
pub mod log;
pub mod official;
pub mod operations;
pub mod paper;
pub mod photos;
pub mod queue;
pub mod room;
pub mod sameness;
pub mod seed;
pub mod slots;
pub mod sms;
mod start;
pub mod storage;
pub mod tables;
pub mod workbooks;
pub mod writer;

pub use api_problem::ApiProblem;
pub use app::{App, AppState};
pub use config::Config;
pub use start::{Running, StartError, start};
