//! Stories of devices: they enrol, send what they signed, and are believed
//! only as far as the contract says. Over HTTP, on a real database.

mod enrolment;
mod envelopes;
mod inbox;
mod pack;
mod photos;
mod revisions;
mod rush;
mod sockets;
mod starting;
mod together;
mod uploads;
mod world;
