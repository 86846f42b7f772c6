//! Whether a device may send a photo, and how large it was said to be.

use sqlx::{AnyPool, Row as _};

use crate::storage::StorageError;

/// Sizes with which this photo was announced by revisions of `device` or by
/// such that it carries, in bytes; usually one, none when no revision of them
/// names the photo.
pub(super) async fn sizes(
    pool: &AnyPool,
    sha256: &str,
    device: &str,
) -> Result<Vec<u64>, StorageError> {
    let rows = sqlx::query(
        "SELECT DISTINCT a.size_bytes FROM announced a WHERE a.sha256 = $1 AND (a.device = $2
         OR EXISTS (SELECT 1 FROM carried c WHERE c.rev_id = a.rev_id AND c.device = $2))",
    )
    .bind(sha256.to_owned())
    .bind(device.to_owned())
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| in_bytes(row.try_get("size_bytes")?))
        .collect()
}

fn in_bytes(size: i64) -> Result<u64, StorageError> {
    u64::try_from(size).map_err(|cause| StorageError::corrupt("size of a photo", cause))
}

/// Whether a revision of `device` itself names this photo.
///
/// # Errors
/// [`StorageError`].
pub async fn is_announced_by(
    pool: &AnyPool,
    sha256: &str,
    device: &str,
) -> Result<bool, StorageError> {
    let named: Option<String> = sqlx::query_scalar(
        "SELECT rev_id FROM announced WHERE sha256 = $1 AND device = $2 LIMIT 1",
    )
    .bind(sha256.to_owned())
    .bind(device.to_owned())
    .fetch_optional(pool)
    .await?;
    Ok(named.is_some())
}

/// The device whose revision named this photo first, and the size that it
/// said, in bytes.
pub(super) async fn first_by(
    pool: &AnyPool,
    sha256: &str,
) -> Result<Option<(String, u64)>, StorageError> {
    let row = sqlx::query(
        "SELECT a.device, a.size_bytes FROM announced a JOIN revisions r ON r.rev_id = a.rev_id
         WHERE a.sha256 = $1 ORDER BY r.log_index LIMIT 1",
    )
    .bind(sha256.to_owned())
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        Ok((
            row.try_get("device")?,
            in_bytes(row.try_get("size_bytes")?)?,
        ))
    })
    .transpose()
}

/// Whether `device` has completed another photo than this one that none of its
/// revisions names: one may be ahead, not a stream of them.
pub(super) async fn has_another_ahead(
    pool: &AnyPool,
    sha256: &str,
    device: &str,
) -> Result<bool, StorageError> {
    let ahead: Option<String> = sqlx::query_scalar(
        "SELECT p.sha256 FROM photo_receipts p WHERE p.device = $1 AND p.sha256 <> $2
         AND NOT EXISTS (SELECT 1 FROM announced a WHERE a.sha256 = p.sha256 AND (a.device = $1
             OR EXISTS (SELECT 1 FROM carried c WHERE c.rev_id = a.rev_id AND c.device = $1)))
         LIMIT 1",
    )
    .bind(device.to_owned())
    .bind(sha256.to_owned())
    .fetch_optional(pool)
    .await?;
    Ok(ahead.is_some())
}
