//! A witness, a phone, and an endpoint.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use device::view::{
    DraftChange, DraftView, ExportWhat, Failure, FormView, Imported, Standing, TroubleCode,
};
use device::{Clock, Device, Http, Ports, SystemDisk, SystemRandom, Timeouts, Trust};
use protocol::encoding::to_base64;
use protocol::enrol::DeviceInfo;
use protocol::pack::Pack;
use protocol::revision::{PhotoKind, PhotoSource};
use protocol::{SlotId, Timestamp};
use serde_json::json;
use tempfile::TempDir;

use crate::peer::Peer;

/// A clock that the story sets.
pub(crate) struct StageClock {
    now_ms: AtomicI64,
    monotonic_ms: AtomicU64,
}

impl StageClock {
    pub(crate) fn set(&self, text: &str) {
        let at: Timestamp = text.parse().unwrap();
        self.now_ms.store(at.unix_ms(), Ordering::SeqCst);
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.now_ms.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }
}

impl Clock for StageClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.now_ms.load(Ordering::SeqCst))
    }

    fn monotonic_ms(&self) -> u64 {
        self.monotonic_ms.fetch_add(10, Ordering::SeqCst)
    }

    fn boot(&self) -> String {
        "boot-1".to_owned()
    }
}

/// A phone's folder, its clock, and an endpoint within reach.
pub(crate) struct Stage {
    pub(crate) dir: TempDir,
    pub(crate) clock: Arc<StageClock>,
    pub(crate) peer: Peer,
    pub(crate) pictures: PathBuf,
}

impl Stage {
    pub(crate) async fn set() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(StageClock {
            now_ms: AtomicI64::new(0),
            monotonic_ms: AtomicU64::new(0),
        });
        clock.set("2024-11-27T07:30:00.000Z");
        let pictures = dir.path().join("Pictures");
        std::fs::create_dir(&pictures).unwrap();
        Self {
            clock,
            peer: Peer::start().await,
            pictures,
            dir,
        }
    }

    /// The stage with a device that is enrolled.
    pub(crate) async fn enrolled() -> (Self, Device) {
        let stage = Self::set().await;
        let device = stage.open();
        let code = stage.peer.state().endpoint.new_code();
        device.enrol(&stage.peer.address(), &code).await.unwrap();
        (stage, device)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub(crate) fn ports(&self) -> Ports {
        let clock: Arc<dyn Clock> = Arc::<StageClock>::clone(&self.clock);
        let timeouts = Timeouts {
            connect_ms: 5_000,
            silence_ms: 3_000,
            slowest_bytes_per_s: u64::MAX,
        };
        Ports {
            info: DeviceInfo {
                model: "Ponsel contoh".to_owned(),
                os: "Android 9".to_owned(),
                app: "0.1.0".to_owned(),
            },
            transport: Arc::new(
                Http::new(&Trust::default(), timeouts, Arc::clone(&clock)).unwrap(),
            ),
            clock,
            random: Arc::new(SystemRandom),
            disk: Arc::new(SystemDisk),
            cleartext: device::Cleartext::ThisMachine,
            pictures: Some(self.pictures.clone()),
        }
    }

    /// Opens the app.
    pub(crate) fn open(&self) -> Device {
        Device::open(self.data(), self.ports()).unwrap()
    }

    /// Another witness's phone, enrolled with the same endpoint.
    pub(crate) async fn other_phone(&self) -> Device {
        let device = Device::open(self.other_data(), self.ports()).unwrap();
        let code = self.peer.state().endpoint.new_code();
        device.enrol(&self.peer.address(), &code).await.unwrap();
        device
    }

    pub(crate) fn other_data(&self) -> PathBuf {
        self.dir.path().join("other")
    }
}

pub(crate) fn gub() -> SlotId {
    "kaltim-2024/6472011001001/gub".parse().unwrap()
}

pub(crate) fn wako() -> SlotId {
    "kaltim-2024/6472011001001/wako".parse().unwrap()
}

pub(crate) fn dpr() -> SlotId {
    "kaltim-2024/6472011001001/dpr".parse().unwrap()
}

/// Keys one box.
pub(crate) async fn key(
    device: &Device,
    slot: SlotId,
    id: &str,
    text: &str,
) -> Result<DraftView, Failure> {
    let change = DraftChange::Figure {
        id: id.to_owned(),
        text: text.to_owned(),
    };
    device.change_draft(slot, change).await
}

/// Keys a whole form that adds up.
pub(crate) async fn key_form(device: &Device, slot: SlotId) {
    for (id, text) in [
        ("votes.1", "101"),
        ("votes.2", "88"),
        ("valid", "189"),
        ("invalid", "6"),
    ] {
        key(device, slot.clone(), id, text).await.unwrap();
    }
}

/// Keys and seals a form that adds up.
pub(crate) async fn seal_form(device: &Device, slot: SlotId) -> FormView {
    key_form(device, slot.clone()).await;
    device.seal(slot).await.unwrap()
}

/// Photographs a page and hands it over in pieces.
pub(crate) async fn photograph(
    device: &Device,
    slot: SlotId,
    page: u32,
    jpeg: &[u8],
) -> Result<DraftView, Failure> {
    let pending = device
        .expect_photo(slot, PhotoKind::Form, Some(page), None)
        .await?;
    hand_over(device, pending, jpeg).await
}

/// Hands a file over in pieces.
pub(crate) async fn hand_over(
    device: &Device,
    pending: i64,
    bytes: &[u8],
) -> Result<DraftView, Failure> {
    let mut pieces: Vec<&[u8]> = bytes.chunks(40_000).collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        let none = device
            .add_photo_piece(pending, &to_base64(piece), false, PhotoSource::Camera)
            .await?;
        assert!(none.is_none());
    }
    let draft = device
        .add_photo_piece(pending, &to_base64(last), true, PhotoSource::Camera)
        .await?;
    Ok(draft.unwrap())
}

/// Hands a file over to be imported.
pub(crate) async fn import(device: &Device, bytes: &[u8]) -> Imported {
    let import = device.begin_import().await.unwrap();
    for piece in bytes.chunks(40_000) {
        let none = device
            .add_import_piece(import, &to_base64(piece), false)
            .await
            .unwrap();
        assert!(none.is_none());
    }
    let imported = device.add_import_piece(import, "", true).await.unwrap();
    imported.unwrap()
}

/// Writes a bundle of everything and reads it.
pub(crate) async fn bundle(device: &Device) -> Vec<u8> {
    let what = ExportWhat {
        slot: None,
        with_originals: false,
        only_unreceived: false,
    };
    let exported = device.export_bundle(what).await.unwrap();
    std::fs::read(exported.file).unwrap()
}

/// Where a slot stands.
pub(crate) async fn standing(device: &Device, slot: &SlotId) -> Standing {
    let home = device.home().await.unwrap();
    let cards = home.posts.into_iter().flat_map(|post| post.slots);
    cards
        .into_iter()
        .find(|card| card.slot == *slot)
        .unwrap()
        .standing
}

/// Taps "send now" and says what trouble there was.
pub(crate) async fn tap(device: &Device) -> Option<TroubleCode> {
    device.deliver_now().await.unwrap().trouble
}

/// Lines that a stage can repeat to itself, from any thread.
pub(crate) type Lines<T> = Arc<Mutex<Vec<T>>>;

/// A JPEG full of detail, a little different for every `seed`.
pub(crate) fn jpeg(seed: u32) -> Vec<u8> {
    const WIDTH: u16 = 300;
    const HEIGHT: u16 = 400;
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let pixels: Vec<u8> = (0..usize::from(WIDTH) * usize::from(HEIGHT))
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_le_bytes()[1]
        })
        .collect();
    let mut bytes = Vec::new();
    jpeg_encoder::Encoder::new(&mut bytes, 90)
        .encode(&pixels, WIDTH, HEIGHT, jpeg_encoder::ColorType::Luma)
        .unwrap();
    bytes
}

/// An election of three contests at one polling station.
pub(crate) fn pack() -> Pack {
    let field = |id: &str, row: &str, column: &str| json!({"id": id, "page": 1, "row": row, "column": column, "label": id, "digits": 3});
    let form = json!({
        "id": "c-contoh", "title": "Model C.Hasil contoh", "also_called": "C1 contoh",
        "pages": [{"number": 1, "title": "Data", "tag": null}, {"number": 2, "title": "Suara", "tag": null}],
        "fields": [
            field("dpt_male", "dpt", "male"), field("dpt_female", "dpt", "female"),
            field("valid", "valid", "total"), field("invalid", "invalid", "total"),
        ],
        "votes": {"page": 2, "digits": 3},
        "rules": [
            {"code": "E301", "severity": "error", "kind": "equal",
             "left": ["votes.*"], "right": ["valid"], "text": "Jumlah suara tidak sama dengan suara sah."},
            {"code": "W101", "severity": "warning", "kind": "at_most",
             "left": ["dpt_male", "dpt_female"], "right": [], "plus": 600, "text": "Pemilih lebih dari 600."},
        ],
        "sms_fields": ["votes.*", "invalid"],
    });
    let pairs = json!([{"number": 1, "name": "Paslon 1 (contoh)"}, {"number": 2, "name": "Paslon 2 (contoh)"}]);
    let parties = json!([
        {"number": 1, "name": "Partai 1 (contoh)",
         "candidates": [{"number": 1, "name": "Caleg 1 (contoh)"}, {"number": 2, "name": "Caleg 2 (contoh)"}]},
        {"number": 2, "name": "Partai 2 (contoh)", "candidates": [{"number": 1, "name": "Caleg 1 (contoh)"}]},
    ]);
    let pack = json!({
        "version": 1, "min_app": "0.1.0",
        "election": {"id": "kaltim-2024", "name": "Pilkada contoh", "date": "2024-11-27",
            "timezone": "Asia/Makassar", "rehearsal": true,
            "opens_at": "2024-11-26T00:00:00.000Z", "closes_at": "2024-12-27T00:00:00.000Z"},
        "contests": [
            {"id": "gub", "title": "Gubernur", "form": "c-contoh", "options": pairs},
            {"id": "wako", "title": "Wali Kota", "form": "c-contoh", "options": pairs},
            {"id": "dpr", "title": "DPR", "form": "c-contoh", "options": parties},
        ],
        "forms": [form],
        "witness": {"name": "Saksi contoh", "role": "inside"},
        "assignments": [{"tps": "6472011001001", "number": "001",
            "place": ["Kalimantan Timur", "Kota Samarinda", "Contoh", "Contoh"],
            "dpt": {"male": 210, "female": 202}, "contests": ["gub", "wako", "dpr"],
            "sms": {"gub": "K7Q2M"}}],
        "sms": {"numbers": ["+620000000001"], "key": to_base64(&[3; 32])},
    });
    serde_json::from_value(pack).unwrap()
}
