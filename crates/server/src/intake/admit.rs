//! Letting in a revision that was refused and kept aside.

use std::sync::Arc;

use protocol::{ProblemCode, SlotId};
use sqlx::Row as _;

use super::bubbles;
use super::judge::{Candidate, fitting};
use super::statement::statement_in;
use super::store::store;
use crate::api_problem::ApiProblem;
use crate::catalogue::Catalogue;
use crate::keys::ServerKey;
use crate::log::Event;
use crate::storage::{StorageError, Tx};

/// What was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// Its slot.
    pub slot: SlotId,
    /// The device that signed it.
    pub device: String,
}

/// Lets in the refused revision `rev_id`, in the name of `actor`: it becomes a
/// revision like any other, and the device gets its receipt when it sends it
/// again. `None` when no such revision is kept.
///
/// # Errors
/// [`ProblemCode::PayloadInvalid`] when its figures fit no form here, or a
/// storage problem.
pub async fn admit(
    tx: &mut Tx,
    key: Arc<ServerKey>,
    catalogue: Arc<Catalogue>,
    actor: &str,
    rev_id: &str,
    reason: &str,
) -> Result<Option<Admitted>, ApiProblem> {
    let Some(candidate) = kept_aside(tx, rev_id, &catalogue).await? else {
        return Ok(None);
    };
    let event = Event::Admitted {
        rev_id: rev_id.to_owned(),
        reason: reason.to_owned(),
    };
    tx.append(Some(actor), &event)?;
    let stored = store(tx, &key, &catalogue, &[&candidate]).await?;
    if stored.is_empty() {
        let detail = "the device has sent too many revisions of this slot";
        return Err(ApiProblem::because(ProblemCode::RateLimited, detail));
    }
    Ok(Some(Admitted {
        slot: candidate.slot,
        device: candidate.revision.device,
    }))
}

async fn kept_aside(
    tx: &mut Tx,
    rev_id: &str,
    catalogue: &Catalogue,
) -> Result<Option<Candidate>, ApiProblem> {
    let kept = "SELECT slot, device, channel, envelope, received_at FROM refused WHERE rev_id = $1";
    let row = sqlx::query(kept)
        .bind(rev_id.to_owned())
        .fetch_optional(tx.conn())
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let slot: &str = row.try_get("slot")?;
    let slot: SlotId = slot
        .parse()
        .map_err(|cause| StorageError::corrupt("slot", cause))?;
    let (channel, revision) = statement_in(&row, &slot, catalogue)?;
    let findings = fitting(&revision, &slot, catalogue).map_err(|problem| {
        let detail = problem.detail.unwrap_or_default();
        ApiProblem::because(ProblemCode::PayloadInvalid, detail)
    })?;
    Ok(Some(Candidate {
        rev_id: rev_id.to_owned(),
        slot,
        bubbles_differ: bubbles::differing(&revision),
        actor: None,
        revision,
        channel,
        envelope: row.try_get("envelope")?,
        findings,
        objection: None,
    }))
}
