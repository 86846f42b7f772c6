//! What to do next: a pure, sorted, total function.
//!
//! Own figures first, in batches; then the figures that are carried for
//! others; then what the endpoint may have to say (pack and inbox: small, and a
//! witness waits for it); then own reading copies, carried photos, and
//! originals. Among photos the newest form goes first, page by page. Within a
//! lane, what has failed less goes first, so that one bad item never blocks
//! those behind it. Photos wait when the endpoint asked for it; figures never.

use std::cmp::Reverse;

use protocol::{Timestamp, limits};

use crate::back_off;
use crate::outbox::{Item, ItemKey, Lane};

/// Bytes of a batch's body besides its envelopes and their commas.
const BATCH_FRAME_BYTES: u64 = 64;
/// The largest batch's envelopes, in bytes.
const BATCH_MAX_BYTES: u64 = limits::REVISIONS_BODY_MAX_BYTES as u64 - BATCH_FRAME_BYTES;

/// The largest bundle of carried envelopes, in bytes: on the thinnest line it
/// takes half a minute, and after a failure half as many go.
const CARRY_MAX_BYTES: u64 = 64 * 1024;

/// What the next step follows from.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// Everything that is to be sent, in any order.
    pub items: &'a [Item],
    /// Until when the endpoint wants photos to wait, by the device's clock.
    pub photos_not_before: Option<Timestamp>,
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
    /// Bring these carried revisions in one bundle.
    Carry(Vec<ItemKey>),
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
        .filter(|item| !item.is_final && back_off::is_due(due_at(item, situation), situation.now))
        .collect();
    due.sort_by_key(|item| order(item));
    let of = |lane: Lane| -> Vec<&Item> {
        let own = due.iter().copied().filter(|item| item.key.lane == lane);
        own.collect()
    };
    let own = of(Lane::Revision);
    if !own.is_empty() {
        return Step::Post(batch(&own, BATCH_MAX_BYTES));
    }
    let carried = of(Lane::CarriedRevision);
    if !carried.is_empty() {
        return Step::Carry(batch(&carried, CARRY_MAX_BYTES));
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
            until: next_due(situation),
        },
    }
}

/// When an item may go: at once, or not before its own wait and, for a photo,
/// the endpoint's wish.
fn due_at(item: &Item, situation: &Situation<'_>) -> Option<Timestamp> {
    let wish = situation
        .photos_not_before
        .filter(|_| item.key.lane.is_photo());
    item.next_try_at.max(wish)
}

/// Sorting key: smaller goes first; the name makes it total.
fn order(item: &Item) -> impl Ord + use<> {
    // Figures are small and all urgent: the oldest goes first. Photos take
    // long, and those of the newest form are waited for.
    let newest_first = item
        .key
        .lane
        .is_photo()
        .then_some((!item.is_of_head, Reverse(item.form)));
    (
        item.key.lane,
        item.attempts,
        newest_first,
        item.position,
        item.queued,
        item.size_bytes,
        item.key.id.clone(),
    )
}

/// The first of `revisions` that fit into one body. After each failure the
/// batch is half as long, so that one envelope on which the endpoint chokes is
/// soon alone.
fn batch(revisions: &[&Item], max_bytes: u64) -> Vec<ItemKey> {
    let attempts = revisions.first().map_or(0, |first| first.attempts);
    let alike: Vec<&Item> = revisions
        .iter()
        .copied()
        .filter(|item| item.attempts == attempts)
        .collect();
    let most = (alike.len().min(limits::ENVELOPES_MAX) >> attempts.min(16)).max(1);
    let mut room_bytes = max_bytes;
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

fn next_due(situation: &Situation<'_>) -> Option<Timestamp> {
    let open = situation.items.iter().filter(|item| !item.is_final);
    open.filter_map(|item| due_at(item, situation)).min()
}

#[cfg(test)]
mod tests;
