//! What to do next: a pure, sorted, total function.
//!
//! Revisions first, in batches; then what the endpoint may have to say (pack
//! and inbox: small, and a witness waits for it); then reading copies, those of
//! the newest revisions first, page by page; then originals that were asked
//! for. Within a lane, what has failed less goes first, so that one bad item
//! never blocks those behind it.

use protocol::{Timestamp, limits};

use crate::back_off;
use crate::outbox::{Item, ItemKey, Lane};

/// Bytes of a batch's body besides its envelopes and their commas.
const BATCH_FRAME_BYTES: u64 = 64;
/// The largest batch's envelopes, in bytes.
const BATCH_MAX_BYTES: u64 = limits::REVISIONS_BODY_MAX_BYTES as u64 - BATCH_FRAME_BYTES;

/// What the next step follows from.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// Everything without a receipt, in any order.
    pub items: &'a [Item],
    /// Whether the pack should be asked for.
    pub is_pack_wanted: bool,
    /// Whether the inbox should be asked for.
    pub is_inbox_wanted: bool,
    /// By the device's clock.
    pub now: Timestamp,
}

/// The next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Post these revisions in one body.
    Post(Vec<ItemKey>),
    /// Ask for the pack.
    AskPack,
    /// Ask for the inbox.
    AskInbox,
    /// Send one piece of this photo.
    Upload(Item),
    /// Nothing now. Something becomes due at `until`; `None` when nothing will
    /// by itself.
    Rest {
        /// By the device's clock.
        until: Option<Timestamp>,
    },
}

/// The next step of a situation. Every situation has one, and equal sets of
/// items have the same one.
#[must_use]
pub fn plan(situation: &Situation<'_>) -> Step {
    let mut due: Vec<&Item> = situation
        .items
        .iter()
        .filter(|item| !item.is_final && back_off::is_due(item.next_try_at, situation.now))
        .collect();
    due.sort_by_key(|item| order(item));
    let revisions: Vec<&Item> = due
        .iter()
        .copied()
        .filter(|item| item.key.lane == Lane::Revision)
        .collect();
    if !revisions.is_empty() {
        return Step::Post(batch(&revisions));
    }
    if situation.is_pack_wanted {
        return Step::AskPack;
    }
    if situation.is_inbox_wanted {
        return Step::AskInbox;
    }
    match due.first() {
        Some(item) => Step::Upload((*item).clone()),
        None => Step::Rest {
            until: next_due(situation.items),
        },
    }
}

/// Sorting key: smaller goes first; the name makes it total.
fn order(item: &Item) -> impl Ord + use<> {
    (
        item.key.lane,
        item.attempts,
        !item.is_of_head,
        item.position,
        item.queued,
        item.size_bytes,
        item.key.id.clone(),
    )
}

/// The first of `revisions` that fit into one body. After each failure the
/// batch is half as long, so that one envelope on which the endpoint chokes is
/// soon alone.
fn batch(revisions: &[&Item]) -> Vec<ItemKey> {
    let attempts = revisions.first().map_or(0, |first| first.attempts);
    let alike: Vec<&Item> = revisions
        .iter()
        .copied()
        .filter(|item| item.attempts == attempts)
        .collect();
    let most = (alike.len().min(limits::ENVELOPES_MAX) >> attempts.min(16)).max(1);
    let mut room_bytes = BATCH_MAX_BYTES;
    let mut keys: Vec<ItemKey> = Vec::new();
    for item in alike.into_iter().take(most) {
        let size_bytes = item.size_bytes.saturating_add(1);
        match room_bytes.checked_sub(size_bytes) {
            Some(left) => room_bytes = left,
            // One that is too large by itself still goes, alone, so that the
            // endpoint's refusal becomes visible.
            None if keys.is_empty() => room_bytes = 0,
            None => break,
        }
        keys.push(item.key.clone());
    }
    keys
}

fn next_due(items: &[Item]) -> Option<Timestamp> {
    let open = items.iter().filter(|item| !item.is_final);
    open.filter_map(|item| item.next_try_at).min()
}

#[cfg(test)]
mod tests;
