//! Devices: how a code on paper becomes one, who it is on every later call,
//! and the pack it works with (`protocol.md` sections 3 and 4).

mod claim;
pub mod code;
mod device;
mod pack;
mod posting;
mod revoke;
mod route;
mod tries;

pub(crate) use claim::random_id;
pub(crate) use device::bearer;
pub use device::{Author, DeskOf, Device, authors};
pub use pack::pack_for;
pub use posting::{PostingFault, move_witness};
pub use revoke::revoke;
pub use route::routes;
