//! What rulings and the queue have to do with each other: who may rule through
//! it, what a ruling ends, and whether earlier work was right.

use domain::{Counts, RulingKind, SlotState, SlotView};
use protocol::console::{Decision, DecisionRequest, Role};
use protocol::queue::Way;
use protocol::{ProblemCode, SlotId};
use sqlx::{AnyConnection, Row as _};

use super::claims::{self, Claim};
use super::rank::Open;
use super::settings;
use crate::api_problem::ApiProblem;
use crate::desk;
use crate::keys::ServerKey;
use crate::room::{SignedIn, json, may_rule, word};
use crate::storage::{StorageError, Tx};

/// How somebody came to make a ruling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Through {
    /// Looking at the slot itself.
    Slot,
    /// With an item of the queue in hand.
    Queue(Claim),
    /// By a reading, made in this way, that agreed.
    Reading(Way),
}

/// Whether somebody's work turned out right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It did.
    Right,
    /// It did not.
    Wrong,
}

impl Verdict {
    fn as_str(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
        }
    }
}

/// Whether `who` may see the figures of a slot: an operator those of an item
/// that he or she looks at, and nobody those of one that he or she is to read
/// blind.
///
/// # Errors
/// `not_allowed`.
pub(crate) async fn may_see_figures(
    connection: &mut AnyConnection,
    who: &SignedIn,
    slot: &SlotId,
    now_ms: i64,
) -> Result<(), ApiProblem> {
    let claim = claims::live(connection, slot, &who.user.name, now_ms).await?;
    let may = match claim.map(|claim| claim.way) {
        Some(Way::Blind) => false,
        Some(Way::Look | Way::Resolve) => true,
        None => who.user.role != Role::Operator,
    };
    if may {
        Ok(())
    } else {
        Err(ProblemCode::NotAllowed.into())
    }
}

/// Whether `who` may make this ruling on a slot, and how he or she came to it.
///
/// # Errors
/// `not_allowed`: for a viewer; for an operator who does not look at the slot
/// in the queue, or rules otherwise than to verify; while it is to be read
/// blind; to verify what one has read differently; and to verify where one has
/// entered figures at the desk.
pub(crate) async fn may_decide(
    tx: &mut Tx,
    who: &SignedIn,
    slot: &SlotId,
    asked: &DecisionRequest,
) -> Result<Through, ApiProblem> {
    let now_ms = tx.now_ms();
    let claim = claims::live(tx.conn(), slot, &who.user.name, now_ms).await?;
    let way = claim.map(|claim| claim.way);
    let is_verify = asked.kind == RulingKind::Verify;
    if who.user.role == Role::Operator {
        if way != Some(Way::Look) || !is_verify {
            return Err(ProblemCode::NotAllowed.into());
        }
    } else {
        may_rule(who)?;
    }
    let is_own_difference = is_verify
        && open_of(tx, slot).await? == Open::Difference
        && has_read(tx, slot, &who.user.name).await?;
    let is_own_entry = is_verify && desk::has_entered(tx.conn(), slot, &who.user.name).await?;
    if way == Some(Way::Blind) || is_own_difference || is_own_entry {
        return Err(ProblemCode::NotAllowed.into());
    }
    Ok(claim.map_or(Through::Slot, Through::Queue))
}

/// Whether an operator's ruling only confirms what stands: what differs is for
/// a coordinator.
///
/// # Errors
/// `not_allowed`.
pub(crate) fn only_confirms(
    who: &SignedIn,
    before: &SlotView,
    decision: &Decision,
) -> Result<(), ApiProblem> {
    let is_open = matches!(before.state, SlotState::Single | SlotState::Agreed);
    if who.user.role != Role::Operator || (is_open && decision.counts == before.figures) {
        Ok(())
    } else {
        Err(ProblemCode::NotAllowed.into())
    }
}

/// Follows a ruling that has been written and whose log entry is the next one:
/// ends all claims on the slot, notes the work, judges what the ruling settles,
/// and says what is left open.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn follow(
    tx: &mut Tx,
    key: &ServerKey,
    slot: &SlotId,
    decision: &Decision,
    through: Through,
) -> Result<Open, StorageError> {
    let is_verify = decision.kind == RulingKind::Verify;
    if is_verify && open_of(tx, slot).await? == Open::Difference {
        judge(tx, slot, &decision.counts).await?;
    }
    claims::end(tx, slot).await?;
    let way = match through {
        Through::Slot => None,
        Through::Queue(claim) => {
            note(tx, slot, &decision.by, claim, &decision.counts, None).await?;
            Some(claim.way)
        }
        Through::Reading(way) => Some(way),
    };
    if !is_verify || way != Some(Way::Look) {
        return Ok(Open::Nothing);
    }
    let settings = settings::read(tx.conn(), &slot.election).await?;
    if is_drawn(key, slot, decision.number, settings.check_percent) {
        Ok(Open::Check)
    } else {
        Ok(Open::Nothing)
    }
}

/// Whether a look is drawn to be checked. The key makes it impossible to
/// foresee, and the ruling's number to try again.
fn is_drawn(key: &ServerKey, slot: &SlotId, number: u32, percent: u32) -> bool {
    let hash = key.keyed_hash("queue-check-v1", &format!("{slot}\n{number}"));
    let drawn = hash
        .get(..8)
        .and_then(|text| u32::from_str_radix(text, 16).ok());
    drawn.is_some_and(|drawn| drawn.checked_rem(100).is_some_and(|drawn| drawn < percent))
}

/// What the queue has left open in a slot.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn open_of(tx: &mut Tx, slot: &SlotId) -> Result<Open, StorageError> {
    let word: Option<String> = sqlx::query_scalar("SELECT queue_open FROM slots WHERE slot = $1")
        .bind(slot.to_string())
        .fetch_optional(tx.conn())
        .await?;
    Ok(word.map(|word| Open::of(&word)).unwrap_or_default())
}

async fn has_read(tx: &mut Tx, slot: &SlotId, user: &str) -> Result<bool, StorageError> {
    let readings: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM readings WHERE slot = $1 AND read_by = $2")
            .bind(slot.to_string())
            .bind(user.to_owned())
            .fetch_one(tx.conn())
            .await?;
    Ok(readings > 0)
}

/// Notes one item that somebody has done; the log entry that stands for it is
/// the next one to be appended.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn note(
    tx: &mut Tx,
    slot: &SlotId,
    user: &str,
    claim: Claim,
    counts: &Counts,
    verdict: Option<Verdict>,
) -> Result<(), StorageError> {
    let counts =
        serde_json::to_string(counts).map_err(|cause| StorageError::corrupt("work", cause))?;
    let (now_ms, log_index) = (tx.now_ms(), tx.next_log_index());
    sqlx::query(
        "INSERT INTO queue_work (log_index, slot, user_name, way, took_ms, done_at, counts,
             verdict)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(log_index)
    .bind(slot.to_string())
    .bind(user.to_owned())
    .bind(word(claim.way))
    .bind(now_ms.saturating_sub(claim.since_ms).max(0))
    .bind(now_ms)
    .bind(counts)
    .bind(verdict.map(|verdict| verdict.as_str().to_owned()))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A blind check has agreed with what was verified by a look.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn looked_right(tx: &mut Tx, slot: &SlotId) -> Result<(), StorageError> {
    sqlx::query(
        "UPDATE queue_work SET verdict = 'right'
         WHERE slot = $1 AND way = 'look' AND verdict IS NULL",
    )
    .bind(slot.to_string())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A difference is resolved with these figures: whoever confirmed or read
/// another one was wrong there. Who could read nothing was neither.
async fn judge(tx: &mut Tx, slot: &SlotId, resolved: &Counts) -> Result<(), StorageError> {
    let rows = sqlx::query(
        "SELECT log_index, counts FROM queue_work
         WHERE slot = $1 AND way <> 'resolve' AND verdict IS NULL",
    )
    .bind(slot.to_string())
    .fetch_all(tx.conn())
    .await?;
    for row in rows {
        let counts: Counts = json(&row, "counts")?;
        if counts.is_empty() {
            continue;
        }
        let is_right = resolved.iter().all(|(id, value)| {
            let said = counts.get(id);
            said.is_none_or(|said| said == value)
        });
        let verdict = if is_right {
            Verdict::Right
        } else {
            Verdict::Wrong
        };
        let log_index: i64 = row.try_get("log_index")?;
        sqlx::query("UPDATE queue_work SET verdict = $2 WHERE log_index = $1")
            .bind(log_index)
            .bind(verdict.as_str())
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_as_many_looks_are_drawn_as_was_set_and_the_same_ones_again() {
        let key = ServerKey::from_seed(&[7; 32]);
        let slot: SlotId = "kaltim-2024/6472011001001/gub".parse().unwrap();
        let drawn = |percent| {
            let numbers = 1..=4_000_u32;
            numbers
                .filter(|number| is_drawn(&key, &slot, *number, percent))
                .collect::<Vec<_>>()
        };
        assert!(drawn(0).is_empty());
        assert_eq!(drawn(100).len(), 4_000);
        let some = drawn(5);
        assert!((120..=280).contains(&some.len()), "{}", some.len());
        assert_eq!(some, drawn(5));
        let other = ServerKey::from_seed(&[8; 32]);
        let theirs = |number: &u32| is_drawn(&other, &slot, *number, 5);
        assert!(!some.iter().all(theirs), "only who has the key can tell");
    }
}
