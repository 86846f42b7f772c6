//! What the log vouches for, compared with what is kept.

mod devices;

pub(super) use devices::{desks, device_entries};

use std::collections::HashMap;

use domain::Channel;
use protocol::encoding::sha256_hex;
use protocol::envelope::{REVISION_TYPE, rev_id};
use protocol::sms::{self, KEY_BYTES, Sms};
use protocol::{Envelope, PublicKey, Receipt, ReceiptKind, SlotId};
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row as _};

use super::backup::progress;
use super::verify_log::Broken;
use crate::app::AppState;
use crate::catalogue::Catalogue;
use crate::intake::{channel_in, statement_in};
use crate::irregularities;
use crate::log::{self, Event};
use crate::photos::StoreError;
use crate::queue::{reading_digest, reading_in};
use crate::room::{detail, ruling_digest};
use crate::sms::key_in;
use crate::storage::StorageError;

/// Rows read at once.
const PAGE_ROWS: i64 = 1_000;

/// What a device proves with that something is its own.
struct DeviceKeys {
    public_key: PublicKey,
    sms_key: [u8; KEY_BYTES],
}

/// The keys of all devices, by id.
type Keys = HashMap<String, DeviceKeys>;

/// Every revision: its signature or mac, its row, its place in the log, its
/// receipt. Returns how many there are.
///
/// # Errors
/// [`Broken`], the first thing that does not fit.
pub(super) async fn revisions(app: &AppState) -> Result<i64, Broken> {
    let (pool, key) = (app.storage.reading(), &app.key.public());
    let devices = device_keys(pool).await?;
    let catalogue = app.catalogues.get().await?;
    let mut after = 0_i64;
    let mut count = 0_i64;
    loop {
        let rows = sqlx::query(
            "SELECT rev_id, slot, device, seq, channel, counts, envelope, received_at, receipt,
                 log_index
             FROM revisions WHERE log_index > $1 ORDER BY log_index LIMIT $2",
        )
        .bind(after)
        .bind(PAGE_ROWS)
        .fetch_all(pool)
        .await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            after = row.try_get("log_index")?;
            let sound = revision(&row, &devices, key, &catalogue)?;
            sound.map_err(|what| broken(after, what))?;
            let event = event_at(pool, after).await?;
            if !is_of_revision(event.as_ref(), &row)? {
                return Err(broken(after, "it is not of the revision kept for it"));
            }
            count = count.saturating_add(1);
        }
    }
    same_count(pool, "revision", "revisions", count).await?;
    Ok(count)
}

fn broken(index: i64, what: &str) -> Broken {
    Broken::Entry {
        index,
        what: what.to_owned(),
    }
}

async fn device_keys(pool: &AnyPool) -> Result<Keys, StorageError> {
    let rows = sqlx::query("SELECT id, public_key, sms_key FROM devices")
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| {
            let key: String = row.try_get("public_key")?;
            let keys = DeviceKeys {
                public_key: PublicKey::from_base64(&key)
                    .ok_or_else(|| StorageError::corrupt("device", "its key is none"))?,
                sms_key: key_in(row)?,
            };
            Ok((row.try_get("id")?, keys))
        })
        .collect()
}

/// The event at an index of the log.
pub(super) async fn event_at(pool: &AnyPool, index: i64) -> Result<Option<Event>, StorageError> {
    let entries = log::entries_after(pool, index.saturating_sub(1), 1).await?;
    let entry = entries.first().filter(|entry| entry.log_index == index);
    Ok(entry.and_then(log::Entry::event))
}

fn is_of_revision(event: Option<&Event>, row: &AnyRow) -> Result<bool, StorageError> {
    let (id, of, by): (String, String, String) = (
        row.try_get("rev_id")?,
        row.try_get("slot")?,
        row.try_get("device")?,
    );
    Ok(match event {
        Some(Event::Revision {
            slot,
            rev_id,
            device,
            ..
        }) => *rev_id == id && slot.to_string() == of && *device == by,
        _ => false,
    })
}

/// What is wrong with a kept revision, if anything.
fn revision(
    row: &AnyRow,
    devices: &Keys,
    key: &PublicKey,
    catalogue: &Catalogue,
) -> Result<Result<(), &'static str>, StorageError> {
    let (id, device): (String, String) = (row.try_get("rev_id")?, row.try_get("device")?);
    let (of, counts): (String, String) = (row.try_get("slot")?, row.try_get("counts")?);
    let envelope: String = row.try_get("envelope")?;
    let receipt: Option<String> = row.try_get("receipt")?;
    let (seq, index): (i64, i64) = (row.try_get("seq")?, row.try_get("log_index")?);
    let channel = channel_in(row)?;
    let slot: SlotId = of
        .parse()
        .map_err(|cause| StorageError::corrupt("slot", cause))?;
    Ok((|| {
        let keys = devices.get(&device).ok_or("its device is not known")?;
        match channel {
            Channel::App => signed(&envelope, &id, keys)?,
            Channel::Sms => sent(&envelope, &id, &device, keys)?,
        }
        let (_, revision) =
            statement_in(row, &slot, catalogue).map_err(|_| "the revision cannot be read")?;
        let kept: domain::Counts =
            serde_json::from_str(&counts).map_err(|_| "the figures kept for it cannot be read")?;
        if kept != revision.counts
            || revision.slot() != slot
            || revision.device != device
            || i64::try_from(revision.seq) != Ok(seq)
        {
            return Err("what is kept of the revision is not what was signed");
        }
        match (channel, receipt) {
            (Channel::Sms, None) => Ok(()),
            (Channel::Sms, Some(_)) => Err("an SMS has no receipt"),
            (Channel::App, None) => Err("it has no receipt"),
            (Channel::App, Some(receipt)) => {
                receipt_fits(&receipt, key, ReceiptKind::Revision, &id, &device, index)
            }
        }
    })())
}

fn signed(envelope: &str, id: &str, keys: &DeviceKeys) -> Result<(), &'static str> {
    let envelope: Envelope =
        serde_json::from_str(envelope).map_err(|_| "its envelope cannot be read")?;
    let payload = envelope
        .open(REVISION_TYPE, &keys.public_key)
        .map_err(|_| "the revision's signature does not verify")?;
    if rev_id(&payload) != id {
        return Err("the revision has another hash");
    }
    Ok(())
}

fn sent(text: &str, id: &str, device: &str, keys: &DeviceKeys) -> Result<(), &'static str> {
    let sms = Sms::open(text, &keys.sms_key).map_err(|_| "the mac of the SMS does not fit")?;
    let (_, mac) = Sms::read(text).map_err(|_| "the SMS cannot be read")?;
    if sms::rev_id(device, &sms, &mac) != id {
        return Err("the SMS has another hash");
    }
    Ok(())
}

fn receipt_fits(
    text: &str,
    key: &PublicKey,
    kind: ReceiptKind,
    id: &str,
    device: &str,
    index: i64,
) -> Result<(), &'static str> {
    let envelope: Envelope =
        serde_json::from_str(text).map_err(|_| "its receipt cannot be read")?;
    let receipt = Receipt::open(&envelope, key, kind, id, device)
        .map_err(|_| "its receipt does not verify")?;
    if i64::try_from(receipt.log_index) != Ok(index) {
        return Err("its receipt names another entry");
    }
    Ok(())
}

/// As many of a table as of its events.
pub(super) async fn same_count(
    pool: &AnyPool,
    kind: &'static str,
    what: &'static str,
    kept: i64,
) -> Result<(), Broken> {
    let logged: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM log WHERE kind = $1")
        .bind(kind)
        .fetch_one(pool)
        .await
        .map_err(StorageError::from)?;
    if logged == kept {
        return Ok(());
    }
    Err(Broken::Count { what, logged, kept })
}

/// Every ruling against its hash in the log. Returns how many there are.
///
/// # Errors
/// [`Broken`], the first thing that does not fit.
pub(super) async fn decisions(pool: &AnyPool) -> Result<i64, Broken> {
    let rows = sqlx::query(
        "SELECT slot, number, kind, decided_by, decided_at, chosen, counts, device, reason,
             considered, log_index
         FROM decisions ORDER BY log_index",
    )
    .fetch_all(pool)
    .await?;
    let count = against_the_log(pool, &rows, "ruling", |row, event| {
        let kept = detail::decision_in(row)?;
        Ok(match event {
            Event::Decision { slot, digest, .. } if digest == ruling_digest(&kept) => Some(slot),
            _ => None,
        })
    })
    .await?;
    same_count(pool, "decision", "rulings", count).await?;
    Ok(count)
}

/// Every reading against its hash in the log. Returns how many there are.
///
/// # Errors
/// [`Broken`], the first thing that does not fit.
pub(super) async fn readings(pool: &AnyPool) -> Result<i64, Broken> {
    let rows = sqlx::query(
        "SELECT slot, number, read_by, read_at, way, counts, note, against, outcome, log_index
         FROM readings ORDER BY log_index",
    )
    .fetch_all(pool)
    .await?;
    let count = against_the_log(pool, &rows, "reading", |row, event| {
        let kept = reading_in(row)?;
        Ok(match event {
            Event::Reading { slot, digest, .. } if digest == reading_digest(&kept) => Some(slot),
            _ => None,
        })
    })
    .await?;
    same_count(pool, "reading", "readings", count).await?;
    Ok(count)
}

/// Every ruling on an irregularity, and how the analysis is set, against their
/// hashes in the log. Returns how many rulings there are.
///
/// # Errors
/// [`Broken`], the first thing that does not fit.
pub(super) async fn irregularity_rulings(pool: &AnyPool) -> Result<i64, Broken> {
    let rows = sqlx::query(
        "SELECT slot, key, number, ruling, note, ruled_by, ruled_at, numbers, log_index
         FROM irregularity_rulings ORDER BY log_index",
    )
    .fetch_all(pool)
    .await?;
    let what = "ruling on an irregularity";
    let count = against_the_log(pool, &rows, what, |row, event| {
        let kept = irregularities::ruling_in(row)?;
        let of: String = row.try_get("key")?;
        Ok(match event {
            Event::IrregularityRuling {
                slot, key, digest, ..
            } if key == of && digest == irregularities::ruling_digest(&of, &kept) => Some(slot),
            _ => None,
        })
    })
    .await?;
    let what = "rulings on irregularities";
    same_count(pool, "irregularity_ruling", what, count).await?;
    let rows = sqlx::query("SELECT election, body, log_index FROM irregularity_settings")
        .fetch_all(pool)
        .await?;
    for row in rows {
        let index: i64 = row.try_get("log_index")?;
        let (of, body): (String, String) = (row.try_get("election")?, row.try_get("body")?);
        match event_at(pool, index).await? {
            Some(Event::IrregularitySettings { election, digest })
                if election == of && digest == irregularities::settings_digest(&body) => {}
            _ => {
                return Err(broken(
                    index,
                    "the settings kept for it are not what was set",
                ));
            }
        }
    }
    Ok(count)
}

/// Every file of official figures against the log's entry of it.
///
/// # Errors
/// [`Broken`], the first thing that does not fit.
pub(super) async fn official_imports(pool: &AnyPool) -> Result<(), Broken> {
    let rows = sqlx::query("SELECT log_index, contest, sha256, places FROM official_imports")
        .fetch_all(pool)
        .await?;
    for row in &rows {
        let (index, kept): (i64, i64) = (row.try_get("log_index")?, row.try_get("places")?);
        let (of, hash): (String, String) = (row.try_get("contest")?, row.try_get("sha256")?);
        match event_at(pool, index).await? {
            Some(Event::OfficialImport {
                contest,
                sha256,
                places,
                ..
            }) if contest == of && sha256 == hash && i64::from(places) == kept => {}
            _ => return Err(broken(index, "the file kept for it is not the one brought")),
        }
    }
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    same_count(pool, "official_import", "official files", count).await
}

/// Each of these rows against the log's entry of its index: `slot_of` says of
/// which slot exactly this is, by that entry. Returns how many there are.
async fn against_the_log(
    pool: &AnyPool,
    rows: &[AnyRow],
    what: &str,
    slot_of: impl Fn(&AnyRow, Event) -> Result<Option<SlotId>, StorageError>,
) -> Result<i64, Broken> {
    let mut count = 0_i64;
    for row in rows {
        let index: i64 = row.try_get("log_index")?;
        let of: String = row.try_get("slot")?;
        let slot = match event_at(pool, index).await? {
            Some(event) => slot_of(row, event)?,
            None => None,
        };
        if slot.is_none_or(|slot| slot.to_string() != of) {
            let told = format!("the {what} kept for it is not the one that was made");
            return Err(broken(index, &told));
        }
        count = count.saturating_add(1);
    }
    Ok(count)
}

/// Every photo's receipt. Returns how many there are.
///
/// # Errors
/// [`Broken`], the first thing that does not fit.
pub(super) async fn photo_receipts(pool: &AnyPool, key: &PublicKey) -> Result<i64, Broken> {
    let mut after = 0_i64;
    let mut count = 0_i64;
    loop {
        let rows = sqlx::query(
            "SELECT sha256, device, receipt, log_index FROM photo_receipts
             WHERE log_index > $1 ORDER BY log_index LIMIT $2",
        )
        .bind(after)
        .bind(PAGE_ROWS)
        .fetch_all(pool)
        .await?;
        if rows.is_empty() {
            return Ok(count);
        }
        for row in rows {
            after = row.try_get("log_index")?;
            photo_receipt(pool, &row, key, after).await?;
            count = count.saturating_add(1);
        }
    }
}

async fn photo_receipt(
    pool: &AnyPool,
    row: &AnyRow,
    key: &PublicKey,
    index: i64,
) -> Result<(), Broken> {
    let (hash, by): (String, String) = (row.try_get("sha256")?, row.try_get("device")?);
    let receipt: String = row.try_get("receipt")?;
    receipt_fits(&receipt, key, ReceiptKind::Photo, &hash, &by, index)
        .map_err(|what| broken(index, what))?;
    match event_at(pool, index).await? {
        Some(Event::Photo { sha256, device, .. } | Event::PhotoKnown { sha256, device })
            if sha256 == hash && device == by =>
        {
            Ok(())
        }
        _ => Err(broken(index, "it is not of the photo kept for it")),
    }
}

/// Every photo: that it is there, and that it has its hash. Returns how many
/// there are.
///
/// # Errors
/// [`Broken::Photo`], the first that is missing or damaged.
pub(super) async fn photos(app: &AppState) -> Result<u64, Broken> {
    let hashes: Vec<String> = sqlx::query_scalar("SELECT sha256 FROM photos ORDER BY sha256")
        .fetch_all(app.storage.reading())
        .await?;
    let bar = progress("photos", hashes.len());
    let mut count = 0_u64;
    for sha256 in hashes {
        match app.photos.read(&sha256).await {
            Ok(bytes) if sha256_hex(&bytes) == sha256 => {}
            Ok(_) | Err(StoreError::Missing) => return Err(Broken::Photo(sha256)),
            Err(cause) => return Err(Broken::PhotoStore(cause)),
        }
        count = count.saturating_add(1);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(count)
}
