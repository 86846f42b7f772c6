//! One slot: what was stated, received, ruled and read, against signatures and
//! the log.

use std::collections::BTreeSet;

use domain::{Channel, Counts, Ruling, SlotRevision};
use protocol::envelope::{REVISION_TYPE, rev_id};
use protocol::revision::{PhotoRef, Revision};
use protocol::sms::{self, Sms};
use protocol::{Envelope, Receipt, ReceiptKind, SlotId};

use super::Verdict;
use super::machine::{Ground, json};
use crate::dossier::machine::{
    PhotoFact, RevisionFact, SlotFile, photo_name, photo_receipt_name, receipt_name, slot_name,
    statement_name,
};
use crate::log::Event;
use crate::paper;
use crate::queue::reading_digest;
use crate::room::ruling_digest;

/// Checks one slot.
pub(super) fn check(ground: &mut Ground<'_>, slot: &SlotId, verdict: &mut Verdict) {
    let name = slot_name(slot);
    let Some(file) = json::<SlotFile>(ground.content, &name, verdict) else {
        return;
    };
    if file.slot != *slot {
        verdict.fault(
            &name,
            "Berisi formulir lain daripada namanya.",
            "It is about another slot than its name.",
        );
        return;
    }
    let mut stated = Vec::new();
    let mut named: Vec<PhotoRef> = Vec::new();
    for fact in &file.revisions {
        match statement(ground, &file, fact, verdict) {
            Some((revision, photos)) => {
                stated.push(revision);
                named.extend(photos);
            }
            None => verdict.fault(
                &name,
                "Sebuah kirimannya tidak dapat dipercaya.",
                "One of its statements is not to be believed.",
            ),
        }
        receipt(ground, fact, verdict);
    }
    decided(ground, &file, verdict);
    read(ground, &file, verdict);
    carried(ground, &file, verdict);
    standing(&file, &stated, &name, verdict);
    for photo in &file.photos {
        picture(ground, photo, &named, verdict);
    }
    complete(ground, &file, &name, verdict);
}

/// What a revision says, once it is signed by its device and stands in the log.
fn statement(
    ground: &mut Ground<'_>,
    file: &SlotFile,
    fact: &RevisionFact,
    verdict: &mut Verdict,
) -> Option<(SlotRevision, Vec<PhotoRef>)> {
    let name = statement_name(fact.channel, &fact.rev_id);
    ground.used.insert(name.clone());
    let stated = match fact.channel {
        Channel::App => signed(ground, fact, &name).map(|revision| {
            let is_here = revision.slot() == file.slot && revision.device == fact.device;
            let photos = revision.photos.iter().map(|photo| photo.sha256.clone());
            let stated = SlotRevision {
                rev_id: fact.rev_id.clone(),
                device: revision.device.clone(),
                seq: revision.seq,
                photos: photos.collect(),
                counts: revision.counts,
                channel: Channel::App,
            };
            (is_here, stated, revision.photos)
        }),
        Channel::Sms => sent(ground, file, fact, &name).map(|stated| (true, stated, Vec::new())),
    };
    let Some((true, stated, photos)) = stated else {
        verdict.fault(
            &name,
            "Tanda tangan, sidik, atau tempat kiriman ini tidak cocok.",
            "This statement's signature, hash or place does not fit.",
        );
        return None;
    };
    let is_logged = matches!(
        ground.event(fact.log_index),
        Some((Event::Revision { slot, rev_id, device, .. }, _))
            if slot == file.slot && rev_id == fact.rev_id && device == fact.device
    );
    if !is_logged {
        verdict.fault(
            &name,
            "Kiriman ini tidak ada di tempatnya dalam log.",
            "This statement does not stand at its place in the log.",
        );
        return None;
    }
    let count = match fact.channel {
        Channel::App => &mut verdict.sound.signed,
        Channel::Sms => &mut verdict.sound.sms,
    };
    *count = count.saturating_add(1);
    Some((stated, photos))
}

fn signed(ground: &Ground<'_>, fact: &RevisionFact, name: &str) -> Option<Revision> {
    let text = std::str::from_utf8(ground.content.text(name)?).ok()?;
    let envelope = Envelope::from_request(text).ok()?;
    let key = ground.devices.get(&fact.device)?;
    let payload = envelope.open(REVISION_TYPE, key).ok()?;
    let is_it = rev_id(&payload) == fact.rev_id;
    Revision::from_payload(&payload).ok().filter(|_| is_it)
}

/// A message by SMS: its hash covers text and mac, but the mac itself can only
/// be checked with a key that does not leave the endpoint.
fn sent(
    ground: &Ground<'_>,
    file: &SlotFile,
    fact: &RevisionFact,
    name: &str,
) -> Option<SlotRevision> {
    let text = std::str::from_utf8(ground.content.text(name)?).ok()?;
    let (message, mac) = Sms::read(text).ok()?;
    if sms::rev_id(&fact.device, &message, &mac) != fact.rev_id {
        return None;
    }
    let filled = file.sms_counts.iter().zip(&message.figures);
    let counts: Counts = filled
        .filter_map(|(id, figure)| figure.map(|figure| (id.clone(), figure)))
        .collect();
    Some(SlotRevision {
        rev_id: fact.rev_id.clone(),
        device: fact.device.clone(),
        seq: message.seq,
        counts,
        photos: BTreeSet::new(),
        channel: Channel::Sms,
    })
}

fn receipt(ground: &mut Ground<'_>, fact: &RevisionFact, verdict: &mut Verdict) {
    if fact.channel == Channel::Sms {
        return;
    }
    let name = receipt_name(&fact.rev_id);
    ground.used.insert(name.clone());
    let opened = opened(
        ground,
        &name,
        ReceiptKind::Revision,
        &fact.rev_id,
        &fact.device,
    );
    let fits = opened.is_some_and(|receipt| {
        i64::try_from(receipt.log_index) == Ok(fact.log_index)
            && receipt.received_at == fact.received_at
    });
    receipted(&name, fits, verdict);
}

fn opened(
    ground: &Ground<'_>,
    name: &str,
    kind: ReceiptKind,
    id: &str,
    device: &str,
) -> Option<Receipt> {
    let envelope: Envelope = serde_json::from_slice(ground.content.text(name)?).ok()?;
    Receipt::open(&envelope, &ground.key, kind, id, device).ok()
}

fn receipted(name: &str, fits: bool, verdict: &mut Verdict) {
    if fits {
        verdict.sound.receipts = verdict.sound.receipts.saturating_add(1);
    } else {
        verdict.fault(
            name,
            "Tanda terima ini tidak cocok.",
            "This receipt does not fit.",
        );
    }
}

fn decided(ground: &Ground<'_>, file: &SlotFile, verdict: &mut Verdict) {
    for fact in &file.decisions {
        let is_logged = match ground.event(fact.log_index) {
            Some((Event::Decision { slot, digest, .. }, actor)) => {
                slot == file.slot
                    && digest == ruling_digest(&fact.decision)
                    && actor == Some(fact.decision.by.as_str())
            }
            _ => false,
        };
        if is_logged {
            verdict.sound.decisions = verdict.sound.decisions.saturating_add(1);
        } else {
            verdict.fault(
                &slot_name(&file.slot),
                &format!("Putusan ke-{} lain daripada di log.", fact.decision.number),
                &format!("Ruling {} is not the one in the log.", fact.decision.number),
            );
        }
    }
}

fn read(ground: &Ground<'_>, file: &SlotFile, verdict: &mut Verdict) {
    for fact in &file.readings {
        let is_logged = match ground.event(fact.log_index) {
            Some((Event::Reading { slot, digest, .. }, actor)) => {
                slot == file.slot
                    && digest == reading_digest(&fact.reading)
                    && actor == Some(fact.reading.by.as_str())
            }
            _ => false,
        };
        if is_logged {
            verdict.sound.readings = verdict.sound.readings.saturating_add(1);
        } else {
            verdict.fault(
                &slot_name(&file.slot),
                &format!("Bacaan ke-{} lain daripada di log.", fact.reading.number),
                &format!("Reading {} is not the one in the log.", fact.reading.number),
            );
        }
    }
}

fn carried(ground: &Ground<'_>, file: &SlotFile, verdict: &mut Verdict) {
    for fact in &file.paper {
        let (number, by) = (fact.step.number, fact.step.by.as_str());
        let is_logged = match ground.event(fact.log_index) {
            Some((Event::Paper { slot, digest, .. }, actor)) => {
                slot == file.slot
                    && digest == paper::digest(&file.slot, &fact.step)
                    && actor == Some(by)
            }
            _ => false,
        };
        if is_logged {
            verdict.sound.paper_steps = verdict.sound.paper_steps.saturating_add(1);
        } else {
            verdict.fault(
                &slot_name(&file.slot),
                &format!("Langkah kertas ke-{number} lain daripada di log."),
                &format!("Step {number} of the paper is not the one in the log."),
            );
        }
    }
}

/// The state and the figures follow from statements and rulings.
fn standing(file: &SlotFile, stated: &[SlotRevision], name: &str, verdict: &mut Verdict) {
    let rulings: Vec<Ruling> = file
        .decisions
        .iter()
        .map(|fact| Ruling {
            number: fact.decision.number,
            kind: fact.decision.kind,
            counts: fact.decision.counts.clone(),
            device: fact.decision.device.clone(),
            considered: fact.decision.considered.iter().cloned().collect(),
        })
        .collect();
    let view = domain::slot::view(stated, &rulings);
    if view.state != file.state || view.figures != file.figures {
        verdict.fault(
            name,
            "Keadaan atau angkanya tidak mengikuti kiriman dan putusan.",
            "Its state or figures do not follow from statements and rulings.",
        );
    }
}

fn picture(ground: &mut Ground<'_>, photo: &PhotoFact, named: &[PhotoRef], verdict: &mut Verdict) {
    let name = photo_name(&photo.sha256);
    ground.used.insert(name.clone());
    let found = ground.content.files.get(&name);
    let announced = named.iter().find_map(|one| {
        let original = one.original.as_ref();
        let original = original.filter(|file| photo.is_original && file.sha256 == photo.sha256);
        let is_copy = !photo.is_original && one.sha256 == photo.sha256;
        original
            .map(|file| file.size_bytes)
            .or_else(|| is_copy.then_some(one.size_bytes))
    });
    let is_it = found.is_some_and(|(size, hash)| *hash == photo.sha256 && Some(*size) == announced);
    if is_it {
        verdict.sound.photos = verdict.sound.photos.saturating_add(1);
    } else {
        verdict.fault(
            &name,
            "Foto ini bukan yang disebut dalam kiriman.",
            "This photo is not the one that a statement names.",
        );
    }
    for fact in &photo.receipts {
        let receipt = photo_receipt_name(&photo.sha256, &fact.device);
        ground.used.insert(receipt.clone());
        let kind = ReceiptKind::Photo;
        let opened = opened(ground, &receipt, kind, &photo.sha256, &fact.device);
        let is_logged = matches!(
            ground.event(fact.log_index),
            Some((Event::Photo { sha256, device, .. } | Event::PhotoKnown { sha256, device }, _))
                if sha256 == photo.sha256 && device == fact.device
        );
        let fits = opened.is_some_and(|opened| {
            i64::try_from(opened.log_index) == Ok(fact.log_index) && is_logged
        });
        receipted(&receipt, fits, verdict);
    }
}

/// Whatever the log shows of this slot is here.
fn complete(ground: &Ground<'_>, file: &SlotFile, name: &str, verdict: &mut Verdict) {
    let revisions = file.revisions.iter().map(|one| one.log_index);
    let decisions = file.decisions.iter().map(|one| one.log_index);
    let readings = file.readings.iter().map(|one| one.log_index);
    let steps = file.paper.iter().map(|one| one.log_index);
    let here: BTreeSet<i64> = revisions
        .chain(decisions)
        .chain(readings)
        .chain(steps)
        .collect();
    for (index, entry) in &ground.entries {
        let is_of_it = match entry.event() {
            Some(
                Event::Revision { slot, .. }
                | Event::Decision { slot, .. }
                | Event::Reading { slot, .. }
                | Event::Paper { slot, .. },
            ) => slot == file.slot,
            _ => false,
        };
        if is_of_it && !here.contains(index) {
            verdict.fault(
                name,
                &format!("Catatan log ke-{index} tentang formulir ini tidak disertakan."),
                &format!("Entry {index} of the log is about this slot and is left out."),
            );
        }
    }
}
