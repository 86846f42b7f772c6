//! Handing judged revisions to the writer, and putting results in order.

use std::sync::Arc;

use protocol::revision::{RevisionResult, RevisionStatus};
use protocol::{Problem, limits};

use super::batch::{Batch, Outcome, take_in_all};
use super::judge::{Bench, Candidate, Judged, Unfit, judge};
use crate::api_problem::ApiProblem;
use crate::app::App;
use crate::catalogue::Catalogue;
use crate::enrol::Author;
use crate::keys::ServerKey;
use crate::storage::{StorageError, Tx};

/// Takes revisions in and returns one result for each, in the order judged,
/// once they are durable. `carrier` is the device that brought them, when it
/// is another than their own.
///
/// A transaction gets no more of them than one request of a device may bring,
/// so that a large bundle does not keep others waiting.
pub(crate) async fn take_in(
    app: &App,
    catalogue: &Arc<Catalogue>,
    judged: Judged,
    carrier: Option<&str>,
) -> Result<Vec<RevisionResult>, ApiProblem> {
    let mut results = Vec::with_capacity(judged.len());
    let mut judged = judged.into_iter();
    loop {
        let some: Judged = judged.by_ref().take(limits::ENVELOPES_MAX).collect();
        if some.is_empty() {
            break;
        }
        results.extend(take_in_some(app, catalogue, some, carrier).await?);
    }
    for result in &results {
        app.metrics.revisions(word(result.status), 1);
    }
    Ok(results)
}

fn word(status: RevisionStatus) -> &'static str {
    match status {
        RevisionStatus::Stored => "stored",
        RevisionStatus::Known => "known",
        RevisionStatus::Refused => "refused",
    }
}

async fn take_in_some(
    app: &App,
    catalogue: &Arc<Catalogue>,
    judged: Judged,
    carrier: Option<&str>,
) -> Result<Vec<RevisionResult>, ApiProblem> {
    let (places, candidates) = parted(judged);
    let outcomes = if candidates.is_empty() {
        Vec::new()
    } else {
        let carrier = carrier.map(str::to_owned);
        let (batch, outcomes) = Batch::new(Arc::clone(catalogue), candidates, carrier);
        app.writer.take_in(batch).await?;
        outcomes.await.map_err(|_| StorageError::Stopped)??
    };
    joined(places, outcomes).ok_or_else(|| ApiProblem::internal("a candidate without outcome"))
}

/// Takes in, in this transaction, what a desk of this endpoint has signed:
/// judged and stored like what comes from anywhere else. Here the number of a
/// revision is chosen, and the revision signed and kept, without anybody in
/// between.
///
/// # Errors
/// [`StorageError`]; the caller takes everything back.
pub(crate) async fn take_in_own(
    tx: &mut Tx,
    key: &ServerKey,
    catalogue: &Arc<Catalogue>,
    author: &Author,
    envelopes: &[String],
) -> Result<Vec<RevisionResult>, StorageError> {
    let bench = Bench {
        author,
        catalogue,
        now_ms: tx.now_ms(),
    };
    let judged = envelopes.iter().map(|one| judge(one, &bench)).collect();
    let (places, candidates) = parted(judged);
    let (mut batch, _) = Batch::new(Arc::clone(catalogue), candidates, None);
    take_in_all(tx, key, std::slice::from_mut(&mut batch)).await?;
    joined(places, batch.into_outcomes())
        .ok_or_else(|| StorageError::corrupt("intake", "a candidate without outcome"))
}

type Places = Vec<Result<String, Unfit>>;

/// The candidates, and where they stood between what is none.
fn parted(judged: Judged) -> (Places, Vec<Candidate>) {
    let mut candidates = Vec::with_capacity(judged.len());
    let places = judged
        .into_iter()
        .map(|one| {
            one.map(|candidate| {
                let rev_id = candidate.rev_id.clone();
                candidates.push(candidate);
                rev_id
            })
        })
        .collect();
    (places, candidates)
}

/// One result for each place; `None` when an outcome is missing.
fn joined(places: Places, outcomes: Vec<Outcome>) -> Option<Vec<RevisionResult>> {
    let mut outcomes = outcomes.into_iter();
    let results = places.into_iter().map(|place| match place {
        Err(Unfit { rev_id, problem }) => Some(refused(rev_id, problem)),
        Ok(rev_id) => outcomes.next().map(|outcome| result(rev_id, outcome)),
    });
    results.collect()
}

fn result(rev_id: String, outcome: Outcome) -> RevisionResult {
    let (status, receipt) = match outcome {
        Outcome::Stored(receipt) => (RevisionStatus::Stored, receipt),
        Outcome::Known(receipt) => (RevisionStatus::Known, receipt),
        Outcome::Refused(problem) => return refused(rev_id, problem),
    };
    RevisionResult {
        rev_id,
        status,
        receipt,
        problem: None,
    }
}

fn refused(rev_id: String, problem: Problem) -> RevisionResult {
    RevisionResult {
        rev_id,
        status: RevisionStatus::Refused,
        receipt: None,
        problem: Some(problem),
    }
}
