//! Who calls: the device behind a bearer token.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use domain::TpsCode;
use protocol::encoding::sha256_hex;
use protocol::{ProblemCode, PublicKey};
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row as _};

use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::storage::{StorageError, keyed_in};

/// Longest token that is looked up, in bytes.
const TOKEN_MAX_BYTES: usize = 200;

/// The device that calls: enrolled, and not revoked as of this request.
#[derive(Debug, Clone)]
pub struct Device {
    /// Its id.
    pub id: String,
    /// The witness it belongs to.
    pub witness: String,
    /// The key that its revisions are signed with.
    pub public_key: PublicKey,
    /// Elections and polling stations that the witness is posted to.
    pub posted: BTreeSet<(String, TpsCode)>,
    /// What it is when it is a desk of the counting room and nobody's phone.
    pub desk: Option<DeskOf>,
}

/// Whose desk a device is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskOf {
    /// User name.
    pub user: String,
    /// The election, all of whose polling stations it may state figures of.
    pub election: String,
}

impl Device {
    /// Whether it may state figures of this place: a phone where its witness is
    /// posted, a desk anywhere in its election. Which of them its user sees is
    /// asked before he or she keys.
    #[must_use]
    pub fn may_state(&self, election: &str, tps: &TpsCode) -> bool {
        match &self.desk {
            Some(desk) => desk.election == election,
            None => self.posted.contains(&(election.to_owned(), tps.clone())),
        }
    }
}

/// A device as the one that signed something, whoever brings it.
#[derive(Debug, Clone)]
pub struct Author {
    /// The device.
    pub device: Device,
    /// Whether it was revoked: what it signed is kept aside then.
    pub is_revoked: bool,
}

/// What a token is stored as. Tokens are 256 random bits: a plain hash cannot
/// be guessed back.
pub(super) fn token_hash(token: &str) -> String {
    sha256_hex(token.as_bytes())
}

/// The token of `Authorization: Bearer …`.
pub(crate) fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && token.len() <= TOKEN_MAX_BYTES).then_some(token)
}

impl FromRequestParts<AppState> for Device {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiProblem> {
        let token = bearer(parts).ok_or_else(|| ApiProblem::new(ProblemCode::TokenUnknown))?;
        let found = by_token(app.storage.reading(), token).await?;
        let author = found.ok_or_else(|| ApiProblem::new(ProblemCode::TokenUnknown))?;
        if author.is_revoked {
            return Err(ApiProblem::new(ProblemCode::DeviceRevoked));
        }
        Ok(author.device)
    }
}

/// Asked of the database on every call: a revocation holds at once, in every
/// replica.
async fn by_token(pool: &AnyPool, token: &str) -> Result<Option<Author>, StorageError> {
    let rows = sqlx::query(
        "SELECT d.id, d.witness, d.public_key, d.revoked_at, a.election, a.tps,
             k.user_name AS desk_user, k.election AS desk_election
         FROM device_tokens t JOIN devices d ON d.id = t.device
         LEFT JOIN desks k ON k.device = d.id
         LEFT JOIN assignments a ON a.witness = d.witness WHERE t.token_hash = $1",
    )
    .bind(token_hash(token))
    .fetch_all(pool)
    .await?;
    let mut found = BTreeMap::new();
    gather(&rows, &mut found)?;
    Ok(found.into_values().next())
}

/// Those of these devices that are known, by id.
///
/// # Errors
/// [`StorageError`].
pub async fn authors(
    pool: &AnyPool,
    ids: &[String],
) -> Result<BTreeMap<String, Author>, StorageError> {
    let head = "SELECT d.id, d.witness, d.public_key, d.revoked_at, a.election, a.tps,
             k.user_name AS desk_user, k.election AS desk_election
         FROM devices d LEFT JOIN desks k ON k.device = d.id
         LEFT JOIN assignments a ON a.witness = d.witness WHERE d.id";
    let ids: BTreeSet<String> = ids.iter().cloned().collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let mut found = BTreeMap::new();
    for query in keyed_in(head, &ids, "") {
        gather(&query.fetch_all(pool).await?, &mut found)?;
    }
    Ok(found)
}

/// Devices in rows, one row for each posting, or one without.
fn gather(rows: &[AnyRow], into: &mut BTreeMap<String, Author>) -> Result<(), StorageError> {
    for row in rows {
        let id: String = row.try_get("id")?;
        let author = match into.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let author = author(new.key().clone(), row)?;
                new.insert(author)
            }
        };
        author.device.posted.extend(posting(row)?);
    }
    Ok(())
}

fn author(id: String, row: &AnyRow) -> Result<Author, StorageError> {
    let public_key = PublicKey::from_base64(row.try_get("public_key")?)
        .ok_or_else(|| StorageError::corrupt("public key", "not a key"))?;
    let revoked_at: Option<i64> = row.try_get("revoked_at")?;
    let user: Option<String> = row.try_get("desk_user")?;
    let election: Option<String> = row.try_get("desk_election")?;
    let desk = user
        .zip(election)
        .map(|(user, election)| DeskOf { user, election });
    Ok(Author {
        device: Device {
            id,
            witness: row.try_get("witness")?,
            public_key,
            posted: BTreeSet::new(),
            desk,
        },
        is_revoked: revoked_at.is_some(),
    })
}

fn posting(row: &AnyRow) -> Result<Option<(String, TpsCode)>, StorageError> {
    let election: Option<String> = row.try_get("election")?;
    let tps: Option<String> = row.try_get("tps")?;
    let Some((election, tps)) = election.zip(tps) else {
        return Ok(None);
    };
    let tps = tps
        .parse()
        .map_err(|cause| StorageError::corrupt("tps", cause))?;
    Ok(Some((election, tps)))
}
