//! What a device takes from the world around it, and the real world.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use protocol::Timestamp;
use protocol::enrol::DeviceInfo;
use sync::{Cleartext, Clock, Http, Random, Timeouts, Transport, Trust};

use crate::disk::{Disk, SystemDisk};
use crate::view::Failure;

/// The world around a device. Tests bring their own parts.
#[derive(Clone)]
pub struct Ports {
    /// What the endpoint is told about this device; `app` is also what goes
    /// into revisions.
    pub info: DeviceInfo,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness, fit for keys.
    pub random: Arc<dyn Random>,
    /// The network.
    pub transport: Arc<dyn Transport>,
    /// Files.
    pub disk: Arc<dyn Disk>,
    /// Hosts that may be spoken to without TLS.
    pub cleartext: Cleartext,
    /// The app's own Pictures folder, where the camera leaves its files;
    /// `None` where there is none.
    pub pictures: Option<PathBuf>,
}

impl Ports {
    /// The real world: the system's clock, randomness, disk and network. TLS
    /// believes the roots that browsers carry.
    ///
    /// # Errors
    /// [`Failure::Internal`] when TLS cannot be set up.
    pub fn real(info: DeviceInfo) -> Result<Self, Failure> {
        Self::trusting(info, &Trust::default(), Timeouts::default())
    }

    /// The real world with further roots and other time-outs.
    ///
    /// # Errors
    /// [`Failure::Internal`] when TLS cannot be set up with these roots.
    pub fn trusting(info: DeviceInfo, trust: &Trust, timeouts: Timeouts) -> Result<Self, Failure> {
        let random = Arc::new(SystemRandom);
        let clock = Arc::new(SystemClock::start(random.as_ref()));
        let http = Http::new(trust, timeouts, Arc::clone(&clock) as Arc<dyn Clock>);
        let transport = http.map_err(|cause| {
            tracing::error!(%cause, "no transport");
            Failure::Internal
        })?;
        Ok(Self {
            info,
            clock,
            random,
            transport: Arc::new(transport),
            disk: Arc::new(SystemDisk),
            cleartext: if cfg!(debug_assertions) {
                Cleartext::PrivateNetworks
            } else {
                Cleartext::ThisMachine
            },
            pictures: None,
        })
    }
}

/// The system's clocks. Time since the device's own start is not to be had
/// everywhere without unsafe code, so the start counted from is the app's; its
/// name says so by changing with it.
pub struct SystemClock {
    boot: String,
    started: Instant,
}

impl SystemClock {
    /// Starts counting; `random` names the start.
    #[must_use]
    pub fn start(random: &dyn Random) -> Self {
        let mut name = [0_u8; 8];
        if let Err(cause) = random.fill(&mut name) {
            tracing::warn!(%cause, "this start has no name of its own");
        }
        Self {
            boot: hex::encode(name),
            started: Instant::now(),
        }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        chrono::Utc::now().into()
    }

    fn monotonic_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn boot(&self) -> String {
        self.boot.clone()
    }
}

/// The system's randomness.
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> std::io::Result<()> {
        getrandom::fill(bytes).map_err(Into::into)
    }
}
