//! What to send next, and sending it.
//!
//! [`plan::plan`] is a pure function from what has no receipt yet to the next
//! step; [`Courier`] takes such steps over a [`Transport`] and tells the
//! [`Outbox`] what came of each. What is promised:
//! * Nothing is told to the outbox as received without a receipt for exactly
//!   that thing, verified under the pinned key. Statuses prove nothing.
//! * Figures go before photos, the newest form's photos before older ones, and
//!   one bad item never blocks those behind it.
//! * Whatever goes wrong is one of the closed list [`Trouble`], and everything
//!   is in a state to go on from: stopping at any await loses nothing.
//!
//! What is absent: no database and no files (the outbox has them), no clock and
//! no randomness of its own (they come in), no threads, no sentences for people.

mod address;
mod back_off;
mod call;
mod clock;
mod courier;
mod enrol;
mod http;
mod news;
mod outbox;
mod pace;
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
pub use outbox::{Account, Item, ItemKey, Lane, Outbox, OutboxError, PackAnswer};
pub use transport::{Answer, Body, BoxFuture, Method, Request, Transport};
pub use trouble::{Trouble, TroubleReport};
