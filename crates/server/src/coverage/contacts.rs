//! When a device was last heard of, and what it said of itself.
//!
//! Noted while it asks for news, before it is answered: not at every question,
//! since thousands of devices ask every few seconds. That nothing could be
//! noted (the disk is full) refuses nobody the news.

use axum::http::HeaderMap;
use protocol::inbox::{DRAFTS_HEADER, READ_HEADER};
use sqlx::{AnyConnection, Row as _};

use crate::app::App;
use crate::storage::{StorageError, Tx};

/// How old a contact may be before it is noted again, in milliseconds, when
/// there is nothing else to note.
const NOTED_EVERY_MS: i64 = 2 * 60 * 1_000;
/// Most forms that a device may say it has begun.
const DRAFTS_MAX: i64 = 1_000;

/// What is known of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Contact {
    seen_at: i64,
    drafts: i64,
    delivered_up_to: i64,
    read_up_to: i64,
}

/// What a device says while it asks for news.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Said {
    /// Forms begun and not sealed.
    drafts: Option<i64>,
    /// Id of the newest message that was read.
    read: Option<String>,
    /// Number of the inbox item that it has, as its cursor proves.
    pub delivered_up_to: i64,
}

impl Said {
    /// What the headers of a request say; what cannot be read is not said.
    pub(crate) fn in_headers(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name)?.to_str().ok();
        let drafts = text(DRAFTS_HEADER).and_then(|text| text.trim().parse().ok());
        Self {
            drafts: drafts.map(|drafts: i64| drafts.clamp(0, DRAFTS_MAX)),
            read: text(READ_HEADER).map(|text| text.trim().to_owned()),
            delivered_up_to: 0,
        }
    }
}

/// Notes that `device` was heard of, and what it said.
pub(crate) async fn note(app: &App, device: &str, said: Said) {
    if let Err(error) = try_note(app, device, said).await {
        tracing::warn!(%error, "a contact could not be noted");
    }
}

async fn try_note(app: &App, device: &str, said: Said) -> Result<(), StorageError> {
    let mut connection = app.storage.reading().acquire().await?;
    let known = known(&mut connection, device).await?;
    let read_up_to = match &said.read {
        Some(id) => item_of(&mut connection, device, id).await?,
        None => 0,
    };
    drop(connection);
    let before = known.unwrap_or_default();
    let now = Contact {
        seen_at: app.clock().now_ms(),
        drafts: said.drafts.unwrap_or(before.drafts),
        delivered_up_to: before.delivered_up_to.max(said.delivered_up_to),
        read_up_to: before.read_up_to.max(read_up_to),
    };
    let is_old = now.seen_at.saturating_sub(before.seen_at) >= NOTED_EVERY_MS;
    let says_nothing_new = Contact {
        seen_at: before.seen_at,
        ..now
    } == before;
    if known.is_some() && says_nothing_new && !is_old {
        return Ok(());
    }
    let device = device.to_owned();
    app.writer
        .run(move |tx| Box::pin(async move { keep(tx, device, now).await }))
        .await
}

async fn known(
    connection: &mut AnyConnection,
    device: &str,
) -> Result<Option<Contact>, StorageError> {
    let row = sqlx::query(
        "SELECT seen_at, drafts, delivered_up_to, read_up_to FROM contacts WHERE device = $1",
    )
    .bind(device.to_owned())
    .fetch_optional(connection)
    .await?;
    let contact = |row: sqlx::any::AnyRow| {
        Ok(Contact {
            seen_at: row.try_get("seen_at")?,
            drafts: row.try_get("drafts")?,
            delivered_up_to: row.try_get("delivered_up_to")?,
            read_up_to: row.try_get("read_up_to")?,
        })
    };
    row.map(contact).transpose()
}

/// Number of the item in the device's inbox that is this message; 0 when there
/// is none, such as one of another endpoint.
async fn item_of(
    connection: &mut AnyConnection,
    device: &str,
    message: &str,
) -> Result<i64, StorageError> {
    let item: Option<i64> = sqlx::query_scalar(
        "SELECT MAX(i.id) FROM inbox i JOIN messages m ON m.number = i.message
         WHERE m.id = $1 AND i.device = $2",
    )
    .bind(message.to_owned())
    .bind(device.to_owned())
    .fetch_one(connection)
    .await?;
    Ok(item.unwrap_or_default())
}

async fn keep(tx: &mut Tx, device: String, now: Contact) -> Result<(), StorageError> {
    sqlx::query(
        "INSERT INTO contacts (device, seen_at, drafts, delivered_up_to, read_up_to)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (device) DO UPDATE SET seen_at = excluded.seen_at,
             drafts = excluded.drafts, delivered_up_to = excluded.delivered_up_to,
             read_up_to = excluded.read_up_to",
    )
    .bind(device)
    .bind(now.seen_at)
    .bind(now.drafts)
    .bind(now.delivered_up_to)
    .bind(now.read_up_to)
    .execute(tx.conn())
    .await?;
    Ok(())
}
