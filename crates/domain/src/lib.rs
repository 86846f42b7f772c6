//! The election's rules, and nothing else.
//!
//! What a region code is, what a result form is made of, which figures do not
//! add up, what a set of signed revisions and rulings means for a slot, what
//! that adds to the totals, who leads, and who gets which seats. Everything
//! here is a pure function of its arguments: there is no clock, no file, no
//! SQL, no HTTP and no async, so the phone, the endpoint and the tests come to
//! the same answer by calling the same code.
//!
//! A form that does not add up is evidence, not an error: [`rules::check`]
//! returns findings and has no way to refuse anything.

pub mod contest;
pub mod counts;
pub mod figure;
pub mod form;
pub mod irregularity;
pub mod lead;
pub mod location;
pub mod region;
pub mod rollup;
pub mod rules;
pub mod seats;
pub mod slot;
pub mod words;

pub use contest::{Candidate, Choice, Contest, ContestKind, Dapil};
pub use counts::Counts;
pub use form::{Column, Field, FormLayout, Page, Rule, RuleKind, Severity, VotesLayout};
pub use location::Location;
pub use region::{Level, RegionCode, TpsCode};
pub use rules::{Finding, FormHead};
pub use slot::{Channel, Mark, Ruling, RulingKind, SlotRevision, SlotState, SlotView};
