//! Everything a witness's device does, without a window: enrol, photograph,
//! record, seal, deliver.

mod device;
mod ports;
pub mod view;

pub use device::Device;
pub use ports::Ports;
