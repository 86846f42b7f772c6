//! Stories of devices: they enrol, send what they signed, and are believed
//! only as far as the contract says. Over HTTP, on a real database.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "stories stop where something is not as told, in their helpers as well"
)]

mod bundles;
mod enrolment;
mod envelopes;
mod inbox;
mod limits;
mod pack;
mod photos;
mod restored;
mod revisions;
mod rush;
mod sms;
mod sockets;
mod starting;
mod tide;
mod together;
mod uploads;
mod ways;
mod world;
