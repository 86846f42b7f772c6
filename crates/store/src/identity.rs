//! Table `identities`: who this installation is to the endpoint.

use protocol::keys::KEY_BYTES;
use protocol::{SecretKey, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};

use crate::columns::time_or_null;
use crate::{PackRow, Result, Store, StoreError, settings};

/// A key, and what the endpoint made of it.
#[derive(Debug)]
pub struct Identity {
    /// Number on this device.
    pub id: i64,
    /// Signs this identity's revisions.
    pub key: SecretKey,
    /// `None` until the endpoint has answered.
    pub enrolment: Option<Enrolment>,
}

/// What the endpoint answered to an enrolment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// Id of the device.
    pub device: String,
    /// Bearer token.
    pub token: String,
    /// Id of the endpoint's key.
    pub server_key_id: String,
    /// The pinned key: base64 of 32 bytes.
    pub server_key: String,
    /// Address that the witness gave.
    pub address: String,
    /// Addresses to try in turn.
    pub endpoints: Vec<String>,
    /// By the device's clock.
    pub enrolled_at: Timestamp,
}

const COLUMNS: &str =
    "id, secret_seed, device, token, server_key_id, server_key, address, endpoints, enrolled_at";

impl Store {
    /// The identity that is in use: the newest enrolled one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn identity(&self) -> Result<Option<Identity>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM identities WHERE device IS NOT NULL ORDER BY id DESC LIMIT 1"
        );
        Ok(self.connection.query_row(&sql, [], identity).optional()?)
    }

    /// The identity that is about to enrol, with the key that `seed` grows
    /// into. A key that has not been answered for is used again: the endpoint
    /// may already know it, and only the answer was lost.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn enrolling_identity(
        &mut self,
        seed: &[u8; KEY_BYTES],
        now: Timestamp,
    ) -> Result<Identity> {
        let newest = self
            .identity()?
            .map(|identity| identity.id)
            .unwrap_or_default();
        let sql = format!(
            "SELECT {COLUMNS} FROM identities WHERE device IS NULL AND id > ?1 ORDER BY id LIMIT 1"
        );
        if let Some(begun) = self
            .connection
            .query_row(&sql, [newest], identity)
            .optional()?
        {
            return Ok(begun);
        }
        self.connection.execute(
            "INSERT INTO identities (secret_seed, began_at) VALUES (?1, ?2)",
            params![seed, now.unix_ms()],
        )?;
        Ok(Identity {
            id: self.connection.last_insert_rowid(),
            key: SecretKey::from_seed(seed),
            enrolment: None,
        })
    }

    /// Takes in the endpoint's answer to an enrolment: from now on `identity`
    /// is the one in use, `pack` is the pack, and the inbox is read from its
    /// beginning. What earlier enrolments with this endpoint left unsent waits
    /// for nothing any more: this one carries it.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing has changed.
    pub fn finish_enrolment(
        &mut self,
        identity: i64,
        enrolment: &Enrolment,
        pack: &PackRow,
    ) -> Result<()> {
        let endpoints = serde_json::to_string(&enrolment.endpoints)?;
        let transaction = self.begin()?;
        let changed = transaction.execute(
            "UPDATE identities SET device = ?2, token = ?3, server_key_id = ?4, server_key = ?5,
                    address = ?6, endpoints = ?7, enrolled_at = ?8
             WHERE id = ?1",
            params![
                identity,
                enrolment.device,
                enrolment.token,
                enrolment.server_key_id,
                enrolment.server_key,
                enrolment.address,
                endpoints,
                enrolment.enrolled_at.unix_ms(),
            ],
        )?;
        if changed != 1 {
            return Err(StoreError::Missing("identity"));
        }
        crate::outbox::take_over(&transaction, &enrolment.server_key)?;
        crate::pack::put(&transaction, pack)?;
        settings::put(&transaction, settings::INBOX_CURSOR, None)?;
        settings::put(&transaction, settings::TROUBLE, None)?;
        Ok(transaction.commit()?)
    }
}

fn identity(row: &Row<'_>) -> rusqlite::Result<Identity> {
    let seed: [u8; KEY_BYTES] = row.get(1)?;
    let device: Option<String> = row.get(2)?;
    let enrolment = match (device, time_or_null(row, 8)?) {
        (Some(device), Some(enrolled_at)) => Some(Enrolment {
            device,
            token: row.get(3)?,
            server_key_id: row.get(4)?,
            server_key: row.get(5)?,
            address: row.get(6)?,
            endpoints: crate::columns::json(row, 7)?,
            enrolled_at,
        }),
        _ => None,
    };
    Ok(Identity {
        id: row.get(0)?,
        key: SecretKey::from_seed(&seed),
        enrolment,
    })
}
