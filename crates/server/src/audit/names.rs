//! Names of what entries name by ids and codes, for people to read.

use std::collections::{BTreeMap, BTreeSet};

use protocol::audit::AuditEntry;
use serde_json::Value;
use sqlx::{AnyPool, Row as _};

use crate::storage::{StorageError, keyed_in};

/// Digits of a village's code.
const VILLAGE_DIGITS: usize = 10;

/// Names of devices' witnesses, witnesses and villages.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn names_in(
    pool: &AnyPool,
    entries: &[AuditEntry],
) -> Result<BTreeMap<String, String>, StorageError> {
    let mut devices = BTreeSet::new();
    let mut witnesses = BTreeSet::new();
    let mut villages = BTreeSet::new();
    for entry in entries {
        let text = |member: &str| entry.event.get(member).and_then(Value::as_str);
        devices.extend(text("device").map(str::to_owned));
        witnesses.extend(text("witness").map(str::to_owned));
        let slots = entry.event.get("slots").and_then(Value::as_array);
        let listed = slots.into_iter().flatten().filter_map(Value::as_str);
        let stations = [text("tps"), text("from"), text("to"), text("region")];
        for place in listed
            .chain(text("slot"))
            .chain(stations.into_iter().flatten())
        {
            // A slot is election/tps/contest; the others are codes.
            let code = place.split('/').nth(1).unwrap_or(place);
            villages.extend(code.get(..VILLAGE_DIGITS).map(str::to_owned));
            villages.insert(code.to_owned());
        }
    }
    let mut names = BTreeMap::new();
    let lists = [
        (
            "SELECT d.id, w.name FROM devices d JOIN witnesses w ON w.id = d.witness WHERE d.id",
            devices,
        ),
        ("SELECT id, name FROM witnesses WHERE id", witnesses),
        ("SELECT code AS id, name FROM regions WHERE code", villages),
    ];
    for (sql, ids) in lists {
        let ids: Vec<String> = ids.into_iter().collect();
        for query in keyed_in(sql, &ids, "") {
            for row in query.fetch_all(pool).await? {
                names.insert(row.try_get("id")?, row.try_get("name")?);
            }
        }
    }
    Ok(names)
}
