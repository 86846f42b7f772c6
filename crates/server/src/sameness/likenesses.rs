//! Looking at photos, and keeping what they look like.

use std::collections::BTreeSet;

use bytes::Bytes;
use giving_way::giving_way;
use photo::Likeness;
use protocol::limits::READING_COPY_MAX_BYTES;
use sqlx::{AnyConnection, AnyPool, Row as _};

use super::index::{self, Index};
use super::settle;
use super::twins::slots_with;
use crate::app::App;
use crate::storage::{Cell, StorageError, Tx, insert_rows, keyed_in};

/// Photos looked at before the writer is asked to keep it.
pub(super) const AT_ONCE: usize = 16;
/// A likeness with fewer bits set than this, or with fewer not set, shows hardly
/// anything, and is like every other that does not. A page of a form has about
/// a thousand of 2,048.
const STRUCTURE_MIN_BITS: u32 = 200;
/// Bits of a likeness.
const BITS: u32 = 2_048;

/// Which photos are reading copies that have not been looked at. What is ahead
/// of its revision is one, unless it is too large.
const UNSEEN: &str = "SELECT p.sha256 FROM photos p WHERE p.size_bytes <= $1
     AND NOT EXISTS (SELECT 1 FROM likenesses l WHERE l.sha256 = p.sha256)
     AND (EXISTS (SELECT 1 FROM announced a WHERE a.sha256 = p.sha256 AND a.kind = 'copy')
       OR NOT EXISTS (SELECT 1 FROM announced a WHERE a.sha256 = p.sha256))
     ORDER BY p.completed_at, p.sha256";

/// All photos that have not been looked at, oldest first.
pub(super) async fn unseen(pool: &AnyPool) -> Result<Vec<String>, StorageError> {
    let largest = i64::try_from(READING_COPY_MAX_BYTES).unwrap_or(i64::MAX);
    let rows = sqlx::query(UNSEEN).bind(largest).fetch_all(pool).await?;
    rows.iter()
        .map(|row| row.try_get("sha256").map_err(StorageError::from))
        .collect()
}

/// Those of these photos that are to be looked at, in their order.
async fn to_look_at(pool: &AnyPool, photos: &[String]) -> Result<Vec<String>, StorageError> {
    let (mut copies, mut not) = (BTreeSet::new(), BTreeSet::new());
    let head = "SELECT sha256, kind FROM announced WHERE sha256";
    for query in keyed_in(head, photos, "") {
        for row in query.fetch_all(pool).await? {
            let sha256: String = row.try_get("sha256")?;
            if row.try_get::<&str, _>("kind")? == "copy" {
                copies.insert(sha256);
            } else {
                not.insert(sha256);
            }
        }
    }
    for query in keyed_in("SELECT sha256 FROM likenesses WHERE sha256", photos, "") {
        for row in query.fetch_all(pool).await? {
            let sha256: String = row.try_get("sha256")?;
            copies.remove(&sha256);
            not.insert(sha256);
        }
    }
    let wanted = |sha256: &&String| copies.contains(*sha256) || !not.contains(*sha256);
    Ok(photos.iter().filter(wanted).cloned().collect())
}

/// Looks at these photos, and keeps how they look together with what follows
/// from it for the slots that use them.
pub(super) async fn look_at(
    app: &App,
    index: &mut Index,
    photos: &[String],
) -> Result<(), StorageError> {
    let pool = app.storage.reading();
    let mut here = Vec::new();
    for sha256 in to_look_at(pool, photos).await? {
        // What cannot be read now is looked at after the next start.
        match app.photos.read(&sha256).await {
            Ok(bytes) => here.push((sha256, bytes)),
            Err(error) => tracing::warn!(%error, sha256, "a photo could not be looked at"),
        }
    }
    if here.is_empty() {
        return Ok(());
    }
    catch_up(&mut *pool.acquire().await?, index).await?;
    // Comparing with a province's photos takes milliseconds each: not in the
    // transaction that everybody's receipts wait for.
    let known = std::mem::take(index);
    let looking = move || {
        let looked = |(sha256, bytes): (String, Bytes)| seen(&known, sha256, &bytes);
        let seen: Vec<Seen> = here.into_iter().map(looked).collect();
        (known, seen)
    };
    let looking = tokio::task::spawn_blocking(|| giving_way(looking));
    let (mut known, seen) = looking.await.map_err(|_| StorageError::BrokeDown)?;
    let kept: Result<_, StorageError> = app
        .writer
        .run(move |tx| {
            Box::pin(async move {
                keep(tx, &mut known, seen).await?;
                Ok(known)
            })
        })
        .await;
    *index = kept?;
    Ok(())
}

/// A photo that was looked at.
struct Seen {
    sha256: String,
    likeness: Option<Likeness>,
    /// Photos of the index that it looks like, with the bits that differ.
    alike: Vec<(String, u32)>,
}

fn seen(index: &Index, sha256: String, bytes: &[u8]) -> Seen {
    let likeness = likeness_of(bytes);
    let alike = likeness
        .as_ref()
        .map(|likeness| index.like(&sha256, likeness, 0));
    Seen {
        sha256,
        likeness,
        alike: alike.unwrap_or_default(),
    }
}

/// How a photo looks; `None` when nothing can be told from it.
fn likeness_of(bytes: &[u8]) -> Option<Likeness> {
    Likeness::of(bytes).ok().and_then(telling)
}

/// The likeness, if it shows anything.
fn telling(likeness: Likeness) -> Option<Likeness> {
    let nothing = Likeness::from_hex(&"0".repeat(512))?;
    let set = likeness.distance(&nothing);
    (STRUCTURE_MIN_BITS..=BITS.saturating_sub(STRUCTURE_MIN_BITS))
        .contains(&set)
        .then_some(likeness)
}

/// Adds to the index what has been looked at since.
async fn catch_up(connection: &mut AnyConnection, index: &mut Index) -> Result<(), StorageError> {
    let rows = sqlx::query(
        "SELECT number, sha256, likeness FROM likenesses WHERE number > $1 ORDER BY number",
    )
    .bind(index.newest)
    .fetch_all(connection)
    .await?;
    for row in rows {
        let likeness: Option<String> = row.try_get("likeness")?;
        let likeness = likeness.as_deref().and_then(Likeness::from_hex);
        index.add(row.try_get("number")?, row.try_get("sha256")?, likeness);
    }
    Ok(())
}

/// Writes what was seen; it has been compared with what `index` holds. Another
/// process may have added some since: those, and the ones seen before it here,
/// are compared now.
async fn keep(tx: &mut Tx, index: &mut Index, seen: Vec<Seen>) -> Result<(), StorageError> {
    let compared = index.count();
    catch_up(tx.conn(), index).await?;
    let hashes: Vec<String> = seen.iter().map(|one| one.sha256.clone()).collect();
    let mut there = BTreeSet::new();
    for query in keyed_in("SELECT sha256 FROM likenesses WHERE sha256", &hashes, "") {
        for row in query.fetch_all(tx.conn()).await? {
            there.insert(row.try_get::<String, _>("sha256")?);
        }
    }
    let (mut likenesses, mut pairs) = (Vec::new(), Vec::new());
    let mut alike = BTreeSet::new();
    for one in seen {
        let Seen {
            sha256,
            likeness,
            alike: mut found,
        } = one;
        // The same photo may stand twice in one go.
        if !there.insert(sha256.clone()) {
            continue;
        }
        let number = index.newest.saturating_add(1);
        let text = likeness.as_ref().map(Likeness::to_hex);
        likenesses.push(vec![number.into(), sha256.as_str().into(), text.into()]);
        let newer = likeness
            .iter()
            .flat_map(|likeness| index.like(&sha256, likeness, compared));
        found.extend(newer);
        for (other, bits) in index::closest(found) {
            let pair = |one: &str, two: &str| -> Vec<Cell> {
                vec![one.into(), two.into(), i64::from(bits).into()]
            };
            pairs.push(pair(&sha256, &other));
            pairs.push(pair(&other, &sha256));
            alike.insert(sha256.clone());
            alike.insert(other);
        }
        index.add(number, sha256, likeness);
    }
    insert_rows(
        tx.conn(),
        "INSERT INTO likenesses (number, sha256, likeness)",
        likenesses,
        "",
    )
    .await?;
    let head = "INSERT INTO likeness_pairs (sha256, other, bits)";
    let twice = "ON CONFLICT (sha256, other) DO NOTHING";
    insert_rows(tx.conn(), head, pairs, twice).await?;
    if !alike.is_empty() {
        let alike: Vec<String> = alike.into_iter().collect();
        let slots = slots_with(tx.conn(), &alike).await?;
        settle::write(tx, &slots).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_covered_lens_looks_like_nothing() {
        let of = |digit: &str| Likeness::from_hex(&digit.repeat(512)).unwrap();
        assert_eq!(telling(of("0")), None);
        assert_eq!(telling(of("f")), None);
        assert!(telling(of("6")).is_some());
        assert_eq!(likeness_of(b"not a picture"), None);
    }
}
