//! Ctrl-C ends a campaign after the round that runs, so that no process and no
//! folder stays behind.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;
use tokio::signal::unix::{SignalKind, signal};

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// Begins to listen. Called once, inside the runtime.
///
/// # Errors
/// When the system does not let anybody listen to signals.
pub fn listen() -> Result<()> {
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut signals = signal(kind)?;
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                if REQUESTED.swap(true, Ordering::SeqCst) {
                    // Asked twice: at once, as a shell expects.
                    std::process::exit(130);
                }
                eprintln!("stopping after this round (again to leave at once)");
            }
        });
    }
    Ok(())
}

/// Whether somebody asked to stop.
#[must_use]
pub fn requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}
