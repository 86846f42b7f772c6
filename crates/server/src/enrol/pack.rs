//! The pack: all that a device must know to work without a connection.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Contest, FormLayout, Level, TpsCode};
use protocol::pack::{Assignment, Election, Pack, Roll, SmsAccess, Witness, WitnessRole};
use sqlx::{AnyPool, Row as _};

use crate::app::App;
use crate::catalogue::Catalogue;
use crate::storage::{StorageError, keyed_in};

/// Oldest app that may go on with this endpoint.
const MIN_APP: &str = "0.1.0";

/// The pack of a device, and its `ETag`.
///
/// `None` when its witness is posted nowhere: there is nothing to work with.
///
/// # Errors
/// [`StorageError`].
pub async fn pack_for(
    app: &App,
    device: &str,
    witness: &str,
) -> Result<Option<Pack>, StorageError> {
    let pool = app.storage.reading();
    let posted = postings(pool, witness).await?;
    let Some((election, _)) = posted.first().cloned() else {
        return Ok(None);
    };
    let mut catalogue = app.catalogues.get().await?;
    if !catalogue.elections.contains_key(&election) {
        catalogue = app.catalogues.get_fresh().await?;
    }
    let Some(election) = catalogue.elections.get(&election).cloned() else {
        return Ok(None);
    };
    let mut assignments = Vec::with_capacity(posted.len());
    for (at, tps) in posted {
        if at == election.id {
            assignments.push(assignment(pool, &election.id, tps).await?);
        }
    }
    let (contests, forms) = held_at(&catalogue, &election, &assignments);
    Ok(Some(Pack {
        version: version(pool).await?,
        min_app: MIN_APP.to_owned(),
        election,
        contests,
        forms,
        witness: witness_of(pool, witness).await?,
        assignments,
        sms: Some(SmsAccess {
            numbers: app.config.sms_numbers.clone(),
            key: sms_key(pool, device).await?,
        }),
    }))
}

/// Grows with every change of the election's data: the index of the log's
/// newest entry about it or about who is posted where.
async fn version(pool: &AnyPool) -> Result<u64, StorageError> {
    // One question for each kind: each is one step into the index of kinds,
    // where PostgreSQL would read the whole log for both at once.
    let newest: Option<i64> = sqlx::query_scalar(
        "SELECT MAX(newest) FROM (
             SELECT MAX(log_index) AS newest FROM log WHERE kind = 'catalogue'
             UNION ALL
             SELECT MAX(log_index) FROM log WHERE kind = 'posted'
         ) AS of_each",
    )
    .fetch_one(pool)
    .await?;
    Ok(u64::try_from(newest.unwrap_or_default()).unwrap_or_default())
}

async fn postings(pool: &AnyPool, witness: &str) -> Result<Vec<(String, TpsCode)>, StorageError> {
    let rows = sqlx::query(
        "SELECT election, tps FROM assignments WHERE witness = $1 ORDER BY election, tps",
    )
    .bind(witness.to_owned())
    .fetch_all(pool)
    .await?;
    let posting = |row: &sqlx::any::AnyRow| {
        let tps: &str = row.try_get("tps")?;
        let tps = tps
            .parse()
            .map_err(|cause| StorageError::corrupt("tps", cause))?;
        Ok((row.try_get("election")?, tps))
    };
    rows.iter().map(posting).collect()
}

async fn assignment(
    pool: &AnyPool,
    election: &str,
    tps: TpsCode,
) -> Result<Assignment, StorageError> {
    let row = sqlx::query("SELECT number, dpt_male, dpt_female FROM tps WHERE code = $1")
        .bind(tps.to_string())
        .fetch_one(pool)
        .await?;
    let count = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok());
    let male = count(row.try_get("dpt_male")?);
    let female = count(row.try_get("dpt_female")?);
    let sms = slot_codes(pool, election, &tps).await?;
    Ok(Assignment {
        number: row.try_get("number")?,
        place: place(pool, &tps).await?,
        dpt: male.zip(female).map(|(male, female)| Roll { male, female }),
        contests: sms.keys().cloned().collect(),
        sms,
        tps,
    })
}

/// SMS codes by contest, of all contests held at a polling station.
async fn slot_codes(
    pool: &AnyPool,
    election: &str,
    tps: &TpsCode,
) -> Result<BTreeMap<String, String>, StorageError> {
    let rows = sqlx::query("SELECT contest, sms_code FROM slots WHERE election = $1 AND tps = $2")
        .bind(election.to_owned())
        .bind(tps.to_string())
        .fetch_all(pool)
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("contest")?, row.try_get("sms_code")?)))
        .collect()
}

/// Names from the province down to the village.
async fn place(pool: &AnyPool, tps: &TpsCode) -> Result<Vec<String>, StorageError> {
    let place = tps.region();
    let codes: Vec<String> = [
        Level::Province,
        Level::Regency,
        Level::District,
        Level::Village,
    ]
    .into_iter()
    .filter_map(|level| place.at(level))
    .map(|code| code.to_string())
    .collect();
    let mut names = BTreeMap::new();
    for query in keyed_in("SELECT code, name FROM regions WHERE code", &codes, "") {
        for row in query.fetch_all(pool).await? {
            names.insert(row.try_get::<String, _>("code")?, row.try_get("name")?);
        }
    }
    // Shorter codes sort before the longer ones that they begin.
    Ok(names.into_values().collect())
}

/// The contests of these assignments in the screens' order, and their forms.
fn held_at(
    catalogue: &Catalogue,
    election: &Election,
    assignments: &[Assignment],
) -> (Vec<Contest>, Vec<FormLayout>) {
    let held = catalogue.contests.get(&election.id);
    let contests: Vec<Contest> = held
        .into_iter()
        .flatten()
        .filter(|held| {
            assignments.iter().any(|posted| {
                posted.tps.region().is_within(&held.region)
                    && posted.contests.contains(&held.contest.id)
            })
        })
        .map(|held| held.contest.clone())
        .collect();
    let used: BTreeSet<&str> = contests
        .iter()
        .map(|contest| contest.form.as_str())
        .collect();
    let forms = used
        .into_iter()
        .filter_map(|id| catalogue.forms.get(id).cloned())
        .collect();
    (contests, forms)
}

async fn witness_of(pool: &AnyPool, id: &str) -> Result<Witness, StorageError> {
    let row = sqlx::query("SELECT name, role FROM witnesses WHERE id = $1")
        .bind(id.to_owned())
        .fetch_one(pool)
        .await?;
    let role = match row.try_get("role")? {
        "outside" => WitnessRole::Outside,
        "reserve" => WitnessRole::Reserve,
        _ => WitnessRole::Inside,
    };
    Ok(Witness {
        name: row.try_get("name")?,
        role,
    })
}

async fn sms_key(pool: &AnyPool, device: &str) -> Result<String, StorageError> {
    let key = sqlx::query_scalar("SELECT sms_key FROM devices WHERE id = $1")
        .bind(device.to_owned())
        .fetch_one(pool)
        .await?;
    Ok(key)
}
