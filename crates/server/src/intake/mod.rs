//! Taking in revisions (`protocol.md` section 6).
//!
//! A request's envelopes are judged on the request's own task (`judge`):
//! shape, signature, payload, and what speaks against them. The writer then
//! takes those of all waiting requests into one transaction (`Batch`), so
//! that what is known already is known for certain, and states are worked out
//! once per slot. Receipts are signed there and given out after the commit.
//!
//! Nothing that a device signed properly is thrown away: what may not come in
//! now (`not_assigned`, `window_closed`) is kept aside, and [`admit`] lets it
//! in later.

mod admit;
mod batch;
mod judge;
mod known;
mod route;
mod store;

pub use admit::{Admitted, admit};
pub(crate) use batch::{Batch, take_in_all};
pub use route::routes;
