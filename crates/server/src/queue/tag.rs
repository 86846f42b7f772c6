//! The tags of items: who holds one, and knows it as it is, need not be told it
//! again with each claim.

use std::collections::BTreeMap;

use protocol::SlotId;
use sqlx::{AnyPool, Row as _};

use super::claims::Held;
use crate::room::word;
use crate::storage::{StorageError, keyed_in};

/// A tag for each of these items. The version grows with all that a slot's
/// state depends on, readings and photos too; after a restore from a backup, the
/// time tells one version from another of that number.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn of(
    pool: &AnyPool,
    held: &[Held],
) -> Result<BTreeMap<SlotId, String>, StorageError> {
    let slots: Vec<String> = held.iter().map(|one| one.slot.to_string()).collect();
    let head = "SELECT s.slot, s.version, s.changed_at, p.steps FROM slots s
         LEFT JOIN papers p ON p.slot = s.slot WHERE s.slot";
    let mut stands = BTreeMap::new();
    for query in keyed_in(head, &slots, "") {
        for row in query.fetch_all(pool).await? {
            let slot: String = row.try_get("slot")?;
            let version: i64 = row.try_get("version")?;
            let changed_at: Option<i64> = row.try_get("changed_at")?;
            let papers: Option<i64> = row.try_get("steps")?;
            let (changed_at, papers) = (changed_at.unwrap_or_default(), papers.unwrap_or_default());
            stands.insert(slot, format!("{version}.{changed_at}.{papers}"));
        }
    }
    let tags = held.iter().filter_map(|one| {
        let stand = stands.get(&one.slot.to_string())?;
        let tag = format!("{stand}.{}.{}", word(one.way), word(one.kind));
        Some((one.slot.clone(), tag))
    });
    Ok(tags.collect())
}
