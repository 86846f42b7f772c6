//! What stands between a phone and the endpoint: a connection that can be cut,
//! made thin, slow or silent, or be a hotel's instead of the endpoint's.
//!
//! Bytes are counted as they pass, both ways, so that what a delivery costs can
//! be said; what is still in the relay when a connection is cut never passed.

mod air;
mod pass;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::net::TcpListener;
use tokio::sync::watch;

use air::Air;
pub use air::Traffic;
use pass::pass;

/// How a relay treats what passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shape {
    /// What becomes of a connection.
    pub mode: Mode,
    /// Bytes per second, both ways together, as on one radio; `None` for as
    /// fast as they come.
    pub bytes_per_s: Option<u64>,
    /// How long each piece takes besides, either way.
    pub delay: Duration,
    /// All connections end each time this has passed.
    pub cut_every: Option<Duration>,
    /// A connection ends after so many bytes from the phone.
    pub cut_after_up_bytes: Option<u64>,
    /// A connection ends after so many bytes to the phone.
    pub cut_after_down_bytes: Option<u64>,
}

/// What becomes of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// It leads to the endpoint.
    #[default]
    Open,
    /// It ends at once: no signal.
    Closed,
    /// It is reset at once.
    Reset,
    /// It is taken, and nothing ever comes of it: half open.
    Silent,
    /// Somebody else answers.
    Portal(Portal),
}

/// What a captive portal answers to everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Portal {
    /// A log-in page with status 200.
    Page,
    /// The way to a log-in page.
    Redirect,
    /// "Network authentication required", RFC 6585.
    Required,
    /// The beginning of something like an answer.
    HalfJson,
}

impl Portal {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Page, Self::Redirect, Self::Required, Self::HalfJson];
}

/// Passes bytes between its own address and the endpoint's while it is open.
/// Cut, it closes every connection and closes new ones as they come.
pub struct Relay {
    address: SocketAddr,
    leads_to: watch::Sender<Option<SocketAddr>>,
    shape: watch::Sender<Shape>,
    cuts: Arc<watch::Sender<u64>>,
    traffic: Arc<Traffic>,
    tasks: [tokio::task::JoinHandle<()>; 2],
}

impl Relay {
    /// An open relay that leads nowhere yet. It is there before the endpoint,
    /// because the endpoint tells phones this address as its own.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn new() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (shape, watching) = watch::channel(Shape::default());
        let (leads_to, target) = watch::channel(None);
        let (cuts, cut) = watch::channel(0_u64);
        let cuts = Arc::new(cuts);
        let traffic = Arc::new(Traffic::default());
        let air = Arc::new(Air::new(Arc::clone(&traffic)));
        let cutting = tokio::spawn(cut_now_and_then(watching.clone(), Arc::clone(&cuts)));
        let accepting = tokio::spawn(async move {
            while let Ok((phone, _)) = listener.accept().await {
                let endpoint = *target.borrow();
                tokio::spawn(pass(
                    phone,
                    endpoint,
                    watching.clone(),
                    cut.clone(),
                    Arc::clone(&air),
                ));
            }
        });
        Ok(Self {
            address,
            leads_to,
            shape,
            cuts,
            traffic,
            tasks: [cutting, accepting],
        })
    }

    /// Leads to this endpoint from now on.
    pub fn lead_to(&self, endpoint: SocketAddr) {
        self.leads_to.send_replace(Some(endpoint));
    }

    /// The address that phones are given.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    #[must_use]
    pub fn socket(&self) -> SocketAddr {
        self.address
    }

    /// Treats everything this way from now on; connections of another mode end.
    pub fn shape(&self, shape: Shape) {
        self.shape.send_replace(shape);
    }

    /// What has passed so far.
    #[must_use]
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// Ends every connection there is; new ones are welcome.
    pub fn hang_up(&self) {
        self.cuts.send_modify(|count| *count += 1);
    }

    /// No signal from now on.
    pub fn cut(&self) {
        self.shape.send_modify(|shape| shape.mode = Mode::Closed);
    }

    /// The signal is back.
    pub fn restore(&self) {
        self.shape.send_modify(|shape| shape.mode = Mode::Open);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Counts the cuts up, each of which ends all connections there are.
async fn cut_now_and_then(mut shape: watch::Receiver<Shape>, cuts: Arc<watch::Sender<u64>>) {
    loop {
        let every = shape.borrow_and_update().cut_every;
        let wait = async {
            match every {
                Some(every) => tokio::time::sleep(every).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = wait => cuts.send_modify(|count| *count += 1),
            changed = shape.changed() => {
                if changed.is_err() {
                    return;
                }
            }
        }
    }
}
