//! Stories of one witness's device, told through [`device::Device`] alone,
//! against a small endpoint on a real socket that can be told to misbehave.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code outside of test functions; a failure here is a failed test"
)]

mod around;
mod carrying;
mod delivering;
mod enrolling;
mod hearing;
mod keeping;
mod keying;
mod looking;
mod peer;
mod photographing;
mod re_enrolling;
mod refusals;
mod restoring;
mod sealing;
mod stage;
mod waiting;
