//! Links for screens, as they are kept.

use domain::{Level, RegionCode};
use protocol::console::Region;
use protocol::limits::WALL_LINKS_MAX;
use protocol::wall::WallLink;
use protocol::{ProblemCode, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row as _};

use crate::api_problem::ApiProblem;
use crate::log::Event;
use crate::storage::{StorageError, Tx};

/// Most links in the list: the newest, live or not.
const LISTED_MAX: i64 = 200;

const COLUMNS: &str = "SELECT w.id, w.name, w.region, w.made_by, w.made_at, w.expires_at,
         w.revoked_by, w.revoked_at, r.level AS region_level, r.name AS region_name
     FROM wall_links w JOIN regions r ON r.code = w.region";

/// A link that is to be made.
#[derive(Debug, Clone)]
pub(super) struct NewLink {
    pub name: String,
    pub region: RegionCode,
    pub token_hash: String,
    pub valid_ms: i64,
}

/// Keeps a link and returns its number.
///
/// # Errors
/// `not_found` without such a region; `request_invalid` while there are too
/// many live ones.
pub(super) async fn make(tx: &mut Tx, by: &str, new: NewLink) -> Result<i64, ApiProblem> {
    let now_ms = tx.now_ms();
    let known: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM regions WHERE code = $1")
        .bind(new.region.to_string())
        .fetch_one(tx.conn())
        .await
        .map_err(StorageError::from)?;
    if known == 0 {
        return Err(ProblemCode::NotFound.into());
    }
    let live: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM wall_links WHERE revoked_at IS NULL AND expires_at > $1",
    )
    .bind(now_ms)
    .fetch_one(tx.conn())
    .await
    .map_err(StorageError::from)?;
    if live >= i64::from(WALL_LINKS_MAX) {
        let detail = format!("at most {WALL_LINKS_MAX} live links; revoke one first");
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    let id: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) + 1 FROM wall_links")
        .fetch_one(tx.conn())
        .await
        .map_err(StorageError::from)?;
    sqlx::query(
        "INSERT INTO wall_links (id, token_hash, name, region, made_by, made_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(new.token_hash)
    .bind(new.name.clone())
    .bind(new.region.to_string())
    .bind(by.to_owned())
    .bind(now_ms)
    .bind(now_ms.saturating_add(new.valid_ms))
    .execute(tx.conn())
    .await
    .map_err(StorageError::from)?;
    let event = Event::WallLinkMade {
        id,
        name: new.name,
        region: new.region,
    };
    tx.append(Some(by), &event)?;
    Ok(id)
}

/// Ends a link. One that was revoked before stays as it is.
///
/// # Errors
/// `not_found` without such a link.
pub(super) async fn revoke(tx: &mut Tx, by: &str, id: i64) -> Result<(), ApiProblem> {
    let now_ms = tx.now_ms();
    let revoked = sqlx::query(
        "UPDATE wall_links SET revoked_by = $1, revoked_at = $2
         WHERE id = $3 AND revoked_at IS NULL",
    )
    .bind(by.to_owned())
    .bind(now_ms)
    .bind(id)
    .execute(tx.conn())
    .await
    .map_err(StorageError::from)?;
    if revoked.rows_affected() > 0 {
        tx.append(Some(by), &Event::WallLinkRevoked { id })?;
        return Ok(());
    }
    let there: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM wall_links WHERE id = $1")
        .bind(id)
        .fetch_one(tx.conn())
        .await
        .map_err(StorageError::from)?;
    if there == 0 {
        return Err(ProblemCode::NotFound.into());
    }
    Ok(())
}

/// All links, newest first.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn list(pool: &AnyPool, now_ms: i64) -> Result<Vec<WallLink>, StorageError> {
    let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} ORDER BY w.id DESC LIMIT $1"));
    let rows = sqlx::query(sql).bind(LISTED_MAX).fetch_all(pool).await?;
    rows.iter().map(|row| link(row, now_ms)).collect()
}

/// The link with this number.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn numbered(
    pool: &AnyPool,
    id: i64,
    now_ms: i64,
) -> Result<Option<WallLink>, StorageError> {
    let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE w.id = $1"));
    let row = sqlx::query(sql).bind(id).fetch_optional(pool).await?;
    row.map(|row| link(&row, now_ms)).transpose()
}

/// The live link whose token has this hash.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn live(
    pool: &AnyPool,
    token_hash: &str,
    now_ms: i64,
) -> Result<Option<WallLink>, StorageError> {
    let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE w.token_hash = $1"));
    let row = sqlx::query(sql)
        .bind(token_hash.to_owned())
        .fetch_optional(pool)
        .await?;
    let link = row.map(|row| link(&row, now_ms)).transpose()?;
    Ok(link.filter(|link| link.is_live))
}

fn link(row: &AnyRow, now_ms: i64) -> Result<WallLink, StorageError> {
    let id: i64 = row.try_get("id")?;
    let code: String = row.try_get("region")?;
    let level: String = row.try_get("region_level")?;
    let level: Level = crate::room::from_word("level", &level)?;
    let expires_at: i64 = row.try_get("expires_at")?;
    let revoked_at: Option<i64> = row.try_get("revoked_at")?;
    Ok(WallLink {
        id: id.unsigned_abs(),
        name: row.try_get("name")?,
        region: Region {
            code: code
                .parse()
                .map_err(|cause| StorageError::corrupt("region of a link", cause))?,
            level,
            name: row.try_get("region_name")?,
        },
        made_by: row.try_get("made_by")?,
        made_at: Timestamp::from_unix_ms(row.try_get("made_at")?),
        expires_at: Timestamp::from_unix_ms(expires_at),
        revoked_by: row.try_get("revoked_by")?,
        revoked_at: revoked_at.map(Timestamp::from_unix_ms),
        is_live: revoked_at.is_none() && expires_at > now_ms,
    })
}
