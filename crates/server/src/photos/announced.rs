//! Whether a device may send a photo, and how large it said that it is.

use sqlx::{AnyPool, Row as _};

use crate::storage::StorageError;

/// Sizes with which `device` has announced this photo, in bytes; usually one,
/// none when no revision of it names the photo.
pub(super) async fn sizes(
    pool: &AnyPool,
    sha256: &str,
    device: &str,
) -> Result<Vec<u64>, StorageError> {
    let rows =
        sqlx::query("SELECT DISTINCT size_bytes FROM announced WHERE sha256 = $1 AND device = $2")
            .bind(sha256.to_owned())
            .bind(device.to_owned())
            .fetch_all(pool)
            .await?;
    rows.iter()
        .map(|row| {
            let size: i64 = row.try_get("size_bytes")?;
            u64::try_from(size).map_err(|cause| StorageError::corrupt("size of a photo", cause))
        })
        .collect()
}

/// Whether a revision of `device` names this photo.
///
/// # Errors
/// [`StorageError`].
pub async fn is_announced_by(
    pool: &AnyPool,
    sha256: &str,
    device: &str,
) -> Result<bool, StorageError> {
    Ok(!sizes(pool, sha256, device).await?.is_empty())
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
         AND NOT EXISTS (SELECT 1 FROM announced a WHERE a.sha256 = p.sha256 AND a.device = $1)
         LIMIT 1",
    )
    .bind(device.to_owned())
    .bind(sha256.to_owned())
    .fetch_optional(pool)
    .await?;
    Ok(ahead.is_some())
}
