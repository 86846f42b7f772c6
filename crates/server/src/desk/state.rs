//! From keyed figures to revisions: numbered, signed, and handed to the intake,
//! in one transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::Counts;
use protocol::desk::{DeskOrigin, DeskSource};
use protocol::envelope::REVISION_TYPE;
use protocol::revision::{RevisionStatus, VERSION};
use protocol::{Envelope, Problem, ProblemCode, Revision, SlotId, Timestamp};
use sqlx::Row as _;

use super::device::Desk;
use crate::catalogue::Catalogue;
use crate::intake::{statement_in, take_in_own};
use crate::keys::ServerKey;
use crate::room::json;
use crate::storage::{StorageError, Tx, keyed_in};

/// Figures of one form, to be stated.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    /// The form's place; of two that are stated together the second is refused.
    pub slot: SlotId,
    /// The figures.
    pub counts: Counts,
    /// Where they are from.
    pub origin: DeskOrigin,
    /// What else is to be known.
    pub note: String,
}

/// What became of a statement.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stated {
    /// It is a revision now.
    New,
    /// The same was stated before.
    Same,
    /// The intake refused it.
    Refused(Problem),
}

/// The newest entry of a desk in one slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Newest {
    /// Its id.
    pub rev_id: String,
    /// Its number.
    pub seq: i64,
    /// Its figures.
    pub counts: Counts,
    /// Where they are from.
    pub origin: DeskOrigin,
    /// Its note.
    pub note: String,
}

/// What desks have stated of one slot.
#[derive(Debug, Default)]
struct Told {
    /// By this desk, the newest.
    own: Option<Newest>,
    /// Figures out of workbooks that other desks have stated last.
    workbooks: BTreeMap<String, Newest>,
}

/// The newest entries of a desk in these slots, by slot.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn own_newest(
    tx: &mut Tx,
    catalogue: &Catalogue,
    desk: &Desk,
    slots: &[String],
) -> Result<BTreeMap<String, Newest>, StorageError> {
    let told = told(tx, catalogue, desk, slots).await?;
    let own = told.into_iter();
    Ok(own
        .filter_map(|(slot, told)| Some((slot, told.own?)))
        .collect())
}

async fn told(
    tx: &mut Tx,
    catalogue: &Catalogue,
    desk: &Desk,
    slots: &[String],
) -> Result<BTreeMap<String, Told>, StorageError> {
    let mut told: BTreeMap<String, Told> = BTreeMap::new();
    let head = "SELECT r.rev_id, r.slot, r.device, r.seq, r.channel, r.envelope, r.counts,
             r.received_at
         FROM revisions r JOIN desks k ON k.device = r.device WHERE r.slot";
    for query in keyed_in(head, slots, "ORDER BY r.seq") {
        for row in query.fetch_all(tx.conn()).await? {
            let (slot, device): (String, String) = (row.try_get("slot")?, row.try_get("device")?);
            let id: SlotId = slot
                .parse()
                .map_err(|cause| StorageError::corrupt("slot", cause))?;
            let (_, revision) = statement_in(&row, &id, catalogue)?;
            let newest = Newest {
                rev_id: row.try_get("rev_id")?,
                seq: row.try_get("seq")?,
                counts: json(&row, "counts")?,
                origin: revision
                    .desk
                    .ok_or_else(|| StorageError::corrupt("entry", "it does not say from what"))?,
                note: revision.note,
            };
            let told = told.entry(slot).or_default();
            if device == desk.author.device.id {
                told.own = Some(newest);
            } else if newest.origin.source == DeskSource::Workbook {
                told.workbooks.insert(device, newest);
            } else {
                told.workbooks.remove(&device);
            }
        }
    }
    Ok(told)
}

/// Whether a statement would only say again what stands. Rows of one workbook
/// that two people bring are one testimony and not two that agree.
fn is_said(statement: &Statement, told: &Told) -> bool {
    let by_workbook = statement.origin.source == DeskSource::Workbook;
    let by_oneself = told.own.as_ref().is_some_and(|own| {
        own.counts == statement.counts
            && (by_workbook || (own.origin == statement.origin && own.note == statement.note))
    });
    let mut others = told.workbooks.values();
    by_oneself || (by_workbook && others.any(|other| other.counts == statement.counts))
}

/// States these figures in the name of a desk, one result for each in order.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn state(
    tx: &mut Tx,
    key: &ServerKey,
    catalogue: &Arc<Catalogue>,
    desk: &Desk,
    statements: &[Statement],
) -> Result<Vec<Stated>, StorageError> {
    let slots: Vec<String> = statements.iter().map(|one| one.slot.to_string()).collect();
    let mut told = told(tx, catalogue, desk, &slots).await?;
    let now = Timestamp::from_unix_ms(tx.now_ms());
    let mut stated = Vec::with_capacity(statements.len());
    let mut envelopes = Vec::new();
    let mut seen = BTreeSet::new();
    for one in statements {
        let told = told.remove(&one.slot.to_string()).unwrap_or_default();
        if !seen.insert(&one.slot) {
            // Two of one slot would get the same number, which is a fork.
            let twice = Problem::new(ProblemCode::PayloadInvalid);
            stated.push(Some(Stated::Refused(twice)));
        } else if is_said(one, &told) {
            stated.push(Some(Stated::Same));
        } else {
            envelopes.push(signed(desk, one, told.own.as_ref(), now)?);
            stated.push(None);
        }
    }
    let results = if envelopes.is_empty() {
        Vec::new()
    } else {
        take_in_own(tx, key, catalogue, &desk.author, &envelopes).await?
    };
    let mut results = results.into_iter();
    let each = stated.into_iter().map(|known| match known {
        Some(known) => Ok(known),
        None => {
            let result = results
                .next()
                .ok_or_else(|| StorageError::corrupt("entry", "it has no result"))?;
            Ok(match result.status {
                RevisionStatus::Stored => Stated::New,
                RevisionStatus::Known => Stated::Same,
                RevisionStatus::Refused => Stated::Refused(
                    result
                        .problem
                        .unwrap_or_else(|| Problem::new(ProblemCode::PayloadInvalid)),
                ),
            })
        }
    });
    each.collect()
}

/// The envelope, as JSON, that says it.
fn signed(
    desk: &Desk,
    statement: &Statement,
    newest: Option<&Newest>,
    now: Timestamp,
) -> Result<String, StorageError> {
    let device = &desk.author.device;
    let next = newest.map_or(1, |newest| newest.seq.saturating_add(1));
    let seq = next.max(desk.first_seq);
    let revision = Revision {
        v: VERSION,
        election: statement.slot.election.clone(),
        tps: statement.slot.tps.clone(),
        contest: statement.slot.contest.clone(),
        device: device.id.clone(),
        seq: u64::try_from(seq).map_err(|cause| StorageError::corrupt("seq", cause))?,
        prev: newest.map(|newest| newest.rev_id.clone()),
        counts: statement.counts.clone(),
        form_tps: None,
        photos: Vec::new(),
        flags: Vec::new(),
        note: statement.note.clone(),
        recorded_at: now,
        clock: None,
        location: None,
        app: env!("CARGO_PKG_VERSION").to_owned(),
        desk: Some(statement.origin.clone()),
    };
    let unwritable = |cause| StorageError::corrupt("entry", cause);
    let payload = serde_json::to_vec(&revision).map_err(unwritable)?;
    let envelope = Envelope::seal(REVISION_TYPE, &payload, &device.id, &desk.secret);
    serde_json::to_string(&envelope).map_err(unwritable)
}
