//! A device's transport: requests wait here until the simulation decides what
//! becomes of them.

use std::sync::{Arc, Mutex, PoisonError};

use device::{Answer, BoxFuture, Request, Transport, Trouble, TroubleReport};
use sync::Address;
use tokio::sync::oneshot;

use super::trap::Trap;

/// What a request ends in, for the device.
pub type Ending = Result<Answer, TroubleReport>;

/// A request that waits for its ending.
pub struct Call {
    /// What is asked.
    pub request: Request,
    /// Where the ending goes.
    pub ending: oneshot::Sender<Ending>,
}

/// A device's end of the network.
pub struct Line {
    call: Mutex<Option<Call>>,
    trap: Arc<Trap>,
}

impl Line {
    /// A line on which nothing was asked yet.
    #[must_use]
    pub fn new(trap: Arc<Trap>) -> Self {
        Self {
            call: Mutex::new(None),
            trap,
        }
    }

    /// The request that was made since the last look, if one was.
    pub fn take(&self) -> Option<Call> {
        let mut call = self.call.lock().unwrap_or_else(PoisonError::into_inner);
        call.take()
    }
}

impl Transport for Line {
    fn send<'a>(&'a self, _: &'a Address, request: Request) -> BoxFuture<'a, Ending> {
        Box::pin(async move {
            self.trap.touch();
            let (ending, ended) = oneshot::channel();
            *self.call.lock().unwrap_or_else(PoisonError::into_inner) =
                Some(Call { request, ending });
            let ended = ended.await;
            ended.unwrap_or_else(|_| Err(no_answer()))
        })
    }
}

/// Silence.
#[must_use]
pub fn no_answer() -> TroubleReport {
    TroubleReport::new(Trouble::NoAnswer, "nothing came back")
}

/// Nobody there.
#[must_use]
pub fn no_connection() -> TroubleReport {
    TroubleReport::new(Trouble::NoConnection, "no way out")
}
