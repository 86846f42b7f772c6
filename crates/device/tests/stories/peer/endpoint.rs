//! What a well-behaved endpoint does with what it is sent.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use protocol::bundle::{Bundle, BundleAnswer};
use protocol::encoding::sha256_hex;
use protocol::enrol::{EnrolAnswer, EnrolRequest};
use protocol::envelope::{self, Envelope, REVISION_TYPE};
use protocol::inbox::{
    DRAFTS_HEADER, HeldReceipts, InboxAnswer, InboxItem, InboxKind, READ_HEADER,
};
use protocol::pack::Pack;
use protocol::photo::{PhotoAnswer, UPLOAD_LENGTH, UPLOAD_OFFSET};
use protocol::receipt::{Receipt, ReceiptKind, VERSION};
use protocol::revision::{RevisionResult, RevisionStatus, RevisionsAnswer, RevisionsRequest};
use protocol::{
    EnrolCode, Problem, ProblemCode, PublicKey, Revision, SecretKey, SlotId, Timestamp,
};

use super::wire::{Asked, Told};
use crate::stage::pack;

/// Seed of the endpoint's key.
const SERVER_SEED: [u8; 32] = [7; 32];
/// Seed of another server's key.
const OTHER_SEED: [u8; 32] = [8; 32];

/// What the endpoint holds.
pub(crate) struct Endpoint {
    key: SecretKey,
    receipts_for: Option<String>,
    pub(crate) endpoints: Vec<String>,
    pub(crate) pack: Pack,
    /// Codes, and the key that each was used with.
    codes: BTreeMap<String, Option<String>>,
    /// Public keys by device.
    pub(crate) devices: BTreeMap<String, PublicKey>,
    /// Revisions with their receipts, in the order of arrival.
    pub(crate) revisions: Vec<(Revision, Envelope)>,
    /// Slots in which revisions are refused, and why.
    pub(crate) refused: BTreeMap<String, ProblemCode>,
    /// Photos: what is here, and of how many bytes.
    pub(crate) photos: BTreeMap<String, (Vec<u8>, u64)>,
    /// Photos that are never granted, and why.
    pub(crate) refused_photos: BTreeMap<String, ProblemCode>,
    /// Photos with receipts.
    pub(crate) photo_receipts: BTreeSet<String>,
    pub(crate) inbox: Vec<InboxItem>,
    /// What was said with the newest question for news: drafts, message read.
    pub(crate) said: (Option<String>, Option<String>),
    /// The endpoint's clock.
    pub(crate) now: Timestamp,
    /// The `Date` header, if it gives one.
    pub(crate) date: Option<String>,
    /// The log: what every receipt was for.
    pub(crate) log: Vec<String>,
    /// Who brought which revision of another device.
    carried: BTreeSet<(String, String)>,
    /// When photos should come, by the endpoint's clock.
    pub(crate) photos_not_before: Option<Timestamp>,
}

impl Endpoint {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self {
            key: SecretKey::from_seed(&SERVER_SEED),
            receipts_for: None,
            endpoints: vec![format!("http://{address}")],
            pack: pack(),
            codes: BTreeMap::new(),
            devices: BTreeMap::new(),
            revisions: Vec::new(),
            refused: BTreeMap::new(),
            photos: BTreeMap::new(),
            refused_photos: BTreeMap::new(),
            photo_receipts: BTreeSet::new(),
            inbox: Vec::new(),
            said: (None, None),
            now: "2024-11-27T08:00:00.000Z".parse().unwrap(),
            date: None,
            log: Vec::new(),
            carried: BTreeSet::new(),
            photos_not_before: None,
        }
    }

    /// Restored from a backup of before anything arrived. `photos` says
    /// whether the photos lay elsewhere and are still here.
    pub(crate) fn restore(&mut self, has_photos: bool) {
        self.revisions.clear();
        self.carried.clear();
        self.log.clear();
        if !has_photos {
            self.photos.clear();
            self.photo_receipts.clear();
        }
    }

    /// A new enrolment code.
    pub(crate) fn new_code(&mut self) -> String {
        let number = u8::try_from(self.codes.len()).unwrap();
        let code = EnrolCode::from_random([number, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        self.codes.insert(code.normalised().to_owned(), None);
        code.to_string()
    }

    /// News for the device.
    pub(crate) fn tell(&mut self, kind: InboxKind, slot: Option<SlotId>, text: &str) {
        self.now = Timestamp::from_unix_ms(self.now.unix_ms() + 1_000);
        self.inbox.push(InboxItem {
            kind,
            slot,
            text: text.to_owned(),
            at: self.now,
            photo: None,
            message: None,
            from: None,
        });
    }

    pub(crate) fn as_another_server<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        self.key = SecretKey::from_seed(&OTHER_SEED);
        let done = act(self);
        self.key = SecretKey::from_seed(&SERVER_SEED);
        done
    }

    pub(crate) fn for_another_device<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        self.receipts_for = Some("dev-of-somebody-else".to_owned());
        let done = act(self);
        self.receipts_for = None;
        done
    }

    pub(crate) fn answer(&mut self, asked: &Asked) -> Told {
        let told = match (asked.method.as_str(), asked.path.as_str()) {
            ("POST", "/v1/enrol") => self.enrol(&asked.json()),
            _ => match self.device_of(asked) {
                Some(device) => self.answer_to(&device, asked),
                None => Told::problem(ProblemCode::TokenUnknown),
            },
        };
        match &self.date {
            Some(date) => told.header("date", date),
            None => told,
        }
    }

    fn answer_to(&mut self, device: &str, asked: &Asked) -> Told {
        let photo = asked.path.strip_prefix("/v1/photos/");
        match (asked.method.as_str(), asked.path.as_str(), photo) {
            ("POST", "/v1/revisions", _) => self.revisions(device, &asked.json()),
            ("POST", "/v1/bundles", _) => self.bundle(device, &asked.body),
            ("GET", "/v1/inbox", _) => {
                let header = |name| asked.header(name).map(str::to_owned);
                self.said = (header(DRAFTS_HEADER), header(READ_HEADER));
                self.inbox(&asked.query)
            }
            ("GET", "/v1/pack", _) => self.pack(asked),
            ("HEAD", _, Some(hash)) => self.offset(hash),
            ("PATCH", _, Some(hash)) => self.piece(device, hash, asked),
            ("GET", _, Some(rest)) => match rest.strip_suffix("/receipt") {
                Some(hash) if self.photo_receipts.contains(hash) => {
                    self.photo_receipt(device, hash)
                }
                _ => Told::problem(ProblemCode::NotFound),
            },
            _ => Told::problem(ProblemCode::NotFound),
        }
    }

    fn device_of(&self, asked: &Asked) -> Option<String> {
        let device = asked
            .header("authorization")?
            .strip_prefix("Bearer token of ")?;
        self.devices.contains_key(device).then(|| device.to_owned())
    }

    fn enrol(&mut self, request: &EnrolRequest) -> Told {
        let code: EnrolCode = request.code.parse().unwrap();
        let key = PublicKey::from_base64(&request.public_key).unwrap();
        assert!(code.is_proved_by(&request.proof, &key));
        let known = self.codes.get(code.normalised()).cloned();
        match known {
            None => return Told::problem(ProblemCode::EnrolCodeUnknown),
            Some(Some(used)) if used != request.public_key => {
                return Told::problem(ProblemCode::EnrolCodeUsed);
            }
            Some(_) => {}
        }
        self.codes.insert(
            code.normalised().to_owned(),
            Some(request.public_key.clone()),
        );
        let device = format!("dev-{}", &sha256_hex(request.public_key.as_bytes())[..8]);
        self.devices.insert(device.clone(), key);
        Told::json(
            201,
            &EnrolAnswer {
                token: format!("token of {device}"),
                device_id: device,
                server_key_id: "server-1".to_owned(),
                server_key: self.key.public().to_string(),
                endpoints: self.endpoints.clone(),
                pack: self.pack.clone(),
            },
        )
    }

    fn receipt(&mut self, device: &str, kind: ReceiptKind, id: &str) -> Envelope {
        self.log.push(id.to_owned());
        self.now = Timestamp::from_unix_ms(self.now.unix_ms() + 1_000);
        let receipt = Receipt {
            v: VERSION,
            kind,
            id: id.to_owned(),
            device: self
                .receipts_for
                .clone()
                .unwrap_or_else(|| device.to_owned()),
            log_index: self.log.len() as u64,
            received_at: self.now,
        };
        receipt.seal("server-1", &self.key).unwrap()
    }

    fn revisions(&mut self, device: &str, request: &RevisionsRequest) -> Told {
        let results = request
            .envelopes
            .iter()
            .map(|raw| {
                let sealed = Envelope::from_request(raw.get()).unwrap();
                assert_eq!(sealed.signature().unwrap().keyid, device);
                self.revision(&sealed)
            })
            .collect();
        Told::json(
            200,
            &RevisionsAnswer {
                results,
                photos_not_before: self.photos_not_before,
            },
        )
    }

    fn bundle(&mut self, carrier: &str, bytes: &[u8]) -> Told {
        let mut bundle = Bundle::open(std::io::Cursor::new(bytes)).unwrap();
        assert!(bundle.photos.is_empty(), "photos come in pieces");
        let mut results = Vec::new();
        for rev_id in bundle.envelopes.clone() {
            let raw = bundle.envelope(&rev_id).unwrap();
            let result = self.revision(&Envelope::from_request(&raw).unwrap());
            assert_eq!(result.rev_id, rev_id);
            if result.status != RevisionStatus::Refused {
                self.carried.insert((carrier.to_owned(), rev_id));
            }
            results.push(result);
        }
        let photos = Vec::new();
        Told::json(200, &BundleAnswer { results, photos })
    }

    /// Judges an envelope as if its own device had sent it.
    fn revision(&mut self, sealed: &Envelope) -> RevisionResult {
        let device = &sealed.signature().unwrap().keyid.clone();
        if !self.devices.contains_key(device) {
            return RevisionResult {
                rev_id: envelope::rev_id(&sealed.payload_bytes().unwrap()),
                status: RevisionStatus::Refused,
                receipt: None,
                problem: Some(Problem::new(ProblemCode::DeviceUnknown)),
            };
        }
        let payload = sealed.open(REVISION_TYPE, &self.devices[device]).unwrap();
        let revision = Revision::from_payload(&payload).unwrap();
        assert_eq!(revision.device, *device);
        let rev_id = envelope::rev_id(&payload);
        if let Some(code) = self.refused.get(&revision.contest) {
            return RevisionResult {
                rev_id,
                status: RevisionStatus::Refused,
                receipt: None,
                problem: Some(Problem::new(*code)),
            };
        }
        let known = self.revisions.iter().find(|(own, _)| {
            (own.seq, &own.device) == (revision.seq, device) && own.slot() == revision.slot()
        });
        let (status, receipt) = match known {
            Some((_, receipt)) => (RevisionStatus::Known, receipt.clone()),
            None => {
                let receipt = self.receipt(device, ReceiptKind::Revision, &rev_id);
                self.revisions.push((revision, receipt.clone()));
                (RevisionStatus::Stored, receipt)
            }
        };
        RevisionResult {
            rev_id,
            status,
            receipt: Some(receipt),
            problem: None,
        }
    }

    fn inbox(&self, query: &str) -> Told {
        let of = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name));
        let after: usize = of("after=").map_or(0, |cursor| cursor.parse().unwrap());
        let held = of("held=").map(|held| {
            let held: HeldReceipts = held.parse().unwrap();
            held.0.iter().all(|held| {
                let place = usize::try_from(held.log_index).unwrap();
                self.log.get(place - 1) == Some(&held.id)
            })
        });
        Told::json(
            200,
            &InboxAnswer {
                cursor: self.inbox.len().to_string(),
                items: self.inbox.get(after..).unwrap_or(&self.inbox).to_vec(),
                held,
                photos_not_before: self.photos_not_before,
            },
        )
    }

    fn pack(&self, asked: &Asked) -> Told {
        let etag = format!("\"{}\"", self.pack.version);
        if asked.header("if-none-match") == Some(&etag) {
            return Told::empty(304);
        }
        Told::json(200, &self.pack).header("etag", &etag)
    }

    fn offset(&self, hash: &str) -> Told {
        match self.photos.get(hash) {
            Some((part, length)) => Told::empty(200)
                .header(UPLOAD_OFFSET, &part.len().to_string())
                .header(UPLOAD_LENGTH, &length.to_string()),
            None => Told::empty(404),
        }
    }

    fn piece(&mut self, device: &str, hash: &str, asked: &Asked) -> Told {
        if let Some(code) = self.refused_photos.get(hash) {
            return Told::problem(*code);
        }
        let is_named = self.revisions.iter().any(|(revision, receipt)| {
            let rev_id = id_of(receipt);
            let may_send =
                revision.device == device || self.carried.contains(&(device.to_owned(), rev_id));
            may_send
                && revision.photos.iter().any(|photo| {
                    let original = photo.original.as_ref().map(|own| own.sha256.as_str());
                    photo.sha256 == hash || original == Some(hash)
                })
        });
        if !is_named {
            return Told::problem(ProblemCode::PhotoNotAnnounced);
        }
        let length = asked.number(UPLOAD_LENGTH);
        let (part, _) = self
            .photos
            .entry(hash.to_owned())
            .or_insert_with(|| (Vec::new(), length));
        let here = part.len() as u64;
        if self.photo_receipts.contains(hash) {
            return self.photo_receipt(device, hash);
        }
        if asked.number(UPLOAD_OFFSET) != here {
            return Told::problem(ProblemCode::OffsetMismatch)
                .header(UPLOAD_OFFSET, &here.to_string());
        }
        part.extend_from_slice(&asked.body);
        let here = part.len() as u64;
        if here < length {
            return Told::empty(204).header(UPLOAD_OFFSET, &here.to_string());
        }
        if sha256_hex(part) != hash {
            self.photos.remove(hash);
            return Told::problem(ProblemCode::HashMismatch).header(UPLOAD_OFFSET, "0");
        }
        self.photo_receipt(device, hash)
    }

    fn photo_receipt(&mut self, device: &str, hash: &str) -> Told {
        self.photo_receipts.insert(hash.to_owned());
        let length = self.photos[hash].1;
        let receipt = self.receipt(device, ReceiptKind::Photo, hash);
        Told::json(200, &PhotoAnswer { receipt }).header(UPLOAD_OFFSET, &length.to_string())
    }
}

/// What a receipt is for.
fn id_of(receipt: &Envelope) -> String {
    let receipt: Receipt = serde_json::from_slice(&receipt.payload_bytes().unwrap()).unwrap();
    receipt.id
}
