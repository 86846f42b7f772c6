//! One delivery without a window: what the system's background job runs.

use std::path::Path;

use crate::device::Device;
use crate::ports::Ports;
use crate::view::{DeliveryView, Failure};

/// Opens the device in `dir`, delivers everything that is due or was waiting
/// for a connection, and closes it again. The folder is held meanwhile, so a
/// window and a job never deliver at once. Dropping the future at any moment
/// loses nothing.
///
/// # Errors
/// [`Failure::Database`] with `in_use` when a window, or another job, has the
/// device open: then that one delivers. Else as [`Device::open`] and
/// [`Device::deliver`].
pub async fn deliver_once(dir: impl AsRef<Path>, ports: Ports) -> Result<DeliveryView, Failure> {
    let dir = dir.as_ref().to_owned();
    let opened = tokio::task::spawn_blocking(move || Device::open(dir, ports)).await;
    let device = opened.map_err(|cause| {
        tracing::error!(%cause, "opening was cut short");
        Failure::Internal
    })??;
    device.deliver_waiting().await
}
