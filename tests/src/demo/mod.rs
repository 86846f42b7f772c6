//! The main job, run for a newcomer to see: `cargo xtask demo`.
//!
//! [`window`] opens the witness app beside a running endpoint and leaves the
//! rest to the person. [`headless`] plays both sides with as many devices as
//! wanted and believes nothing: every receipt is verified again under the
//! pinned key, and the endpoint's totals must be the sum of what was recorded.
//!
//! The parts are those of the product: the built endpoint, the `device` crate
//! that the app is made of, forms drawn as a phone would photograph them.

pub mod cast;
pub mod headless;
pub mod papers;
pub mod progress;
pub mod proof;
pub mod window;

/// Symbols of a password made for one run: none looks like another.
const SYMBOLS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A password for one run.
///
/// # Errors
/// When the system has no randomness.
pub fn password() -> anyhow::Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|cause| anyhow::anyhow!("no randomness: {cause}"))?;
    let symbols = bytes
        .iter()
        .map(|byte| char::from(SYMBOLS[usize::from(byte % 32)]));
    Ok(symbols.collect())
}
