//! Something on the way that answers in the endpoint's place: a log-in page, a
//! proxy, a worn-out server.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Longest head of a request that is read, in bytes.
const HEAD_MAX_BYTES: usize = 64 * 1024;

/// Answers every request with the same words.
pub struct Portal {
    address: SocketAddr,
    asked: Arc<AtomicU32>,
    task: tokio::task::JoinHandle<()>,
}

impl Portal {
    /// One that answers with this status line's rest, content type and body.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn new(status: &str, content_type: &str, body: &str) -> Result<Self> {
        let words = format!(
            "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\
             location: http://login.invalid/\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let asked = Arc::new(AtomicU32::new(0));
        let counter = Arc::clone(&asked);
        let task = tokio::spawn(async move {
            while let Ok((phone, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(answer(phone, words.clone()));
            }
        });
        Ok(Self {
            address,
            asked,
            task,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How often it was asked.
    #[must_use]
    pub fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Reads the whole question first, as a server does.
async fn answer(mut phone: TcpStream, words: String) {
    let mut heard = Vec::new();
    let mut piece = vec![0_u8; 16 * 1024];
    let mut left = usize::MAX;
    while left > 0 && heard.len() <= HEAD_MAX_BYTES {
        let Ok(count @ 1..) = phone.read(&mut piece).await else {
            return;
        };
        if left == usize::MAX {
            heard.extend_from_slice(&piece[..count]);
            let Some(end) = heard.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let head = String::from_utf8_lossy(&heard[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .and_then(|text| text.trim().parse::<usize>().ok());
            left = (length.unwrap_or(0) + end + 4).saturating_sub(heard.len());
        } else {
            left = left.saturating_sub(count);
        }
    }
    // A phone that hung up does not want the answer.
    let _ = phone.write_all(words.as_bytes()).await;
    let _ = phone.shutdown().await;
}
