//! What a device takes from the world around it.

use std::path::PathBuf;

use protocol::enrol::DeviceInfo;

use crate::view::Failure;

/// The world around a device.
pub struct Ports {
    /// What the endpoint is told about this device.
    pub info: DeviceInfo,
    /// The app's own Pictures folder, where the camera leaves its files.
    pub pictures: Option<PathBuf>,
}

impl Ports {
    /// The real world: the system's clock, randomness, disk and network.
    ///
    /// # Errors
    /// [`Failure::Internal`] when TLS cannot be set up.
    pub fn real(info: DeviceInfo) -> Result<Self, Failure> {
        Ok(Self {
            info,
            pictures: None,
        })
    }
}
