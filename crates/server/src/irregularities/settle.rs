//! Keeping what was found: only what has become different, in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use domain::irregularity::FLAG_SCORE;
use protocol::SlotId;
use sqlx::{AnyPool, Row as _};

use super::look::{Found, Looked};
use super::village::{self, Village};
use crate::app::App;
use crate::log::Event;
use crate::storage::{Cell, StorageError, Tx, insert_rows, keyed_in};

/// Where the log has been read up to, kept now and then.
const KEY: &str = "irregularities_up_to";
/// Log entries after which the place is kept: so many are read again, and
/// nothing comes of it, after a start.
const KEPT_EVERY: i64 = 5_000;

/// Villages that are written in one go: whoever rules meanwhile waits for it.
const WRITTEN_AT_ONCE: usize = 4;

/// The place to go on from.
pub(super) async fn settled_up_to(pool: &AnyPool) -> Result<i64, StorageError> {
    let kept: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = $1")
        .bind(KEY)
        .fetch_optional(pool)
        .await?;
    let newest = crate::log::newest_index(pool).await?;
    let kept = kept.and_then(|text| text.parse().ok());
    Ok(kept.filter(|kept| *kept <= newest).unwrap_or_default())
}

/// Keeps the place when it has moved on far enough.
pub(super) async fn remember(app: &App, to: i64) -> Result<(), StorageError> {
    let kept = settled_up_to(app.storage.reading()).await?;
    if to.saturating_sub(kept) < KEPT_EVERY {
        return Ok(());
    }
    app.writer
        .run(move |tx| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO meta (key, value) VALUES ($1, $2)
                     ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                )
                .bind(KEY)
                .bind(to.to_string())
                .execute(tx.conn())
                .await?;
                Ok(())
            })
        })
        .await
}

/// Writes what was found where that is news; returns the villages that have
/// changed since they were read, of which nothing was written.
pub(super) async fn settle(
    app: &App,
    looked: Vec<Looked>,
) -> Result<BTreeSet<Village>, StorageError> {
    let mut reading = app.storage.reading().acquire().await?;
    let mut news = Vec::new();
    for one in looked {
        // The writer is asked only when there is something to write.
        if !changes(&before(&mut reading, &one.village).await?, &one.found).is_empty() {
            news.push(one);
        }
    }
    drop(reading);
    let mut overtaken = BTreeSet::new();
    let mut news = news.into_iter();
    loop {
        let some: Vec<Looked> = news.by_ref().take(WRITTEN_AT_ONCE).collect();
        if some.is_empty() {
            return Ok(overtaken);
        }
        let late = app
            .writer
            .run(move |tx| Box::pin(async move { write_all(tx, some).await }))
            .await;
        let late: Result<_, StorageError> = late;
        overtaken.extend(late?);
    }
}

async fn write_all(tx: &mut Tx, looked: Vec<Looked>) -> Result<BTreeSet<Village>, StorageError> {
    let (mut overtaken, mut changed) = (BTreeSet::new(), BTreeSet::new());
    for one in looked {
        if village::stamp(tx.conn(), &one.village).await? == one.stamp {
            changed.extend(write(tx, &one).await?);
        } else {
            overtaken.insert(one.village);
        }
    }
    if !changed.is_empty() {
        let slots = changed.into_iter().collect();
        tx.append(None, &Event::Irregularities { slots })?;
    }
    Ok(overtaken)
}

/// A row as it stands.
#[derive(Debug)]
struct Before {
    numbers: String,
    body: String,
    score: i64,
    stake: i64,
    weight: i64,
    slot_stake: i64,
    ruling: String,
    is_gone: bool,
}

type Rows = BTreeMap<(String, String), Before>;

async fn before(
    connection: &mut sqlx::AnyConnection,
    village: &Village,
) -> Result<Rows, StorageError> {
    let (from, to) = village.range();
    let rows = sqlx::query(
        "SELECT slot, key, numbers, body, score, stake, weight, slot_stake, ruling, gone_at
         FROM irregularities WHERE slot >= $1 AND slot < $2 AND contest = $3",
    )
    .bind(from)
    .bind(to)
    .bind(village.contest.clone())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let name = (row.try_get("slot")?, row.try_get("key")?);
            let gone_at: Option<i64> = row.try_get("gone_at")?;
            let before = Before {
                numbers: row.try_get("numbers")?,
                body: row.try_get("body")?,
                score: row.try_get("score")?,
                stake: row.try_get("stake")?,
                weight: row.try_get("weight")?,
                slot_stake: row.try_get("slot_stake")?,
                ruling: row.try_get("ruling")?,
                is_gone: gone_at.is_some(),
            };
            Ok((name, before))
        })
        .collect()
}

/// What is to be written of one irregularity.
enum Change<'a> {
    /// There is none of that name yet.
    New(&'a Found),
    /// It is there, and something about it is different.
    Other(&'a Found, &'a Before),
    /// It stands there no longer.
    Gone(&'a (String, String)),
}

fn changes<'a>(before: &'a Rows, found: &'a [Found]) -> Vec<Change<'a>> {
    let name = |one: &Found| (one.slot.to_string(), one.key.clone());
    let names: BTreeSet<(String, String)> = found.iter().map(name).collect();
    let gone = before
        .iter()
        .filter(|(name, row)| !row.is_gone && !names.contains(*name))
        .map(|(name, _)| Change::Gone(name));
    let other = found.iter().filter_map(|one| match before.get(&name(one)) {
        None => Some(Change::New(one)),
        Some(row) if is_as(one, row) => None,
        Some(row) => Some(Change::Other(one, row)),
    });
    gone.chain(other).collect()
}

fn is_as(found: &Found, row: &Before) -> bool {
    !row.is_gone
        && row.numbers == found.numbers
        && row.score == i64::from(found.score)
        && row.stake == i64::from(found.stake)
        && row.weight == i64::from(found.weight)
        && row.slot_stake == i64::from(found.slot_stake)
        && body(found).is_ok_and(|body| body == row.body)
}

fn body(found: &Found) -> Result<String, StorageError> {
    serde_json::to_string(&found.body).map_err(|cause| StorageError::corrupt("irregularity", cause))
}

/// Writes one village; returns its slots of which something has changed.
async fn write(tx: &mut Tx, looked: &Looked) -> Result<BTreeSet<SlotId>, StorageError> {
    let rows = before(tx.conn(), &looked.village).await?;
    let now_ms = tx.now_ms();
    let (mut slots, mut new) = (BTreeSet::new(), Vec::new());
    for change in changes(&rows, &looked.found) {
        match change {
            Change::New(found) => {
                slots.insert(found.slot.to_string());
                new.push(cells(found, now_ms)?);
            }
            Change::Other(found, row) => {
                slots.insert(found.slot.to_string());
                update(tx, found, row).await?;
            }
            Change::Gone((slot, key)) => {
                slots.insert(slot.clone());
                sqlx::query("UPDATE irregularities SET gone_at = $3 WHERE slot = $1 AND key = $2")
                    .bind(slot.clone())
                    .bind(key.clone())
                    .bind(now_ms)
                    .execute(tx.conn())
                    .await?;
            }
        }
    }
    insert_rows(
        tx.conn(),
        "INSERT INTO irregularities (slot, key, election, contest, code, body, numbers, score,
             stake, weight, slot_stake, since)",
        new,
        "",
    )
    .await?;
    let slots: Vec<String> = slots.into_iter().collect();
    raise(tx, &slots).await?;
    let parsed = slots.iter().map(|slot| slot.parse());
    parsed
        .collect::<Result<BTreeSet<SlotId>, _>>()
        .map_err(|cause| StorageError::corrupt("slot", cause))
}

fn cells(found: &Found, now_ms: i64) -> Result<Vec<Cell>, StorageError> {
    Ok(vec![
        found.slot.to_string().into(),
        found.key.clone().into(),
        found.slot.election.clone().into(),
        found.slot.contest.clone().into(),
        found.code.clone().into(),
        body(found)?.into(),
        found.numbers.clone().into(),
        i64::from(found.score).into(),
        i64::from(found.stake).into(),
        i64::from(found.weight).into(),
        i64::from(found.slot_stake).into(),
        now_ms.into(),
    ])
}

async fn update(tx: &mut Tx, found: &Found, row: &Before) -> Result<(), StorageError> {
    let now_ms = tx.now_ms();
    // What was ruled on other numbers holds no longer, and holds again when they
    // come back.
    let ruling = if row.numbers == found.numbers {
        row.ruling.clone()
    } else {
        ruling_on(tx, found).await?
    };
    sqlx::query(
        "UPDATE irregularities SET body = $3, numbers = $4, score = $5, stake = $6, weight = $7,
             slot_stake = $8, ruling = $9, gone_at = NULL,
             since = CASE WHEN gone_at IS NULL THEN since ELSE $10 END
         WHERE slot = $1 AND key = $2",
    )
    .bind(found.slot.to_string())
    .bind(found.key.clone())
    .bind(body(found)?)
    .bind(found.numbers.clone())
    .bind(i64::from(found.score))
    .bind(i64::from(found.stake))
    .bind(i64::from(found.weight))
    .bind(i64::from(found.slot_stake))
    .bind(ruling)
    .bind(now_ms)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The newest ruling on an irregularity, if it was made on these numbers.
async fn ruling_on(tx: &mut Tx, found: &Found) -> Result<String, StorageError> {
    let row = sqlx::query(
        "SELECT ruling, numbers FROM irregularity_rulings WHERE slot = $1 AND key = $2
         ORDER BY number DESC LIMIT 1",
    )
    .bind(found.slot.to_string())
    .bind(found.key.clone())
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else {
        return Ok(String::new());
    };
    let numbers: String = row.try_get("numbers")?;
    Ok(if numbers == found.numbers {
        row.try_get("ruling")?
    } else {
        String::new()
    })
}

/// Keeps in the slots' rows how strong their strongest flag is that nobody has
/// ruled on.
pub(super) async fn raise(tx: &mut Tx, slots: &[String]) -> Result<(), StorageError> {
    let mut strongest: BTreeMap<String, i64> = slots.iter().map(|slot| (slot.clone(), 0)).collect();
    let head = "SELECT slot, score, ruling, gone_at FROM irregularities WHERE slot";
    for query in keyed_in(head, slots, "") {
        for row in query.fetch_all(tx.conn()).await? {
            let (score, ruling): (i64, String) = (row.try_get("score")?, row.try_get("ruling")?);
            let gone_at: Option<i64> = row.try_get("gone_at")?;
            if score >= i64::from(FLAG_SCORE) && ruling.is_empty() && gone_at.is_none() {
                let most = strongest.entry(row.try_get("slot")?).or_default();
                *most = score.max(*most);
            }
        }
    }
    for (slot, score) in strongest {
        sqlx::query("UPDATE slots SET flag_score = $2 WHERE slot = $1 AND flag_score <> $2")
            .bind(slot)
            .bind(score)
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}
