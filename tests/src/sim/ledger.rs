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

/// What was promised.
#[derive(Debug, Default)]
pub struct Ledger {
    /// What is wrong so far.
    pub violations: Vec<Violation>,
    /// Revisions and photos that some phone has called received.
    pub received: BTreeSet<String>,
    /// Rulings that the endpoint has confirmed: slot and number.
    pub rulings: BTreeSet<(SlotId, u32)>,
    /// SMS that the endpoint has called stored.
    pub texted: BTreeSet<String>,
    /// Every receipt that the endpoint gave, by what it is for.
    receipts: BTreeMap<(String, String), Envelope>,
}

impl Ledger {
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
            self.players[player].device.clone_from(device);
        }
        self.name_new(player, &memory);
        let here: BTreeSet<&str> = ids(&memory.revisions);
        let lost = |kept: &BTreeSet<String>, here: &BTreeSet<&str>| -> Vec<String> {
            let gone = kept.iter().filter(|id| !here.contains(id.as_str()));
            gone.map(|id| self.trace.name(id)).collect()
        };
        let lost_saved = lost(&self.players[player].phone.promised.sealed, &here);
        let here = received(&memory.revisions);
        let lost_receipts = lost(&self.players[player].phone.promised.received, &here);
        if !lost_saved.is_empty() {
            self.wrong("what was saved stays on its phone", lost_saved.join(", "));
        }
        if !lost_receipts.is_empty() {
            self.wrong("what was received stays so", lost_receipts.join(", "));
        }
        self.check_receipts(player, &memory);
        let promised = &mut self.players[player].phone.promised;
        promised.sealed = ids(&memory.revisions)
            .into_iter()
            .map(str::to_owned)
            .collect();
        Ok(())
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
        let mut new = Vec::new();
        for sealed in &memory.revisions {
            let photos = sealed.photos.iter().filter_map(|photo| {
                let receipt = photo.received.as_ref()?;
                Some((ReceiptKind::Photo, &photo.sha256, receipt))
            });
            let own = sealed.received.iter();
            let own = own.map(|receipt| (ReceiptKind::Revision, &sealed.rev_id, receipt));
            for (kind, id, receipt) in own.chain(photos) {
                if self.players[player].phone.promised.received.contains(id) {
                    continue;
                }
                let opened = memory
                    .pinned
                    .as_ref()
                    .map(|key| Receipt::open(receipt, key, kind, id, &sealed.device));
                if !matches!(opened, Some(Ok(_))) {
                    let found = format!("{}: {opened:?}", self.trace.name(id));
                    self.wrong("only a receipt that verifies means received", found);
                }
                new.push(id.clone());
            }
        }
        for id in new {
            self.ledger.received.insert(id.clone());
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
