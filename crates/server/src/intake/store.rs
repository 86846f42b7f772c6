//! Storing new revisions: rows, log, states, totals, receipts.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Channel, SlotRevision, SlotState};
use protocol::inbox::InboxKind;
use protocol::receipt::VERSION;
use protocol::{Receipt, ReceiptKind, Revision, SlotId, Timestamp};

use super::judge::Candidate;
use super::statement::word;
use crate::catalogue::Catalogue;
use crate::inbox;
use crate::keys::ServerKey;
use crate::log::Event;
use crate::slots::{HeldSlot, Questions, Slots};
use crate::storage::{Cell, StorageError, Tx, insert_rows};

/// Most revisions of one device about one slot. Nobody corrects a form so
/// often; a client gone wild does, and every one has to be looked at again
/// whenever the slot changes.
pub(super) const REVISIONS_PER_SLOT_MAX: usize = 5_000;

fn is_full(slot: &HeldSlot, device: &str) -> bool {
    slot.count() >= REVISIONS_PER_SLOT_MAX && slot.count_of(device) >= REVISIONS_PER_SLOT_MAX
}

/// Stores these revisions, none of which is here yet, and returns those that
/// it took in (not beyond [`REVISIONS_PER_SLOT_MAX`]) by id, with their
/// receipts; an SMS has none.
pub(super) async fn store(
    tx: &mut Tx,
    key: &ServerKey,
    catalogue: &Catalogue,
    new: &[&Candidate],
) -> Result<BTreeMap<String, Option<String>>, StorageError> {
    if new.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: BTreeSet<SlotId> = new.iter().map(|one| one.slot.clone()).collect();
    let mut slots = Slots::load(tx, &ids).await?;
    let mut taken = Vec::with_capacity(new.len());
    for one in new {
        if let Some(slot) = slots.get_mut(&one.slot)
            && !is_full(slot, &one.revision.device)
        {
            let questions = Questions {
                findings: one.findings,
                bubbles_differ: one.bubbles_differ,
            };
            slot.add(held(one), questions);
            taken.push(*one);
        }
    }
    slots.work_out(catalogue);
    let mut receipts = BTreeMap::new();
    let mut rows = Vec::with_capacity(taken.len());
    let mut announced = Vec::new();
    for one in taken {
        let state = slots
            .get(&one.slot)
            .map_or(SlotState::Empty, |slot| slot.view.state);
        let log_index = log(tx, one, state)?;
        let receipt = match one.channel {
            Channel::App => Some(sign(tx, key, one, log_index)?),
            // Nobody could take it back over SMS.
            Channel::Sms => None,
        };
        rows.push(row(tx, one, log_index, receipt.clone())?);
        announced.extend(announcements(one));
        receipts.insert(one.rev_id.clone(), receipt);
    }
    insert_rows(tx.conn(), REVISIONS, rows, "").await?;
    insert_rows(tx.conn(), ANNOUNCED, announced, ANNOUNCED_TWICE).await?;
    let conflicts: Vec<SlotId> = ids
        .into_iter()
        .filter(|id| {
            slots.get(id).is_some_and(|slot| {
                slot.view.state == SlotState::Conflict && slot.before != SlotState::Conflict
            })
        })
        .collect();
    slots.save(tx).await?;
    for slot in &conflicts {
        inbox::push_about(tx, slot, InboxKind::Conflict, "").await?;
    }
    let stored: Vec<String> = receipts.keys().cloned().collect();
    super::known::let_go(tx, &stored).await?;
    Ok(receipts)
}

const REVISIONS: &str = "INSERT INTO revisions (rev_id, slot, device, seq, prev, channel, envelope,
     counts, photos, findings, bubbles_differ, recorded_at, received_at, log_index, receipt)";
const ANNOUNCED: &str = "INSERT INTO announced (sha256, rev_id, device, kind, size_bytes)";
/// One revision may name a photo twice (for two pages, say).
const ANNOUNCED_TWICE: &str = "ON CONFLICT (sha256, rev_id, kind) DO NOTHING";

fn copies(revision: &Revision) -> BTreeSet<String> {
    let photos = revision.photos.iter();
    photos.map(|photo| photo.sha256.clone()).collect()
}

fn held(one: &Candidate) -> SlotRevision {
    SlotRevision {
        rev_id: one.rev_id.clone(),
        device: one.revision.device.clone(),
        seq: one.revision.seq,
        counts: one.revision.counts.clone(),
        photos: copies(&one.revision),
        channel: one.channel,
    }
}

fn log(tx: &mut Tx, one: &Candidate, state: SlotState) -> Result<i64, StorageError> {
    let event = Event::Revision {
        slot: one.slot.clone(),
        rev_id: one.rev_id.clone(),
        device: one.revision.device.clone(),
        state,
    };
    tx.append(one.actor.as_deref(), &event)
}

fn sign(tx: &Tx, key: &ServerKey, one: &Candidate, log_index: i64) -> Result<String, StorageError> {
    let receipt = Receipt {
        v: VERSION,
        kind: ReceiptKind::Revision,
        id: one.rev_id.clone(),
        device: one.revision.device.clone(),
        log_index: u64::try_from(log_index).unwrap_or_default(),
        received_at: Timestamp::from_unix_ms(tx.now_ms()),
    };
    receipt
        .seal(key.id(), key.secret())
        .and_then(|envelope| serde_json::to_string(&envelope))
        .map_err(|cause| StorageError::corrupt("receipt", cause))
}

fn row(
    tx: &Tx,
    one: &Candidate,
    log_index: i64,
    receipt: Option<String>,
) -> Result<Vec<Cell>, StorageError> {
    let json = |cause| StorageError::corrupt("revision", cause);
    let revision = &one.revision;
    Ok(vec![
        one.rev_id.as_str().into(),
        one.slot.to_string().into(),
        revision.device.as_str().into(),
        i64::try_from(revision.seq).unwrap_or(i64::MAX).into(),
        revision.prev.clone().into(),
        word(one.channel).into(),
        one.envelope.as_str().into(),
        serde_json::to_string(&revision.counts)
            .map_err(json)?
            .into(),
        serde_json::to_string(&copies(revision))
            .map_err(json)?
            .into(),
        one.findings.into(),
        one.bubbles_differ.into(),
        revision.recorded_at.unix_ms().into(),
        tx.now_ms().into(),
        log_index.into(),
        receipt.into(),
    ])
}

fn announcements(one: &Candidate) -> impl Iterator<Item = Vec<Cell>> {
    let cells = |sha256: &str, kind: &str, size_bytes: u64| {
        vec![
            sha256.into(),
            one.rev_id.as_str().into(),
            one.revision.device.as_str().into(),
            kind.into(),
            i64::try_from(size_bytes).unwrap_or(i64::MAX).into(),
        ]
    };
    one.revision.photos.iter().flat_map(move |photo| {
        let copy = cells(&photo.sha256, "copy", photo.size_bytes);
        let original = photo
            .original
            .as_ref()
            .map(|original| cells(&original.sha256, "original", original.size_bytes));
        std::iter::once(copy).chain(original)
    })
}
