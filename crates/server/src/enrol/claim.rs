//! What happens to an enrolment: the code is used up and there is a device.

use std::net::IpAddr;
use std::sync::Arc;

use protocol::enrol::{DeviceInfo, EnrolRequest};
use protocol::{EnrolCode, ProblemCode, PublicKey, encoding};
use sqlx::Row as _;

use super::code::code_hash;
use super::device::token_hash;
use super::tries::{Subject, count_wrong, wait_seconds};
use crate::api_problem::ApiProblem;
use crate::coverage::messages;
use crate::keys::{ServerKey, random_token};
use crate::log::Event;
use crate::storage::{StorageError, Tx};

/// Longest model, system or app version that is kept, in bytes.
const INFO_MAX_BYTES: usize = 100;
/// Random bytes of an id.
const ID_BYTES: usize = 12;

/// A device that has just been enrolled, with a token of its own.
#[derive(Debug)]
pub(super) struct Enrolled {
    pub(super) device: String,
    pub(super) witness: String,
    pub(super) token: String,
}

/// A wrong try is counted, so it must be kept while the request is refused:
/// both come out of the transaction as values.
pub(super) type Outcome = Result<Enrolled, ApiProblem>;

/// A new id such as `dev-…`.
pub(crate) fn random_id(prefix: &str) -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; ID_BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{prefix}-{}", hex::encode(bytes)))
}

/// Enrols, or says why not; counts wrong tries either way.
pub(super) async fn claim(
    tx: &mut Tx,
    key: Arc<ServerKey>,
    request: EnrolRequest,
    caller: IpAddr,
) -> Result<Outcome, ApiProblem> {
    let caller = Subject::Caller(caller);
    if let Some(seconds) = wait_seconds(tx, &caller).await? {
        return Ok(Err(throttled(seconds)));
    }
    let Some(public_key) = PublicKey::from_base64(&request.public_key) else {
        let detail = "public_key is not base64 of a usable Ed25519 key";
        return Ok(Err(ApiProblem::because(
            ProblemCode::RequestInvalid,
            detail,
        )));
    };
    let Ok(code) = request.code.parse::<EnrolCode>() else {
        count_wrong(tx, &caller).await?;
        return Ok(Err(ProblemCode::EnrolCodeUnknown.into()));
    };
    let hash = code_hash(&key, &code);
    let Some(known) = known_code(tx, &hash).await? else {
        count_wrong(tx, &caller).await?;
        return Ok(Err(ProblemCode::EnrolCodeUnknown.into()));
    };
    let this_code = Subject::Code(hash.clone());
    if let Some(seconds) = wait_seconds(tx, &this_code).await? {
        return Ok(Err(throttled(seconds)));
    }
    if !code.is_proved_by(&request.proof, &public_key) {
        count_wrong(tx, &this_code).await?;
        return Ok(Err(ProblemCode::ProofInvalid.into()));
    }
    use_code(tx, &hash, known, public_key, request.device).await
}

fn throttled(seconds: u64) -> ApiProblem {
    ApiProblem::new(ProblemCode::EnrolThrottled).with_retry_after(seconds)
}

struct KnownCode {
    witness: String,
    expires_at: i64,
    used_by: Option<String>,
    used_with: Option<String>,
    is_revoked: bool,
}

async fn known_code(tx: &mut Tx, hash: &str) -> Result<Option<KnownCode>, StorageError> {
    let row = sqlx::query(
        "SELECT c.witness, c.expires_at, c.used_by, d.public_key, d.revoked_at
         FROM enrol_codes c LEFT JOIN devices d ON d.id = c.used_by WHERE c.code_hash = $1",
    )
    .bind(hash.to_owned())
    .fetch_optional(tx.conn())
    .await?;
    let known = |row: sqlx::any::AnyRow| {
        let revoked_at: Option<i64> = row.try_get("revoked_at")?;
        Ok(KnownCode {
            witness: row.try_get("witness")?,
            expires_at: row.try_get("expires_at")?,
            used_by: row.try_get("used_by")?,
            used_with: row.try_get("public_key")?,
            is_revoked: revoked_at.is_some(),
        })
    };
    row.map(known).transpose()
}

async fn use_code(
    tx: &mut Tx,
    hash: &str,
    known: KnownCode,
    public_key: PublicKey,
    info: DeviceInfo,
) -> Result<Outcome, ApiProblem> {
    let device = match known.used_by {
        // The answer was lost: the same device again, even after the code has
        // expired, because it is enrolled already.
        Some(device) if known.used_with == Some(public_key.to_string()) => {
            if known.is_revoked {
                return Ok(Err(ProblemCode::DeviceRevoked.into()));
            }
            device
        }
        Some(_) => return Ok(Err(ProblemCode::EnrolCodeUsed.into())),
        None if known.expires_at <= tx.now_ms() => {
            return Ok(Err(ProblemCode::EnrolCodeExpired.into()));
        }
        None => add_device(tx, hash, &known.witness, public_key, info).await?,
    };
    let token = random_token()?;
    let now_ms = tx.now_ms();
    sqlx::query("INSERT INTO device_tokens (token_hash, device, issued_at) VALUES ($1, $2, $3)")
        .bind(token_hash(&token))
        .bind(device.clone())
        .bind(now_ms)
        .execute(tx.conn())
        .await?;
    Ok(Ok(Enrolled {
        device,
        witness: known.witness,
        token,
    }))
}

async fn add_device(
    tx: &mut Tx,
    code_hash: &str,
    witness: &str,
    public_key: PublicKey,
    info: DeviceInfo,
) -> Result<String, ApiProblem> {
    let device = random_id("dev")?;
    let mut sms_key = [0_u8; protocol::sms::KEY_BYTES];
    getrandom::fill(&mut sms_key)?;
    let now_ms = tx.now_ms();
    sqlx::query(
        "INSERT INTO devices (id, witness, public_key, model, os, app, sms_key, enrolled_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(device.clone())
    .bind(witness.to_owned())
    .bind(public_key.to_string())
    .bind(shortened(info.model))
    .bind(shortened(info.os))
    .bind(shortened(info.app))
    .bind(encoding::to_base64(&sms_key))
    .bind(now_ms)
    .execute(tx.conn())
    .await?;
    sqlx::query("UPDATE enrol_codes SET used_by = $2 WHERE code_hash = $1")
        .bind(code_hash.to_owned())
        .bind(device.clone())
        .execute(tx.conn())
        .await?;
    let event = Event::Enrolled {
        device: device.clone(),
        witness: witness.to_owned(),
        public_key: Some(public_key.to_string()),
    };
    tx.append(None, &event)?;
    messages::catch_up(tx, &device, witness).await?;
    Ok(device)
}

/// Text about a device, at most [`INFO_MAX_BYTES`] of it and without control
/// characters (PostgreSQL keeps no NUL).
fn shortened(text: String) -> String {
    let mut short = String::new();
    for symbol in text.chars().filter(|symbol| !symbol.is_control()) {
        if short.len().saturating_add(symbol.len_utf8()) > INFO_MAX_BYTES {
            break;
        }
        short.push(symbol);
    }
    short
}
