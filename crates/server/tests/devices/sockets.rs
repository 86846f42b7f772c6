//! Stories that need a real connection: one that hangs, one that breaks, and
//! an endpoint that stops.

use protocol::enrol::EnrolAnswer;
use server::clock::Clock;
use server::{Config, Running};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::world::{AFTERNOON, Phone, Photo, TPS, claim, config, moment_ms, new_key, seed_village};

struct Endpoint {
    running: Running,
    _folder: tempfile::TempDir,
}

async fn start() -> Endpoint {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::standing_at(moment_ms(AFTERNOON));
    let config: Config = config(&folder, &clock).await;
    let running = server::start(config).await.unwrap();
    seed_village(&running.app()).await;
    Endpoint {
        running,
        _folder: folder,
    }
}

impl Endpoint {
    /// A phone, and the head of a request of it.
    async fn phone(&self) -> Phone {
        let app = self.running.app();
        let wanted = server::enrol::code::NewDevice {
            tps: TPS.parse().unwrap(),
            witness: "Siti".to_owned(),
            role: protocol::pack::WitnessRole::Inside,
            valid_ms: 60_000,
        };
        let key = app.key.clone();
        let code = app
            .writer
            .run(move |tx| {
                Box::pin(
                    async move { server::enrol::code::make_code(tx, &key, None, wanted).await },
                )
            })
            .await
            .unwrap();
        let secret = new_key();
        let body = claim(&code, &secret).to_string();
        let request = format!(
            "POST /v1/enrol HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = self.open(request.as_bytes()).await;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let answer: EnrolAnswer = serde_json::from_str(body).unwrap();
        Phone {
            router: server::http::router(app),
            server_key: protocol::PublicKey::from_base64(&answer.server_key).unwrap(),
            id: answer.device_id,
            token: answer.token,
            secret,
        }
    }

    async fn open(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.running.addr).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream
    }

    /// A connection on which a photo has been sent as far as `sent`.
    async fn sending(&self, phone: &Phone, photo: &Photo, sent: usize) -> TcpStream {
        let head = format!(
            "PATCH /v1/photos/{} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
             content-type: application/offset+octet-stream\r\nupload-offset: 0\r\n\
             upload-length: {}\r\ncontent-length: {}\r\n\r\n",
            photo.sha256,
            phone.token,
            photo.len(),
            photo.len()
        );
        let bytes = [head.as_bytes(), &photo.bytes[..sent]].concat();
        self.open(&bytes).await
    }
}

/// Waits until so much of the photo is here.
async fn arrived(phone: &Phone, photo: &Photo, bytes: u64) {
    while phone.head(&photo.sha256).await.map(|(offset, _)| offset) != Some(bytes) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_new_request_ends_an_older_one_that_hangs_and_goes_on_from_there() {
    let endpoint = start().await;
    let phone = endpoint.phone().await;
    let photo = Photo::new(1, 900_000);
    phone.announce(TPS, 1, &[&photo]).await;
    let mut hanging = endpoint.sending(&phone, &photo, 600_000).await;
    arrived(&phone, &photo, 600_000).await;
    let whole = phone
        .patch(&photo.sha256, 600_000, 900_000, &photo.bytes[600_000..])
        .await;
    phone.photo_receipt(&whole, &photo.sha256);
    let mut answer = [0_u8; 12];
    hanging.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 409");
    endpoint.running.stop().await;
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_what_it_brought() {
    let endpoint = start().await;
    let phone = endpoint.phone().await;
    let photo = Photo::new(1, 900_000);
    phone.announce(TPS, 1, &[&photo]).await;
    let breaking = endpoint.sending(&phone, &photo, 123_456).await;
    arrived(&phone, &photo, 123_456).await;
    drop(breaking);
    let rest = phone
        .patch(&photo.sha256, 123_456, 900_000, &photo.bytes[123_456..])
        .await;
    phone.photo_receipt(&rest, &photo.sha256);
    endpoint.running.stop().await;
}

#[tokio::test]
async fn stopping_finishes_what_was_accepted_and_takes_nothing_more() {
    let endpoint = start().await;
    let phone = endpoint.phone().await;
    let photo = Photo::new(1, 900_000);
    phone.announce(TPS, 1, &[&photo]).await;
    let mut sending = endpoint.sending(&phone, &photo, 600_000).await;
    arrived(&phone, &photo, 600_000).await;
    let address = endpoint.running.addr;
    let stopping = endpoint.running.app().stopping.clone();
    let stopped = tokio::spawn(endpoint.running.stop());
    stopping.cancelled().await;
    sending.write_all(&photo.bytes[600_000..]).await.unwrap();
    let mut answer = String::new();
    sending.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("receipt"));
    stopped.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn noise_on_the_socket_is_answered_or_closed_and_harms_nobody() {
    let endpoint = start().await;
    let long = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "y".repeat(200_000));
    for noise in [
        &b"\x16\x03\x01\x02\x00 tls hello"[..],
        b"GET / HTTP/1.1\r\ncontent-length: x\r\n\r\n",
        b"\0\0\0\0",
        long.as_bytes(),
    ] {
        let mut stream = TcpStream::connect(endpoint.running.addr).await.unwrap();
        // The other side may hang up in the middle of it.
        let _ = stream.write_all(noise).await;
        let _ = stream.shutdown().await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        assert!(
            answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"),
            "{answer:?}"
        );
    }
    let phone = endpoint.phone().await;
    phone.report(&phone.revision(TPS, 1, [1, 2])).await;
    endpoint.running.stop().await;
}
