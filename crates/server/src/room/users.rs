//! Users of the counting room and their sessions, as they are kept.
//!
//! A session is known by the hash of its token only: who reads the database
//! cannot sign in with what is there.

use domain::RegionCode;
use protocol::console::Role;
use protocol::encoding::sha256_hex;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, Row as _};

use crate::log::Event;
use crate::storage::{StorageError, Tx};

/// How long a session lives without a request, in milliseconds.
pub const SESSION_IDLE_MS: i64 = 12 * 60 * 60 * 1_000;
/// How long a session lives at most, in milliseconds.
pub const SESSION_MAX_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// A session's end is moved on only when that moves it by this much, so that
/// reading does not write.
pub const SESSION_STEP_MS: i64 = 5 * 60 * 1_000;
/// Longest name of a user, in characters.
pub const NAME_MAX_CHARS: usize = 40;

/// A user who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Name.
    pub name: String,
    /// What he or she may do.
    pub role: Role,
    /// And where; `None` is everywhere.
    pub region: Option<RegionCode>,
}

/// A user with what a password is checked against.
#[derive(Debug, Clone)]
pub struct KnownUser {
    /// The user.
    pub user: User,
    /// Hash of the password.
    pub password_hash: String,
}

/// Whether `name` can be a user's name: small letters, digits, `.`, `-`, `_`.
#[must_use]
pub fn is_name(name: &str) -> bool {
    (1..=NAME_MAX_CHARS).contains(&name.len())
        && name.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte)
        })
}

/// The role's name as it is kept and typed.
#[must_use]
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Admin => "admin",
        Role::Coordinator => "coordinator",
        Role::Operator => "operator",
        Role::Viewer => "viewer",
    }
}

/// The role called `name`.
#[must_use]
pub fn role_called(name: &str) -> Option<Role> {
    [Role::Admin, Role::Coordinator, Role::Operator, Role::Viewer]
        .into_iter()
        .find(|role| role_name(*role) == name)
}

fn user_in(row: &AnyRow) -> Result<User, StorageError> {
    let role: String = row.try_get("role")?;
    let region: String = row.try_get("region")?;
    let region = Some(region).filter(|code| !code.is_empty());
    Ok(User {
        name: row.try_get("name")?,
        role: role_called(&role).ok_or_else(|| StorageError::corrupt("user", "unknown role"))?,
        region: region
            .map(|code| code.parse())
            .transpose()
            .map_err(|cause| StorageError::corrupt("user", cause))?,
    })
}

/// The user called `name`, unless disabled.
///
/// # Errors
/// [`StorageError`].
pub async fn find(pool: &AnyPool, name: &str) -> Result<Option<KnownUser>, StorageError> {
    let row = sqlx::query(
        "SELECT name, role, region, password_hash FROM users
         WHERE name = $1 AND disabled_at IS NULL",
    )
    .bind(name)
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        Ok(KnownUser {
            user: user_in(&row)?,
            password_hash: row.try_get("password_hash")?,
        })
    })
    .transpose()
}

/// Whether there is a user called `name`, disabled or not.
///
/// # Errors
/// [`StorageError`].
pub async fn exists(connection: &mut AnyConnection, name: &str) -> Result<bool, StorageError> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM users WHERE name = $1")
        .bind(name)
        .fetch_one(connection)
        .await?;
    Ok(count > 0)
}

/// Adds `known`, or gives the user of that name this password, role and
/// region, and ends his or her sessions.
///
/// # Errors
/// [`StorageError`].
pub async fn put(tx: &mut Tx, known: &KnownUser) -> Result<(), StorageError> {
    let now_ms = tx.now_ms();
    let user = &known.user;
    let region = user.region.as_ref().map_or("", RegionCode::as_str);
    sqlx::query(
        "INSERT INTO users (name, role, region, password_hash, created_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (name) DO UPDATE SET role = excluded.role, region = excluded.region,
             password_hash = excluded.password_hash, disabled_at = NULL",
    )
    .bind(user.name.clone())
    .bind(role_name(user.role))
    .bind(region.to_owned())
    .bind(known.password_hash.clone())
    .bind(now_ms)
    .execute(tx.conn())
    .await?;
    sqlx::query("DELETE FROM sessions WHERE user_name = $1")
        .bind(user.name.clone())
        .execute(tx.conn())
        .await?;
    let event = Event::User {
        name: user.name.clone(),
        role: user.role,
    };
    tx.append(None, &event)?;
    Ok(())
}

/// Begins a session of `name` known by `token`, and forgets those that ended.
///
/// # Errors
/// [`StorageError`].
pub async fn begin_session(tx: &mut Tx, name: &str, token: &str) -> Result<(), StorageError> {
    let now_ms = tx.now_ms();
    sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
        .bind(now_ms)
        .execute(tx.conn())
        .await?;
    sqlx::query(
        "INSERT INTO sessions (token_hash, user_name, created_at, expires_at)
         VALUES ($1, $2, $3, $4)",
    )
    .bind(sha256_hex(token.as_bytes()))
    .bind(name.to_owned())
    .bind(now_ms)
    .bind(now_ms.saturating_add(SESSION_IDLE_MS))
    .execute(tx.conn())
    .await?;
    let event = Event::SignedIn {
        name: name.to_owned(),
    };
    tx.append(Some(name), &event)?;
    Ok(())
}

/// A session that has not ended.
#[derive(Debug, Clone)]
pub struct LiveSession {
    /// Whose it is.
    pub user: User,
    /// Hash of its token.
    pub token_hash: String,
    /// When it should end from now on, when that is worth writing down.
    pub move_end_to_ms: Option<i64>,
}

/// The session known by `token`, at `now_ms`.
///
/// # Errors
/// [`StorageError`].
pub async fn live_session(
    pool: &AnyPool,
    token: &str,
    now_ms: i64,
) -> Result<Option<LiveSession>, StorageError> {
    let token_hash = sha256_hex(token.as_bytes());
    let row = sqlx::query(
        "SELECT u.name, u.role, u.region, s.created_at, s.expires_at
         FROM sessions s JOIN users u ON u.name = s.user_name
         WHERE s.token_hash = $1 AND s.expires_at > $2 AND u.disabled_at IS NULL",
    )
    .bind(token_hash.clone())
    .bind(now_ms)
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let created_at: i64 = row.try_get("created_at")?;
    let expires_at: i64 = row.try_get("expires_at")?;
    let end_ms = now_ms
        .saturating_add(SESSION_IDLE_MS)
        .min(created_at.saturating_add(SESSION_MAX_MS));
    Ok(Some(LiveSession {
        user: user_in(&row)?,
        token_hash,
        move_end_to_ms: (end_ms.saturating_sub(expires_at) >= SESSION_STEP_MS).then_some(end_ms),
    }))
}

/// Moves a session's end.
///
/// # Errors
/// [`StorageError`].
pub async fn move_end(tx: &mut Tx, token_hash: &str, end_ms: i64) -> Result<(), StorageError> {
    sqlx::query("UPDATE sessions SET expires_at = $1 WHERE token_hash = $2")
        .bind(end_ms)
        .bind(token_hash.to_owned())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// [`StorageError`].
pub async fn end_session(tx: &mut Tx, token_hash: &str) -> Result<(), StorageError> {
    sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
        .bind(token_hash.to_owned())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Ends the sessions of the user called `name` and lets him or her sign in no
/// more. Says whether there was such a user.
///
/// # Errors
/// [`StorageError`].
pub async fn disable(tx: &mut Tx, name: &str) -> Result<bool, StorageError> {
    let now_ms = tx.now_ms();
    let disabled = sqlx::query("UPDATE users SET disabled_at = $1 WHERE name = $2")
        .bind(now_ms)
        .bind(name.to_owned())
        .execute(tx.conn())
        .await?;
    sqlx::query("DELETE FROM sessions WHERE user_name = $1")
        .bind(name.to_owned())
        .execute(tx.conn())
        .await?;
    Ok(disabled.rows_affected() > 0)
}
