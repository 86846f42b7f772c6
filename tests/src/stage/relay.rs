//! A connection that can be cut: what stands between a phone and the endpoint.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Result;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Passes bytes between its own address and the endpoint's while it is open.
/// Cut, it closes every connection and closes new ones as they come.
pub struct Relay {
    address: SocketAddr,
    leads_to: watch::Sender<Option<SocketAddr>>,
    is_open: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
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
        let (is_open, watching) = watch::channel(true);
        let (leads_to, target) = watch::channel(None);
        let task = tokio::spawn(async move {
            while let Ok((phone, _)) = listener.accept().await {
                let endpoint = *target.borrow();
                if let Some(endpoint) = endpoint.filter(|_| *watching.borrow()) {
                    tokio::spawn(pass(phone, endpoint, watching.clone()));
                }
            }
        });
        Ok(Self {
            address,
            leads_to,
            is_open,
            task,
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

    /// No signal from now on.
    pub fn cut(&self) {
        self.is_open.send_replace(false);
    }

    /// The signal is back.
    pub fn restore(&self) {
        self.is_open.send_replace(true);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(mut phone: TcpStream, endpoint: SocketAddr, mut watching: watch::Receiver<bool>) {
    let Ok(mut server) = TcpStream::connect(endpoint).await else {
        return;
    };
    // Whatever ends it, an error included, both sides are closed by the drop.
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut phone, &mut server) => {}
        _ = watching.wait_for(|is_open| !is_open) => {}
    }
}
