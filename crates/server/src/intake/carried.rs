//! Envelopes that somebody else brings than the device that signed them.
//!
//! Each is judged as if its own device had sent it. Who brought it is noted,
//! because he may send its photos too.

use std::collections::BTreeMap;
use std::sync::Arc;

use protocol::{Envelope, Problem, ProblemCode};

use super::judge::{Bench, Candidate, Judged, Unfit, because, judge};
use crate::api_problem::ApiProblem;
use crate::app::App;
use crate::catalogue::Catalogue;
use crate::enrol::{self, Author};
use crate::storage::{StorageError, Tx};

/// An envelope as it was brought: under the name of a revision, with its JSON
/// or what is wrong with that.
pub(crate) type Brought = (String, Result<String, Problem>);

/// Judges envelopes of several devices, off the threads that serve everybody.
pub(crate) async fn judge_brought(
    app: &App,
    catalogue: Arc<Catalogue>,
    brought: Vec<Brought>,
) -> Result<Judged, ApiProblem> {
    let texts = brought.iter().filter_map(|(_, text)| text.as_deref().ok());
    let ids: Vec<String> = texts.filter_map(signed_by).collect();
    let authors = enrol::authors(app.storage.reading(), &ids).await?;
    let now_ms = app.clock().now_ms();
    let judged = tokio::task::spawn_blocking(move || {
        let each = brought.into_iter();
        each.map(|one| judge_one(one, &authors, &catalogue, now_ms))
            .collect()
    });
    judged.await.map_err(ApiProblem::internal)
}

fn signed_by(json: &str) -> Option<String> {
    let envelope = Envelope::from_request(json).ok()?;
    Some(envelope.signature().ok()?.keyid.clone())
}

fn judge_one(
    (name, text): Brought,
    authors: &BTreeMap<String, Author>,
    catalogue: &Catalogue,
    now_ms: i64,
) -> Result<Candidate, Unfit> {
    let unfit = |problem| Unfit {
        rev_id: name.clone(),
        problem,
    };
    let json = text.map_err(unfit)?;
    let Some(id) = signed_by(&json) else {
        let detail = "not an envelope with one signature";
        return Err(unfit(because(ProblemCode::EnvelopeInvalid, detail)));
    };
    let Some(author) = authors.get(&id) else {
        return Err(unfit(Problem::new(ProblemCode::DeviceUnknown)));
    };
    let bench = Bench {
        author,
        catalogue,
        now_ms,
    };
    let candidate = judge(&json, &bench).map_err(|no| unfit(no.problem))?;
    if candidate.rev_id == name {
        Ok(candidate)
    } else {
        let detail = "the payload has another hash than the entry's name";
        Err(unfit(because(ProblemCode::EnvelopeInvalid, detail)))
    }
}

/// Notes that `carrier` brought these revisions: those of other devices that
/// are here now, taken in or kept aside.
pub(super) async fn note(
    tx: &mut Tx,
    carrier: &str,
    brought: &[Candidate],
) -> Result<(), StorageError> {
    for one in brought {
        if one.revision.device == carrier {
            continue;
        }
        sqlx::query(
            "INSERT INTO carried (rev_id, device) SELECT $1, $2
             WHERE EXISTS (SELECT 1 FROM revisions WHERE rev_id = $1)
                OR EXISTS (SELECT 1 FROM refused WHERE rev_id = $1)
             ON CONFLICT (rev_id, device) DO NOTHING",
        )
        .bind(one.rev_id.clone())
        .bind(carrier.to_owned())
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}
