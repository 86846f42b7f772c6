//! Tables of results that others made: how figures are written in cells, and what
//! columns are called.
//!
//! Used by `saksi-server findings` and for official figures. Nothing here knows
//! where a polling station lies or what a finding is.

pub mod cell;
pub mod columns;
pub mod meaning;
mod names;
pub(crate) mod source;
