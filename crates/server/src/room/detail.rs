//! Everything about one slot, put together from what is kept.
//!
//! The state is worked out anew from the revisions and rulings by the same
//! function that worked it out when they came in; what is stored in the slot's
//! row is for lists.

use std::collections::BTreeSet;

use domain::rules::FormHead;
use domain::{
    Contest, Counts, Finding, FormLayout, Level, Mark, Ruling, SlotRevision, SlotView, TpsCode,
};
use protocol::console::{BubbleDetail, Decision, PhotoDetail, RevisionDetail, SlotDetail};
use protocol::pack::Roll;
use protocol::revision::PhotoRef;
use protocol::{Revision, SlotId, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use super::tag::etag;
use super::{from_word, json};
use crate::catalogue::Catalogue;
use crate::intake::{differs, statement_in};
use crate::paper;
use crate::storage::{StorageError, keyed_in};

/// A slot with its form.
#[derive(Debug, Clone)]
pub struct Whole {
    /// What is shown.
    pub detail: SlotDetail,
    /// The form of its contest.
    pub form: FormLayout,
}

/// The whole slot, or `None` when there is none of that name.
///
/// The tag is read first: should a revision come in between, the answer holds
/// more than its `ETag` says, and a ruling on it is asked to look again.
///
/// # Errors
/// [`StorageError`].
pub async fn read(
    connection: &mut AnyConnection,
    catalogue: &Catalogue,
    slot: &SlotId,
) -> Result<Option<Whole>, StorageError> {
    let Some(etag) = etag(connection, slot).await? else {
        return Ok(None);
    };
    let Some(contest) = catalogue.contest_at(&slot.election, &slot.contest, &slot.tps) else {
        return Err(StorageError::corrupt(
            "slot",
            "its contest is not in the catalogue",
        ));
    };
    let Some(form) = catalogue.form_of(contest) else {
        return Err(StorageError::corrupt(
            "slot",
            "its form is not in the catalogue",
        ));
    };
    let Station { number, place, dpt } = station(connection, &slot.tps).await?;
    let paper = paper::custody(connection, slot).await?.ok_or_else(gone)?;
    let sheet = Paper {
        form,
        contest,
        number: &number,
    };
    let history = history(connection, catalogue, slot, &sheet).await?;
    let decisions = decisions(connection, slot).await?;
    let view = view_of(&history, &decisions);
    let heads: Vec<RevisionDetail> = view
        .heads
        .iter()
        .filter_map(|id| history.iter().find(|one| one.rev_id == *id))
        .cloned()
        .collect();
    let detail = SlotDetail {
        slot: slot.clone(),
        etag,
        place,
        number: number.clone(),
        dpt,
        contest: contest.clone(),
        state: view.state,
        marks: marks(&view, &heads),
        figures: view.figures.clone(),
        findings: sheet.findings(&view.figures, None),
        photos: photos(connection, &heads).await?,
        heads,
        history,
        decisions,
        quarantined: view.quarantined.iter().cloned().collect(),
        paper,
    };
    Ok(Some(Whole {
        detail,
        form: form.clone(),
    }))
}

fn gone() -> StorageError {
    StorageError::corrupt("slot", "it went while it was read")
}

/// The marks of the slot's state, and of what its photos' bubbles say.
fn marks(view: &SlotView, heads: &[RevisionDetail]) -> Vec<Mark> {
    let mut bubbles = heads.iter().flat_map(|head| &head.bubbles);
    let differ = bubbles.any(|reading| reading.differs);
    let marks = view.marks.iter().copied();
    marks.chain(differ.then_some(Mark::BubblesDiffer)).collect()
}

/// What figures are checked against.
struct Paper<'a> {
    form: &'a FormLayout,
    contest: &'a Contest,
    number: &'a str,
}

impl Paper<'_> {
    fn findings(&self, counts: &Counts, read: Option<&str>) -> Vec<Finding> {
        let head = FormHead {
            read,
            assigned: self.number,
        };
        domain::rules::check(self.form, &self.contest.options, counts, head)
    }
}

/// A polling station's own facts.
struct Station {
    number: String,
    /// Names of regency, district and village.
    place: Vec<String>,
    dpt: Option<Roll>,
}

async fn station(connection: &mut AnyConnection, tps: &TpsCode) -> Result<Station, StorageError> {
    let above = |level| tps.region().at(level).map(String::from);
    let row = sqlx::query(
        "SELECT t.number, t.dpt_male, t.dpt_female,
             k.name AS regency, d.name AS district, v.name AS village
         FROM tps t
         LEFT JOIN regions k ON k.code = $2
         LEFT JOIN regions d ON d.code = $3
         LEFT JOIN regions v ON v.code = $4
         WHERE t.code = $1",
    )
    .bind(tps.to_string())
    .bind(above(Level::Regency))
    .bind(above(Level::District))
    .bind(above(Level::Village))
    .fetch_one(connection)
    .await?;
    let voters = |column| {
        let count: Option<i64> = row.try_get(column)?;
        Ok::<_, StorageError>(count.and_then(|count| u32::try_from(count).ok()))
    };
    let roll = match (voters("dpt_male")?, voters("dpt_female")?) {
        (Some(male), Some(female)) => Some(Roll { male, female }),
        _ => None,
    };
    let name = |column| Ok::<_, StorageError>(row.try_get::<Option<String>, _>(column)?);
    let names = [name("regency")?, name("district")?, name("village")?];
    Ok(Station {
        number: row.try_get("number")?,
        place: names.into_iter().flatten().collect(),
        dpt: roll,
    })
}

async fn history(
    connection: &mut AnyConnection,
    catalogue: &Catalogue,
    slot: &SlotId,
    paper: &Paper<'_>,
) -> Result<Vec<RevisionDetail>, StorageError> {
    let rows = sqlx::query(
        "SELECT r.rev_id, r.device, r.channel, r.envelope, r.received_at, w.name AS witness
         FROM revisions r
         JOIN devices d ON d.id = r.device
         JOIN witnesses w ON w.id = d.witness
         WHERE r.slot = $1 ORDER BY r.log_index",
    )
    .bind(slot.to_string())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let mut detail = revision_in(row, slot, catalogue)?;
            detail.findings = paper.findings(&detail.counts, detail.form_tps.as_deref());
            Ok(detail)
        })
        .collect()
}

/// A revision in a row of `rev_id`, `device`, `channel`, `envelope`,
/// `received_at` and `witness` that was kept for `slot`; its findings are not
/// looked for.
///
/// # Errors
/// [`StorageError`] when what is kept is no revision.
pub fn revision_in(
    row: &AnyRow,
    slot: &SlotId,
    catalogue: &Catalogue,
) -> Result<RevisionDetail, StorageError> {
    let (channel, revision) = statement_in(row, slot, catalogue)?;
    let received_at: i64 = row.try_get("received_at")?;
    let bubbles = bubbles(&revision);
    let flags = revision.witness_flags().map(str::to_owned).collect();
    Ok(RevisionDetail {
        rev_id: row.try_get("rev_id")?,
        device: revision.device,
        witness: row.try_get("witness")?,
        seq: revision.seq,
        prev: revision.prev,
        channel,
        counts: revision.counts,
        form_tps: revision.form_tps,
        photos: revision.photos,
        flags,
        bubbles,
        note: revision.note,
        findings: Vec::new(),
        desk: revision.desk,
        recorded_at: revision.recorded_at,
        received_at: Timestamp::from_unix_ms(received_at),
    })
}

fn bubbles(revision: &Revision) -> Vec<BubbleDetail> {
    let readings = revision.bubble_readings();
    readings
        .filter_map(|reading| {
            let photo = revision.photos.get(reading.photo)?;
            Some(BubbleDetail {
                differs: differs(&reading, &revision.counts),
                photo: photo.sha256.clone(),
                field: reading.field,
                digits: reading.digits,
            })
        })
        .collect()
}

async fn decisions(
    connection: &mut AnyConnection,
    slot: &SlotId,
) -> Result<Vec<Decision>, StorageError> {
    let rows = sqlx::query(
        "SELECT number, kind, decided_by, decided_at, chosen, counts, device, reason, considered
         FROM decisions WHERE slot = $1 ORDER BY number",
    )
    .bind(slot.to_string())
    .fetch_all(connection)
    .await?;
    rows.iter().map(decision_in).collect()
}

/// A ruling in its row.
///
/// # Errors
/// [`StorageError`] when what is kept is no ruling.
pub fn decision_in(row: &AnyRow) -> Result<Decision, StorageError> {
    let number: i64 = row.try_get("number")?;
    let at: i64 = row.try_get("decided_at")?;
    Ok(Decision {
        number: u32::try_from(number).map_err(|cause| StorageError::corrupt("decision", cause))?,
        kind: from_word("decision", row.try_get("kind")?)?,
        by: row.try_get("decided_by")?,
        at: Timestamp::from_unix_ms(at),
        chosen: row.try_get("chosen")?,
        counts: json(row, "counts")?,
        device: row.try_get("device")?,
        reason: row.try_get("reason")?,
        considered: json(row, "considered")?,
    })
}

fn view_of(history: &[RevisionDetail], decisions: &[Decision]) -> SlotView {
    let revisions: Vec<SlotRevision> = history
        .iter()
        .map(|revision| SlotRevision {
            rev_id: revision.rev_id.clone(),
            device: revision.device.clone(),
            seq: revision.seq,
            counts: revision.counts.clone(),
            photos: revision
                .photos
                .iter()
                .map(|photo| photo.sha256.clone())
                .collect(),
            channel: revision.channel,
        })
        .collect();
    let rulings: Vec<Ruling> = decisions
        .iter()
        .map(|decision| Ruling {
            number: decision.number,
            kind: decision.kind,
            counts: decision.counts.clone(),
            device: decision.device.clone(),
            considered: decision.considered.iter().cloned().collect(),
        })
        .collect();
    domain::slot::view(&revisions, &rulings)
}

/// Photos that are here, and those whose originals were asked for.
const KNOWN_PHOTOS: &str = "SELECT p.sha256, p.is_asked
     FROM (SELECT sha256, 0 AS is_asked FROM photos
           UNION ALL SELECT sha256, 1 FROM originals_asked) p
     WHERE p.sha256";

/// The photos of the heads, each once, with what of them is here.
async fn photos(
    connection: &mut AnyConnection,
    heads: &[RevisionDetail],
) -> Result<Vec<PhotoDetail>, StorageError> {
    let named: Vec<(&RevisionDetail, &PhotoRef)> = heads
        .iter()
        .flat_map(|head| head.photos.iter().map(move |photo| (head, photo)))
        .collect();
    let original = |photo: &PhotoRef| photo.original.as_ref().map(|file| file.sha256.clone());
    let hashes: Vec<String> = named
        .iter()
        .flat_map(|(_, photo)| [Some(photo.sha256.clone()), original(photo)])
        .flatten()
        .collect();
    let (mut here, mut asked) = (BTreeSet::new(), BTreeSet::new());
    for query in keyed_in(KNOWN_PHOTOS, &hashes, "") {
        for row in query.fetch_all(&mut *connection).await? {
            let is_asked: i32 = row.try_get("is_asked")?;
            let known = if is_asked == 0 { &mut here } else { &mut asked };
            known.insert(row.try_get::<String, _>("sha256")?);
        }
    }
    let mut seen = BTreeSet::new();
    Ok(named
        .into_iter()
        .filter(|(_, photo)| seen.insert(photo.sha256.clone()))
        .map(|(head, photo)| PhotoDetail {
            photo: photo.clone(),
            device: head.device.clone(),
            is_received: here.contains(&photo.sha256),
            received_bytes: if here.contains(&photo.sha256) {
                photo.size_bytes
            } else {
                0
            },
            is_original_received: original(photo).is_some_and(|hash| here.contains(&hash)),
            is_original_asked: asked.contains(&photo.sha256),
            same_as: Vec::new(),
        })
        .collect())
}
