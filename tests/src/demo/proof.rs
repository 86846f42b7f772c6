//! Believing nothing: receipts verified again, totals added up again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use domain::Counts;
use protocol::receipt::{Receipt, ReceiptKind};
use protocol::{PublicKey, SlotId};
use store::Store;

use super::headless::Recorded;
use crate::stage::counting_room::CountingRoom;
use crate::stage::witness::Witness;

/// How many receipts were verified.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Of revisions.
    pub revisions: usize,
    /// Of photos.
    pub photos: usize,
}

/// Opens every receipt that a phone must have under the key that it pinned at
/// enrolment.
///
/// # Errors
/// When one is missing or does not verify.
pub fn receipts(witness: &Witness) -> Result<Verified> {
    receipts_in(witness.folder())
}

/// The same for a phone's folder that nobody has open.
///
/// # Errors
/// When one is missing or does not verify.
pub fn receipts_in(folder: &Path) -> Result<Verified> {
    let store = Store::open(&database(folder)?)?;
    let identity = store.identity()?.context("not enrolled")?;
    let enrolment = identity.enrolment.context("not enrolled")?;
    let key = PublicKey::from_base64(&enrolment.server_key).context("the pinned key is none")?;
    let verify = |kind: ReceiptKind, id: &str| -> Result<()> {
        let envelope = store
            .signed_receipt(identity.id, kind, id)?
            .with_context(|| format!("no receipt for {kind:?} {id}"))?;
        Receipt::open(&envelope, &key, kind, id, &enrolment.device)
            .map(drop)
            .with_context(|| format!("the receipt for {kind:?} {id} does not verify"))
    };
    let mut verified = Verified::default();
    for slot in store.sealed_slots()? {
        for row in store.revisions(&slot)? {
            let rev_id = &row.revision.rev_id;
            verify(ReceiptKind::Revision, rev_id)?;
            verified.revisions += 1;
            for photo in store.revision_photos(rev_id)? {
                verify(ReceiptKind::Photo, &photo.photo.facts.copy_sha256)?;
                verified.photos += 1;
            }
        }
    }
    Ok(verified)
}

/// The one database in a phone's folder.
fn database(folder: &Path) -> Result<PathBuf> {
    let files = std::fs::read_dir(folder)?
        .filter_map(Result::ok)
        .map(|entry| entry.path());
    let mut databases = files.filter(|path| path.extension().is_some_and(|ending| ending == "db"));
    databases.next().context("the phone has no database")
}

/// Votes by contest and ballot number, of slots that each count once however
/// many witnesses recorded them.
fn sums(recorded: &BTreeMap<SlotId, Counts>) -> BTreeMap<String, BTreeMap<String, u64>> {
    let mut sums: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for (slot, counts) in recorded {
        let contest = sums.entry(slot.contest.clone()).or_default();
        for (id, figure) in counts {
            if let Some(number) = id.strip_prefix("votes.") {
                *contest.entry(number.to_owned()).or_default() += u64::from(*figure);
            }
        }
    }
    sums
}

/// Compares the endpoint's totals of the province with the sum of what was
/// recorded, contest by contest. Returns the number of votes compared.
///
/// # Errors
/// When they differ.
pub async fn totals(room: &CountingRoom, recorded: &[Recorded]) -> Result<u64> {
    let by_slot: BTreeMap<SlotId, Counts> = recorded
        .iter()
        .map(|one| (one.slot.clone(), one.counts.clone()))
        .collect();
    let mut votes = 0;
    for (contest, expected) in sums(&by_slot) {
        let answer = room.totals(sample::ELECTION_ID, &contest, "64").await?;
        let mut here: BTreeMap<String, u64> = BTreeMap::new();
        for region in &answer.regions {
            for (number, figure) in &region.votes.received {
                *here.entry(number.clone()).or_default() += figure;
            }
        }
        here.retain(|number, figure| *figure > 0 || expected.contains_key(number));
        ensure!(
            here == expected,
            "the endpoint's totals of {contest} are {here:?}, recorded were {expected:?}"
        );
        votes += expected.values().sum::<u64>();
    }
    Ok(votes)
}
