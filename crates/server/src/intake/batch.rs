//! What one request brings to the writer, and the writer's work on the
//! batches of all requests that wait.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use protocol::{Envelope, Problem, ProblemCode};
use tokio::sync::oneshot;

use super::judge::Candidate;
use super::store::{REVISIONS_PER_SLOT_MAX, store};
use super::{carried, known};
use crate::catalogue::Catalogue;
use crate::keys::ServerKey;
use crate::storage::{StorageError, Tx};

/// What became of one candidate.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// With its receipt, unless it was an SMS.
    Stored(Option<Envelope>),
    Known(Option<Envelope>),
    Refused(Problem),
}

type Answer = Result<Vec<Outcome>, StorageError>;

/// The candidates of one request.
pub(crate) struct Batch {
    catalogue: Arc<Catalogue>,
    candidates: Vec<Candidate>,
    /// The device that brought them, when it is another than their own.
    carrier: Option<String>,
    outcomes: Vec<Outcome>,
    failed: Option<StorageError>,
    answer: oneshot::Sender<Answer>,
}

impl Batch {
    /// A batch, and where its outcomes come out: one for each candidate in
    /// order, after they are durable.
    pub(super) fn new(
        catalogue: Arc<Catalogue>,
        candidates: Vec<Candidate>,
        carrier: Option<String>,
    ) -> (Self, oneshot::Receiver<Answer>) {
        let (answer, outcomes) = oneshot::channel();
        let batch = Self {
            catalogue,
            candidates,
            carrier,
            outcomes: Vec::new(),
            failed: None,
            answer,
        };
        (batch, outcomes)
    }

    /// This batch could not be written, though others may be.
    pub(crate) fn mark_failed(&mut self, error: StorageError) {
        self.failed = Some(error);
    }

    /// What became of its candidates, for who runs it in a transaction of his
    /// own: not durable before that has ended.
    pub(super) fn into_outcomes(self) -> Vec<Outcome> {
        self.outcomes
    }

    /// Tells the request what became of it, now that the transaction has
    /// ended: durably, or with an error.
    pub(crate) fn answer(self, committed: Result<(), StorageError>) {
        let failed = committed.err().or(self.failed);
        // A request that has gone away is not there to be told; its device
        // will ask again and get the same receipts.
        let _ = self.answer.send(failed.map_or(Ok(self.outcomes), Err));
    }
}

/// Takes the candidates of all these batches in.
///
/// # Errors
/// [`StorageError`]; the caller takes everything back.
pub(crate) async fn take_in_all(
    tx: &mut Tx,
    key: &ServerKey,
    batches: &mut [Batch],
) -> Result<(), StorageError> {
    let all = || batches.iter().flat_map(|batch| &batch.candidates);
    let ids: BTreeSet<String> = all().map(|one| one.rev_id.clone()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let known = known::receipts(tx, &ids).await?;
    let mut new: BTreeMap<&str, &Candidate> = BTreeMap::new();
    for one in all() {
        if known.contains_key(&one.rev_id) {
            continue;
        }
        match &one.objection {
            Some(problem) => known::keep_aside(tx, one, problem.code).await?,
            None => {
                new.entry(&one.rev_id).or_insert(one);
            }
        }
    }
    let stored = match batches.first() {
        None => BTreeMap::new(),
        Some(first) => {
            let catalogue = Arc::clone(&first.catalogue);
            let mut new: Vec<&Candidate> = new.into_values().collect();
            // In the order they were sent, for those who read the log.
            new.sort_by(|a, b| (&a.slot, a.revision.seq).cmp(&(&b.slot, b.revision.seq)));
            store(tx, key, &catalogue, &new).await?
        }
    };
    for batch in batches.iter() {
        if let Some(carrier) = &batch.carrier {
            carried::note(tx, carrier, &batch.candidates).await?;
        }
    }
    let mut first_time: BTreeSet<&str> = stored.keys().map(String::as_str).collect();
    for batch in batches {
        let outcomes: Result<Vec<Outcome>, StorageError> = batch
            .candidates
            .iter()
            .map(|one| outcome(one, &known, &stored, &mut first_time))
            .collect();
        batch.outcomes = outcomes?;
    }
    Ok(())
}

fn outcome(
    one: &Candidate,
    known: &BTreeMap<String, Option<String>>,
    stored: &BTreeMap<String, Option<String>>,
    first_time: &mut BTreeSet<&str>,
) -> Result<Outcome, StorageError> {
    let receipt = |text: &Option<String>| {
        let text = text.as_deref();
        text.map(serde_json::from_str)
            .transpose()
            .map_err(|cause| StorageError::corrupt("receipt", cause))
    };
    let id = one.rev_id.as_str();
    match (known.get(id), stored.get(id), &one.objection) {
        (Some(text), _, _) => Ok(Outcome::Known(receipt(text)?)),
        (None, Some(text), None) if first_time.remove(id) => Ok(Outcome::Stored(receipt(text)?)),
        (None, Some(text), _) => Ok(Outcome::Known(receipt(text)?)),
        (None, None, Some(problem)) => Ok(Outcome::Refused(problem.clone())),
        (None, None, None) => {
            let detail = format!("at most {REVISIONS_PER_SLOT_MAX} revisions of one slot");
            let problem = Problem::new(ProblemCode::RateLimited).with_detail(detail);
            Ok(Outcome::Refused(problem))
        }
    }
}
