//! Heavy work that gives way to the window.
//!
//! A photo takes a second and more on a slow phone, and such a phone may have
//! one core to spare for us. At equal priority the witness's taps wait their
//! turn behind pixels; so pixels get what nobody else wants.

use std::panic::resume_unwind;
use std::thread;

/// How far behind the window such work stands, as Unix counts niceness: the
/// last place of all.
#[cfg(any(target_os = "linux", target_os = "android"))]
const NICENESS: i32 = 19;

/// Does the work on a thread of its own, behind everything else that the
/// device does, and waits for it. The thread ends with it: one that has once
/// stepped back may not come forward again.
pub(crate) fn giving_way<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let quiet = || {
        step_back();
        work()
    };
    thread::scope(|scope| scope.spawn(quiet).join()).unwrap_or_else(|panic| resume_unwind(panic))
}

/// On these systems niceness is each thread's own; elsewhere it would slow the
/// window down too.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn step_back() {
    if let Err(cause) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%cause, "heavy work keeps its place");
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn step_back() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn heavy_work_steps_back_and_who_waits_for_it_does_not() {
        let own = || rustix::process::getpriority_process(None).unwrap();
        let before = own();
        assert_eq!(giving_way(own), NICENESS);
        assert_eq!(own(), before);
    }
}
