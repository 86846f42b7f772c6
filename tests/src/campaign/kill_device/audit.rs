//! A phone's folder, looked at from outside after many deaths.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use protocol::SlotId;
use protocol::encoding::sha256_hex;
use store::Store;
use tempfile::TempDir;

use super::memory::Memory;
use crate::demo::proof;
use crate::stage::counting_room::CountingRoom;
use crate::stage::witness::Witness;

/// Lets the phone deliver what is left, then believes nothing: every receipt
/// is verified, every photo hashed, and the endpoint must have what the phone
/// sealed, all of it and nothing else. Returns how many receipts verified.
pub(super) async fn look(folder: TempDir, memory: &Memory, room: &CountingRoom) -> Result<u64> {
    let witness = Witness::at(folder)?;
    witness.send_all().await?;
    let folder = witness.into_folder();
    let verified = proof::receipts_in(folder.path())?;
    let store = Store::open(&folder.path().join("saksi.db"))?;
    for (slot, acknowledged) in memory.sealed() {
        let sealed = sealed(&store, slot)?;
        let lost = acknowledged.iter().find(|id| !sealed.contains(*id));
        ensure!(lost.is_none(), "{slot}: {lost:?} was sealed and is gone");
        if sealed.is_empty() {
            continue;
        }
        let detail = room.slot(slot).await?;
        let arrived: BTreeSet<String> = detail
            .history
            .iter()
            .map(|revision| revision.rev_id.clone())
            .collect();
        ensure!(
            detail.history.len() == arrived.len() && arrived.is_superset(&sealed),
            "{slot}: the endpoint has {arrived:?}, sealed were {sealed:?}"
        );
        ensure!(
            detail.photos.iter().all(|photo| photo.is_received),
            "{slot}: a photo with a receipt has not arrived"
        );
        for id in &sealed {
            whole_photos(&store, id, folder.path())?;
        }
    }
    Ok((verified.revisions + verified.photos) as u64)
}

fn sealed(store: &Store, slot: &SlotId) -> Result<BTreeSet<String>> {
    let rows = store.revisions(slot)?;
    Ok(rows.into_iter().map(|row| row.revision.rev_id).collect())
}

/// Both files of every photo of a revision are what their rows say.
fn whole_photos(store: &Store, rev_id: &str, folder: &std::path::Path) -> Result<()> {
    for one in store.revision_photos(rev_id)? {
        let facts = one.photo.facts;
        for (file, hash) in [
            (&facts.copy_file, &facts.copy_sha256),
            (&facts.original_file, &facts.original_sha256),
        ] {
            let bytes = std::fs::read(folder.join(file))?;
            ensure!(sha256_hex(&bytes) == *hash, "{file} is not what was sealed");
        }
    }
    Ok(())
}
