//! An outbox in memory, a road that does as it is told, and what an endpoint
//! would answer.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use protocol::Envelope;
use protocol::inbox::{HeldReceipt, InboxAnswer};
use protocol::receipt::{Receipt, ReceiptKind};
use protocol::revision::{RevisionResult, RevisionStatus, RevisionsAnswer, RevisionsRequest};
use protocol::{Problem, ProblemCode, SecretKey, Timestamp};
use serde_json::value::RawValue;
use sync::{
    AboutItself, Account, Address, Answer, BoxFuture, Cleartext, Clock, Courier, Item, ItemKey,
    Lane, Outbox, OutboxError, PackAnswer, Random, Request, Signed, Transport, TroubleReport,
};

pub(crate) fn server_key() -> SecretKey {
    SecretKey::from_seed(&[7; 32])
}

/// Everything without a receipt, and a list of what came of the rest.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) items: Mutex<Vec<Item>>,
    pub(crate) received: Mutex<Vec<String>>,
    pub(crate) refused: Mutex<BTreeMap<String, String>>,
    pub(crate) wants_pack: bool,
}

impl Memory {
    pub(crate) fn with(items: Vec<Item>) -> Arc<Self> {
        let memory = Self::default();
        *memory.items.lock().unwrap() = items;
        Arc::new(memory)
    }

    fn change(&self, key: &ItemKey, change: impl Fn(&mut Item)) -> Result<(), OutboxError> {
        let mut items = self.items.lock().unwrap();
        items
            .iter_mut()
            .filter(|item| item.key == *key)
            .for_each(change);
        Ok(())
    }

    pub(crate) fn left(&self) -> usize {
        self.items.lock().unwrap().len()
    }
}

impl Outbox for Memory {
    fn account(&self) -> Result<Option<Account>, OutboxError> {
        Ok(Some(Account {
            device: "dev-1".to_owned(),
            token: "token".to_owned(),
            server_key: server_key().public(),
            addresses: ["one.example", "two.example"]
                .map(|text| Address::parse(text, Cleartext::ThisMachine).unwrap())
                .to_vec(),
        }))
    }
    fn items(&self) -> Result<Vec<Item>, OutboxError> {
        Ok(self.items.lock().unwrap().clone())
    }
    fn signed(&self, rev_id: &str) -> Result<Signed, OutboxError> {
        Ok(Signed {
            device: "dev-1".to_owned(),
            envelope: RawValue::from_string(format!("\"{rev_id}\"")).unwrap(),
        })
    }
    fn piece(&self, _: &ItemKey, offset: u64, max_bytes: u64) -> Result<Bytes, OutboxError> {
        let bytes = max_bytes.min(PHOTO_BYTES - offset);
        Ok(vec![0; usize::try_from(bytes).unwrap()].into())
    }
    fn receive(&self, receipt: &Receipt, _: &Envelope) -> Result<(), OutboxError> {
        self.items
            .lock()
            .unwrap()
            .retain(|item| item.key.id != receipt.id);
        self.received.lock().unwrap().push(receipt.id.clone());
        Ok(())
    }
    fn note_sent_bytes(&self, key: &ItemKey, sent_bytes: u64) -> Result<(), OutboxError> {
        self.change(key, |item| {
            item.sent_bytes = sent_bytes;
            item.attempts = 0;
        })
    }
    fn note_restart(&self, key: &ItemKey) -> Result<(), OutboxError> {
        self.change(key, |item| item.restarts += 1)
    }
    fn note_failure(&self, key: &ItemKey, next_try_at: Timestamp) -> Result<(), OutboxError> {
        self.change(key, |item| {
            item.attempts += 1;
            item.next_try_at = Some(next_try_at);
        })
    }
    fn note_refusal(
        &self,
        key: &ItemKey,
        code: &str,
        at: Option<Timestamp>,
    ) -> Result<(), OutboxError> {
        self.refused
            .lock()
            .unwrap()
            .insert(key.id.clone(), code.to_owned());
        self.change(key, |item| {
            item.is_final = at.is_none();
            item.next_try_at = at;
        })
    }
    fn announce_again(&self, _: &ItemKey) -> Result<(), OutboxError> {
        Ok(())
    }
    fn held(&self, _: usize) -> Result<Vec<HeldReceipt>, OutboxError> {
        Ok(Vec::new())
    }
    fn note_held(&self, _: &[HeldReceipt]) -> Result<bool, OutboxError> {
        Ok(false)
    }
    fn disown(&self, _: &[HeldReceipt]) -> Result<bool, OutboxError> {
        Ok(false)
    }
    fn about_itself(&self) -> Result<AboutItself, OutboxError> {
        Ok(AboutItself::default())
    }
    fn inbox_cursor(&self) -> Result<Option<String>, OutboxError> {
        Ok(None)
    }
    fn take_inbox(&self, _: Option<&str>, _: &InboxAnswer) -> Result<bool, OutboxError> {
        Ok(true)
    }
    fn is_pack_wanted(&self) -> Result<bool, OutboxError> {
        Ok(self.wants_pack)
    }
    fn pack_etag(&self) -> Result<Option<String>, OutboxError> {
        Ok(None)
    }
    fn take_pack(&self, _: &PackAnswer) -> Result<(), OutboxError> {
        Ok(())
    }
    fn note_contact(&self, _: Timestamp, _: Option<i64>) -> Result<(), OutboxError> {
        Ok(())
    }
}

/// A clock that the test moves, and no chance at all.
pub(crate) struct Still(pub(crate) AtomicI64);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.0.load(Ordering::SeqCst))
    }
    fn monotonic_ms(&self) -> u64 {
        0
    }
    fn boot(&self) -> String {
        String::new()
    }
}

impl Random for Still {
    fn fill(&self, bytes: &mut [u8]) -> std::io::Result<()> {
        bytes.fill(0);
        Ok(())
    }
}

/// A road on which `0` says what happens at an address.
struct Road<F>(F);

impl<F> Transport for Road<F>
where
    F: Fn(&str, &Request) -> Result<Answer, TroubleReport> + Send + Sync + 'static,
{
    fn send<'a>(
        &'a self,
        address: &'a Address,
        request: Request,
    ) -> BoxFuture<'a, Result<Answer, TroubleReport>> {
        Box::pin(async move { (self.0)(&address.to_string(), &request) })
    }
}

pub(crate) const PHOTO_BYTES: u64 = 100_000;

pub(crate) fn item(lane: Lane, id: &str) -> Item {
    Item {
        key: ItemKey {
            lane,
            id: id.to_owned(),
        },
        size_bytes: PHOTO_BYTES,
        sent_bytes: 0,
        attempts: 0,
        restarts: 0,
        next_try_at: None,
        is_final: false,
        is_of_head: true,
        form: 0,
        position: 0,
        queued: 0,
    }
}

/// A courier on a road where every address is the same.
pub(crate) fn courier<F>(memory: &Arc<Memory>, road: F) -> (Courier, Arc<Still>)
where
    F: Fn(&Request) -> Result<Answer, TroubleReport> + Send + Sync + 'static,
{
    courier_by_address(memory, move |_, request| road(request))
}

pub(crate) fn courier_by_address<F>(memory: &Arc<Memory>, road: F) -> (Courier, Arc<Still>)
where
    F: Fn(&str, &Request) -> Result<Answer, TroubleReport> + Send + Sync + 'static,
{
    let still = Arc::new(Still(AtomicI64::new(0)));
    let outbox: Arc<dyn Outbox> = Arc::<Memory>::clone(memory);
    let clock: Arc<dyn Clock> = Arc::<Still>::clone(&still);
    let random: Arc<dyn Random> = Arc::<Still>::clone(&still);
    (
        Courier::new(outbox, Arc::new(Road(road)), clock, random),
        still,
    )
}

pub(crate) fn answer(status: u16, body: String) -> Answer {
    Answer {
        status,
        headers: Vec::new(),
        body: body.into(),
    }
}

pub(crate) fn problem(code: ProblemCode) -> Answer {
    answer(
        code.status(),
        serde_json::to_string(&Problem::new(code)).unwrap(),
    )
}

pub(crate) fn receipt(kind: ReceiptKind, id: &str) -> Envelope {
    let receipt = Receipt {
        v: 1,
        kind,
        id: id.to_owned(),
        device: "dev-1".to_owned(),
        log_index: 1,
        received_at: Timestamp::from_unix_ms(0),
    };
    receipt.seal("server-1", &server_key()).unwrap()
}

pub(crate) fn photo_receipt(request: &Request) -> Answer {
    let id = request.path.trim_start_matches("/v1/photos/");
    let body = serde_json::json!({"receipt": receipt(ReceiptKind::Photo, id)});
    answer(200, body.to_string())
}

pub(crate) fn news() -> Answer {
    answer(200, r#"{"cursor": "0", "items": []}"#.to_owned())
}

/// The names in a posted batch.
pub(crate) fn names(request: &Request) -> Vec<String> {
    let body: RevisionsRequest =
        serde_json::from_slice(&request.body.as_ref().unwrap().bytes).unwrap();
    body.envelopes
        .iter()
        .map(|raw| serde_json::from_str(raw.get()).unwrap())
        .collect()
}

pub(crate) fn stored(names: &[String]) -> Answer {
    let results = names
        .iter()
        .map(|id| RevisionResult {
            rev_id: id.clone(),
            status: RevisionStatus::Stored,
            receipt: Some(receipt(ReceiptKind::Revision, id)),
            problem: None,
        })
        .collect();
    answer(
        200,
        serde_json::to_string(&RevisionsAnswer {
            results,
            photos_not_before: None,
        })
        .unwrap(),
    )
}
