//! Bundles: `.saksi` files that somebody brings (`protocol.md` section 10).
//!
//! A bundle comes over HTTP ([`routes`]), from a device or from the counting
//! room, or at the command line ([`take_in`]). There is no second way in for
//! what it holds: envelopes are judged and written as if their own devices had
//! sent them ([`crate::intake`]), photos are looked at and put away as if they
//! had come in pieces ([`crate::photos`]). Bringing it twice changes nothing.
//!
//! One bad entry does not spoil the others. Absent: any trace of the file
//! itself; it is read from a nameless temporary file and gone after that.

mod route;
mod spool;
mod take_in;

pub use route::routes;
pub use take_in::{note, take_in};

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::Semaphore;

/// Folder of arriving bundles in the data folder. Files in it have no name.
const FOLDER: &str = "bundles";
/// Bundles that may arrive at a time; more are told to come back. Each may
/// take [`protocol::limits::BUNDLE_MAX_BYTES`] of the disk.
const ARRIVING_MAX: usize = 32;
/// Bundles that are taken in at a time; others wait.
const AT_A_TIME: usize = 2;

/// Bundles that are on their way in.
#[derive(Debug)]
pub struct Bundles {
    folder: PathBuf,
    arriving: Arc<Semaphore>,
    at_work: Semaphore,
}

impl Bundles {
    /// Bundles arrive in the data folder `data`.
    #[must_use]
    pub fn new(data: &Path) -> Self {
        Self {
            folder: data.join(FOLDER),
            arriving: Arc::new(Semaphore::new(ARRIVING_MAX)),
            at_work: Semaphore::new(AT_A_TIME),
        }
    }
}
