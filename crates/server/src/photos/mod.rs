//! Photos: resumable, addressed by their hash (`protocol.md` section 8).
//!
//! Bytes that arrive are hashed (`running`) and gathered in memory and in a
//! part file (`parts`); when all are there they are looked at (`complete`), put
//! into the [`PhotoStore`] durably, and only then is there a row and a receipt.
//! A photo never changes after that, and is never deleted here.
//!
//! One request at a time works on a photo (`gate`): a newer one ends an
//! older one, which first keeps what it has. What a bundle brings whole
//! (`whole`) is looked at and put away the same way. A photo that is in the
//! store without a row (the database was restored from an older backup) is
//! taken for what it is once its device asks, without its bytes.

mod announced;
mod backlog;
mod complete;
mod gate;
mod partial;
mod parts;
mod read;
mod receipt;
mod route;
mod running;
mod serve;
mod store;
mod sweep;
mod upload;
mod whole;

pub use announced::is_announced_by;
pub use backlog::Backlog;
pub use partial::{partial, received_bytes};
pub use route::routes;
pub use serve::{picture, stream};
pub use store::{PhotoStore, StoreError};
pub(crate) use whole::take_whole;

use std::path::Path;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use gate::Gates;
use parts::Parts;
use running::RunningHashes;

/// Uploads that are taken at a time; more are told to come back.
const UPLOADS_MAX: usize = 512;
/// Photos that are put away at a time: each may be wholly in memory.
const COMPLETIONS_MAX: usize = 16;

/// Photos that are on their way in.
pub struct Arrivals {
    parts: Parts,
    gates: Gates,
    hashes: RunningHashes,
    uploads: Arc<Semaphore>,
    completions: Semaphore,
}

impl Arrivals {
    /// Parts of photos lie in `folder`, made when first needed.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self {
            parts: Parts::new(folder),
            gates: Gates::default(),
            hashes: RunningHashes::default(),
            uploads: Arc::new(Semaphore::new(UPLOADS_MAX)),
            completions: Semaphore::new(COMPLETIONS_MAX),
        }
    }

    /// Whether anybody is sending a photo at this moment.
    #[must_use]
    pub fn are_arriving(&self) -> bool {
        self.uploads.available_permits() < UPLOADS_MAX
    }

    /// Removes parts that nobody will go on with, now and every hour, until
    /// `stopping`.
    pub async fn sweep(&self, stopping: &CancellationToken) {
        sweep::sweep_hourly(&self.parts, stopping).await;
    }
}
