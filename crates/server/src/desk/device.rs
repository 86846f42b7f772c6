//! A user's desk: a device that the endpoint itself signs for.

use std::collections::BTreeSet;

use protocol::{ProblemCode, SecretKey, SlotId, encoding};
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

use crate::api_problem::ApiProblem;
use crate::enrol::{Author, DeskOf, Device, random_id};
use crate::keys::ServerKey;
use crate::log::Event;
use crate::storage::{StorageError, Tx};

/// Numbers that a restore passes over: more than anybody enters of one form
/// between a backup and the accident after it.
const PASSED_OVER: i64 = 1_000;

/// An open desk.
pub(crate) struct Desk {
    /// The device, as the intake judges it.
    pub(super) author: Author,
    /// Its signing key.
    pub(super) secret: SecretKey,
    /// The lowest number that it may give to a revision.
    pub(super) first_seq: i64,
}

/// The desk of `user` for an election, opened when there is none.
///
/// # Errors
/// `device_revoked` when an operator has revoked it; a storage problem.
pub(crate) async fn open(
    tx: &mut Tx,
    key: &ServerKey,
    user: &str,
    election: &str,
) -> Result<Desk, ApiProblem> {
    let row = sqlx::query(
        "SELECT k.device, k.first_seq, d.witness, d.public_key, d.revoked_at
         FROM desks k JOIN devices d ON d.id = k.device
         WHERE k.user_name = $1 AND k.election = $2",
    )
    .bind(user.to_owned())
    .bind(election.to_owned())
    .fetch_optional(tx.conn())
    .await?;
    let (id, witness, first_seq) = match row {
        None => {
            let (id, witness) = add(tx, key, user, election).await?;
            (id, witness, 1)
        }
        Some(row) => {
            if row.try_get::<Option<i64>, _>("revoked_at")?.is_some() {
                return Err(ProblemCode::DeviceRevoked.into());
            }
            let id: String = row.try_get("device")?;
            let public_key: String = row.try_get("public_key")?;
            if public_key != key.desk_key(&id).public().to_string() {
                return Err(
                    StorageError::corrupt("desk", "its key is of another server.key").into(),
                );
            }
            (id, row.try_get("witness")?, row.try_get("first_seq")?)
        }
    };
    let secret = key.desk_key(&id);
    Ok(Desk {
        author: Author {
            device: Device {
                id,
                witness,
                public_key: secret.public(),
                posted: BTreeSet::new(),
                desk: Some(DeskOf {
                    user: user.to_owned(),
                    election: election.to_owned(),
                }),
            },
            is_revoked: false,
        },
        secret,
        first_seq,
    })
}

/// Adds a device for `user`, who is its witness, and returns the ids of both.
async fn add(
    tx: &mut Tx,
    key: &ServerKey,
    user: &str,
    election: &str,
) -> Result<(String, String), ApiProblem> {
    let (device, witness) = (random_id("dev")?, random_id("wit")?);
    // Thrown away: nobody sends for a desk by SMS.
    let mut sms_key = [0_u8; protocol::sms::KEY_BYTES];
    getrandom::fill(&mut sms_key)?;
    let now_ms = tx.now_ms();
    sqlx::query("INSERT INTO witnesses (id, name, role, created_at) VALUES ($1, $2, 'desk', $3)")
        .bind(witness.clone())
        .bind(user.to_owned())
        .bind(now_ms)
        .execute(tx.conn())
        .await?;
    sqlx::query(
        "INSERT INTO devices (id, witness, public_key, model, os, app, sms_key, enrolled_at)
         VALUES ($1, $2, $3, 'desk', '', $4, $5, $6)",
    )
    .bind(device.clone())
    .bind(witness.clone())
    .bind(key.desk_key(&device).public().to_string())
    .bind(env!("CARGO_PKG_VERSION"))
    .bind(encoding::to_base64(&sms_key))
    .bind(now_ms)
    .execute(tx.conn())
    .await?;
    let event = Event::DeskOpened {
        device: device.clone(),
        user: user.to_owned(),
        election: election.to_owned(),
        public_key: Some(key.desk_key(&device).public().to_string()),
    };
    let log_index = tx.append(Some(user), &event)?;
    sqlx::query(
        "INSERT INTO desks (device, user_name, election, first_seq, log_index)
         VALUES ($1, $2, $3, 1, $4)",
    )
    .bind(device.clone())
    .bind(user.to_owned())
    .bind(election.to_owned())
    .bind(log_index)
    .execute(tx.conn())
    .await?;
    Ok((device, witness))
}

/// The condition that the user who is bound to `user`, as `$1`, has entered
/// figures at the desk of the slot in the column `slot`.
pub(crate) fn entered_by(user: &str, slot: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM revisions v
             WHERE v.slot = {slot}
               AND v.device IN (SELECT k.device FROM desks k WHERE k.user_name = {user}))"
    )
}

/// Whether `user` has entered figures of a slot at the desk.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn has_entered(
    connection: &mut AnyConnection,
    slot: &SlotId,
    user: &str,
) -> Result<bool, StorageError> {
    let sql = format!(
        "SELECT COUNT(*) FROM slots s WHERE s.slot = $1 AND {}",
        entered_by("$2", "s.slot")
    );
    let entered: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(slot.to_string())
        .bind(user.to_owned())
        .fetch_one(connection)
        .await?;
    Ok(entered > 0)
}

/// Moves all desks on to numbers that none of their lost entries can have had.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn after_restore(tx: &mut Tx) -> Result<(), StorageError> {
    sqlx::query("UPDATE desks SET first_seq = first_seq + $1")
        .bind(PASSED_OVER)
        .execute(tx.conn())
        .await?;
    Ok(())
}
