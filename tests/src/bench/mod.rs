//! What it costs: the measurements of `cargo xtask bench`.
//!
//! Each module measures one thing and gives [`figures::Figure`]s, each with its
//! goal. The endpoint is the optimised binary in a process of its own, on real
//! disks with durability on; the load comes over HTTP from this process, on the
//! same machine, so the figures are those of both together.
//!
//! Absent: any assertion. A slow machine is no bug; figures are compared
//! between commits by people.

pub mod bundles;
pub mod device;
pub mod endpoint;
pub mod figures;
pub mod load;
pub mod photo;
pub mod photo_peers;
pub mod place;
pub mod population;
pub mod room;
pub mod slow_phone;
pub mod window;
