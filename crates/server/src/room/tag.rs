//! The `ETag` of a slot: a name for what it holds.
//!
//! The slot's version alone would not do. After a restore from a backup the
//! endpoint counts on from an earlier version, and the same number may come to
//! stand for other revisions, rulings or photos; a ruling that somebody makes
//! on what he saw before must then not pass. So the tag is a hash over the
//! names of everything in the slot, behind the version.

use protocol::SlotId;
use protocol::encoding::sha256_hex;
use sqlx::{AnyConnection, Row as _};

use crate::storage::StorageError;

/// Symbols of the hash in a tag: 64 bits, since nobody gains by finding two
/// slots with one tag.
const HASH_SYMBOLS: usize = 16;

/// One row for the version, and one for every revision, ruling and complete
/// photo of the slot, each with its name: of a ruling all that it says.
const CONTENTS: &str = "SELECT 'version' AS kind, CAST(version AS TEXT) AS name
     FROM slots WHERE slot = $1
 UNION ALL SELECT 'revision', rev_id FROM revisions WHERE slot = $1
 UNION ALL SELECT 'ruling', CAST(number AS TEXT) || ' ' || kind || ' '
         || CAST(decided_at AS TEXT) || ' ' || decided_by || ' ' || counts || ' '
         || COALESCE(device, '') || ' ' || considered || ' ' || reason
     FROM decisions WHERE slot = $1
 UNION ALL SELECT DISTINCT 'photo', a.sha256 FROM announced a
     JOIN revisions r ON r.rev_id = a.rev_id JOIN photos p ON p.sha256 = a.sha256
     WHERE r.slot = $1";

/// The slot's tag, or `None` when there is no such slot.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn etag(
    connection: &mut AnyConnection,
    slot: &SlotId,
) -> Result<Option<String>, StorageError> {
    let rows = sqlx::query(CONTENTS)
        .bind(slot.to_string())
        .fetch_all(connection)
        .await?;
    let mut version = None;
    let mut names = Vec::with_capacity(rows.len());
    for row in rows {
        let (kind, name): (String, String) = (row.try_get("kind")?, row.try_get("name")?);
        if kind == "version" {
            version = Some(name);
        } else {
            names.push(format!("{kind} {name}"));
        }
    }
    // The two databases do not sort texts alike.
    names.sort_unstable();
    let hash = sha256_hex(names.join("\n").as_bytes());
    let hash: String = hash.chars().take(HASH_SYMBOLS).collect();
    Ok(version.map(|version| format!("\"{version}.{hash}\"")))
}
