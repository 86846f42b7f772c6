//! Taking in revisions (`protocol.md` section 6).
//!
//! A request's envelopes are judged on the request's own task (`judge`):
//! shape, signature, payload, and what speaks against them. The writer then
//! takes those of all waiting requests into one transaction (`Batch`), so
//! that what is known already is known for certain, and states are worked out
//! once per slot. Receipts are signed there and given out after the commit.
//!
//! Nothing that a device signed properly is thrown away: what may not come in
//! now (`not_assigned`, `window_closed`, `device_revoked`) is kept aside, and
//! [`admit`] lets it in later.
//!
//! There is one way in. What is brought by others ([`crate::bundles`]), as an
//! SMS ([`crate::sms`]) or by a desk of the counting room ([`crate::desk`]) is
//! judged by the same rules and handed to the same writer.

mod admit;
mod batch;
mod bubbles;
mod carried;
mod judge;
mod known;
mod route;
mod statement;
mod store;
mod take_in;

pub use admit::{Admitted, admit};
pub(crate) use batch::{Batch, take_in_all};
pub(crate) use bubbles::differs;
pub(crate) use carried::{Brought, judge_brought};
pub(crate) use judge::{Bench, Candidate, candidate};
pub use route::routes;
pub use statement::{channel_in, statement_in};
pub(crate) use take_in::{take_in, take_in_own};
