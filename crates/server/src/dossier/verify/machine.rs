//! Manifest, seal, log and devices, before the slots.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{Envelope, PublicKey};
use serde::de::DeserializeOwned;

use super::Verdict;
use super::container::Content;
use super::slot;
use crate::dossier::machine::{
    DEVICES, DeviceFact, LOG, MANIFEST, Manifest, PAGES, README, SEAL, SEAL_TYPE, Seal, VERSION,
    slot_name,
};
use crate::log::part::{self, Part};
use crate::log::{Entry, Event};

/// What slots are checked against.
pub(super) struct Ground<'a> {
    pub(super) content: &'a Content,
    pub(super) key: PublicKey,
    /// Entries of the log that are shown.
    pub(super) entries: BTreeMap<i64, Entry>,
    /// Keys of the devices.
    pub(super) devices: BTreeMap<String, PublicKey>,
    /// Files that belong to something.
    pub(super) used: BTreeSet<String>,
}

impl Ground<'_> {
    /// The event at an index of the log, and who acted.
    pub(super) fn event(&self, index: i64) -> Option<(Event, Option<&str>)> {
        let entry = self.entries.get(&index)?;
        Some((entry.event()?, entry.actor.as_deref()))
    }
}

/// A file as JSON of the documented shape.
pub(super) fn json<T: DeserializeOwned>(
    content: &Content,
    name: &str,
    verdict: &mut Verdict,
) -> Option<T> {
    let Some(bytes) = content.text(name) else {
        verdict.fault(name, "Berkas ini tidak ada.", "This file is missing.");
        return None;
    };
    match serde_json::from_slice(bytes) {
        Ok(value) => Some(value),
        Err(cause) => {
            verdict.fault(
                name,
                &format!("Isinya tidak terbaca: {cause}"),
                &format!("Its content cannot be read: {cause}"),
            );
            None
        }
    }
}

/// Checks everything.
pub(super) fn check(content: &Content, pinned: Option<&PublicKey>, verdict: &mut Verdict) {
    if let Some((_, hash)) = content.files.get(MANIFEST) {
        verdict.machine.clone_from(hash);
    }
    let manifest: Option<Manifest> = json(content, MANIFEST, verdict);
    let Some(manifest) = manifest else {
        sealed(content, None, verdict);
        return;
    };
    let key = PublicKey::from_base64(&manifest.key);
    if manifest.saksi_dossier != VERSION || key.is_none() {
        verdict.fault(
            MANIFEST,
            "Versi atau kunci server di dalamnya tidak dikenal.",
            "It has an unknown version, or no usable key.",
        );
    }
    if pinned.is_some_and(|pinned| Some(*pinned) != key) {
        verdict.fault(
            MANIFEST,
            "Dibuat oleh server dengan kunci lain daripada yang disebutkan.",
            "It was made by an endpoint with another key than the one given.",
        );
    }
    files(content, &manifest, verdict);
    sealed(content, key.as_ref(), verdict);
    if let Some(key) = key {
        evidence(content, &manifest, key, verdict);
    }
    verdict.manifest = Some(manifest);
}

/// Every file has its hash in the manifest, and the other way round.
fn files(content: &Content, manifest: &Manifest, verdict: &mut Verdict) {
    let mut named = BTreeSet::from([MANIFEST, SEAL, PAGES]);
    for file in &manifest.files {
        if !named.insert(&file.name) {
            verdict.fault(&file.name, "Disebut dua kali.", "It is named twice.");
        }
        match content.files.get(&file.name) {
            None => verdict.fault(&file.name, "Berkas ini tidak ada.", "This file is missing."),
            Some((size, hash)) if *size != file.size_bytes || *hash != file.sha256 => {
                verdict.fault(
                    &file.name,
                    "Isinya lain daripada yang disebut manifest.",
                    "It is not what the manifest says.",
                );
            }
            Some(_) => verdict.sound.files = verdict.sound.files.saturating_add(1),
        }
    }
    for name in content.files.keys() {
        if !named.contains(name.as_str()) {
            verdict.fault(
                name,
                "Tidak disebut di manifest.",
                "The manifest does not name it.",
            );
        }
    }
}

/// The endpoint's word for manifest and pages. Without a key, which of the two
/// is another is still told.
fn sealed(content: &Content, key: Option<&PublicKey>, verdict: &mut Verdict) {
    let Some(envelope) = json::<Envelope>(content, SEAL, verdict) else {
        return;
    };
    let is_signed = key.is_some_and(|key| envelope.open(SEAL_TYPE, key).is_ok());
    if !is_signed {
        verdict.fault(
            SEAL,
            "Segelnya tidak ditandatangani kunci yang disebut manifest.",
            "The seal is not signed with the key that the manifest names.",
        );
    }
    let seal = envelope.payload_bytes().ok();
    let seal = seal.and_then(|bytes| serde_json::from_slice::<Seal>(&bytes).ok());
    let Some(seal) = seal.filter(|seal| seal.v == VERSION) else {
        verdict.fault(SEAL, "Segelnya tidak terbaca.", "The seal cannot be read.");
        return;
    };
    for (name, hash) in [(MANIFEST, &seal.machine), (PAGES, &seal.pages)] {
        match content.files.get(name) {
            None => verdict.fault(name, "Berkas ini tidak ada.", "This file is missing."),
            Some((_, found)) if found != hash => verdict.fault(
                name,
                "Isinya lain daripada yang disegel.",
                "It is not what was sealed.",
            ),
            Some(_) => {}
        }
    }
}

fn evidence(content: &Content, manifest: &Manifest, key: PublicKey, verdict: &mut Verdict) {
    let mut ground = Ground {
        content,
        key,
        entries: BTreeMap::new(),
        devices: BTreeMap::new(),
        used: BTreeSet::from([README, DEVICES, LOG].map(str::to_owned)),
    };
    read_log(&mut ground, manifest, verdict);
    read_devices(&mut ground, verdict);
    for name in &manifest.slots {
        slot::check(&mut ground, name, verdict);
        ground.used.insert(slot_name(name));
    }
    for file in &manifest.files {
        if !ground.used.contains(&file.name) {
            verdict.fault(
                &file.name,
                "Tidak dipakai formulir mana pun.",
                "It belongs to no slot.",
            );
        }
    }
}

fn read_log(ground: &mut Ground<'_>, manifest: &Manifest, verdict: &mut Verdict) {
    let Some(bytes) = ground.content.text(LOG) else {
        return;
    };
    let entries = &mut ground.entries;
    let part = part::check(part::json_lines(bytes), Some(&ground.key), |entry| {
        entries.insert(entry.log_index, entry);
    });
    match part {
        Ok(Part {
            after,
            upto,
            hash,
            shown,
            ..
        }) => {
            if upto != manifest.log_index || hash != manifest.log_hash {
                verdict.fault(
                    LOG,
                    "Berakhir di catatan lain daripada yang disebut manifest.",
                    "It ends at another entry than the manifest says.",
                );
            }
            verdict.sound.log_from = after.saturating_add(1);
            verdict.sound.log_to = upto;
            verdict.sound.log_shown = shown;
        }
        Err(cause) => {
            // What was seen before the break is not believed either.
            entries.clear();
            verdict.fault(
                LOG,
                &format!("Rantai log tidak utuh: {cause}"),
                &format!("The log's chain is not whole: {cause}"),
            );
        }
    }
}

fn read_devices(ground: &mut Ground<'_>, verdict: &mut Verdict) {
    let devices: Vec<DeviceFact> = json(ground.content, DEVICES, verdict).unwrap_or_default();
    for fact in devices {
        let Some(key) = PublicKey::from_base64(&fact.public_key) else {
            verdict.fault(DEVICES, "Ada kunci yang rusak.", "A key in it is none.");
            continue;
        };
        let event = fact.log_index.and_then(|index| ground.event(index));
        let enrolled = match event {
            Some((
                Event::Enrolled {
                    device,
                    witness,
                    public_key,
                },
                _,
            )) if witness == fact.witness => Some((device, public_key)),
            // A desk's witness is a user, whose name the entry says.
            Some((
                Event::DeskOpened {
                    device, public_key, ..
                },
                _,
            )) => Some((device, public_key)),
            _ => None,
        };
        match enrolled.filter(|(device, _)| *device == fact.device) {
            Some((device, public_key)) => match public_key {
                Some(said) if said != fact.public_key => verdict.fault(
                    DEVICES,
                    &format!("Kunci {device} lain daripada saat pendaftaran di log."),
                    &format!("The key of {device} is not the one that the log enrolled."),
                ),
                Some(_) => {
                    verdict.sound.tied_devices = verdict.sound.tied_devices.saturating_add(1);
                }
                None => {
                    verdict.sound.untied_devices = verdict.sound.untied_devices.saturating_add(1);
                }
            },
            None => verdict.fault(
                DEVICES,
                &format!("Pendaftaran {} tidak ada di log.", fact.device),
                &format!("The log does not enrol {}.", fact.device),
            ),
        }
        ground.devices.insert(fact.device, key);
    }
}
