//! How values of the wire stand in columns.

use protocol::revision::{PhotoKind, PhotoSource};
use protocol::{SlotId, Timestamp};
use rusqlite::types::Type;
use rusqlite::{Error, Row};

/// A value that only this app could have written wrongly.
fn damaged(index: usize, what: &'static str) -> Error {
    Error::FromSqlConversionFailure(index, Type::Text, what.into())
}

/// A time from a column of milliseconds.
pub(crate) fn time(row: &Row<'_>, index: usize) -> rusqlite::Result<Timestamp> {
    row.get(index).map(Timestamp::from_unix_ms)
}

/// A time, or null.
pub(crate) fn time_or_null(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Timestamp>> {
    let millis: Option<i64> = row.get(index)?;
    Ok(millis.map(Timestamp::from_unix_ms))
}

/// A number that is never negative.
pub(crate) fn unsigned(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(index)?;
    u64::try_from(number).map_err(|_| damaged(index, "a negative number"))
}

/// A number as SQLite holds it; the largest when it does not fit, which no
/// size or counter reaches.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A slot.
pub(crate) fn slot(row: &Row<'_>, index: usize) -> rusqlite::Result<SlotId> {
    let text: String = row.get(index)?;
    text.parse().map_err(|_| damaged(index, "not a slot"))
}

/// A JSON text.
pub(crate) fn json<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    index: usize,
) -> rusqlite::Result<T> {
    let text: String = row.get(index)?;
    serde_json::from_str(&text).map_err(|_| damaged(index, "not the JSON that belongs here"))
}

/// What a photo shows, by its word on the wire.
pub(crate) fn photo_kind(row: &Row<'_>, index: usize) -> rusqlite::Result<PhotoKind> {
    let text: String = row.get(index)?;
    [PhotoKind::Form, PhotoKind::Objection, PhotoKind::Other]
        .into_iter()
        .find(|kind| photo_kind_word(*kind) == text)
        .ok_or_else(|| damaged(index, "not a kind of photo"))
}

/// The word of [`photo_kind`].
pub(crate) fn photo_kind_word(kind: PhotoKind) -> &'static str {
    match kind {
        PhotoKind::Form => "form",
        PhotoKind::Objection => "objection",
        PhotoKind::Other => "other",
    }
}

/// Where a photo came from, by its word on the wire.
pub(crate) fn photo_source(row: &Row<'_>, index: usize) -> rusqlite::Result<PhotoSource> {
    let text: String = row.get(index)?;
    [PhotoSource::Camera, PhotoSource::Gallery]
        .into_iter()
        .find(|source| photo_source_word(*source) == text)
        .ok_or_else(|| damaged(index, "not a source of photos"))
}

/// The word of [`photo_source`].
pub(crate) fn photo_source_word(source: PhotoSource) -> &'static str {
    match source {
        PhotoSource::Camera => "camera",
        PhotoSource::Gallery => "gallery",
    }
}
