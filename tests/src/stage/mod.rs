//! The stage on which stories play.

pub mod backing;
pub mod bundle;
pub mod changes;
pub mod counting_room;
pub mod driver;
pub mod endpoint;
pub mod hands;
pub mod log;
pub mod phone;
pub mod portal;
pub mod presidential;
pub mod process;
pub mod relay;
pub mod s3;
pub mod screen;
pub mod witness;
