//! The real transport against real sockets: what is believed, what is not, and
//! what each way of failing is called.
//!
//! `tls/` holds a root, and a certificate of it for `localhost`, valid from
//! November 2026 to 2126, with the key that a test server needs. They were made
//! for these tests and protect nothing.
#![expect(
    clippy::unwrap_used,
    reason = "test code outside of test functions; a failure here is a failed test"
)]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

use protocol::Timestamp;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use sync::{
    Address, Answer, Cleartext, Clock, Http, Method, Request, Timeouts, Transport as _, Trouble,
    Trust,
};

const ROOT: &[u8] = include_bytes!("tls/root.pem");
const CERTIFICATE: &[u8] = include_bytes!("tls/localhost.pem");
const KEY: &[u8] = include_bytes!("tls/localhost.key");
const HELLO: &str = "HTTP/1.1 200 x\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}";

struct At(&'static str);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0.parse().unwrap()
    }
    fn monotonic_ms(&self) -> u64 {
        0
    }
    fn boot(&self) -> String {
        String::new()
    }
}

fn http(trust: &Trust, now: &'static str) -> Http {
    let timeouts = Timeouts {
        connect_ms: 1_000,
        silence_ms: 300,
        slowest_bytes_per_s: u64::MAX,
    };
    Http::new(trust, timeouts, Arc::new(At(now))).unwrap()
}

fn own_root() -> Trust {
    Trust {
        extra_roots_pem: ROOT.to_vec(),
    }
}

/// A server that does `serve` with every connection.
fn server(serve: impl Fn(TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || listener.incoming().flatten().for_each(serve));
    address
}

/// A server that answers everything with `answer`, without TLS.
fn plain(answer: Vec<u8>) -> SocketAddr {
    server(move |mut stream| {
        let mut asked = [0_u8; 4_096];
        let _ = stream.read(&mut asked);
        let _ = stream.write_all(&answer);
    })
}

/// The same over TLS, as `localhost`.
fn secure() -> SocketAddr {
    let chain = vec![CertificateDer::from_pem_slice(CERTIFICATE).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let config = Arc::new(config);
    server(move |stream| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        let mut asked = [0_u8; 4_096];
        // A caller that does not believe the certificate hangs up here.
        if stream.read(&mut asked).is_ok() {
            let _ = stream.write_all(HELLO.as_bytes());
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    })
}

async fn ask(http: &Http, address: &str) -> Result<Answer, Trouble> {
    let address = Address::parse(address, Cleartext::ThisMachine).unwrap();
    let asked = http
        .send(&address, Request::new(Method::Get, "/v1/pack"))
        .await;
    asked.map_err(|report| report.trouble)
}

#[tokio::test]
async fn a_certificate_of_a_known_root_is_believed() {
    let address = format!("https://localhost:{}", secure().port());
    let answer = ask(&http(&own_root(), "2027-02-17T00:00:00.000Z"), &address).await;
    assert_eq!(answer.unwrap().body, "{}");
}

#[tokio::test]
async fn a_clock_that_is_years_off_is_called_that() {
    let address = format!("https://localhost:{}", secure().port());
    for years_off in ["2016-11-27T00:00:00.000Z", "2226-11-27T00:00:00.000Z"] {
        let asked = ask(&http(&own_root(), years_off), &address).await;
        assert_eq!(asked.unwrap_err(), Trouble::WrongClock, "{years_off}");
    }
}

#[tokio::test]
async fn a_certificate_that_proves_nothing_is_not_believed() {
    let now = "2027-02-17T00:00:00.000Z";
    let port = secure().port();
    let unknown = ask(
        &http(&Trust::default(), now),
        &format!("https://localhost:{port}"),
    )
    .await;
    assert_eq!(unknown.unwrap_err(), Trouble::InsecureConnection);
    let other_name = ask(
        &http(&own_root(), now),
        &format!("https://127.0.0.1:{port}"),
    )
    .await;
    assert_eq!(other_name.unwrap_err(), Trouble::InsecureConnection);
    let no_tls = plain(HELLO.into()).port();
    let asked = ask(
        &http(&own_root(), now),
        &format!("https://localhost:{no_tls}"),
    )
    .await;
    assert_eq!(asked.unwrap_err(), Trouble::InsecureConnection);
}

#[test]
fn roots_that_are_none_are_refused_at_once() {
    let trust = Trust {
        extra_roots_pem: b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec(),
    };
    let clock = Arc::new(At("2027-02-17T00:00:00.000Z"));
    assert!(Http::new(&trust, Timeouts::default(), clock).is_err());
}

#[tokio::test]
async fn every_broken_answer_has_a_name() {
    let http = http(&Trust::default(), "2024-11-27T00:00:00.000Z");
    let whole = "HTTP/1.1 200 x\r\ncontent-length: 100\r\n\r\n";
    for (answer, expected) in [
        ("", Trouble::NoAnswer),
        ("HTTP/1.1 200", Trouble::NoAnswer),
        (whole, Trouble::NoAnswer),
        ("SSH-2.0-OpenSSH_9.2\r\n\r\n", Trouble::NoAnswer),
    ] {
        let asked = ask(&http, &plain(answer.into()).to_string()).await;
        assert_eq!(asked.unwrap_err(), expected, "{answer:?}");
    }
    let silent = server(|stream| {
        // Held open by a thread that waits for the caller to give up.
        std::thread::spawn(move || {
            let mut stream = stream;
            let mut part = [0_u8; 1_024];
            while matches!(stream.read(&mut part), Ok(read) if read > 0) {}
        });
    });
    assert_eq!(
        ask(&http, &silent.to_string()).await.unwrap_err(),
        Trouble::NoAnswer
    );
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    assert_eq!(
        ask(&http, &closed.to_string()).await.unwrap_err(),
        Trouble::NoConnection
    );
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let followed = server(|_| panic!("followed"));
    let answer =
        format!("HTTP/1.1 302 x\r\nlocation: http://{followed}/\r\ncontent-length: 0\r\n\r\n");
    let http = http(&Trust::default(), "2024-11-27T00:00:00.000Z");
    let answer = ask(&http, &plain(answer.into()).to_string()).await.unwrap();
    assert_eq!(answer.status, 302);
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let http = http(&Trust::default(), "2024-11-27T00:00:00.000Z");
    let endless = server(|mut stream| {
        // An answer before the question is a broken connection, not an answer.
        let mut asked = [0_u8; 4_096];
        let _ = stream.read(&mut asked);
        let _ = stream.write_all(b"HTTP/1.1 200 x\r\n\r\n");
        while stream.write_all(&[b'x'; 65_536]).is_ok() {}
    });
    let asked = ask(&http, &endless.to_string()).await;
    assert_eq!(asked.unwrap_err(), Trouble::CaptivePortal);
}
