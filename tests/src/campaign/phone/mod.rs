//! A witness's phone as a process of its own, without a window: the very
//! `device` crate, which says on its standard output what it is about to do and
//! what it has been told is done. Whoever kills it knows exactly what it had
//! acknowledged.

mod lines;
mod session;

pub use lines::{Line, Order, PhotoFacts, RevisionFacts, SlotFacts};
pub use session::{FIELD, Session, live, obey};
