//! What lies on a phone, read from its database as a stranger would.

use std::path::Path;

use anyhow::{Context, Result};
use protocol::inbox::InboxItem;
use protocol::receipt::ReceiptKind;
use protocol::{Envelope, PublicKey, SlotId};
use store::{RevisionRow, Store};

use super::folders::DATABASE;

/// The most news that a simulated phone gets.
const NEWS_MAX: u32 = 10_000;

/// Everything on a phone that promises are about.
pub struct Memory {
    /// Sealed revisions, by slot and age.
    pub revisions: Vec<Sealed>,
    /// News, oldest first.
    pub inbox: Vec<InboxItem>,
    /// The key that the phone has pinned; `None` until enrolled.
    pub pinned: Option<PublicKey>,
    /// The id and token in use.
    pub account: Option<(String, String)>,
    /// What the phone carries for others.
    pub carried: Vec<Carried>,
    /// How many receipts the phone has set aside.
    pub disowned: u64,
}

/// A revision that a phone carries for another.
pub struct Carried {
    /// Its id.
    pub rev_id: String,
    /// The device that signed it.
    pub device: String,
    /// Whether the phone calls it received, and by which signed word.
    pub received: Option<Envelope>,
    /// The endpoint's refusal, by code.
    pub refused: Option<String>,
    /// Photos that came along and are neither received nor refused.
    pub photos_open: u32,
}

/// A sealed revision.
pub struct Sealed {
    /// Its slot.
    pub slot: SlotId,
    /// Its id.
    pub rev_id: String,
    /// Its number on its device.
    pub seq: u64,
    /// The device that signed it.
    pub device: String,
    /// The signed bytes.
    pub envelope: String,
    /// Whether the phone calls it received, and by which signed word.
    pub received: Option<Envelope>,
    /// The endpoint's refusal, by code.
    pub refused: Option<String>,
    /// Its photos.
    pub photos: Vec<SealedPhoto>,
}

/// A photo of a sealed revision.
pub struct SealedPhoto {
    /// Hash of the reading copy.
    pub sha256: String,
    /// File of the reading copy, in the phone's folder.
    pub file: String,
    /// Whether the phone calls it received, and by which signed word.
    pub received: Option<Envelope>,
    /// The endpoint's refusal, by code.
    pub refused: Option<String>,
}

impl Memory {
    /// Reads the memory of the phone in `folder`.
    ///
    /// # Errors
    /// When the database cannot be read, or calls something received without
    /// having the receipt.
    pub fn read(folder: &Path) -> Result<Self> {
        let store = Store::open(&folder.join(DATABASE))?;
        let identity = store.identity()?;
        let carried = match &identity {
            Some(identity) => carried(&store, identity.id)?,
            None => Vec::new(),
        };
        let enrolment = identity.and_then(|identity| identity.enrolment);
        let mut revisions = Vec::new();
        for slot in store.sealed_slots()? {
            let mut rows = store.revisions(&slot)?;
            rows.reverse();
            for row in rows {
                revisions.push(sealed(&store, row)?);
            }
        }
        let mut inbox = store.inbox(NEWS_MAX)?;
        inbox.reverse();
        Ok(Self {
            revisions,
            inbox: inbox.into_iter().map(|row| row.item).collect(),
            pinned: enrolment
                .as_ref()
                .and_then(|enrolment| PublicKey::from_base64(&enrolment.server_key)),
            account: enrolment.map(|enrolment| (enrolment.device, enrolment.token)),
            carried,
            disowned: store.disowned_count()?,
        })
    }
}

fn carried(store: &Store, identity: i64) -> Result<Vec<Carried>> {
    let rows = store.carried(identity)?.into_iter();
    rows.map(|row| {
        let receipt = store.signed_receipt(identity, ReceiptKind::Revision, &row.rev_id)?;
        Ok(Carried {
            received: receipt.filter(|_| row.is_received),
            refused: row.refused,
            photos_open: row.photos - row.photos_received - row.photos_refused,
            device: row.device,
            rev_id: row.rev_id,
        })
    })
    .collect()
}

fn sealed(store: &Store, row: RevisionRow) -> Result<Sealed> {
    let revision = row.revision;
    let identity = revision.identity;
    let envelope: Envelope = serde_json::from_str(&revision.envelope)?;
    let signer = envelope.signature()?.keyid.clone();
    let word = |kind, id: &str, is_received: bool| -> Result<Option<Envelope>> {
        if !is_received {
            return Ok(None);
        }
        let receipt = store.signed_receipt(identity, kind, id)?;
        receipt
            .context("called received without a receipt")
            .map(Some)
    };
    let mut photos = Vec::new();
    for photo in store.revision_photos(&revision.rev_id)? {
        let sha256 = photo.photo.facts.copy_sha256;
        photos.push(SealedPhoto {
            received: word(ReceiptKind::Photo, &sha256, photo.is_received)?,
            file: photo.photo.facts.copy_file,
            refused: photo.refused,
            sha256,
        });
    }
    Ok(Sealed {
        received: word(
            ReceiptKind::Revision,
            &revision.rev_id,
            row.receipt.is_some(),
        )?,
        slot: revision.slot,
        seq: revision.seq,
        device: signer,
        envelope: revision.envelope,
        refused: row.refused,
        photos,
        rev_id: revision.rev_id,
    })
}
