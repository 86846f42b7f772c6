//! Making enrolment codes.

use domain::TpsCode;
use protocol::EnrolCode;
use protocol::enrol::CODE_RANDOM_BYTES;
use protocol::pack::WitnessRole;
use sqlx::Row as _;

use crate::keys::ServerKey;
use crate::log::Event;
use crate::storage::{StorageError, Tx};

/// Longest name of a witness, in bytes.
const NAME_MAX_BYTES: usize = 200;

/// Why no code was made.
#[derive(Debug, thiserror::Error)]
pub enum CodeFault {
    /// No such polling station in any election here.
    #[error("there is no polling station {0} here: is the code right, and was an election seeded?")]
    NoSuchTps(TpsCode),
    /// Not a name.
    #[error("a witness needs a name of at most {NAME_MAX_BYTES} bytes without line breaks")]
    NotAName,
    /// The system gave no random bytes.
    #[error("the system's random generator failed: {0}")]
    Random(#[from] getrandom::Error),
    /// The database could not be used.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What a code is stored as.
pub(super) fn code_hash(key: &ServerKey, code: &EnrolCode) -> String {
    key.keyed_hash("saksi enrolment code v1", code.normalised())
}

/// For whom a code is made.
#[derive(Debug, Clone)]
pub struct NewDevice {
    /// The polling station; the witness is posted there for all its contests.
    pub tps: TpsCode,
    /// The witness's name: the same name at the same polling station is the
    /// same witness.
    pub witness: String,
    /// Where the witness stands.
    pub role: WitnessRole,
    /// How long the code may be used, in milliseconds.
    pub valid_ms: i64,
}

/// Makes a code for one more device of a polling station's witness, who is
/// added if new.
///
/// # Errors
/// [`CodeFault`].
pub async fn make_code(
    tx: &mut Tx,
    key: &ServerKey,
    actor: Option<&str>,
    wanted: NewDevice,
) -> Result<EnrolCode, CodeFault> {
    let (witness, _) = post(tx, &wanted.tps, &wanted.witness, wanted.role).await?;
    let mut random = [0_u8; CODE_RANDOM_BYTES];
    getrandom::fill(&mut random)?;
    let code = EnrolCode::from_random(random);
    let now_ms = tx.now_ms();
    sqlx::query(
        "INSERT INTO enrol_codes (code_hash, witness, created_at, expires_at)
         VALUES ($1, $2, $3, $4)",
    )
    .bind(code_hash(key, &code))
    .bind(witness.clone())
    .bind(now_ms)
    .bind(now_ms.saturating_add(wanted.valid_ms))
    .execute(tx.conn())
    .await
    .map_err(StorageError::from)?;
    let event = Event::CodeMade {
        witness,
        tps: wanted.tps,
    };
    tx.append(actor, &event)?;
    Ok(code)
}

/// The witness of this name at this polling station, posted there for all its
/// contests; and whether he or she is new.
///
/// # Errors
/// [`CodeFault`].
pub(crate) async fn post(
    tx: &mut Tx,
    tps: &TpsCode,
    name: &str,
    role: WitnessRole,
) -> Result<(String, bool), CodeFault> {
    let name = name.trim();
    if name.is_empty() || name.len() > NAME_MAX_BYTES || name.chars().any(char::is_control) {
        return Err(CodeFault::NotAName);
    }
    let elections = elections_at(tx, tps).await?;
    if elections.is_empty() {
        return Err(CodeFault::NoSuchTps(tps.clone()));
    }
    match witness_at(tx, tps, name).await? {
        Some(witness) => Ok((witness, false)),
        None => Ok((add_witness(tx, name, tps, role, &elections).await?, true)),
    }
}

/// Elections in which this polling station holds a contest.
pub(super) async fn elections_at(tx: &mut Tx, tps: &TpsCode) -> Result<Vec<String>, StorageError> {
    let rows = sqlx::query("SELECT DISTINCT election FROM slots WHERE tps = $1 ORDER BY election")
        .bind(tps.to_string())
        .fetch_all(tx.conn())
        .await?;
    rows.iter()
        .map(|row| Ok(row.try_get("election")?))
        .collect()
}

pub(super) async fn witness_at(
    tx: &mut Tx,
    tps: &TpsCode,
    name: &str,
) -> Result<Option<String>, StorageError> {
    let row = sqlx::query_scalar(
        "SELECT w.id FROM witnesses w JOIN assignments a ON a.witness = w.id
         WHERE a.tps = $1 AND w.name = $2 ORDER BY w.created_at, w.id LIMIT 1",
    )
    .bind(tps.to_string())
    .bind(name.to_owned())
    .fetch_optional(tx.conn())
    .await?;
    Ok(row)
}

async fn add_witness(
    tx: &mut Tx,
    name: &str,
    tps: &TpsCode,
    role: WitnessRole,
    elections: &[String],
) -> Result<String, CodeFault> {
    let id = super::claim::random_id("wit")?;
    let now_ms = tx.now_ms();
    let role = match role {
        WitnessRole::Inside => "inside",
        WitnessRole::Outside => "outside",
        WitnessRole::Reserve => "reserve",
    };
    sqlx::query("INSERT INTO witnesses (id, name, role, created_at) VALUES ($1, $2, $3, $4)")
        .bind(id.clone())
        .bind(name.to_owned())
        .bind(role)
        .bind(now_ms)
        .execute(tx.conn())
        .await
        .map_err(StorageError::from)?;
    for election in elections {
        sqlx::query("INSERT INTO assignments (witness, election, tps) VALUES ($1, $2, $3)")
            .bind(id.clone())
            .bind(election.clone())
            .bind(tps.to_string())
            .execute(tx.conn())
            .await
            .map_err(StorageError::from)?;
    }
    Ok(id)
}
