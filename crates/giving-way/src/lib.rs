//! Heavy work that gives way to people who wait.
//!
//! A photo takes a second and more on a slow phone, and such a phone may have
//! one core to spare for us: at equal priority the witness's taps wait their
//! turn behind pixels. On the endpoint, photos of a whole province are compared
//! while receipts and rulings are waited for. So such work gets what nobody else
//! wants.

use std::panic::resume_unwind;
use std::thread;

/// How far behind everybody else such work stands, as Unix counts niceness: the
/// last place of all.
#[cfg(any(target_os = "linux", target_os = "android"))]
const NICENESS: i32 = 19;

/// Does the work on a thread of its own, behind everything else that the
/// machine does, and waits for it: to be called where waiting is allowed. The
/// thread ends with it: one that has once stepped back may not come forward
/// again.
///
/// # Panics
/// When the work does.
pub fn giving_way<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let quiet = || {
        step_back();
        work()
    };
    thread::scope(|scope| scope.spawn(quiet).join()).unwrap_or_else(|panic| resume_unwind(panic))
}

/// On these systems niceness is each thread's own; elsewhere it would slow down
/// those who wait, too.
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
