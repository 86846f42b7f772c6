//! The inbox: what the counting room tells a device (`protocol.md` section 9).

mod cursor;
mod route;

pub use route::routes;

use std::collections::BTreeSet;

use protocol::inbox::{HeldReceipt, InboxItem, InboxKind};
use protocol::{Envelope, SlotId, Timestamp};
use sqlx::{AnyPool, Row as _};

use cursor::Cursor;

use crate::storage::{Cell, StorageError, Tx, insert_rows, keyed_in};

/// Most items in one answer; the next call goes on from its cursor.
const ITEMS_MAX: i64 = 200;

/// Puts an item into the inbox of each of these devices, with the time of `tx`.
///
/// # Errors
/// [`StorageError`].
pub async fn push(
    tx: &mut Tx,
    devices: &BTreeSet<String>,
    kind: InboxKind,
    slot: Option<&SlotId>,
    text: &str,
) -> Result<(), StorageError> {
    let item = InboxItem {
        kind,
        slot: slot.cloned(),
        text: text.to_owned(),
        at: Timestamp::from_unix_ms(tx.now_ms()),
        photo: None,
        message: None,
        from: None,
    };
    put(tx, devices, &item, None).await
}

/// Puts a message of the counting room, which has this number, into the inbox
/// of each of these devices.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn push_message(
    tx: &mut Tx,
    devices: &BTreeSet<String>,
    number: i64,
    item: &InboxItem,
) -> Result<(), StorageError> {
    put(tx, devices, item, Some(number)).await
}

async fn put(
    tx: &mut Tx,
    devices: &BTreeSet<String>,
    item: &InboxItem,
    message: Option<i64>,
) -> Result<(), StorageError> {
    let json =
        serde_json::to_string(item).map_err(|cause| StorageError::corrupt("inbox item", cause))?;
    let rows = devices
        .iter()
        .map(|device| {
            vec![
                Cell::from(device.as_str()),
                Cell::from(json.as_str()),
                Cell::from(message),
            ]
        })
        .collect();
    let head = "INSERT INTO inbox (device, item, message)";
    insert_rows(tx.conn(), head, rows, "").await
}

/// Asks each of these devices for the original of a photo.
///
/// # Errors
/// [`StorageError`].
pub async fn push_original_wanted(
    tx: &mut Tx,
    devices: &BTreeSet<String>,
    slot: &SlotId,
    photo: &str,
) -> Result<(), StorageError> {
    let item = InboxItem {
        kind: InboxKind::OriginalWanted,
        slot: Some(slot.clone()),
        text: String::new(),
        at: Timestamp::from_unix_ms(tx.now_ms()),
        photo: Some(photo.to_owned()),
        message: None,
        from: None,
    };
    put(tx, devices, &item, None).await
}

/// Tells every device that a slot concerns (by its revisions, or because its
/// witness is posted there) about it.
///
/// # Errors
/// [`StorageError`].
pub async fn push_about(
    tx: &mut Tx,
    slot: &SlotId,
    kind: InboxKind,
    text: &str,
) -> Result<(), StorageError> {
    let devices = concerned(tx, slot).await?;
    push(tx, &devices, kind, Some(slot), text).await
}

/// Devices, not revoked, that a slot concerns.
async fn concerned(tx: &mut Tx, slot: &SlotId) -> Result<BTreeSet<String>, StorageError> {
    let posted = sqlx::query(
        "SELECT d.id AS device FROM devices d JOIN assignments a ON a.witness = d.witness
         WHERE a.election = $1 AND a.tps = $2 AND d.revoked_at IS NULL
         UNION
         SELECT d.id AS device FROM devices d JOIN revisions r ON r.device = d.id
         WHERE r.slot = $3 AND d.revoked_at IS NULL",
    )
    .bind(slot.election.clone())
    .bind(slot.tps.to_string())
    .bind(slot.to_string())
    .fetch_all(tx.conn())
    .await?;
    posted
        .iter()
        .map(|row| Ok(row.try_get("device")?))
        .collect()
}

/// Whether exactly this receipt was given by the endpoint whose data these
/// are, to whomever.
///
/// # Errors
/// [`StorageError`].
pub async fn is_held(pool: &AnyPool, receipt: &HeldReceipt) -> Result<bool, StorageError> {
    let Ok(log_index) = i64::try_from(receipt.log_index) else {
        return Ok(false);
    };
    let given: Vec<String> = sqlx::query_scalar(
        "SELECT receipt FROM revisions
         WHERE rev_id = $1 AND log_index = $2 AND receipt IS NOT NULL
         UNION ALL
         SELECT receipt FROM photo_receipts WHERE sha256 = $1 AND log_index = $2",
    )
    .bind(receipt.id.clone())
    .bind(log_index)
    .fetch_all(pool)
    .await?;
    for text in given {
        let envelope: Envelope =
            serde_json::from_str(&text).map_err(|cause| StorageError::corrupt("receipt", cause))?;
        if HeldReceipt::new(receipt.log_index, receipt.id.clone(), &envelope) == *receipt {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a cursor names an item that this endpoint told the device.
///
/// # Errors
/// [`StorageError`].
async fn is_told(pool: &AnyPool, device: &str, cursor: &Cursor) -> Result<bool, StorageError> {
    let named = items_from(pool, device, cursor.id, 1).await?;
    Ok(named.first().is_some_and(|(known, _)| known == cursor))
}

/// The items of a device after a cursor, oldest first, and the new cursor.
/// When this endpoint did not tell the device what the cursor names, all of
/// them from the beginning.
///
/// # Errors
/// [`StorageError`].
async fn items_after(
    pool: &AnyPool,
    device: &str,
    after: &Cursor,
) -> Result<(Cursor, Vec<InboxItem>), StorageError> {
    if *after != Cursor::default() {
        // With the item that the cursor names, to see whether it is the same one.
        let rows = items_from(pool, device, after.id, ITEMS_MAX.saturating_add(1)).await?;
        if let Some((named, news)) = rows.split_first()
            && named.0 == *after
        {
            return opened(after, news);
        }
    }
    let all = items_from(pool, device, 0, ITEMS_MAX).await?;
    opened(&Cursor::default(), &all)
}

/// The items from this number on as they are kept, each with the cursor after
/// it.
async fn items_from(
    pool: &AnyPool,
    device: &str,
    first: i64,
    most: i64,
) -> Result<Vec<(Cursor, String)>, StorageError> {
    let rows = sqlx::query(
        "SELECT id, item FROM inbox WHERE device = $1 AND id >= $2 ORDER BY id LIMIT $3",
    )
    .bind(device.to_owned())
    .bind(first)
    .bind(most)
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            let item: String = row.try_get("item")?;
            Ok((Cursor::after(row.try_get("id")?, &item), item))
        })
        .collect()
}

fn opened(
    after: &Cursor,
    rows: &[(Cursor, String)],
) -> Result<(Cursor, Vec<InboxItem>), StorageError> {
    let items = rows.iter().map(|(_, item)| {
        serde_json::from_str(item).map_err(|cause| StorageError::corrupt("inbox item", cause))
    });
    let newest = rows.last().map_or(after, |(cursor, _)| cursor);
    Ok((newest.clone(), items.collect::<Result<_, _>>()?))
}

/// Tells all devices of these witnesses that their pack is new.
///
/// # Errors
/// [`StorageError`].
pub async fn push_pack_changed(tx: &mut Tx, witnesses: &[String]) -> Result<(), StorageError> {
    let mut devices = BTreeSet::new();
    let head = "SELECT id FROM devices WHERE revoked_at IS NULL AND witness";
    for query in keyed_in(head, witnesses, "") {
        for row in query.fetch_all(tx.conn()).await? {
            devices.insert(row.try_get("id")?);
        }
    }
    push(tx, &devices, InboxKind::PackChanged, None, "").await
}
