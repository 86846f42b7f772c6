//! A small endpoint with a few polling stations, people who sign in to it, and
//! phones that send to it: over HTTP, without sockets.
//!
//! On SQLite; or, when `SAKSI_TEST_POSTGRES` names a server, on a database of
//! its own there for each story.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU8, Ordering};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use domain::{Counts, TpsCode};
use protocol::console::{Role, SlotDetail};
use protocol::enrol::{EnrolAnswer, EnrolRequest};
use protocol::envelope::REVISION_TYPE;
use protocol::pack::WitnessRole;
use protocol::revision::{PhotoKind, PhotoRef, PhotoSource, RevisionsAnswer};
use protocol::{Envelope, Revision, SecretKey, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use server::app::{AppState, Tasks};
use server::enrol::code::{NewDevice, make_code};
use server::room::password;
use server::room::users::{self, KnownUser, User};
use server::seed;
use server::storage::StorageError;
use server::{App, Config};
use tower::ServiceExt as _;

/// Election of the stories.
pub(crate) const ELECTION: &str = "kaltim-2024";
/// Two villages of Samarinda, in two districts.
pub(crate) const SAMARINDA: &str = "6472";
/// A polling station in Samarinda.
pub(crate) const TPS: &str = "6472011001001";
/// Its neighbour.
pub(crate) const TPS_2: &str = "6472011001002";
/// A polling station in Balikpapan.
pub(crate) const ELSEWHERE: &str = "6471011001001";
/// Everybody's password.
pub(crate) const PASSWORD: &str = "kata sandi contoh";
/// Largest answer that a story reads, in bytes.
const ANSWER_MAX_BYTES: usize = 64 * 1024 * 1024;

/// A running endpoint in a folder of its own.
pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) app: AppState,
    pub(crate) tasks: Tasks,
}

impl World {
    /// An endpoint with the villages of the stories, and three users: `admin`,
    /// `rani` who coordinates Samarinda, `tamu` who looks at it.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config {
            database_url: new_database().await,
            ..Config::embedded(folder.path().join("data"))
        };
        change(&mut config);
        let (app, tasks) = App::open(config).await.unwrap();
        let world = Self { folder, app, tasks };
        world.seed().await;
        world.add_user("admin", Role::Admin, None).await;
        world
            .add_user("rani", Role::Coordinator, Some(SAMARINDA))
            .await;
        world.add_user("tamu", Role::Viewer, Some(SAMARINDA)).await;
        world
    }

    async fn seed(&self) {
        let mut sample = sample::kaltim().unwrap();
        let kept = ["6472011001", "6472021001", "6471011001"];
        sample.tps.retain(|tps| {
            let code = tps.code.as_str();
            kept.contains(&&code[..10]) && &code[10..] <= "003"
        });
        self.app
            .writer
            .run::<_, StorageError, _>(move |tx| {
                Box::pin(async move { seed::seed(tx, sample.into(), |_, _| ()).await })
            })
            .await
            .unwrap();
    }

    pub(crate) async fn add_user(&self, name: &str, role: Role, region: Option<&str>) {
        let known = KnownUser {
            user: User {
                name: name.to_owned(),
                role,
                region: region.map(|code| code.parse().unwrap()),
            },
            password_hash: password_hash(),
        };
        self.app
            .writer
            .run::<_, StorageError, _>(move |tx| {
                Box::pin(async move { users::put(tx, &known).await })
            })
            .await
            .unwrap();
    }

    pub(crate) fn router(&self) -> Router {
        server::http::router(self.app.clone())
    }

    /// Somebody without a session.
    pub(crate) fn stranger(&self) -> Console {
        Console {
            router: self.router(),
            cookie: None,
        }
    }

    /// Signs `name` in.
    pub(crate) async fn sign_in(&self, name: &str) -> Console {
        let mut console = self.stranger();
        let body = json!({"user": name, "password": PASSWORD});
        let answer = console.post("/v1/session", &body).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        console.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        console
    }

    /// Enrols a phone of `witness` at `tps`.
    pub(crate) async fn enrol(&self, tps: &str, witness: &str) -> Phone {
        let wanted = NewDevice {
            tps: tps.parse().unwrap(),
            witness: witness.to_owned(),
            role: WitnessRole::Inside,
            valid_ms: 60_000,
        };
        let key = self.app.key.clone();
        let code = self
            .app
            .writer
            .run(move |tx| Box::pin(async move { make_code(tx, &key, None, wanted).await }))
            .await
            .unwrap();
        static NEXT: AtomicU8 = AtomicU8::new(1);
        let secret = SecretKey::from_seed(&[NEXT.fetch_add(1, Ordering::Relaxed); 32]);
        let request = EnrolRequest {
            code: code.to_string(),
            public_key: secret.public().to_string(),
            proof: code.prove(&secret),
            device: protocol::enrol::DeviceInfo::default(),
        };
        let answer = self.stranger().post("/v1/enrol", &request).await;
        let enrolled: EnrolAnswer = answer.json(StatusCode::CREATED);
        Phone {
            router: self.router(),
            id: enrolled.device_id,
            token: enrolled.token,
            secret,
        }
    }

    /// Stops it; the folder stays.
    pub(crate) async fn stop(self) -> tempfile::TempDir {
        self.tasks.finish(self.app).await;
        self.folder
    }
}

/// The address of a new, empty database; `None` for SQLite.
pub(crate) async fn new_database() -> Option<String> {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    let server = std::env::var("SAKSI_TEST_POSTGRES").ok()?;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("room_{}_{number}", std::process::id());
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(&server).await.unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::raw_sql(create).execute(&pool).await.unwrap();
    pool.close().await;
    let (address, _) = server.rsplit_once('/').unwrap();
    Some(format!("{address}/{name}"))
}

/// One hash for all: making one takes its time on purpose.
fn password_hash() -> String {
    static HASH: std::sync::LazyLock<String> =
        std::sync::LazyLock::new(|| password::hash(PASSWORD).unwrap());
    HASH.clone()
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The body, once the status is the one expected.
    #[track_caller]
    pub(crate) fn json<T: DeserializeOwned>(&self, status: StatusCode) -> T {
        assert_eq!(self.status, status, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The status, and the code of the problem in the body.
    pub(crate) fn problem(&self) -> (u16, String) {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let code = body["code"].as_str().unwrap_or_default().to_owned();
        (self.status.as_u16(), code)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

/// A person's browser.
#[derive(Clone)]
pub(crate) struct Console {
    pub(crate) router: Router,
    pub(crate) cookie: Option<String>,
}

impl Console {
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.open(request).await;
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, ANSWER_MAX_BYTES).await.unwrap(),
        }
    }

    /// The answer's head, with a body still to come.
    pub(crate) async fn open(&self, mut request: Request<Body>) -> axum::response::Response {
        if let Some(cookie) = &self.cookie {
            let value = cookie.parse().unwrap();
            request.headers_mut().insert(header::COOKIE, value);
        }
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    pub(crate) async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        self.post_with(path, body, &[]).await
    }

    pub(crate) async fn post_with(
        &self,
        path: &str,
        body: &impl Serialize,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("host", "hitung.example")
            .header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = serde_json::to_vec(body).unwrap();
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// The slot of `tps` and `contest`.
    pub(crate) async fn slot(&self, tps: &str, contest: &str) -> SlotDetail {
        self.get(&slot_path(tps, contest))
            .await
            .json(StatusCode::OK)
    }

    /// Rules on a slot as it was seen.
    pub(crate) async fn rule(&self, seen: &SlotDetail, ruling: Value) -> Answer {
        let path = format!("/v1/slots/{}/decisions", seen.slot);
        self.post_with(&path, &ruling, &[("if-match", &seen.etag)])
            .await
    }
}

pub(crate) fn slot_path(tps: &str, contest: &str) -> String {
    format!("/v1/slots/{ELECTION}/{tps}/{contest}")
}

/// A witness's phone.
pub(crate) struct Phone {
    pub(crate) router: Router,
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) secret: SecretKey,
}

impl Phone {
    /// A revision of the governor's contest with these votes.
    pub(crate) fn revision(&self, tps: &str, seq: u64, votes: [u32; 2]) -> Revision {
        Revision {
            v: 1,
            election: ELECTION.to_owned(),
            tps: tps.parse::<TpsCode>().unwrap(),
            contest: "gub".to_owned(),
            device: self.id.clone(),
            seq,
            prev: None,
            counts: counts(votes),
            form_tps: None,
            photos: Vec::new(),
            flags: Vec::new(),
            note: String::new(),
            recorded_at: Timestamp::from_unix_ms(1_732_700_000_000),
            clock: None,
            location: None,
            app: "0.1.0".to_owned(),
            desk: None,
        }
    }

    /// Sends a revision and returns its id and what became of it.
    pub(crate) async fn send(&self, revision: &Revision) -> (String, Value) {
        let payload = serde_json::to_vec(revision).unwrap();
        let envelope = Envelope::seal(REVISION_TYPE, &payload, &self.id, &self.secret);
        let body = json!({"envelopes": [envelope]});
        let answer = self.call(Method::POST, "/v1/revisions", Some(&body)).await;
        let answer: RevisionsAnswer = answer.json(StatusCode::OK);
        let result = &answer.results[0];
        (result.rev_id.clone(), serde_json::to_value(result).unwrap())
    }

    /// Sends votes for the governor and returns the revision's id.
    pub(crate) async fn report(&self, tps: &str, seq: u64, votes: [u32; 2]) -> String {
        let (id, result) = self.send(&self.revision(tps, seq, votes)).await;
        assert_eq!(result["status"], "stored", "{result}");
        id
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let body = body.map_or_else(Vec::new, |body| serde_json::to_vec(body).unwrap());
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .body(Body::from(body))
            .unwrap();
        self.nobody().send(request).await
    }

    /// Uploads a photo in one piece.
    pub(crate) async fn upload(&self, sha256: &str, bytes: &[u8]) -> Answer {
        let request = Request::patch(format!("/v1/photos/{sha256}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", protocol::photo::PIECE_TYPE)
            .header("upload-offset", "0")
            .header("upload-length", bytes.len().to_string())
            .body(Body::from(bytes.to_vec()))
            .unwrap();
        self.nobody().send(request).await
    }

    /// Sends a request in the phone's name.
    pub(crate) async fn send_request(&self, mut request: Request<Body>) -> Answer {
        let bearer = format!("Bearer {}", self.token).parse().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
        self.nobody().send(request).await
    }

    /// Kinds and texts of the news.
    pub(crate) async fn news(&self) -> Vec<(String, String)> {
        let answer = self.call(Method::GET, "/v1/inbox", None).await;
        let body: Value = answer.json(StatusCode::OK);
        let items = body["items"].as_array().unwrap().iter();
        items
            .map(|item| {
                (
                    item["kind"].as_str().unwrap().to_owned(),
                    item["text"].as_str().unwrap().to_owned(),
                )
            })
            .collect()
    }

    fn nobody(&self) -> Console {
        Console {
            router: self.router.clone(),
            cookie: None,
        }
    }
}

/// Figures with these votes, and what follows from them.
pub(crate) fn counts(votes: [u32; 2]) -> Counts {
    let sum = votes.iter().sum::<u32>();
    BTreeMap::from([
        ("votes.1".to_owned(), votes[0]),
        ("votes.2".to_owned(), votes[1]),
        ("valid".to_owned(), sum),
        ("invalid".to_owned(), 3),
        ("total".to_owned(), sum + 3),
    ])
}

/// A small photo that is different for every `shade`.
pub(crate) fn photo(shade: u8) -> (Vec<u8>, PhotoRef) {
    let bytes = grey_jpeg(shade);
    let reference = PhotoRef {
        kind: PhotoKind::Form,
        page: Some(2),
        sha256: protocol::encoding::sha256_hex(&bytes),
        size_bytes: bytes.len() as u64,
        source: PhotoSource::Camera,
        original: None,
        taken_at: None,
    };
    (bytes, reference)
}

/// A grey rectangle of 32 × 24 pixels with `shade` in a comment.
fn grey_jpeg(shade: u8) -> Vec<u8> {
    let image = hex::decode(GREY_JPEG).unwrap();
    let (start, rest) = image.split_at(2);
    [start, &[0xff, 0xfe, 0x00, 0x03, shade], rest].concat()
}

const GREY_JPEG: &str = concat!(
    "ffd8ffe000104a46494600010200000100010000ffc0000b080018002001001100ffdb0043001b12141714111b",
    "1716171e1c1b2028422b28252528513a3d3042605565645f555d5b6a7899816a7190735b5d85b586909ea3abad",
    "ab6780bcc9baa6c799a8aba4ffdb0043011c1e1e2823284e2b2b4ea46e5d6ea4a4a4a4a4a4a4a4a4a4a4a4a4a4",
    "a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4ffc4001f0000010501",
    "010101010100000000000000000102030405060708090a0bffc400b5100002010303020403050504040000017d",
    "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25",
    "262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a83",
    "8485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3",
    "d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffda0008010000003f00a945145145145145",
    "1457ffd9",
);
