//! Who holds what: the rows of `queue_claims`.
//!
//! A slot has one row at most, and rows are written by the one writer, so two
//! people never hold the same item. A claim lapses by its time alone: nobody
//! has to notice that somebody went home.

use protocol::SlotId;
use protocol::queue::{QueueKind, QueueMode, Way};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

use super::lies_within;
use super::rank::{PHOTOS_MISSING, is_for_coordinators, kind_of, number_of, way_for};
use crate::desk;
use crate::room::{from_word, word};
use crate::storage::{StorageError, Tx};

/// How long a claim lasts when it is not renewed, in milliseconds.
pub(super) const CLAIM_MS: u32 = 3 * 60 * 1_000;

/// A claim that has not lapsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Claim {
    /// How the item is worked on.
    pub way: Way,
    /// Since when it has been on the screen, or else held: milliseconds since
    /// 1970.
    pub since_ms: i64,
}

/// What somebody wants to work on.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// User name.
    pub user: String,
    /// Names of slots from this (included) to that (excluded).
    pub range: (String, String),
    /// Of this contest.
    pub contest: Option<String>,
    /// Of these kinds.
    pub kinds: Vec<QueueKind>,
    /// All kinds that the user may work on: what is held already is finished,
    /// whatever is wanted next.
    pub allowed: Vec<QueueKind>,
    /// How many to hold.
    pub hold: u32,
    /// How forms are verified.
    pub mode: QueueMode,
}

/// An item in somebody's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    /// The slot.
    pub slot: SlotId,
    /// How it is worked on.
    pub way: Way,
    /// Why it is in the queue.
    pub kind: QueueKind,
}

/// The claim of `user` on a slot at `now_ms`.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn live(
    connection: &mut AnyConnection,
    slot: &SlotId,
    user: &str,
    now_ms: i64,
) -> Result<Option<Claim>, StorageError> {
    let row = sqlx::query(
        "SELECT way, COALESCE(shown_at, claimed_at) AS since FROM queue_claims
         WHERE slot = $1 AND user_name = $2 AND expires_at > $3",
    )
    .bind(slot.to_string())
    .bind(user.to_owned())
    .bind(now_ms)
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(Claim {
            way: from_word("way", row.try_get("way")?)?,
            since_ms: row.try_get("since")?,
        })
    })
    .transpose()
}

/// Ends everybody's claim on a slot: it has been decided.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn end(tx: &mut Tx, slot: &SlotId) -> Result<(), StorageError> {
    sqlx::query("DELETE FROM queue_claims WHERE slot = $1")
        .bind(slot.to_string())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Renews what `wanted.user` holds, gives up what he or she may not work on any
/// more, and claims the next items until there are enough.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn fill_up(tx: &mut Tx, wanted: &Wanted) -> Result<Vec<Held>, StorageError> {
    let now_ms = tx.now_ms();
    sqlx::query("DELETE FROM queue_claims WHERE expires_at <= $1")
        .bind(now_ms)
        .execute(tx.conn())
        .await?;
    let (mut held, mut place) = keep(tx, wanted).await?;
    let wish = usize::try_from(wanted.hold).unwrap_or(usize::MAX);
    for (slot, kind) in next(tx, wanted, wish.saturating_sub(held.len())).await? {
        place = place.saturating_add(1);
        let way = way_for(kind, wanted.mode);
        sqlx::query(
            "INSERT INTO queue_claims (slot, user_name, way, place, claimed_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(slot.to_string())
        .bind(wanted.user.clone())
        .bind(word(way))
        .bind(place)
        .bind(now_ms)
        .bind(expiry(now_ms))
        .execute(tx.conn())
        .await?;
        held.push(Held { slot, way, kind });
    }
    Ok(held)
}

fn expiry(now_ms: i64) -> i64 {
    now_ms.saturating_add(CLAIM_MS.into())
}

/// Lets all that the user holds last from now on, lapsed or not as long as nobody
/// else has taken it.
async fn prolong(tx: &mut Tx, user: &str) -> Result<(), StorageError> {
    let expires_at = expiry(tx.now_ms());
    sqlx::query("UPDATE queue_claims SET expires_at = $2 WHERE user_name = $1")
        .bind(user.to_owned())
        .bind(expires_at)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// What the user holds and may go on with, in order, and the last place.
async fn keep(tx: &mut Tx, wanted: &Wanted) -> Result<(Vec<Held>, i64), StorageError> {
    prolong(tx, &wanted.user).await?;
    let sql = format!(
        "SELECT c.slot, c.way, c.place, s.queue_rank,
             CASE WHEN {entered} THEN 1 ELSE 0 END AS entered
         FROM queue_claims c
         JOIN slots s ON s.slot = c.slot WHERE c.user_name = $1 ORDER BY c.place",
        entered = desk::entered_by("$1", "c.slot"),
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(wanted.user.clone())
        .fetch_all(tx.conn())
        .await?;
    let (mut held, mut last) = (Vec::new(), 0);
    for row in rows {
        let slot = slot_in(&row)?;
        last = row.try_get("place")?;
        let entered: i32 = row.try_get("entered")?;
        let kind = kind_of(row.try_get("queue_rank")?)
            .filter(|kind| wanted.allowed.contains(kind) && entered == 0);
        let Some(kind) = kind else {
            end(tx, &slot).await?;
            continue;
        };
        let way: Way = from_word("way", row.try_get("way")?)?;
        // It has become a coordinator's matter, or is one no more.
        let has_turned = is_for_coordinators(kind) != (way == Way::Resolve);
        let way = if has_turned {
            turn(tx, &slot, way_for(kind, wanted.mode)).await?
        } else {
            way
        };
        held.push(Held { slot, way, kind });
    }
    Ok((held, last))
}

/// The item is worked on in another way from now on.
async fn turn(tx: &mut Tx, slot: &SlotId, way: Way) -> Result<Way, StorageError> {
    sqlx::query("UPDATE queue_claims SET way = $2 WHERE slot = $1")
        .bind(slot.to_string())
        .bind(word(way))
        .execute(tx.conn())
        .await?;
    Ok(way)
}

/// The next items for the user that nobody holds. Nobody is offered what he or
/// she has read, has entered at the desk, has ruled with figures of his or her own, has verified by a
/// look that is now to be checked, or has skipped as it is.
async fn next(
    tx: &mut Tx,
    wanted: &Wanted,
    most: usize,
) -> Result<Vec<(SlotId, QueueKind)>, StorageError> {
    if most == 0 || wanted.kinds.is_empty() {
        return Ok(Vec::new());
    }
    let kinds: Vec<String> = wanted
        .kinds
        .iter()
        .map(|kind| number_of(*kind).to_string())
        .collect();
    let contest = match &wanted.contest {
        Some(_) => "AND s.contest = $4",
        None => "",
    };
    let sql = format!(
        "SELECT s.slot, s.queue_rank FROM slots s
         WHERE s.queue_rank > 0 AND {here} {contest}
           AND s.queue_rank % {PHOTOS_MISSING} IN ({kinds})
           AND NOT EXISTS (SELECT 1 FROM queue_claims c WHERE c.slot = s.slot)
           AND NOT EXISTS (SELECT 1 FROM queue_skips k
               WHERE k.slot = s.slot AND k.user_name = $3 AND k.version = s.version)
           AND NOT EXISTS (SELECT 1 FROM readings r
               WHERE r.slot = s.slot AND r.read_by = $3)
           AND NOT {entered}
           AND NOT EXISTS (SELECT 1 FROM decisions d
               WHERE d.slot = s.slot AND d.decided_by = $3 AND d.kind = 'verify'
                 AND (d.chosen IS NULL OR s.queue_rank % {PHOTOS_MISSING} = {check}))
         ORDER BY s.queue_rank, s.changed_at, s.slot LIMIT {most}",
        here = lies_within("s.slot"),
        entered = desk::entered_by("$3", "s.slot"),
        kinds = kinds.join(", "),
        check = number_of(QueueKind::Check),
    );
    let mut query = sqlx::query(AssertSqlSafe(sql))
        .bind(wanted.range.0.clone())
        .bind(wanted.range.1.clone())
        .bind(wanted.user.clone());
    if let Some(contest) = &wanted.contest {
        query = query.bind(contest.clone());
    }
    let rows = query.fetch_all(tx.conn()).await?;
    rows.iter()
        .map(|row| {
            let kind = kind_of(row.try_get("queue_rank")?);
            let kind = kind.ok_or_else(|| StorageError::corrupt("rank", "no such kind"))?;
            Ok((slot_in(row)?, kind))
        })
        .collect()
}

/// Renews all that `user` holds, lapsed or not as long as nobody else has taken
/// it, and notes what is on the screen. Returns what is held.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn renew(
    tx: &mut Tx,
    user: &str,
    on_screen: &SlotId,
) -> Result<Vec<SlotId>, StorageError> {
    let now_ms = tx.now_ms();
    prolong(tx, user).await?;
    sqlx::query(
        "UPDATE queue_claims SET shown_at = $3
         WHERE slot = $1 AND user_name = $2 AND shown_at IS NULL",
    )
    .bind(on_screen.to_string())
    .bind(user.to_owned())
    .bind(now_ms)
    .execute(tx.conn())
    .await?;
    let rows = sqlx::query("SELECT slot FROM queue_claims WHERE user_name = $1 ORDER BY place")
        .bind(user.to_owned())
        .fetch_all(tx.conn())
        .await?;
    rows.iter().map(slot_in).collect()
}

/// Gives up what `user` holds: these slots, or all when none is named. Skipped
/// ones are not offered again until they change.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn release(
    tx: &mut Tx,
    user: &str,
    slots: &[SlotId],
    is_skipped: bool,
) -> Result<(), StorageError> {
    if slots.is_empty() {
        sqlx::query("DELETE FROM queue_claims WHERE user_name = $1")
            .bind(user.to_owned())
            .execute(tx.conn())
            .await?;
    }
    for slot in slots {
        let gone = sqlx::query("DELETE FROM queue_claims WHERE slot = $1 AND user_name = $2")
            .bind(slot.to_string())
            .bind(user.to_owned())
            .execute(tx.conn())
            .await?;
        if is_skipped && gone.rows_affected() > 0 {
            skip(tx, user, slot).await?;
        }
    }
    Ok(())
}

async fn skip(tx: &mut Tx, user: &str, slot: &SlotId) -> Result<(), StorageError> {
    sqlx::query(
        "INSERT INTO queue_skips (slot, user_name, version)
         SELECT s.slot, $2, s.version FROM slots s WHERE s.slot = $1
         ON CONFLICT (slot, user_name) DO UPDATE SET version = excluded.version",
    )
    .bind(slot.to_string())
    .bind(user.to_owned())
    .execute(tx.conn())
    .await?;
    Ok(())
}

fn slot_in(row: &AnyRow) -> Result<SlotId, StorageError> {
    let text: &str = row.try_get("slot")?;
    text.parse()
        .map_err(|cause| StorageError::corrupt("slot", cause))
}
