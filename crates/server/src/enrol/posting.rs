//! Posting a witness to another polling station.

use domain::TpsCode;

use super::code::{elections_at, witness_at};
use crate::inbox;
use crate::log::Event;
use crate::storage::{StorageError, Tx};

/// Why a witness was not posted elsewhere.
#[derive(Debug, thiserror::Error)]
pub enum PostingFault {
    /// No such polling station in any election here.
    #[error("there is no polling station {0} here: is the code right, and was an election seeded?")]
    NoSuchTps(TpsCode),
    /// Nobody of that name is posted there.
    #[error("no witness of that name is posted at polling station {0}")]
    NoSuchWitness(TpsCode),
    /// The database could not be used.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Posts the witness called `name` from one polling station to another, for all
/// contests held there, and tells the witness's devices that their pack is new.
/// What they sent for the former one stays.
///
/// # Errors
/// [`PostingFault`].
pub async fn move_witness(
    tx: &mut Tx,
    actor: Option<&str>,
    name: &str,
    from: TpsCode,
    to: TpsCode,
) -> Result<(), PostingFault> {
    let Some(witness) = witness_at(tx, &from, name.trim()).await? else {
        return Err(PostingFault::NoSuchWitness(from));
    };
    let elections = elections_at(tx, &to).await?;
    if elections.is_empty() {
        return Err(PostingFault::NoSuchTps(to));
    }
    sqlx::query("DELETE FROM assignments WHERE witness = $1 AND tps = $2")
        .bind(witness.clone())
        .bind(from.to_string())
        .execute(tx.conn())
        .await
        .map_err(StorageError::from)?;
    for election in elections {
        sqlx::query(
            "INSERT INTO assignments (witness, election, tps) VALUES ($1, $2, $3)
             ON CONFLICT DO NOTHING",
        )
        .bind(witness.clone())
        .bind(election)
        .bind(to.to_string())
        .execute(tx.conn())
        .await
        .map_err(StorageError::from)?;
    }
    inbox::push_pack_changed(tx, std::slice::from_ref(&witness)).await?;
    let event = Event::Posted { witness, from, to };
    tx.append(actor, &event)?;
    Ok(())
}
