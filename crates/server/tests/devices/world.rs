//! A small endpoint whose clock stands still, and phones that send to it.
//!
//! On SQLite; or, when `SAKSI_TEST_POSTGRES` names a server, on a database of
//! its own there for each story.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use domain::Counts;
use domain::rollup::Tally;
use protocol::enrol::{EnrolAnswer, EnrolRequest};
use protocol::envelope::REVISION_TYPE;
use protocol::pack::WitnessRole;
use protocol::revision::{PhotoKind, PhotoRef, PhotoSource, RevisionResult, RevisionsAnswer};
use protocol::{EnrolCode, Envelope, Receipt, ReceiptKind, Revision, SecretKey, Timestamp};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use server::app::{AppState, Tasks};
use server::clock::Clock;
use server::enrol::code::{NewDevice, make_code};
use server::seed;
use server::storage::StorageError;
use server::{App, Config};
use tower::ServiceExt as _;

pub(crate) const ELECTION: &str = "kaltim-2024";
/// A polling station in Samarinda, and its neighbour.
pub(crate) const TPS: &str = "6472011001001";
pub(crate) const TPS_2: &str = "6472011001002";
/// When the stories play: the afternoon of polling day.
pub(crate) const AFTERNOON: &str = "2024-11-27T07:00:00.000Z";
/// An hour, in milliseconds.
pub(crate) const HOUR_MS: i64 = 3_600_000;
const ANSWER_MAX_BYTES: usize = 64 * 1024 * 1024;

pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) clock: Clock,
    pub(crate) app: AppState,
    pub(crate) tasks: Tasks,
}

pub(crate) fn moment_ms(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().unix_ms()
}

/// A configuration whose data are in `folder` (and on PostgreSQL, if named).
pub(crate) async fn config(folder: &tempfile::TempDir, clock: &Clock) -> Config {
    Config {
        clock: clock.clone(),
        database_url: new_database().await,
        ..Config::embedded(folder.path().join("data"))
    }
}

async fn new_database() -> Option<String> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let server = std::env::var("SAKSI_TEST_POSTGRES").ok()?;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("devices_{}_{number}", std::process::id());
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(&server).await.unwrap();
    let create = format!("CREATE DATABASE {name}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(create))
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    let (address, _) = server.rsplit_once('/').unwrap();
    Some(format!("{address}/{name}"))
}

/// Seeds the village of the stories.
pub(crate) async fn seed_village(app: &AppState) {
    let mut sample = sample::kaltim().unwrap();
    sample.tps.retain(|tps| {
        let code = tps.code.as_str();
        &code[..10] == "6472011001" && &code[10..] <= "020"
    });
    app.writer
        .run::<_, StorageError, _>(move |tx| {
            Box::pin(async move { seed::seed(tx, sample.into(), |_, _| ()).await })
        })
        .await
        .unwrap();
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::standing_at(moment_ms(AFTERNOON));
        let mut config = config(&folder, &clock).await;
        config.public_urls = vec!["https://hitung.example".to_owned()];
        change(&mut config);
        let (app, tasks) = App::open(config).await.unwrap();
        seed_village(&app).await;
        Self {
            folder,
            clock,
            app,
            tasks,
        }
    }

    /// Stops it and starts it again on the same data.
    pub(crate) async fn restart(self) -> Self {
        let config = self.app.config.clone();
        self.tasks.finish(self.app).await;
        let (app, tasks) = App::open(config).await.unwrap();
        Self { app, tasks, ..self }
    }

    pub(crate) fn pass_ms(&self, ms: i64) {
        self.clock.set(self.clock.now_ms() + ms);
    }

    pub(crate) async fn code(&self, tps: &str, witness: &str) -> EnrolCode {
        let wanted = NewDevice {
            tps: tps.parse().unwrap(),
            witness: witness.to_owned(),
            role: WitnessRole::Inside,
            valid_ms: 24 * HOUR_MS,
        };
        let key = self.app.key.clone();
        self.app
            .writer
            .run(move |tx| Box::pin(async move { make_code(tx, &key, None, wanted).await }))
            .await
            .unwrap()
    }

    pub(crate) fn router(&self) -> Router {
        server::http::router(self.app.clone())
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_from("203.0.113.7", path, body).await
    }

    /// As [`World::post`], from this address (when proxies are trusted).
    pub(crate) async fn post_from(&self, caller: &str, path: &str, body: &Value) -> Answer {
        let request = Request::post(path)
            .header("content-type", "application/json")
            .header("x-forwarded-for", caller)
            .body(Body::from(body.to_string()))
            .unwrap();
        send(self.router(), request).await
    }

    /// A phone of `witness` at `tps`, just enrolled.
    pub(crate) async fn enrol(&self, tps: &str, witness: &str) -> Phone {
        let code = self.code(tps, witness).await;
        let secret = new_key();
        let body = claim(&code, &secret);
        let answer: EnrolAnswer = self.post("/v1/enrol", &body).await.json(201);
        Phone {
            router: self.router(),
            server_key: protocol::PublicKey::from_base64(&answer.server_key).unwrap(),
            id: answer.device_id,
            token: answer.token,
            secret,
        }
    }

    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(self.app.storage.reading())
            .await
            .unwrap()
    }

    /// A total of the village's district: `kind` with `field`, or without one.
    pub(crate) async fn total(&self, kind: &'static str, field: &'static str) -> i64 {
        let tally: String =
            sqlx::query_scalar("SELECT tally FROM totals WHERE key = 'kaltim-2024/gub/647201'")
                .fetch_one(self.app.storage.reading())
                .await
                .unwrap();
        let tally: Tally = serde_json::from_str(&tally).unwrap();
        let range = tally.contested.get(field).copied().unwrap_or_default();
        let total = match kind {
            "received_slots" => tally.received_slots,
            "conflict_slots" => tally.conflict_slots,
            "received" => tally.received.get(field).copied().unwrap_or_default(),
            "low" => range.0,
            "high" => range.1,
            other => panic!("no total of the kind {other}"),
        };
        i64::try_from(total).unwrap()
    }

    /// State and marks of a slot of the governor's contest.
    pub(crate) async fn state(&self, tps: &str) -> (String, String) {
        sqlx::query_as("SELECT state, marks FROM slots WHERE slot = $1")
            .bind(format!("{ELECTION}/{tps}/gub"))
            .fetch_one(self.app.storage.reading())
            .await
            .unwrap()
    }
}

/// A new key, another one each time.
pub(crate) fn new_key() -> SecretKey {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut seed = [7_u8; 32];
    seed[..8].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    SecretKey::from_seed(&seed)
}

/// The body that claims a code for a key.
pub(crate) fn claim(code: &EnrolCode, secret: &SecretKey) -> Value {
    let request = EnrolRequest {
        code: code.to_string(),
        public_key: secret.public().to_string(),
        proof: code.prove(secret),
        device: protocol::enrol::DeviceInfo {
            model: "Redmi 9A".to_owned(),
            os: "Android 10".to_owned(),
            app: "0.1.0".to_owned(),
        },
    };
    serde_json::to_value(request).unwrap()
}

pub(crate) async fn send(router: Router, request: Request<Body>) -> Answer {
    let response = router.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: to_bytes(body, ANSWER_MAX_BYTES).await.unwrap(),
    }
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    #[track_caller]
    pub(crate) fn json<T: DeserializeOwned>(&self, status: u16) -> T {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status.as_u16(), status, "{text}");
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Status and code of a problem, which has the problem's content type.
    #[track_caller]
    pub(crate) fn problem(&self) -> (u16, String) {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{text}"
        );
        let body: Value = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(body["status"], self.status.as_u16());
        let code = body["code"].as_str().unwrap().to_owned();
        (self.status.as_u16(), code)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    /// The `Upload-Offset` header.
    pub(crate) fn offset(&self) -> u64 {
        self.header("upload-offset").parse().unwrap()
    }
}

pub(crate) struct Phone {
    pub(crate) router: Router,
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) secret: SecretKey,
    pub(crate) server_key: protocol::PublicKey,
}

impl Phone {
    /// A revision of the governor's contest with these votes.
    pub(crate) fn revision(&self, tps: &str, seq: u64, votes: [u32; 2]) -> Revision {
        Revision {
            v: 1,
            election: ELECTION.to_owned(),
            tps: tps.parse().unwrap(),
            contest: "gub".to_owned(),
            device: self.id.clone(),
            seq,
            prev: None,
            counts: counts(votes),
            form_tps: Some(tps[10..].to_owned()),
            photos: Vec::new(),
            flags: Vec::new(),
            note: String::new(),
            recorded_at: AFTERNOON.parse().unwrap(),
            clock: None,
            location: None,
            app: "0.1.0".to_owned(),
            desk: None,
        }
    }

    pub(crate) fn seal(&self, revision: &Revision) -> Value {
        self.seal_bytes(&serde_json::to_vec(revision).unwrap())
    }

    pub(crate) fn seal_bytes(&self, payload: &[u8]) -> Value {
        let envelope = Envelope::seal(REVISION_TYPE, payload, &self.id, &self.secret);
        serde_json::to_value(envelope).unwrap()
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))
            .unwrap();
        send(self.router.clone(), request).await
    }

    pub(crate) async fn send_envelopes(&self, envelopes: &[Value]) -> Vec<RevisionResult> {
        let body = json!({ "envelopes": envelopes });
        let answer = self.call(Method::POST, "/v1/revisions", Some(&body)).await;
        answer.json::<RevisionsAnswer>(200).results
    }

    /// Sends one envelope: status and problem code, if any.
    pub(crate) async fn try_send(&self, envelope: &Value) -> (String, String) {
        let results = self.send_envelopes(std::slice::from_ref(envelope)).await;
        let result = serde_json::to_value(&results[0]).unwrap();
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (word(&result["status"]), word(&result["problem"]["code"]))
    }

    /// Sends a revision that must be taken in, checks its receipt, and returns
    /// its id.
    pub(crate) async fn report(&self, revision: &Revision) -> String {
        let results = self.send_envelopes(&[self.seal(revision)]).await;
        let result = &results[0];
        let receipt = result.receipt.as_ref().expect("a receipt");
        Receipt::open(
            receipt,
            &self.server_key,
            ReceiptKind::Revision,
            &result.rev_id,
            &self.id,
        )
        .unwrap();
        result.rev_id.clone()
    }

    /// Sends a piece of a photo.
    pub(crate) async fn patch(
        &self,
        sha256: &str,
        offset: usize,
        length: usize,
        piece: &[u8],
    ) -> Answer {
        let request = Request::patch(format!("/v1/photos/{sha256}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", protocol::photo::PIECE_TYPE)
            .header("upload-offset", offset.to_string())
            .header("upload-length", length.to_string())
            .body(Body::from(piece.to_vec()))
            .unwrap();
        send(self.router.clone(), request).await
    }

    /// Offset and length that `HEAD` tells; `None` for 404.
    pub(crate) async fn head(&self, sha256: &str) -> Option<(u64, u64)> {
        let path = format!("/v1/photos/{sha256}");
        let answer = self.call(Method::HEAD, &path, None).await;
        if answer.status == StatusCode::NOT_FOUND {
            return None;
        }
        assert_eq!(answer.status, StatusCode::OK);
        let length = answer.header("upload-length").parse().unwrap();
        Some((answer.offset(), length))
    }

    /// Announces these photos as pages of one revision.
    pub(crate) async fn announce(&self, tps: &str, seq: u64, photos: &[&Photo]) {
        let mut revision = self.revision(tps, seq, [10, 20]);
        revision.photos = photos.iter().map(|photo| photo.reference()).collect();
        self.report(&revision).await;
    }

    /// Checks a photo's receipt out of an answer.
    #[track_caller]
    pub(crate) fn photo_receipt(&self, answer: &Answer, sha256: &str) -> Receipt {
        let body: protocol::photo::PhotoAnswer = answer.json(200);
        let key = &self.server_key;
        Receipt::open(&body.receipt, key, ReceiptKind::Photo, sha256, &self.id).unwrap()
    }
}

/// Figures with these votes, and what follows from them.
pub(crate) fn counts(votes: [u32; 2]) -> Counts {
    let sum: u32 = votes.iter().sum();
    [
        ("votes.1", votes[0]),
        ("votes.2", votes[1]),
        ("valid", sum),
        ("invalid", 3),
        ("total", sum + 3),
    ]
    .map(|(id, value)| (id.to_owned(), value))
    .into()
}

/// A made-up photo.
pub(crate) struct Photo {
    pub(crate) bytes: Vec<u8>,
    pub(crate) sha256: String,
}

impl Photo {
    /// A JPEG of about `size_bytes`, different for every `shade`.
    pub(crate) fn new(shade: u8, size_bytes: usize) -> Self {
        let image = hex::decode(GREY_JPEG).unwrap();
        let (start, rest) = image.split_at(2);
        let mut bytes = [start, &[0xff, 0xfe, 0x00, 0x03, shade], rest].concat();
        // Behind a picture's end phones put all kinds of things.
        bytes.resize(size_bytes.max(bytes.len()), shade);
        Self::of(bytes)
    }

    /// These bytes, whatever they are.
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        Self {
            sha256: protocol::encoding::sha256_hex(&bytes),
            bytes,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn reference(&self) -> PhotoRef {
        PhotoRef {
            kind: PhotoKind::Form,
            page: Some(2),
            sha256: self.sha256.clone(),
            size_bytes: self.bytes.len() as u64,
            source: PhotoSource::Camera,
            original: None,
            taken_at: None,
        }
    }
}

/// A grey rectangle of 32 × 24 pixels.
const GREY_JPEG: &str = concat!(
    "ffd8ffe000104a46494600010200000100010000ffc0000b080018002001001100ffdb004300140e0f120f0d14",
    "121012171514181e32211e1c1c1e3d2c2e243249404c4b47404645505a736250556d5645466488656d777b8182",
    "814e608d978c7d96737e817cffdb0043011517171e1a1e3b21213b7c5346537c7c7c7c7c7c7c7c7c7c7c7c7c7c",
    "7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7c7cffc4001500010100000000",
    "000000000000000000000004ffc40014100100000000000000000000000000000000ffda0008010000003f0080",
    "000007ffd9",
);
