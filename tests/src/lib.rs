//! What the stories share: a stage with a real endpoint, real devices, a
//! connection that can be cut, and real windows.
//!
//! Nothing here stands in for a part of Saksi. The endpoint is the built
//! binary or the server crate itself; a device is the `device` crate; a window
//! is the app's own window or a browser on the console.

pub mod bench;
pub mod by_keyboard;
pub mod campaign;
pub mod demo;
pub mod measure;
pub mod sim;
pub mod stage;

/// Chooses the TLS library of this process, once and before any client is made.
pub fn install_tls() {
    // Somebody else's choice in the same process is the same choice.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
