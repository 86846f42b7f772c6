//! What to send next, and sending it.
//!
//! [`plan::plan`] is a pure function from what has no receipt yet to the next
//! step; [`Courier`] takes such steps over a [`Transport`] and tells the
//! [`Outbox`] what came of each. What is promised:
//! * Nothing is told to the outbox as received without a receipt for exactly
//!   that thing, verified under the pinned key. Statuses prove nothing.
//! * Figures go before photos, one's own before others', the newest form's
//!   photos before older ones, and one bad item never blocks those behind it.
//! * An endpoint that was restored from a backup is found out, and gets
//!   everything again; its wish that photos wait is heard, for half an hour at
//!   most.
//! * Whatever goes wrong is one of the closed list [`Trouble`], and everything
//!   is in a state to go on from: stopping at any await loses nothing.
//!
//! What is absent: no database and no files (the outbox has them), no clock and
//! no randomness of its own (they come in), no threads, no sentences for people.

mod address;
mod back_off;
mod call;
mod carry;
mod clock;
mod courier;
mod enrol;
mod http;
mod news;
mod outbox;
mod pace;
mod photos_wait;
pub mod plan;
mod revisions;
mod transport;
mod trouble;
mod understand;
mod upload;

pub use address::{Address, Cleartext, EnrolLink};
pub use clock::{Clock, Random};
pub use courier::{Courier, Outcome, Progress};
pub use enrol::{Enrolled, enrol};
pub use http::{Http, HttpError, Timeouts, Trust};
pub use outbox::{
    AboutItself, Account, Item, ItemKey, Lane, Outbox, OutboxError, PackAnswer, Signed,
};
pub use transport::{Answer, Body, BoxFuture, Method, Request, Transport};
pub use trouble::{Trouble, TroubleReport};
