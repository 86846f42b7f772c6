//! What a set of revisions and rulings means for one slot.
//!
//! The state is a pure function of the *set*: it does not matter in which
//! order, how often, or by which clock anything arrived. Nobody's figures
//! silently win; a disagreement stays a conflict until a named person rules.
//!
//! Two readings of the contract are fixed here, because a set has no "once":
//!
//! * *Ever conflicted*: two devices have sent figures that differ, in any of
//!   their revisions, and no ruling to verify has seen both (or later ones of
//!   the same devices). Seeing them is the acknowledgement.
//! * *Quarantine* concerns a device's revisions in this slot, and a `reopen`
//!   sets aside every ruling before it, quarantines included.
//!
//! An SMS is a preview of a revision that the device signed under the same
//! number. Once that one is here and says the same, it takes the SMS's place,
//! also in the eyes of rulings that had seen only the SMS.

mod replaced;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::counts::{self, Counts};

/// One revision as far as the slot's state is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotRevision {
    /// Hash of the signed payload.
    pub rev_id: String,
    /// The device that signed it.
    pub device: String,
    /// The device's own number for it in this slot, from 1.
    pub seq: u64,
    /// The figures, perhaps partial.
    pub counts: Counts,
    /// Hashes of its photos.
    pub photos: BTreeSet<String>,
    /// By which way it came.
    pub channel: Channel,
}

/// By which way a revision came.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    ts_rs::TS,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Channel {
    /// Signed by the device, whoever carried it.
    #[default]
    App,
    /// A few figures in a text message, with a short mac in place of a
    /// signature.
    Sms,
}

/// What a coordinator can rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RulingKind {
    /// These are the figures.
    Verify,
    /// The witness should look again, for a reason.
    Return,
    /// This device's revisions do not count here.
    Quarantine,
    /// All earlier rulings are set aside.
    Reopen,
}

/// One ruling on a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// Its number in the slot, from 1: rulings exclude each other through the
    /// slot's `ETag`, so their order is part of the set.
    pub number: u32,
    /// What was ruled.
    pub kind: RulingKind,
    /// The figures that a `Verify` decided.
    pub counts: Counts,
    /// The device that a `Quarantine` is about.
    pub device: Option<String>,
    /// Revision ids of the heads that were considered.
    pub considered: BTreeSet<String>,
}

/// Where a slot stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SlotState {
    /// Nothing has arrived.
    Empty,
    /// One head, or several that share no figure.
    Single,
    /// Two or more heads that agree.
    Agreed,
    /// Heads differ, or a device forked.
    Conflict,
    /// Ruled, and nothing that differs has come since.
    Verified,
    /// Ruled, but something that differs has come since.
    Stale,
}

/// What a coordinator should know besides the state.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Mark {
    /// One device signed two revisions with the same number.
    Fork,
    /// Figures agree, photos do not.
    PhotosDiffer,
    /// Devices have differed and nobody has ruled on it yet.
    EverConflicted,
    /// The newest ruling sent the form back to the witness.
    Returned,
    /// A photo of a head is, or looks like, one of another slot. Not worked out
    /// by [`view`], which looks at one slot: the endpoint adds it.
    SamePhoto,
    /// The bubbles of a photo say another figure than its witness keyed. Not
    /// worked out by [`view`] either: it changes nothing about the figures.
    BubblesDiffer,
}

/// The state of a slot and all that follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotView {
    /// Where it stands.
    pub state: SlotState,
    /// What else to know, sorted.
    pub marks: BTreeSet<Mark>,
    /// Revision ids of the heads, by device and id. A forked device has two.
    pub heads: Vec<String>,
    /// Devices whose revisions do not count here.
    pub quarantined: BTreeSet<String>,
    /// The figures that stand: decided ones when ruled, else the union of the
    /// heads; empty in a conflict.
    pub figures: Counts,
    /// Lowest and highest figure of every field that any head fills in, when
    /// the state is a conflict.
    pub contested: BTreeMap<String, (u32, u32)>,
}

/// The state that this set of revisions and rulings means.
///
/// Duplicates (the same `rev_id`, the same ruling number) count once.
#[must_use]
pub fn view(revisions: &[SlotRevision], rulings: &[Ruling]) -> SlotView {
    let mut revisions: BTreeMap<&str, &SlotRevision> = revisions
        .iter()
        .map(|rev| (rev.rev_id.as_str(), rev))
        .collect();
    let replacements = replaced::take_out(&mut revisions);
    let seen_through = |ruling| replaced::seen_through(ruling, &replacements);
    let rulings: Vec<Cow<'_, Ruling>> = rulings.iter().map(seen_through).collect();
    let rulings: BTreeMap<u32, &Ruling> = rulings
        .iter()
        .map(|ruling| (ruling.number, ruling.as_ref()))
        .collect();
    let in_force = rulings_in_force(&rulings);
    let quarantined: BTreeSet<String> = in_force
        .iter()
        .filter(|ruling| ruling.kind == RulingKind::Quarantine)
        .filter_map(|ruling| ruling.device.clone())
        .collect();
    let counts = |rev: &&SlotRevision| !quarantined.contains(&rev.device);
    let counted: Vec<&SlotRevision> = revisions.values().copied().filter(counts).collect();
    let heads = heads_of(&counted);
    let forked = has_fork(&counted);
    let newest = in_force
        .iter()
        .rev()
        .find(|ruling| matches!(ruling.kind, RulingKind::Verify | RulingKind::Return))
        .copied();
    let verify = newest.filter(|ruling| ruling.kind == RulingKind::Verify);

    let mut marks = BTreeSet::new();
    if forked {
        marks.insert(Mark::Fork);
    }
    if newest.is_some_and(|ruling| ruling.kind == RulingKind::Return) {
        marks.insert(Mark::Returned);
    }
    if ever_conflicted(&counted, &revisions, &in_force) {
        marks.insert(Mark::EverConflicted);
    }
    let unruled = unruled_state(&heads, forked);
    let state = match verify {
        Some(ruling) if heads.iter().all(|head| is_covered(head, ruling)) => SlotState::Verified,
        Some(_) => SlotState::Stale,
        None => unruled,
    };
    if unruled != SlotState::Conflict && photos_differ(&heads) {
        marks.insert(Mark::PhotosDiffer);
    }
    SlotView {
        state,
        marks,
        figures: figures(state, verify, &heads),
        contested: if state == SlotState::Conflict {
            range(&heads)
        } else {
            BTreeMap::new()
        },
        heads: heads.into_iter().map(|head| head.rev_id.clone()).collect(),
        quarantined,
    }
}

/// The rulings after the newest `Reopen`, in order.
fn rulings_in_force<'a>(rulings: &BTreeMap<u32, &'a Ruling>) -> Vec<&'a Ruling> {
    let reopened = rulings
        .values()
        .rev()
        .find(|ruling| ruling.kind == RulingKind::Reopen)
        .map_or(0, |ruling| ruling.number);
    rulings
        .values()
        .copied()
        .filter(|ruling| ruling.number > reopened)
        .collect()
}

/// For each device, its revisions with the highest `seq`: one, or more when it
/// forked there.
fn heads_of<'a>(counted: &[&'a SlotRevision]) -> Vec<&'a SlotRevision> {
    let mut newest: BTreeMap<&str, u64> = BTreeMap::new();
    for rev in counted {
        let seq = newest.entry(&rev.device).or_default();
        *seq = rev.seq.max(*seq);
    }
    let mut heads: Vec<&SlotRevision> = counted
        .iter()
        .copied()
        .filter(|rev| newest.get(rev.device.as_str()) == Some(&rev.seq))
        .collect();
    heads.sort_by(|a, b| (&a.device, &a.rev_id).cmp(&(&b.device, &b.rev_id)));
    heads
}

fn has_fork(counted: &[&SlotRevision]) -> bool {
    let mut seen = BTreeSet::new();
    counted
        .iter()
        .any(|rev| !seen.insert((&rev.device, rev.seq)))
}

fn unruled_state(heads: &[&SlotRevision], forked: bool) -> SlotState {
    let any =
        |test: fn(&Counts, &Counts) -> bool| pairs(heads).any(|(a, b)| test(&a.counts, &b.counts));
    if heads.is_empty() {
        SlotState::Empty
    } else if forked || any(counts::differ) {
        SlotState::Conflict
    } else if any(counts::agree) {
        SlotState::Agreed
    } else {
        SlotState::Single
    }
}

fn pairs<'a, 'b>(
    revisions: &'b [&'a SlotRevision],
) -> impl Iterator<Item = (&'a SlotRevision, &'a SlotRevision)> + 'b {
    revisions.iter().enumerate().flat_map(move |(i, a)| {
        revisions
            .iter()
            .skip(i.saturating_add(1))
            .map(move |b| (*a, *b))
    })
}

/// Whether a ruling has seen this head, or decided the same figures.
fn is_covered(head: &SlotRevision, ruling: &Ruling) -> bool {
    ruling.considered.contains(&head.rev_id) || counts::agree(&head.counts, &ruling.counts)
}

fn photos_differ(heads: &[&SlotRevision]) -> bool {
    pairs(heads).any(|(a, b)| !a.photos.is_empty() && !b.photos.is_empty() && a.photos != b.photos)
}

/// Whether two devices have ever differed (or one forked) without a ruling
/// that saw both.
///
/// Revisions that say the same and were seen by the same rulings count as one:
/// a device that corrects itself a thousand times must not cost a million
/// comparisons with each of them.
fn ever_conflicted(
    counted: &[&SlotRevision],
    all: &BTreeMap<&str, &SlotRevision>,
    in_force: &[&Ruling],
) -> bool {
    let sights: Vec<Sight<'_>> = in_force
        .iter()
        .filter(|ruling| ruling.kind == RulingKind::Verify)
        .map(|ruling| Sight::of(ruling, all))
        .collect();
    let seen_by = |rev: &SlotRevision| -> BTreeSet<usize> {
        let saw = |(at, sight): (usize, &Sight<'_>)| sight.saw(rev).then_some(at);
        sights.iter().enumerate().filter_map(saw).collect()
    };
    let is_of_one = |device: &str| counted.iter().all(|rev| rev.device == device);
    let is_one_devices = counted.first().is_none_or(|rev| is_of_one(&rev.device));
    if is_one_devices && !has_fork(counted) {
        return false;
    }
    let mut by_number: BTreeMap<(&str, u64), Vec<BTreeSet<usize>>> = BTreeMap::new();
    let mut statements: BTreeSet<(&str, &Counts, BTreeSet<usize>)> = BTreeSet::new();
    for rev in counted {
        let seen = seen_by(rev);
        let same_number = by_number.entry((&rev.device, rev.seq)).or_default();
        if same_number.iter().any(|other| other.is_disjoint(&seen)) {
            return true;
        }
        same_number.push(seen.clone());
        statements.insert((&rev.device, &rev.counts, seen));
    }
    let statements: Vec<_> = statements.into_iter().collect();
    statements
        .iter()
        .enumerate()
        .any(|(at, (device, counts, seen))| {
            statements
                .iter()
                .skip(at.saturating_add(1))
                .skip_while(|(other, ..)| other == device)
                .any(|(_, others, seen_too)| {
                    counts::differ(counts, others) && seen.is_disjoint(seen_too)
                })
        })
}

/// What one ruling saw: the heads it considered, and of each of their devices
/// all before.
struct Sight<'a> {
    considered: &'a BTreeSet<String>,
    newest: BTreeMap<&'a str, u64>,
}

impl<'a> Sight<'a> {
    fn of(ruling: &'a Ruling, all: &BTreeMap<&str, &'a SlotRevision>) -> Self {
        let mut newest: BTreeMap<&str, u64> = BTreeMap::new();
        for head in ruling
            .considered
            .iter()
            .filter_map(|id| all.get(id.as_str()))
        {
            let seq = newest.entry(&head.device).or_default();
            *seq = head.seq.max(*seq);
        }
        Self {
            considered: &ruling.considered,
            newest,
        }
    }

    fn saw(&self, rev: &SlotRevision) -> bool {
        let newest = self.newest.get(rev.device.as_str());
        self.considered.contains(&rev.rev_id) || newest.is_some_and(|seq| *seq > rev.seq)
    }
}

fn figures(state: SlotState, verify: Option<&Ruling>, heads: &[&SlotRevision]) -> Counts {
    match (state, verify) {
        (SlotState::Verified | SlotState::Stale, Some(ruling)) => ruling.counts.clone(),
        (SlotState::Single | SlotState::Agreed, _) => heads
            .iter()
            .flat_map(|head| head.counts.iter().map(|(id, value)| (id.clone(), *value)))
            .collect(),
        _ => Counts::new(),
    }
}

fn range(heads: &[&SlotRevision]) -> BTreeMap<String, (u32, u32)> {
    let mut range = BTreeMap::new();
    for (id, value) in heads.iter().flat_map(|head| &head.counts) {
        let (low, high) = range.entry(id.clone()).or_insert((*value, *value));
        *low = (*value).min(*low);
        *high = (*value).max(*high);
    }
    range
}

#[cfg(test)]
mod tests;
