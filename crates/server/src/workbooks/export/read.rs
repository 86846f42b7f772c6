//! Reading all slots of a contest as they were at one moment.

use std::collections::BTreeMap;

use domain::irregularity::FLAG_SCORE;
use domain::rollup::{Contribution, Tally};
use domain::{Counts, RegionCode, TpsCode};
use protocol::Timestamp;
use serde::Deserialize;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};
use tokio::sync::mpsc;

use super::cell::Cell;
use super::table::{Flag, SlotRow, Sum, Table};
use super::{By, Moment};
use crate::app::App;
use crate::desk::named_regions;
use crate::queue::slots_within;
use crate::room::{from_word, json};
use crate::storage::StorageError;

/// Slots read at once.
const PAGE_ROWS: i64 = 1_000;

/// The database as it was at one moment.
pub(super) struct Source {
    snapshot: Transaction<'static, Any>,
    moment: Moment,
    names: BTreeMap<String, String>,
    range: (String, String),
    all: usize,
}

impl Source {
    /// Opens it for the slots of a table in a region.
    pub(super) async fn open(
        app: &App,
        table: &Table<'_>,
        region: Option<&RegionCode>,
    ) -> Result<Self, StorageError> {
        let mut snapshot = app.storage.snapshot().await?;
        let head = sqlx::query("SELECT next_index, hash FROM log_head WHERE id = 1")
            .fetch_one(&mut *snapshot)
            .await?;
        let next_index: i64 = head.try_get("next_index")?;
        let range = slots_within(table.election, region);
        let all: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM slots WHERE slot >= $1 AND slot < $2 AND contest = $3",
        )
        .bind(range.0.clone())
        .bind(range.1.clone())
        .bind(table.contest.clone())
        .fetch_one(&mut *snapshot)
        .await?;
        Ok(Self {
            moment: Moment {
                election: table.election.to_owned(),
                at: Timestamp::from_unix_ms(app.clock().now_ms()),
                log_index: next_index.saturating_sub(1),
                log_hash: head.try_get("hash")?,
            },
            names: named_regions(&mut snapshot, region).await?,
            snapshot,
            range,
            all: usize::try_from(all).unwrap_or_default(),
        })
    }

    /// What it stands for.
    pub(super) fn moment(&self) -> &Moment {
        &self.moment
    }

    /// Sends all rows and returns how many there are. Ends early, without
    /// error, when nobody takes them any more: the writer says why.
    pub(super) async fn send_all(
        &mut self,
        table: &Table<'_>,
        rows: mpsc::Sender<Vec<Cell>>,
        mut progress: impl FnMut(usize, usize) + Send,
    ) -> Result<usize, StorageError> {
        let (mut sent, mut read) = (0_usize, 0_usize);
        let mut sum: Option<(String, Sum)> = None;
        let mut after = self.range.0.clone();
        loop {
            let page = self.page(table, &after).await?;
            let Some((last, _)) = page.last() else {
                break;
            };
            after = format!("{last}\u{1}");
            read = read.saturating_add(page.len());
            for (_, slot) in page {
                let row = if table.by == By::Tps {
                    Some(table.station(&slot, &self.names, &self.moment))
                } else {
                    self.add(table, &slot, &mut sum)
                };
                if let Some(row) = row {
                    sent = sent.saturating_add(1);
                    if rows.send(row).await.is_err() {
                        return Ok(sent);
                    }
                }
            }
            progress(read, self.all);
        }
        if let Some((code, sum)) = sum {
            sent = sent.saturating_add(1);
            let row = table.region(&code, &sum, &self.names, &self.moment);
            // Its failure is the writer's to tell.
            let _ = rows.send(row).await;
        }
        Ok(sent)
    }

    /// Adds a slot to the sum of its region; the row of the one before when
    /// that has ended, since slots come in the order of their codes.
    fn add(
        &self,
        table: &Table<'_>,
        slot: &SlotRow,
        sum: &mut Option<(String, Sum)>,
    ) -> Option<Vec<Cell>> {
        let code = slot.tps.as_str().get(..table.by.level().digits())?;
        let row = match sum {
            Some((known, _)) if known == code => None,
            Some((known, sum)) => Some(table.region(known, sum, &self.names, &self.moment)),
            None => None,
        };
        if row.is_some() {
            *sum = None;
        }
        let (_, sum) = sum.get_or_insert_with(|| (code.to_owned(), Sum::default()));
        sum.tps = sum.tps.saturating_add(1);
        let has = u64::from(table.has_findings(slot));
        sum.with_findings = sum.with_findings.saturating_add(has);
        sum.tally.join(&slot.tally);
        row
    }

    /// The next slots, with what their heads say.
    async fn page(
        &mut self,
        table: &Table<'_>,
        after: &str,
    ) -> Result<Vec<(String, SlotRow)>, StorageError> {
        let rows = sqlx::query(
            "SELECT slot, tps, roll, state, marks, heads, contribution, photos_received,
                 photos_announced, changed_at
             FROM slots WHERE slot >= $1 AND slot < $2 AND contest = $3 ORDER BY slot LIMIT $4",
        )
        .bind(after.to_owned())
        .bind(self.range.1.clone())
        .bind(table.contest.clone())
        .bind(PAGE_ROWS)
        .fetch_all(&mut *self.snapshot)
        .await?;
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return Ok(Vec::new());
        };
        let (first, last): (String, String) = (first.try_get("slot")?, last.try_get("slot")?);
        let figures = self.figures(&first, &last).await?;
        let mut flags = self.flags(&first, &last).await?;
        rows.iter()
            .map(|row| {
                let slot: String = row.try_get("slot")?;
                let flags = flags.remove(&slot).unwrap_or_default();
                Ok((slot, slot_in(row, &figures, flags)?))
            })
            .collect()
    }

    /// What is flagged in some slots, by slot.
    async fn flags(
        &mut self,
        first: &str,
        last: &str,
    ) -> Result<BTreeMap<String, Vec<Flag>>, StorageError> {
        let rows = sqlx::query(
            "SELECT slot, code, body, ruling FROM irregularities
             WHERE slot >= $1 AND slot <= $2 AND gone_at IS NULL AND score >= $3
             ORDER BY slot, score DESC, key",
        )
        .bind(first.to_owned())
        .bind(last.to_owned())
        .bind(i64::from(FLAG_SCORE))
        .fetch_all(&mut *self.snapshot)
        .await?;
        let mut flags: BTreeMap<String, Vec<Flag>> = BTreeMap::new();
        for row in rows {
            let said: Said = json(&row, "body")?;
            let ruling: &str = row.try_get("ruling")?;
            let flag = Flag {
                code: row.try_get("code")?,
                text: said.text,
                ruling: match ruling {
                    "" => None,
                    word => Some(from_word("ruling", word)?),
                },
            };
            flags.entry(row.try_get("slot")?).or_default().push(flag);
        }
        Ok(flags)
    }

    /// The figures of all revisions of some slots, by id.
    async fn figures(
        &mut self,
        first: &str,
        last: &str,
    ) -> Result<BTreeMap<String, String>, StorageError> {
        let rows =
            sqlx::query("SELECT rev_id, counts FROM revisions WHERE slot >= $1 AND slot <= $2")
                .bind(first.to_owned())
                .bind(last.to_owned())
                .fetch_all(&mut *self.snapshot)
                .await?;
        rows.iter()
            .map(|row| Ok((row.try_get("rev_id")?, row.try_get("counts")?)))
            .collect()
    }
}

/// Of an irregularity's body, what it says to people.
#[derive(Deserialize)]
struct Said {
    text: String,
}

fn slot_in(
    row: &AnyRow,
    figures: &BTreeMap<String, String>,
    flags: Vec<Flag>,
) -> Result<SlotRow, StorageError> {
    let tps: String = row.try_get("tps")?;
    let tps: TpsCode = tps
        .parse()
        .map_err(|cause| StorageError::corrupt("tps", cause))?;
    let heads: Vec<String> = json(row, "heads")?;
    let heads: Result<Vec<Counts>, StorageError> = heads
        .iter()
        .filter_map(|id| figures.get(id))
        .map(|text| {
            serde_json::from_str(text).map_err(|cause| StorageError::corrupt("counts", cause))
        })
        .collect();
    let contribution: Contribution = json(row, "contribution")?;
    let mut tally = Tally::default();
    tally.add(&contribution);
    let changed_at: Option<i64> = row.try_get("changed_at")?;
    Ok(SlotRow {
        tps,
        roll: row.try_get("roll")?,
        state: from_word("state", row.try_get("state")?)?,
        marks: json(row, "marks")?,
        heads: heads?,
        flags,
        photos_received: row.try_get("photos_received")?,
        photos_announced: row.try_get("photos_announced")?,
        changed_at: changed_at.map(|at| Timestamp::from_unix_ms(at).to_string()),
        tally,
    })
}
