//! Handing judged revisions to the writer, and putting results in order.

use std::sync::Arc;

use protocol::revision::{RevisionResult, RevisionStatus};
use protocol::{Problem, limits};

use super::batch::{Batch, Outcome};
use super::judge::{Candidate, Judged, Unfit};
use crate::api_problem::ApiProblem;
use crate::app::App;
use crate::catalogue::Catalogue;
use crate::storage::StorageError;

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
    let mut places = Vec::with_capacity(judged.len());
    let mut candidates: Vec<Candidate> = Vec::with_capacity(judged.len());
    for one in judged {
        match one {
            Ok(candidate) => {
                places.push(Ok(candidate.rev_id.clone()));
                candidates.push(candidate);
            }
            Err(unfit) => places.push(Err(unfit)),
        }
    }
    let outcomes = if candidates.is_empty() {
        Vec::new()
    } else {
        let carrier = carrier.map(str::to_owned);
        let (batch, outcomes) = Batch::new(Arc::clone(catalogue), candidates, carrier);
        app.writer.take_in(batch).await?;
        outcomes.await.map_err(|_| StorageError::Stopped)??
    };
    let mut outcomes = outcomes.into_iter();
    let results = places.into_iter().map(|place| match place {
        Err(Unfit { rev_id, problem }) => Ok(refused(rev_id, problem)),
        Ok(rev_id) => outcomes
            .next()
            .map(|outcome| result(rev_id, outcome))
            .ok_or_else(|| ApiProblem::internal("a candidate without outcome")),
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
