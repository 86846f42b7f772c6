//! The endpoint's own secrets: the signing key that devices pin, and keys
//! derived from it for hashing enrolment codes.
//!
//! They live in `server.key` in the data folder, readable by its owner only,
//! also when the database is PostgreSQL: a copy of the database alone must not
//! be able to sign receipts. Replicas share the file (or copies of it); the
//! database remembers the key's id, so a replica with another key refuses to
//! start instead of signing receipts that no phone believes.

use std::io::Write as _;
use std::path::Path;

use hmac::{Hmac, KeyInit as _, Mac as _};
use protocol::{PublicKey, SecretKey, encoding};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::storage::{Storage, StorageError, Tx};
use crate::writer::Writer;

/// Name of the file in the data folder.
pub const KEY_FILE: &str = "server.key";
/// Bytes of the seed.
const SEED_BYTES: usize = 32;
/// Hex digits of the public key's hash that make the key's id.
const KEY_ID_DIGITS: usize = 16;

/// The signing key with its id.
#[derive(Debug)]
pub struct ServerKey {
    secret: SecretKey,
    id: String,
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("the key file {file} cannot be used: {cause}")]
    File {
        /// Its path.
        file: String,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The file holds something else.
    #[error("{0} does not hold a key; restore it from a backup, devices trust no other")]
    Malformed(String),
    /// The database belongs to another key.
    #[error(
        "the database belongs to the signing key {expected}, but {file} holds {found}: put the right server.key into the data folder"
    )]
    Other {
        /// Id in the database.
        expected: String,
        /// Id of the key that was found.
        found: String,
        /// Path of the file.
        file: String,
    },
    /// The database belongs to a key that is not here.
    #[error(
        "the database belongs to the signing key {expected}, and there is no {file}: put it there, devices trust no other"
    )]
    Missing {
        /// Id in the database.
        expected: String,
        /// Path of the file.
        file: String,
    },
    /// The database could not be asked.
    #[error(transparent)]
    Storage(StorageError),
    /// The system gave no random bytes.
    #[error("the system's random generator failed: {0}")]
    Random(#[from] getrandom::Error),
}

impl ServerKey {
    /// The key that grows from a seed.
    #[must_use]
    pub fn from_seed(seed: &[u8; SEED_BYTES]) -> Self {
        let secret = SecretKey::from_seed(seed);
        let hash = encoding::sha256_hex(&secret.public().to_bytes());
        let id: String = hash.chars().take(KEY_ID_DIGITS).collect();
        Self {
            secret,
            id: format!("server-{id}"),
        }
    }

    /// The key in the data folder, made on first use.
    ///
    /// # Errors
    /// [`KeyError`], a sentence for the operator.
    pub fn open(folder: &Path) -> Result<Self, KeyError> {
        let file = folder.join(KEY_FILE);
        let name = file.display().to_string();
        let in_file = |cause| KeyError::File {
            file: name.clone(),
            cause,
        };
        match std::fs::read_to_string(&file) {
            Ok(text) => encoding::array_from_base64(text.trim())
                .map(|seed| Self::from_seed(&seed))
                .ok_or_else(|| KeyError::Malformed(name.clone())),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                let mut seed = Zeroizing::new([0_u8; SEED_BYTES]);
                getrandom::fill(seed.as_mut_slice())?;
                match write_new(&file, &encoding::to_base64(seed.as_slice())) {
                    // Another process was first: its key counts.
                    Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => {
                        Self::open(folder)
                    }
                    other => other.map_err(in_file).map(|()| Self::from_seed(&seed)),
                }
            }
            Err(cause) => Err(in_file(cause)),
        }
    }

    /// The key in the data folder; made only for a database that belongs to
    /// no key yet.
    ///
    /// # Errors
    /// [`KeyError`], a sentence for the operator.
    pub async fn open_for(folder: &Path, storage: &Storage) -> Result<Self, KeyError> {
        let expected: Option<String> =
            sqlx::query_scalar("SELECT value FROM meta WHERE key = 'server_key_id'")
                .fetch_optional(storage.reading())
                .await
                .map_err(|cause| KeyError::Storage(cause.into()))?;
        match expected {
            Some(expected) if !folder.join(KEY_FILE).exists() => Err(KeyError::Missing {
                expected,
                file: folder.join(KEY_FILE).display().to_string(),
            }),
            _ => Self::open(folder),
        }
    }

    /// Writes the key's id into a new database, or checks that the database
    /// belongs to this key.
    ///
    /// # Errors
    /// [`KeyError::Other`] when it belongs to another, [`KeyError::Storage`].
    pub async fn claim(&self, writer: &Writer) -> Result<(), KeyError> {
        let id = self.id.clone();
        let expected: String = writer
            .run(move |tx| Box::pin(claim(tx, id)))
            .await
            .map_err(KeyError::Storage)?;
        if expected == self.id {
            return Ok(());
        }
        Err(KeyError::Other {
            expected,
            found: self.id.clone(),
            file: KEY_FILE.to_owned(),
        })
    }

    /// Its id, the `keyid` of receipts.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// For signing.
    #[must_use]
    pub fn secret(&self) -> &SecretKey {
        &self.secret
    }

    /// What devices pin.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        self.secret.public()
    }

    /// A hash of a short secret (an enrolment code) that is worthless to who
    /// holds the database but not the key file: 50 bits could be guessed.
    #[must_use]
    pub fn keyed_hash(&self, purpose: &str, text: &str) -> String {
        hex::encode(*self.derived(purpose, text))
    }

    /// The signing key of a desk of the counting room, by the desk's id.
    ///
    /// It is worked out from `server.key` and kept nowhere: neither the
    /// database nor a table of a backup holds anything of it, replicas have the
    /// same, and whoever restores `server.key` has restored it.
    #[must_use]
    pub fn desk_key(&self, device: &str) -> SecretKey {
        SecretKey::from_seed(&self.derived("saksi desk key v1", device))
    }

    fn derived(&self, purpose: &str, text: &str) -> Zeroizing<[u8; 32]> {
        let seed = self.secret.seed();
        // A key shorter than the hash's block is padded with zeros: HMAC's own rule.
        let mut block = Zeroizing::new([0_u8; 64]);
        for (to, from) in block.iter_mut().zip(seed.iter()) {
            *to = *from;
        }
        let mut hmac = Hmac::<Sha256>::new((&*block).into());
        hmac.update(purpose.as_bytes());
        hmac.update(b"\n");
        hmac.update(text.as_bytes());
        Zeroizing::new(hmac.finalize().into_bytes().into())
    }
}

async fn claim(tx: &mut Tx, id: String) -> Result<String, StorageError> {
    sqlx::query(
        "INSERT INTO meta (key, value) VALUES ('server_key_id', $1) ON CONFLICT (key) DO NOTHING",
    )
    .bind(id)
    .execute(tx.conn())
    .await?;
    Ok(
        sqlx::query_scalar("SELECT value FROM meta WHERE key = 'server_key_id'")
            .fetch_one(tx.conn())
            .await?,
    )
}

/// Writes the whole file under another name first, so that a half-written key
/// never stands under the real one; and never over an existing one.
pub(crate) fn write_new(file: &Path, text: &str) -> std::io::Result<()> {
    let mut unique = [0_u8; 8];
    getrandom::fill(&mut unique).map_err(std::io::Error::other)?;
    let staged = file.with_extension(format!("new-{}", hex::encode(unique)));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut out = options.open(&staged)?;
    out.write_all(text.as_bytes())?;
    out.sync_all()?;
    let linked = std::fs::hard_link(&staged, file);
    std::fs::remove_file(&staged)?;
    linked?;
    if let Some(folder) = file.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// 32 random bytes as URL-safe base64: tokens.
///
/// # Errors
/// When the system gives no random bytes.
pub fn random_token() -> Result<String, getrandom::Error> {
    use base64::Engine as _;
    let mut bytes = Zeroizing::new([0_u8; 32]);
    getrandom::fill(bytes.as_mut_slice())?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes.as_slice()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let first = ServerKey::open(folder.path()).unwrap();
        let second = ServerKey::open(folder.path()).unwrap();
        assert_eq!(first.id(), second.id());
        assert_eq!(first.public(), second.public());
        std::fs::write(folder.path().join(KEY_FILE), "not a key").unwrap();
        assert!(matches!(
            ServerKey::open(folder.path()),
            Err(KeyError::Malformed(_))
        ));
    }
}
