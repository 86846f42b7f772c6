//! Ctrl-C and SIGTERM: a flag that the loops look at, instead of sudden death.
//!
//! Children run in process groups of their own and end because the loop that
//! waits for them sees the flag; then every guard on the stack is dropped, so
//! that no database, display or temporary folder stays behind. A second
//! Ctrl-C ends the command at once.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};

/// What a shell reports for a command that was interrupted.
const EXIT_INTERRUPTED: i32 = 130;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Begins to listen. Called once, at the start.
pub(crate) fn listen() -> Result<()> {
    ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::SeqCst) {
            std::process::exit(EXIT_INTERRUPTED);
        }
        eprintln!("\ninterrupted: ending what was started (again to leave at once)");
    })
    .context("cannot listen to Ctrl-C")
}

/// Whether the user asked to stop.
pub(crate) fn requested() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// An error once the user asked to stop.
pub(crate) fn check() -> Result<()> {
    if requested() {
        bail!("interrupted");
    }
    Ok(())
}
