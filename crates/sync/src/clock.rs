//! Time and randomness, as they come in.

use protocol::Timestamp;

/// A device's clocks.
pub trait Clock: Send + Sync + 'static {
    /// The time of day, which may be years off and may jump.
    fn now(&self) -> Timestamp;
    /// Milliseconds since [`Clock::boot`]; never goes back.
    fn monotonic_ms(&self) -> u64;
    /// Names the start that [`Clock::monotonic_ms`] counts from.
    fn boot(&self) -> String;
}

/// A source of randomness fit for keys.
pub trait Random: Send + Sync + 'static {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// When the system has no randomness to give: then no key may be made.
    fn fill(&self, bytes: &mut [u8]) -> std::io::Result<()>;
}

/// A random number for jitter; a fixed one when there is no randomness, which
/// only makes phones less scattered.
pub(crate) fn jitter(random: &dyn Random) -> u64 {
    let mut bytes = [0_u8; 8];
    match random.fill(&mut bytes) {
        Ok(()) => u64::from_le_bytes(bytes),
        Err(_) => u64::MAX / 2,
    }
}
