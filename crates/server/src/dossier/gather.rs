//! Everything that is kept about one slot, for a dossier.

use std::collections::{BTreeMap, BTreeSet};

use domain::Channel;
use protocol::console::SlotDetail;
use protocol::queue::Reading;
use protocol::{ProblemCode, SlotId, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, Row as _};

use super::machine::{
    DecisionFact, DeviceFact, PaperFact, PhotoFact, PhotoReceiptFact, ReadingFact, RevisionFact,
    SlotFile, photo_receipt_name, receipt_name, statement_name,
};
use crate::api_problem::ApiProblem;
use crate::catalogue::Catalogue;
use crate::intake::channel_in;
use crate::irregularities;
use crate::log::subject;
use crate::paper;
use crate::queue::reading_in;
use crate::room::SignedIn;
use crate::room::detail::{self, decision_in};
use crate::storage::{StorageError, keyed_in};

/// One slot's evidence.
pub(super) struct Case {
    /// As the counting room sees it.
    pub(super) detail: SlotDetail,
    /// Its form.
    pub(super) form: domain::FormLayout,
    /// As it stands in the machine part.
    pub(super) file: SlotFile,
    /// Small files: statements and receipts, by name.
    pub(super) texts: BTreeMap<String, String>,
    /// Entries of the log about it.
    pub(super) entries: BTreeSet<i64>,
}

/// The evidence of `slot`.
///
/// # Errors
/// `not_found` when there is no such slot; a storage problem.
pub(super) async fn gather(
    pool: &AnyPool,
    catalogue: &Catalogue,
    who: &SignedIn,
    slot: &SlotId,
    with_originals: bool,
) -> Result<Case, ApiProblem> {
    let mut connection = pool.acquire().await?;
    // First the log, so that nothing is shown of it whose content is not here.
    let mut entries = about(&mut connection, &subject::slot(slot)).await?;
    let whole = detail::read(&mut connection, catalogue, slot)
        .await?
        .ok_or(ProblemCode::NotFound)?;
    let mut texts = BTreeMap::new();
    let revisions = revisions(&mut connection, slot, &whole.detail, &mut texts).await?;
    let decisions = decisions(&mut connection, slot, &whole.detail).await?;
    let readings = readings(&mut connection, slot).await?;
    let steps = paper::steps(&mut connection, slot).await?;
    let paper: Vec<PaperFact> = steps
        .into_iter()
        .map(|(step, log_index)| PaperFact { step, log_index })
        .collect();
    let photos = photos(&mut connection, &whole.detail, with_originals, &mut texts).await?;
    let irregularities = irregularities::of_slot(&mut connection, who, slot).await?;
    entries.extend(revisions.iter().map(|one| one.log_index));
    entries.extend(decisions.iter().map(|one| one.log_index));
    entries.extend(readings.iter().map(|one| one.log_index));
    entries.extend(paper.iter().map(|one| one.log_index));
    let receipts = photos.iter().flat_map(|photo| &photo.receipts);
    entries.extend(receipts.map(|one| one.log_index));
    let detail = whole.detail;
    Ok(Case {
        file: SlotFile {
            slot: slot.clone(),
            place: detail.place.clone(),
            number: detail.number.clone(),
            contest: detail.contest.clone(),
            sms_counts: whole.form.sms_count_ids(&detail.contest.options),
            state: detail.state,
            figures: detail.figures.clone(),
            revisions,
            decisions,
            readings,
            paper,
            photos,
            irregularities,
        },
        form: whole.form,
        detail,
        texts,
        entries,
    })
}

async fn about(
    connection: &mut AnyConnection,
    subject: &str,
) -> Result<BTreeSet<i64>, StorageError> {
    let found: Vec<i64> =
        sqlx::query_scalar("SELECT log_index FROM log_subjects WHERE subject = $1")
            .bind(subject.to_owned())
            .fetch_all(connection)
            .await?;
    Ok(found.into_iter().collect())
}

/// Those of the detail's history, so that pages and machine part say the same.
async fn revisions(
    connection: &mut AnyConnection,
    slot: &SlotId,
    detail: &SlotDetail,
    texts: &mut BTreeMap<String, String>,
) -> Result<Vec<RevisionFact>, StorageError> {
    let rows = sqlx::query(
        "SELECT rev_id, device, channel, envelope, received_at, log_index, receipt
         FROM revisions WHERE slot = $1 ORDER BY log_index",
    )
    .bind(slot.to_string())
    .fetch_all(connection)
    .await?;
    let mut facts = Vec::new();
    for row in &rows {
        let rev_id: String = row.try_get("rev_id")?;
        if !detail.history.iter().any(|one| one.rev_id == rev_id) {
            continue;
        }
        let channel: Channel = channel_in(row)?;
        texts.insert(statement_name(channel, &rev_id), row.try_get("envelope")?);
        if let Some(receipt) = row.try_get::<Option<String>, _>("receipt")? {
            texts.insert(receipt_name(&rev_id), receipt);
        }
        facts.push(RevisionFact {
            device: row.try_get("device")?,
            channel,
            received_at: Timestamp::from_unix_ms(row.try_get("received_at")?),
            log_index: row.try_get("log_index")?,
            rev_id,
        });
    }
    Ok(facts)
}

async fn decisions(
    connection: &mut AnyConnection,
    slot: &SlotId,
    detail: &SlotDetail,
) -> Result<Vec<DecisionFact>, StorageError> {
    let rows = sqlx::query(
        "SELECT number, kind, decided_by, decided_at, chosen, counts, device, reason, considered,
             log_index
         FROM decisions WHERE slot = $1 ORDER BY number",
    )
    .bind(slot.to_string())
    .fetch_all(connection)
    .await?;
    let fact = |row: &AnyRow| {
        Ok(DecisionFact {
            decision: decision_in(row)?,
            log_index: row.try_get("log_index")?,
        })
    };
    let facts: Vec<DecisionFact> = rows.iter().map(fact).collect::<Result<_, StorageError>>()?;
    let is_known = |one: &DecisionFact| detail.decisions.contains(&one.decision);
    Ok(facts.into_iter().filter(is_known).collect())
}

async fn readings(
    connection: &mut AnyConnection,
    slot: &SlotId,
) -> Result<Vec<ReadingFact>, StorageError> {
    let rows = sqlx::query(
        "SELECT number, read_by, read_at, way, counts, note, against, outcome, log_index
         FROM readings WHERE slot = $1 ORDER BY number",
    )
    .bind(slot.to_string())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let reading: Reading = reading_in(row)?;
            Ok(ReadingFact {
                reading,
                log_index: row.try_get("log_index")?,
            })
        })
        .collect()
}

/// Photos of all revisions that are here, each once, with their receipts.
async fn photos(
    connection: &mut AnyConnection,
    detail: &SlotDetail,
    with_originals: bool,
    texts: &mut BTreeMap<String, String>,
) -> Result<Vec<PhotoFact>, StorageError> {
    let mut named: BTreeMap<String, bool> = BTreeMap::new();
    for photo in detail.history.iter().flat_map(|one| &one.photos) {
        if let Some(original) = photo.original.as_ref().filter(|_| with_originals) {
            named.insert(original.sha256.clone(), true);
        }
        named.insert(photo.sha256.clone(), false);
    }
    let hashes: Vec<String> = named.keys().cloned().collect();
    let mut here = BTreeMap::new();
    let head = "SELECT sha256, completed_at FROM photos WHERE sha256";
    for query in keyed_in(head, &hashes, "") {
        for row in query.fetch_all(&mut *connection).await? {
            let at = Timestamp::from_unix_ms(row.try_get("completed_at")?);
            here.insert(row.try_get::<String, _>("sha256")?, at);
        }
    }
    let mut receipts: BTreeMap<String, Vec<PhotoReceiptFact>> = BTreeMap::new();
    let head = "SELECT sha256, device, receipt, log_index FROM photo_receipts WHERE sha256";
    for query in keyed_in(head, &hashes, "") {
        for row in query.fetch_all(&mut *connection).await? {
            let sha256: String = row.try_get("sha256")?;
            let device: String = row.try_get("device")?;
            let name = photo_receipt_name(&sha256, &device);
            if texts.insert(name, row.try_get("receipt")?).is_none() {
                receipts.entry(sha256).or_default().push(PhotoReceiptFact {
                    device,
                    log_index: row.try_get("log_index")?,
                });
            }
        }
    }
    Ok(named
        .into_iter()
        .filter_map(|(sha256, is_original)| {
            let received_at = here.get(&sha256).copied()?;
            Some(PhotoFact {
                receipts: receipts.remove(&sha256).unwrap_or_default(),
                sha256,
                is_original,
                received_at,
            })
        })
        .collect())
}

/// The devices that sent something about these slots, and the entries of the
/// log about their enrolment and revocation.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn devices(
    pool: &AnyPool,
    cases: &[Case],
    entries: &mut BTreeSet<i64>,
) -> Result<Vec<DeviceFact>, StorageError> {
    let revisions = cases.iter().flat_map(|case| &case.file.revisions);
    let photos = cases.iter().flat_map(|case| &case.file.photos);
    let carriers = photos.flat_map(|photo| &photo.receipts);
    let ids: BTreeSet<String> = revisions
        .map(|one| one.device.clone())
        .chain(carriers.map(|one| one.device.clone()))
        .collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let subjects: Vec<String> = ids.iter().map(|id| subject::device(id)).collect();
    let mut enrolled: BTreeMap<String, i64> = BTreeMap::new();
    let queries = keyed_in(
        "SELECT s.subject, l.log_index, l.kind FROM log_subjects s
         JOIN log l ON l.log_index = s.log_index
         WHERE l.kind IN ('enrolled', 'desk_opened', 'revoked') AND s.subject",
        &subjects,
        "",
    );
    for query in queries {
        for row in query.fetch_all(pool).await? {
            let index: i64 = row.try_get("log_index")?;
            entries.insert(index);
            if row.try_get::<&str, _>("kind")? != "revoked" {
                enrolled.insert(row.try_get("subject")?, index);
            }
        }
    }
    let mut facts = Vec::new();
    for query in keyed_in(
        "SELECT id, witness, public_key FROM devices WHERE id",
        &ids,
        "",
    ) {
        for row in query.fetch_all(pool).await? {
            let device: String = row.try_get("id")?;
            facts.push(DeviceFact {
                log_index: enrolled.get(&subject::device(&device)).copied(),
                witness: row.try_get("witness")?,
                public_key: row.try_get("public_key")?,
                device,
            });
        }
    }
    facts.sort_by(|one, other| one.device.cmp(&other.device));
    facts.dedup();
    Ok(facts)
}
