//! One connection through a relay.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::air::{Air, Way};
use super::{Mode, Portal, Shape};

/// Bytes that go through the air at once: a tenth of a second at 20 kbit/s.
const PIECE_BYTES: usize = 256;

/// Pieces that are in the air at the same time, at most.
const IN_AIR_MAX: usize = 256;

/// Bytes that go at once when the air is free.
const FREE_PIECE_BYTES: usize = 16 * 1024;

/// Treats one connection as the shape says, until it ends.
pub(super) async fn pass(
    phone: TcpStream,
    endpoint: Option<SocketAddr>,
    mut shape: watch::Receiver<Shape>,
    mut cuts: watch::Receiver<u64>,
    air: Arc<Air>,
) {
    let now = *shape.borrow_and_update();
    cuts.borrow_and_update();
    let treated = treat(phone, endpoint, now, &air);
    // Whatever ends it, an error included, both sides are closed by the drop.
    tokio::select! {
        _ = treated => {}
        _ = cuts.changed() => {}
        _ = shape.wait_for(|shape| shape.mode != now.mode) => {}
    }
}

async fn treat(
    mut phone: TcpStream,
    endpoint: Option<SocketAddr>,
    shape: Shape,
    air: &Air,
) -> io::Result<()> {
    match shape.mode {
        Mode::Closed => Ok(()),
        Mode::Reset => {
            let mut first = [0; 1];
            phone.read_exact(&mut first).await?;
            // Now the drop tells the phone by a reset instead of an end.
            phone.set_zero_linger()
        }
        Mode::Silent => std::future::pending().await,
        Mode::Portal(portal) => answer(&mut phone, portal).await,
        Mode::Open => {
            let Some(endpoint) = endpoint else {
                return Ok(());
            };
            let mut server = TcpStream::connect(endpoint).await?;
            server.set_nodelay(true)?;
            phone.set_nodelay(true)?;
            let (from_phone, to_phone) = phone.split();
            let (from_server, to_server) = server.split();
            let up = Stretch {
                way: Way::Up,
                cut_after: shape.cut_after_up_bytes,
            };
            let down = Stretch {
                way: Way::Down,
                cut_after: shape.cut_after_down_bytes,
            };
            // Either side's end is the end: keep-alive has no half-closed state.
            tokio::select! {
                ended = carry(from_phone, to_server, up, shape, air) => ended,
                ended = carry(from_server, to_phone, down, shape, air) => ended,
            }
        }
    }
}

/// One way of a connection.
struct Stretch {
    way: Way,
    cut_after: Option<u64>,
}

/// A piece that is in the air, and when it arrives.
type InAir = (Vec<u8>, Instant);

async fn carry(
    from: impl AsyncRead + Unpin,
    to: impl AsyncWrite + Unpin,
    stretch: Stretch,
    shape: Shape,
    air: &Air,
) -> io::Result<()> {
    let (sent, arriving) = mpsc::channel(IN_AIR_MAX);
    // The far end is reached by what is in the air also after the near one ended.
    let (sending, arrival) = tokio::join!(
        send(from, sent, stretch.cut_after, shape, air),
        arrive(to, arriving, stretch.way, air)
    );
    sending.and(arrival)
}

async fn send(
    mut from: impl AsyncRead + Unpin,
    sent: mpsc::Sender<InAir>,
    cut_after: Option<u64>,
    shape: Shape,
    air: &Air,
) -> io::Result<()> {
    let mut left = cut_after.unwrap_or(u64::MAX);
    let most = if shape.bytes_per_s.is_some() {
        PIECE_BYTES
    } else {
        FREE_PIECE_BYTES
    };
    while left > 0 {
        let room = most.min(usize::try_from(left).unwrap_or(most));
        let mut piece = vec![0; room];
        let size = from.read(&mut piece).await?;
        if size == 0 {
            return Ok(());
        }
        piece.truncate(size);
        let through_at = air.carry(size as u64, shape.bytes_per_s).await;
        if sent.send((piece, through_at + shape.delay)).await.is_err() {
            return Ok(());
        }
        left -= size as u64;
    }
    Ok(())
}

async fn arrive(
    mut to: impl AsyncWrite + Unpin,
    mut arriving: mpsc::Receiver<InAir>,
    way: Way,
    air: &Air,
) -> io::Result<()> {
    while let Some((piece, arrives_at)) = arriving.recv().await {
        tokio::time::sleep_until(arrives_at).await;
        air.count(way, piece.len() as u64);
        to.write_all(&piece).await?;
    }
    Ok(())
}

async fn answer(phone: &mut TcpStream, portal: Portal) -> io::Result<()> {
    const PAGE: &str = "<!doctype html><title>Masuk</title><p>Silakan masuk ke jaringan.</p>";
    let mut asked = [0; FREE_PIECE_BYTES];
    let (status, kind, body) = match portal {
        Portal::Page => ("200 OK", "text/html", PAGE),
        Portal::Redirect => (
            "302 Found\r\nLocation: http://masuk.example/",
            "text/html",
            PAGE,
        ),
        Portal::Required => ("511 Network Authentication Required", "text/html", PAGE),
        Portal::HalfJson => (
            "200 OK",
            "application/json",
            "{\"results\":[{\"rev_id\":\"00",
        ),
    };
    let length = body.len();
    while phone.read(&mut asked).await? > 0 {
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{body}"
        );
        phone.write_all(answer.as_bytes()).await?;
        phone.shutdown().await?;
    }
    Ok(())
}
