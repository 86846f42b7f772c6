//! How well irregularities are found: recall per class of error, flags on clean
//! polling stations, and how many of the first hundred are true.
//!
//! On readings of a past election whose files lie outside the project (they may
//! be measured, not copied), and with errors put into clean tables at their
//! real rates from seeds. docs/irregularities.md has the tables.

pub mod errors;
pub mod injected;
pub mod past;
pub mod region;
pub mod tally;

pub use errors::{Slip, put};
pub use tally::Tally;
