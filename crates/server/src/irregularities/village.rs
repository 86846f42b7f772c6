//! A village in one contest, read for the analysis: where each slot stands, how
//! its forms came, what was officially published.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::irregularity::{Bubble, Params, Shot};
use domain::{
    Channel, Contest, Counts, FormLayout, Location, RegionCode, Ruling, SlotRevision, SlotView,
};
use protocol::pack::Election;
use protocol::revision::{PhotoKind, PhotoSource};
use protocol::{Revision, SlotId, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, Row as _};

use super::settings;
use crate::app::App;
use crate::catalogue::Catalogue;
use crate::intake::{channel_in, differs, statement_in};
use crate::room::detail::decision_in;
use crate::room::json;
use crate::sameness::{self, Twin};
use crate::storage::{StorageError, keyed_in};

/// Heads whose envelopes are remembered as opened; then they are forgotten all
/// at once.
const CACHE_MAX: usize = 40_000;

/// Names a village in one contest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Village {
    pub(super) election: String,
    pub(super) contest: String,
    /// Its ten digits.
    pub(super) code: RegionCode,
}

impl Village {
    /// The names of its slots: from this (included) to that (excluded).
    pub(super) fn range(&self) -> (String, String) {
        let (election, code) = (&self.election, &self.code);
        (format!("{election}/{code}"), format!("{election}/{code}:"))
    }
}

/// What a revision's envelope says besides its figures.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Facts {
    pub(super) form_tps: Option<String>,
    pub(super) shots: Vec<(String, PhotoSource, Option<Timestamp>)>,
    pub(super) bubbles: Vec<Bubble>,
    pub(super) location: Option<Location>,
}

/// Envelopes that were opened before, by revision.
pub(super) type Cache = HashMap<String, Arc<Facts>>;

/// A slot with all that is known of it.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) id: SlotId,
    pub(super) view: SlotView,
    pub(super) revisions: Vec<SlotRevision>,
    /// When the first votes arrived.
    pub(super) votes_at: Option<Timestamp>,
    pub(super) roll: Option<u32>,
    pub(super) twins: Vec<Twin>,
    pub(super) official: Option<Counts>,
    /// Of its heads.
    pub(super) facts: Vec<Arc<Facts>>,
}

/// A village that was read.
#[derive(Debug)]
pub(super) struct Read {
    /// What it was read from: as long as this is so, nothing has changed.
    pub(super) stamp: Stamp,
    pub(super) election: Election,
    pub(super) contest: Contest,
    pub(super) form: FormLayout,
    pub(super) params: Params,
    pub(super) polls_close_at: Option<Timestamp>,
    /// Its slots, by polling station.
    pub(super) slots: Vec<Known>,
}

/// Changes with whatever the analysis of a village looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    versions: i64,
    import: i64,
    settings: i64,
}

/// The stamp of a village now.
pub(super) async fn stamp(
    connection: &mut AnyConnection,
    village: &Village,
) -> Result<Stamp, StorageError> {
    let (from, to) = village.range();
    let row = sqlx::query(
        "SELECT (SELECT CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM slots
                 WHERE slot >= $1 AND slot < $2 AND contest = $3) AS versions,
             (SELECT COALESCE(MAX(import), 0) FROM official_figures
                 WHERE election = $4 AND contest = $3 AND region >= $5 AND region < $6) AS import,
             (SELECT COALESCE(MAX(log_index), 0) FROM irregularity_settings
                 WHERE election = $4) AS settings",
    )
    .bind(from)
    .bind(to)
    .bind(village.contest.clone())
    .bind(village.election.clone())
    .bind(village.code.to_string())
    .bind(format!("{}:", village.code))
    .fetch_one(connection)
    .await?;
    Ok(Stamp {
        versions: row.try_get("versions")?,
        import: row.try_get("import")?,
        settings: row.try_get("settings")?,
    })
}

/// All villages of an election (and contest) from which anything has arrived.
pub(super) async fn all(
    pool: &AnyPool,
    election: &str,
    contest: Option<&str>,
) -> Result<Vec<Village>, StorageError> {
    let rows = sqlx::query(
        "SELECT DISTINCT contest, substr(tps, 1, 10) AS village FROM slots
         WHERE election = $1 AND state <> 'empty' AND ($2 = '' OR contest = $2)",
    )
    .bind(election.to_owned())
    .bind(contest.unwrap_or_default().to_owned())
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            let code: &str = row.try_get("village")?;
            Ok(Village {
                election: election.to_owned(),
                contest: row.try_get("contest")?,
                code: code
                    .parse()
                    .map_err(|cause| StorageError::corrupt("village", cause))?,
            })
        })
        .collect()
}

/// Reads a village; `None` when it holds no such contest any more.
pub(super) async fn read(
    app: &App,
    catalogue: &Catalogue,
    cache: &mut Cache,
    village: &Village,
) -> Result<Option<Read>, StorageError> {
    let mut connection = app.storage.reading().acquire().await?;
    let stamp = stamp(&mut connection, village).await?;
    let mut slots = slots(&mut connection, village).await?;
    let Some(first) = slots.first() else {
        return Ok(None);
    };
    let held = catalogue.contests.get(&village.election);
    let mut held = held.into_iter().flatten();
    let here = first.id.tps.region();
    let held = held.find(|one| one.contest.id == village.contest && here.is_within(&one.region));
    let found = held.and_then(|held| {
        let form = catalogue.form_of(&held.contest)?;
        let election = catalogue.elections.get(&village.election)?;
        Some((election, held, form))
    });
    let Some((election, held, form)) = found else {
        return Ok(None);
    };
    revisions(&mut connection, &mut slots).await?;
    open_heads(&mut connection, catalogue, cache, &mut slots).await?;
    official(&mut connection, village, &mut slots).await?;
    let settings = settings::read(&mut connection, &village.election).await?;
    let mut own = settings.settings.own.iter();
    let own = own.find(|one| one.contest == held.contest.id && one.region == held.region);
    Ok(Some(Read {
        stamp,
        election: election.clone(),
        contest: held.contest.clone(),
        form: form.clone(),
        params: Params {
            own: own.map(|one| one.option),
            ..Params::of_form(form)
        },
        polls_close_at: settings.settings.polls_close_at,
        slots,
    }))
}

async fn slots(
    connection: &mut AnyConnection,
    village: &Village,
) -> Result<Vec<Known>, StorageError> {
    let (from, to) = village.range();
    let rows = sqlx::query(
        "SELECT slot, same_photos, roll FROM slots
         WHERE slot >= $1 AND slot < $2 AND contest = $3 ORDER BY slot",
    )
    .bind(from)
    .bind(to)
    .bind(village.contest.clone())
    .fetch_all(&mut *connection)
    .await?;
    let (mut slots, mut with_twins) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        let name: String = row.try_get("slot")?;
        let roll: Option<i64> = row.try_get("roll")?;
        slots.push(Known {
            id: name
                .parse()
                .map_err(|cause| StorageError::corrupt("slot", cause))?,
            view: domain::slot::view(&[], &[]),
            revisions: Vec::new(),
            votes_at: None,
            roll: roll.and_then(|roll| u32::try_from(roll).ok()),
            twins: Vec::new(),
            official: None,
            facts: Vec::new(),
        });
        if row.try_get::<i64, _>("same_photos")? > 0 {
            with_twins.push(name);
        }
    }
    if !with_twins.is_empty() {
        let mut found = sameness::twins(connection, &with_twins).await?;
        for slot in &mut slots {
            slot.twins = found.remove(&slot.id.to_string()).unwrap_or_default();
        }
    }
    Ok(slots)
}

/// Works out where the slots stand, from their revisions and rulings.
async fn revisions(
    connection: &mut AnyConnection,
    slots: &mut [Known],
) -> Result<(), StorageError> {
    let names: Vec<String> = slots.iter().map(|slot| slot.id.to_string()).collect();
    let mut revisions: BTreeMap<String, Vec<(SlotRevision, i64)>> = BTreeMap::new();
    let head = "SELECT slot, rev_id, device, seq, channel, counts, photos, received_at
         FROM revisions WHERE slot";
    for query in keyed_in(head, &names, "") {
        for row in query.fetch_all(&mut *connection).await? {
            let of = revisions.entry(row.try_get("slot")?).or_default();
            of.push((revision(&row)?, row.try_get("received_at")?));
        }
    }
    let mut rulings: BTreeMap<String, Vec<Ruling>> = BTreeMap::new();
    let head = "SELECT slot, number, kind, decided_by, decided_at, chosen, counts, device, reason,
             considered FROM decisions WHERE slot";
    for query in keyed_in(head, &names, "") {
        for row in query.fetch_all(&mut *connection).await? {
            let kept = decision_in(&row)?;
            let of = rulings.entry(row.try_get("slot")?).or_default();
            of.push(Ruling {
                number: kept.number,
                kind: kept.kind,
                counts: kept.counts,
                device: kept.device,
                considered: kept.considered.into_iter().collect(),
            });
        }
    }
    for slot in slots {
        let name = slot.id.to_string();
        let own = revisions.remove(&name).unwrap_or_default();
        let has_votes = |one: &SlotRevision| one.counts.keys().any(|id| id.starts_with("votes."));
        let with_votes = own.iter().filter(|(one, _)| has_votes(one));
        let first = with_votes.map(|(_, at)| *at).min();
        slot.votes_at = first.map(Timestamp::from_unix_ms);
        slot.revisions = own.into_iter().map(|(one, _)| one).collect();
        let ruled = rulings.remove(&name).unwrap_or_default();
        slot.view = domain::slot::view(&slot.revisions, &ruled);
    }
    Ok(())
}

fn revision(row: &AnyRow) -> Result<SlotRevision, StorageError> {
    let seq: i64 = row.try_get("seq")?;
    Ok(SlotRevision {
        rev_id: row.try_get("rev_id")?,
        device: row.try_get("device")?,
        seq: u64::try_from(seq).map_err(|cause| StorageError::corrupt("revision", cause))?,
        counts: json(row, "counts")?,
        photos: json::<Vec<String>>(row, "photos")?.into_iter().collect(),
        channel: channel_in(row)?,
    })
}

/// Takes what else the heads say from their envelopes.
async fn open_heads(
    connection: &mut AnyConnection,
    catalogue: &Catalogue,
    cache: &mut Cache,
    slots: &mut [Known],
) -> Result<(), StorageError> {
    if cache.len() > CACHE_MAX {
        cache.clear();
    }
    let heads = slots.iter().flat_map(|slot| &slot.view.heads);
    let unknown: Vec<String> = heads
        .filter(|head| !cache.contains_key(*head))
        .cloned()
        .collect();
    let head = "SELECT rev_id, slot, device, channel, envelope, received_at FROM revisions
         WHERE rev_id";
    for query in keyed_in(head, &unknown, "") {
        for row in query.fetch_all(&mut *connection).await? {
            let of: &str = row.try_get("slot")?;
            let slot: SlotId = of
                .parse()
                .map_err(|cause| StorageError::corrupt("slot", cause))?;
            let (channel, revision) = statement_in(&row, &slot, catalogue)?;
            cache.insert(
                row.try_get("rev_id")?,
                Arc::new(facts_of(channel, &revision)),
            );
        }
    }
    for slot in slots {
        let heads = slot.view.heads.iter();
        slot.facts = heads.filter_map(|head| cache.get(head).cloned()).collect();
    }
    Ok(())
}

fn facts_of(channel: Channel, revision: &Revision) -> Facts {
    if channel == Channel::Sms {
        return Facts::default();
    }
    let forms = revision
        .photos
        .iter()
        .filter(|photo| photo.kind == PhotoKind::Form);
    let readings = revision.bubble_readings();
    let mut bubbles: Vec<Bubble> = readings
        .filter(|reading| differs(reading, &revision.counts))
        .map(|reading| Bubble {
            keyed: revision.counts.get(&reading.field).copied(),
            read: reading.number(),
            field: reading.field,
        })
        .collect();
    // Two photos of one page say it twice.
    bubbles.sort_by(|a, b| a.field.cmp(&b.field));
    bubbles.dedup_by(|a, b| a.field == b.field);
    Facts {
        form_tps: revision.form_tps.clone(),
        shots: forms
            .map(|photo| (photo.sha256.clone(), photo.source, photo.taken_at))
            .collect(),
        bubbles,
        location: revision.location,
    }
}

/// A photo as the analysis knows it.
pub(super) fn shot(
    (sha256, source, taken_at): &(String, PhotoSource, Option<Timestamp>),
    timezone: &str,
) -> Shot {
    Shot {
        sha256: sha256.clone(),
        is_from_gallery: *source == PhotoSource::Gallery,
        taken_on: taken_at.and_then(|at| super::zone::day(at, timezone)),
    }
}

async fn official(
    connection: &mut AnyConnection,
    village: &Village,
    slots: &mut [Known],
) -> Result<(), StorageError> {
    let rows = sqlx::query(
        "SELECT region, counts FROM official_figures
         WHERE election = $1 AND contest = $2 AND region >= $3 AND region < $4",
    )
    .bind(village.election.clone())
    .bind(village.contest.clone())
    .bind(village.code.to_string())
    .bind(format!("{}:", village.code))
    .fetch_all(connection)
    .await?;
    for row in rows {
        let region: &str = row.try_get("region")?;
        let slot = slots.iter_mut().find(|slot| slot.id.tps.as_str() == region);
        if let Some(slot) = slot {
            slot.official = Some(json(&row, "counts")?);
        }
    }
    Ok(())
}
