//! What was promised to anybody, and what was found wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use anyhow::Result;
use protocol::encoding::sha256_hex;
use protocol::receipt::ReceiptKind;
use protocol::{Envelope, Receipt, SlotId};

use super::memory::{Memory, Sealed};
use super::world::World;

/// Something that must never be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What should hold, as a sentence.
    pub rule: &'static str,
    /// What was found.
    pub found: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "broken: {}: {}", self.rule, self.found)
    }
}

/// What was promised to anybody.
#[derive(Debug, Default)]
pub struct Ledger {
    /// What is wrong so far.
    pub violations: Vec<Violation>,
    /// What the endpoint has vouched for, as it would know it itself.
    pub vouched: Vouched,
    /// Times that the endpoint came back from a backup.
    pub restores: u32,
    /// All news that the endpoint ever had for anybody, as JSON.
    pub news: BTreeSet<String>,
}

/// What the endpoint has vouched for. An endpoint that comes back from a
/// backup knows only what it had vouched for by then.
#[derive(Debug, Clone, Default)]
pub struct Vouched {
    /// Revisions and photos that some phone has called received.
    pub received: BTreeSet<String>,
    /// Rulings that the endpoint has confirmed: slot and number.
    pub rulings: BTreeSet<(SlotId, u32)>,
    /// SMS that the endpoint has called stored.
    pub texted: BTreeSet<String>,
    /// Every receipt that the endpoint gave, by what it is for.
    receipts: BTreeMap<(String, String), Envelope>,
}

impl Vouched {
    /// Notes a receipt of the endpoint's; whether it is the first for this
    /// thing and device, or the same again.
    pub fn note_receipt(&mut self, envelope: &Envelope) -> bool {
        let Some(receipt) = said(envelope) else {
            return false;
        };
        let of = (receipt.id, receipt.device);
        let first = self.receipts.entry(of).or_insert_with(|| envelope.clone());
        first == envelope
    }

    /// Whether the endpoint knows that it gave this receipt: not one from
    /// before it came back from a backup, which a phone may be found to have
    /// only afterwards.
    fn knows(&self, envelope: &Envelope) -> bool {
        said(envelope)
            .and_then(|receipt| self.receipts.get(&(receipt.id, receipt.device)))
            .is_some_and(|given| given == envelope)
    }
}

/// What a receipt says, whoever signed it.
fn said(envelope: &Envelope) -> Option<Receipt> {
    serde_json::from_slice(&envelope.payload_bytes().ok()?).ok()
}

impl World<'_> {
    /// Notes that something is not as it must be.
    pub(super) fn wrong(&mut self, rule: &'static str, found: String) {
        self.say("finding", rule);
        self.ledger.violations.push(Violation { rule, found });
    }

    /// The value, or a finding.
    pub(super) fn expect<T>(&mut self, rule: &'static str, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(cause) => {
                self.wrong(rule, format!("{cause:#}"));
                None
            }
        }
    }

    /// Looks at what lies on a phone, and holds it to what it has said.
    pub(super) fn look_at(&mut self, player: usize) -> Result<()> {
        let memory = Memory::read(&self.players[player].phone.folder);
        let Some(memory) = self.expect("a phone's memory can be read", memory) else {
            return Ok(());
        };
        if let Some((device, _)) = &memory.account {
            self.players[player].devices.insert(device.clone());
            self.players[player].device.clone_from(device);
        }
        self.name_new(player, &memory);
        self.check_set_aside(player, &memory);
        self.check_kept(player, &memory);
        self.check_receipts(player, &memory);
        let promised = &mut self.players[player].phone.promised;
        promised.sealed = ids(&memory.revisions)
            .into_iter()
            .map(str::to_owned)
            .collect();
        Ok(())
    }

    /// A phone stops relying on receipts only when the endpoint came back from
    /// a backup.
    fn check_set_aside(&mut self, player: usize, memory: &Memory) {
        let own = &mut self.players[player];
        let has_set_aside = memory.disowned > own.disowned;
        own.disowned = memory.disowned;
        if !has_set_aside {
            return;
        }
        own.phone.promised.received.clear();
        self.tell(player, "relies on its old receipts no more");
        if self.ledger.restores == 0 {
            let found = self.players[player].phone.name.clone();
            self.wrong("receipts are set aside after a restore only", found);
        }
    }

    /// What was saved, and what was received, is so still.
    fn check_kept(&mut self, player: usize, memory: &Memory) {
        let lost = |kept: &BTreeSet<String>, here: &BTreeSet<&str>| -> Vec<String> {
            let gone = kept.iter().filter(|id| !here.contains(id.as_str()));
            gone.map(|id| self.trace.name(id)).collect()
        };
        let promised = &self.players[player].phone.promised;
        let lost_saved = lost(&promised.sealed, &ids(&memory.revisions));
        let lost_receipts = lost(&promised.received, &received(&memory.revisions));
        if !lost_saved.is_empty() {
            self.wrong("what was saved stays on its phone", lost_saved.join(", "));
        }
        if !lost_receipts.is_empty() {
            self.wrong("what was received stays so", lost_receipts.join(", "));
        }
    }

    fn name_new(&mut self, player: usize, memory: &Memory) {
        for sealed in &memory.revisions {
            if !self.trace.knows(&sealed.rev_id) {
                let name = format!(
                    "{}/{}#{}",
                    self.players[player].phone.name, sealed.slot.contest, sealed.seq
                );
                self.trace.call(&sealed.rev_id, name);
            }
        }
    }

    /// Every "received" that is new has a receipt for exactly that.
    fn check_receipts(&mut self, player: usize, memory: &Memory) {
        let own = &self.players[player];
        let mut new = Vec::new();
        let mut unproved = Vec::new();
        for word in words(memory) {
            if own.phone.promised.received.contains(word.id) {
                continue;
            }
            // A photo's receipt names who sent it: this phone, under the
            // enrolment that it had then.
            let mut givens = own.devices.iter().map(String::as_str);
            let is_proved = |device: &str| {
                let key = memory.pinned.as_ref();
                key.is_some_and(|key| {
                    Receipt::open(word.receipt, key, word.kind, word.id, device).is_ok()
                })
            };
            let is_right = match word.kind {
                ReceiptKind::Revision => is_proved(word.device),
                ReceiptKind::Photo => givens.any(is_proved),
            };
            if !is_right {
                unproved.push(self.trace.name(word.id));
            }
            if word.is_own {
                new.push((word.id.to_owned(), self.ledger.vouched.knows(word.receipt)));
            }
        }
        for found in unproved {
            self.wrong("only a receipt that verifies means received", found);
        }
        for (id, is_known) in new {
            if is_known {
                self.ledger.vouched.received.insert(id.clone());
            } else if self.ledger.restores == 0 {
                let found = self.trace.name(&id);
                self.wrong("nobody but the endpoint gives receipts", found);
            }
            self.players[player].phone.promised.received.insert(id);
        }
    }

    /// Every photo of a sealed revision is whole on the phone.
    pub(super) fn check_photos_kept(&mut self, player: usize) {
        let folder = self.players[player].phone.folder.clone();
        let Ok(memory) = Memory::read(&folder) else {
            return;
        };
        for photo in memory.revisions.iter().flat_map(|sealed| &sealed.photos) {
            let bytes = std::fs::read(folder.join(&photo.file)).unwrap_or_default();
            if sha256_hex(&bytes) != photo.sha256 {
                let found = self.trace.name(&photo.sha256);
                self.wrong("a saved photo stays whole on its phone", found);
            }
        }
    }
}

fn ids(revisions: &[Sealed]) -> BTreeSet<&str> {
    let ids = revisions.iter().map(|sealed| sealed.rev_id.as_str());
    ids.collect()
}

fn received(revisions: &[Sealed]) -> BTreeSet<&str> {
    let mut ids = BTreeSet::new();
    for sealed in revisions {
        if sealed.received.is_some() {
            ids.insert(sealed.rev_id.as_str());
        }
        for photo in &sealed.photos {
            if photo.received.is_some() {
                ids.insert(photo.sha256.as_str());
            }
        }
    }
    ids
}

/// A signed word on a phone.
struct Word<'m> {
    kind: ReceiptKind,
    id: &'m str,
    /// Who signed the revision.
    device: &'m str,
    receipt: &'m Envelope,
    is_own: bool,
}

fn words(memory: &Memory) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    for sealed in &memory.revisions {
        let photos = sealed.photos.iter().filter_map(|photo| {
            let receipt = photo.received.as_ref()?;
            Some((ReceiptKind::Photo, &photo.sha256, receipt))
        });
        let own = sealed.received.iter();
        let own = own.map(|receipt| (ReceiptKind::Revision, &sealed.rev_id, receipt));
        words.extend(own.chain(photos).map(|(kind, id, receipt)| Word {
            kind,
            id,
            device: &sealed.device,
            receipt,
            is_own: true,
        }));
    }
    for carried in &memory.carried {
        words.extend(carried.received.iter().map(|receipt| Word {
            kind: ReceiptKind::Revision,
            id: &carried.rev_id,
            device: &carried.device,
            receipt,
            is_own: false,
        }));
    }
    words
}
