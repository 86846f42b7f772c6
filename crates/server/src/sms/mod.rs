//! SMS: a few figures by text message, when nothing else gets through
//! (`protocol.md` section 10).
//!
//! A gateway hands messages over ([`routes`]). The slot code in a message
//! names the slot, the mac names the device (`sender`), the form's
//! `sms_fields` say what the figures are (`message`). From there on it is a
//! revision like any other: the same rules, the same writer, the same log;
//! its text is its evidence, and the witness is told in words what was
//! understood (`reply`).
//!
//! Promised: the sender's number is neither stored nor logged; it is only
//! counted, in memory and under a hash, how often it was wrong (`tries`).
//! Absent: a receipt. A device calls nothing sent because of an SMS.

mod message;
mod reply;
mod route;
mod sender;
mod tries;

pub use message::{NotAMessage, revision_of};
pub use route::routes;
pub(crate) use sender::key_in;
pub use tries::Tries;
