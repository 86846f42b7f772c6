//! Which slots use one photo, or photos that look the same.

use std::collections::{BTreeMap, BTreeSet};

use protocol::revision::PhotoKind;
use protocol::{Envelope, Revision, SlotId};
use sqlx::{AnyConnection, Row as _};

use crate::storage::{StorageError, keyed_in};

/// A photo of a slot's heads that another slot's heads use too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Twin {
    /// The photo: hash of its reading copy.
    pub(crate) sha256: String,
    /// The other slot.
    pub(crate) slot: SlotId,
    /// The photo there; the same hash when it is the same file.
    pub(crate) other: String,
    /// Bits of their likenesses that differ.
    pub(crate) bits: u32,
}

/// One photo in one slot's head.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Use {
    slot: SlotId,
    rev_id: String,
}

/// The twins of the photos of each of these slots; those without are left out.
///
/// Whoever has one form for two polling stations has a question to answer. Of
/// two contests of one polling station only photos of forms are twins: a letter
/// of objection may well concern both.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn twins(
    connection: &mut AnyConnection,
    slots: &[String],
) -> Result<BTreeMap<String, Vec<Twin>>, StorageError> {
    let own = photos_of_heads(connection, slots).await?;
    let hashes: BTreeSet<String> = own.values().flatten().cloned().collect();
    let hashes: Vec<String> = hashes.into_iter().collect();
    // By photo, those that look the same, and itself.
    let mut same: BTreeMap<String, Vec<(String, u32)>> = BTreeMap::new();
    for sha256 in &hashes {
        let itself = vec![(sha256.clone(), 0)];
        same.insert(sha256.clone(), itself);
    }
    let head = "SELECT sha256, other, bits FROM likeness_pairs WHERE sha256";
    for query in keyed_in(head, &hashes, "") {
        for row in query.fetch_all(&mut *connection).await? {
            let bits: i64 = row.try_get("bits")?;
            let pair = (
                row.try_get("other")?,
                u32::try_from(bits).unwrap_or_default(),
            );
            same.entry(row.try_get("sha256")?).or_default().push(pair);
        }
    }
    let all: BTreeSet<String> = same
        .values()
        .flatten()
        .map(|(hash, _)| hash.clone())
        .collect();
    let all: Vec<String> = all.into_iter().collect();
    let uses = uses(connection, &all).await?;
    let mut found: BTreeMap<String, Vec<Twin>> = BTreeMap::new();
    for (slot, photos) in &own {
        let id: SlotId = slot
            .parse()
            .map_err(|cause| StorageError::corrupt("slot", cause))?;
        for sha256 in photos {
            for (other, bits) in same.get(sha256).into_iter().flatten() {
                for there in uses.get(other).into_iter().flatten() {
                    if there.slot == id {
                        continue;
                    }
                    let is_here = there.slot.tps == id.tps;
                    if is_here && !are_forms(connection, &uses, &id, sha256, there, other).await? {
                        continue;
                    }
                    found.entry(slot.clone()).or_default().push(Twin {
                        sha256: sha256.clone(),
                        slot: there.slot.clone(),
                        other: other.clone(),
                        bits: *bits,
                    });
                }
            }
        }
    }
    for twins in found.values_mut() {
        twins.sort_unstable();
        // Two witnesses of the other slot may have sent it.
        twins.dedup();
    }
    Ok(found)
}

/// The slots whose revisions name one of these photos as a reading copy.
pub(super) async fn slots_with(
    connection: &mut AnyConnection,
    photos: &[String],
) -> Result<Vec<String>, StorageError> {
    let head = "SELECT DISTINCT r.slot FROM announced a JOIN revisions r ON r.rev_id = a.rev_id
         WHERE a.kind = 'copy' AND a.sha256";
    let mut slots = BTreeSet::new();
    for query in keyed_in(head, photos, "") {
        for row in query.fetch_all(&mut *connection).await? {
            slots.insert(row.try_get::<String, _>("slot")?);
        }
    }
    Ok(slots.into_iter().collect())
}

/// The reading copies that the heads of these slots name.
async fn photos_of_heads(
    connection: &mut AnyConnection,
    slots: &[String],
) -> Result<BTreeMap<String, BTreeSet<String>>, StorageError> {
    let mut heads: BTreeMap<String, String> = BTreeMap::new();
    for query in keyed_in("SELECT slot, heads FROM slots WHERE slot", slots, "") {
        for row in query.fetch_all(&mut *connection).await? {
            let slot: String = row.try_get("slot")?;
            for rev_id in list(row.try_get("heads")?)? {
                heads.insert(rev_id, slot.clone());
            }
        }
    }
    let ids: Vec<String> = heads.keys().cloned().collect();
    let mut photos: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for query in keyed_in(
        "SELECT rev_id, photos FROM revisions WHERE rev_id",
        &ids,
        "",
    ) {
        for row in query.fetch_all(&mut *connection).await? {
            let named = list(row.try_get("photos")?)?;
            if let Some(slot) = heads.get(row.try_get::<&str, _>("rev_id")?)
                && !named.is_empty()
            {
                photos.entry(slot.clone()).or_default().extend(named);
            }
        }
    }
    Ok(photos)
}

/// By photo, the heads that name it as a reading copy.
async fn uses(
    connection: &mut AnyConnection,
    photos: &[String],
) -> Result<BTreeMap<String, BTreeSet<Use>>, StorageError> {
    let head = "SELECT a.sha256, r.rev_id, r.slot, s.heads FROM announced a
         JOIN revisions r ON r.rev_id = a.rev_id JOIN slots s ON s.slot = r.slot
         WHERE a.kind = 'copy' AND a.sha256";
    let mut uses: BTreeMap<String, BTreeSet<Use>> = BTreeMap::new();
    for query in keyed_in(head, photos, "") {
        for row in query.fetch_all(&mut *connection).await? {
            let rev_id: String = row.try_get("rev_id")?;
            if !list(row.try_get("heads")?)?.contains(&rev_id) {
                continue;
            }
            let slot: &str = row.try_get("slot")?;
            let slot = slot
                .parse()
                .map_err(|cause| StorageError::corrupt("slot", cause))?;
            let photo = uses.entry(row.try_get("sha256")?).or_default();
            photo.insert(Use { slot, rev_id });
        }
    }
    Ok(uses)
}

/// Whether both are photos of forms: `sha256` in a head of `slot`, and `other`
/// there.
async fn are_forms(
    connection: &mut AnyConnection,
    uses: &BTreeMap<String, BTreeSet<Use>>,
    slot: &SlotId,
    sha256: &str,
    there: &Use,
    other: &str,
) -> Result<bool, StorageError> {
    let own = uses.get(sha256).into_iter().flatten();
    let Some(own) = own.filter(|one| one.slot == *slot).min() else {
        return Ok(false);
    };
    Ok(is_form(connection, &own.rev_id, sha256).await?
        && is_form(connection, &there.rev_id, other).await?)
}

async fn is_form(
    connection: &mut AnyConnection,
    rev_id: &str,
    sha256: &str,
) -> Result<bool, StorageError> {
    let broken = |cause: String| StorageError::corrupt("envelope", cause);
    let text: String = sqlx::query_scalar("SELECT envelope FROM revisions WHERE rev_id = $1")
        .bind(rev_id.to_owned())
        .fetch_one(connection)
        .await?;
    // Only signed revisions name photos.
    let envelope: Envelope =
        serde_json::from_str(&text).map_err(|cause| broken(cause.to_string()))?;
    let payload = envelope
        .payload_bytes()
        .map_err(|cause| broken(cause.to_string()))?;
    let revision = Revision::from_payload(&payload).map_err(|cause| broken(cause.to_string()))?;
    let mut named = revision.photos.iter();
    Ok(named.any(|photo| photo.sha256 == sha256 && photo.kind == PhotoKind::Form))
}

fn list(json: &str) -> Result<Vec<String>, StorageError> {
    serde_json::from_str(json).map_err(|cause| StorageError::corrupt("list", cause))
}
