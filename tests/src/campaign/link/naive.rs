//! The usual way, for comparison: the whole photo in one request, and after a
//! cut again from its first byte.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::stage::relay::{Relay, Shape};

/// Tries before a witness would have given up.
const TRIES_MAX: u32 = 8;

/// Pause between two tries.
const PAUSE: Duration = Duration::from_secs(1);

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Naive {
    /// Whether it arrived.
    pub is_received: bool,
    /// Requests that were begun.
    pub tries: u32,
    /// Everything that passed the link, both ways.
    pub wire_bytes: u64,
}

/// Sends a photo of so many bytes over such a link, from the start each time.
///
/// # Errors
/// When there is no port; a photo that does not arrive is an outcome.
pub async fn send_from_the_start(shape: Shape, photo_bytes: u64) -> Result<Naive> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let relay = Relay::new().await?;
    relay.lead_to(listener.local_addr()?);
    relay.shape(shape);
    let server = tokio::spawn(take_whole_photos(listener));
    let photo = vec![0x5A; usize::try_from(photo_bytes)?];
    let mut tries = 0;
    let mut is_received = false;
    while !is_received && tries < TRIES_MAX {
        tries += 1;
        is_received = post(relay.socket(), &photo).await.unwrap_or(false);
        if !is_received {
            tokio::time::sleep(PAUSE).await;
        }
    }
    server.abort();
    Ok(Naive {
        is_received,
        tries,
        wire_bytes: relay.traffic().bytes(),
    })
}

async fn post(to: SocketAddr, photo: &[u8]) -> Result<bool> {
    let mut stream = TcpStream::connect(to).await?;
    let head = format!(
        "POST /photo HTTP/1.1\r\nHost: {to}\r\nContent-Length: {}\r\n\r\n",
        photo.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(photo).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer.starts_with("HTTP/1.1 200"))
}

/// A server that keeps nothing of what did not come whole.
async fn take_whole_photos(listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(async move {
            // A caller that is cut off is what this is about.
            let _ = take_one(stream).await;
        });
    }
}

async fn take_one(stream: TcpStream) -> Result<()> {
    let mut stream = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.trim().parse()?;
        }
        if line == "\r\n" || line.is_empty() {
            break;
        }
    }
    let mut photo = vec![0; length];
    stream.read_exact(&mut photo).await?;
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    stream.write_all(answer).await?;
    Ok(())
}
