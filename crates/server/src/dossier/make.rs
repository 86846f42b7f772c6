//! Making a dossier, piece by piece, while it is sent.

use std::collections::BTreeSet;

use protocol::envelope::Envelope;
use protocol::{SlotId, Timestamp};
use tokio::sync::mpsc;

use super::archive::{Archive, Piece, hash_of};
use super::gather::{self, Case};
use super::machine::{
    DEVICES, LOG, MANIFEST, Manifest, PAGES, README, SEAL, SEAL_TYPE, Seal, VERSION, photo_name,
    photo_receipt_name, slot_name,
};
use super::pages;
use crate::app::{App, AppState};
use crate::log::part::PartWriter;
use crate::log::{self, Event};
use crate::photos::StoreError;
use crate::room::SignedIn;
use crate::storage::StorageError;

/// What is to be made, and by whom.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) by: SignedIn,
    pub(super) title: String,
    pub(super) with_originals: bool,
    pub(super) slots: Vec<SlotId>,
}

/// Makes it into `out`. When that fails the file breaks off, and a zip without
/// its end opens nowhere.
pub(super) async fn make(app: AppState, order: Order, out: mpsc::Sender<Piece>) {
    if let Err(cause) = try_make(&app, order, out.clone()).await {
        tracing::warn!(%cause, "a dossier was not finished");
        // Nobody is there to hear it when that is why.
        let _ = out.send(Err(cause)).await;
    }
}

async fn try_make(app: &App, order: Order, out: mpsc::Sender<Piece>) -> std::io::Result<()> {
    let mut archive = Archive::new(out);
    archive.file(README, pages::README.as_bytes()).await?;
    let cases = cases(app, &order, &mut archive).await?;
    let (log_index, log_hash) = put_log(app, &cases, &mut archive).await?;
    let election = order.slots.first().map(|slot| slot.election.clone());
    let catalogue = app.catalogues.get().await?;
    let election = election
        .and_then(|id| catalogue.elections.get(&id))
        .ok_or_else(|| std::io::Error::other("the slots' election is not in the catalogue"))?;
    let manifest = Manifest {
        saksi_dossier: VERSION,
        election: election.id.clone(),
        election_name: election.name.clone(),
        title: order.title.clone(),
        made_at: Timestamp::from_unix_ms(app.clock().now_ms()),
        made_by: order.by.user.name.clone(),
        key: app.key.public().to_string(),
        key_id: app.key.id().to_owned(),
        log_index,
        log_hash,
        slots: cases.iter().map(|case| case.file.slot.clone()).collect(),
        files: archive.files().to_vec(),
    };
    let text = serde_json::to_vec_pretty(&manifest)?;
    let machine = hash_of(&text);
    archive.file(MANIFEST, &text).await?;
    let entry = note(app, &order, &machine).await?;
    let cover = pages::Cover {
        manifest: &manifest,
        election,
        machine: &machine,
        entry,
    };
    let document = pages::document(&cover, &cases);
    let seal = Seal {
        v: VERSION,
        machine,
        pages: hash_of(document.as_bytes()),
        log_index: entry,
    };
    let payload = serde_json::to_vec(&seal)?;
    let seal = Envelope::seal(SEAL_TYPE, &payload, app.key.id(), app.key.secret());
    archive.file(PAGES, document.as_bytes()).await?;
    archive.file(SEAL, &serde_json::to_vec(&seal)?).await?;
    archive.finish().await
}

/// The evidence of each slot, with its photos and small files put away.
async fn cases(app: &App, order: &Order, archive: &mut Archive) -> std::io::Result<Vec<Case>> {
    let catalogue = app.catalogues.get().await?;
    let pool = app.storage.reading();
    let mut cases = Vec::with_capacity(order.slots.len());
    for slot in &order.slots {
        let gathered =
            gather::gather(pool, &catalogue, &order.by, slot, order.with_originals).await;
        let mut case = gathered.map_err(|no| {
            let problem = no.into_problem();
            std::io::Error::other(format!("{slot}: {}", problem.title))
        })?;
        put_photos(app, &mut case, archive).await?;
        for (name, text) in std::mem::take(&mut case.texts) {
            archive.file(&name, text.as_bytes()).await?;
        }
        let text = serde_json::to_vec_pretty(&case.file)?;
        archive.file(&slot_name(slot), &text).await?;
        cases.push(case);
    }
    Ok(cases)
}

/// A photo that is lost is left out, and the pages say that it is not there.
async fn put_photos(app: &App, case: &mut Case, archive: &mut Archive) -> std::io::Result<()> {
    let mut kept = Vec::new();
    for photo in std::mem::take(&mut case.file.photos) {
        let name = photo_name(&photo.sha256);
        if !archive.has(&name) {
            match app.photos.read(&photo.sha256).await {
                Ok(bytes) => archive.file(&name, &bytes).await?,
                Err(StoreError::Missing) => {
                    tracing::error!(sha256 = photo.sha256, "a photo is missing");
                    for receipt in &photo.receipts {
                        let name = photo_receipt_name(&photo.sha256, &receipt.device);
                        case.texts.remove(&name);
                    }
                    continue;
                }
                Err(cause) => return Err(std::io::Error::other(cause)),
            }
        }
        kept.push(photo);
    }
    case.file.photos = kept;
    Ok(())
}

/// Devices, and the part of the log up to a head that is signed for it.
async fn put_log(
    app: &App,
    cases: &[Case],
    archive: &mut Archive,
) -> std::io::Result<(i64, String)> {
    let pool = app.storage.reading();
    let mut shown: BTreeSet<i64> = BTreeSet::new();
    for case in cases {
        shown.extend(&case.entries);
    }
    let devices = gather::devices(pool, cases, &mut shown).await?;
    archive
        .file(DEVICES, &serde_json::to_vec_pretty(&devices)?)
        .await?;
    app.sign_log_head().await?;
    let head = log::checkpoint::newest_upto(pool, i64::MAX).await?;
    let (upto, head, _) = head.ok_or_else(|| std::io::Error::other("no head is signed"))?;
    let said = log::checkpoint::opened(&head, &app.key.public())
        .ok_or_else(|| std::io::Error::other("the signed head does not verify"))?;
    let mut part = PartWriter::begin(pool, &app.key, Some(shown), upto).await?;
    archive.begin(LOG)?;
    loop {
        let lines = part.next(pool).await?;
        if lines.is_empty() {
            break;
        }
        let mut text = Vec::new();
        for line in &lines {
            serde_json::to_writer(&mut text, line)?;
            text.push(b'\n');
        }
        archive.piece(&text).await?;
    }
    archive.end();
    Ok((upto, said.hash))
}

/// Puts it into the log, and returns the entry's index.
async fn note(app: &App, order: &Order, machine: &str) -> Result<i64, StorageError> {
    let event = Event::Dossier {
        slots: order.slots.clone(),
        machine: machine.to_owned(),
    };
    app.writer.note(Some(&order.by.user.name), event).await
}
