//! The evening counted again, by other means than the endpoint's.
//!
//! From the signed revisions and the rulings alone, by the words of
//! `docs/protocol.md` section 7, as plainly as they can be followed: every
//! pair is compared with every other, nothing is kept, nothing is shared with
//! the code that counts in earnest.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Counts, RulingKind};

use super::books::{Entered, Ruled, Said};

/// One slot, counted again.
pub struct Counted {
    /// State, marks and heads.
    pub said: Said,
    /// The figures that stand; none in a conflict.
    pub figures: Counts,
    /// Lowest and highest figure of each box in a conflict.
    pub contested: BTreeMap<String, (u64, u64)>,
}

/// The totals of some slots.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Slots from which anything has arrived.
    pub received_slots: u64,
    /// Slots that were ruled on.
    pub verified_slots: u64,
    /// Slots in conflict.
    pub conflict_slots: u64,
    /// Decided figures, without zeros.
    pub verified: BTreeMap<String, u64>,
    /// Figures that arrived and are undisputed, without zeros.
    pub received: BTreeMap<String, u64>,
    /// Sums of the lowest and of the highest figures in conflicts, without
    /// zeros.
    pub contested: BTreeMap<String, (u64, u64)>,
}

/// Counts one slot from all that is known of it.
#[must_use]
pub fn count(revisions: &[&Entered], rulings: &[&Ruled]) -> Counted {
    let reopened = rulings
        .iter()
        .filter(|ruling| ruling.kind == RulingKind::Reopen)
        .map(|ruling| ruling.number)
        .max()
        .unwrap_or(0);
    let in_force: Vec<Ruled> = rulings
        .iter()
        .filter(|ruling| ruling.number > reopened)
        .map(|ruling| seeing_through(ruling, revisions))
        .collect();
    let is_quarantined = |device: &str| {
        in_force.iter().any(|ruling| {
            ruling.kind == RulingKind::Quarantine && ruling.device.as_deref() == Some(device)
        })
    };
    let revisions: Vec<&Entered> = revisions
        .iter()
        .copied()
        .filter(|one| !gave_way(one, revisions))
        .collect();
    let counted: Vec<&Entered> = revisions
        .iter()
        .copied()
        .filter(|one| !is_quarantined(&one.revision.device))
        .collect();
    let heads: Vec<&Entered> = counted
        .iter()
        .copied()
        .filter(|one| !counted.iter().any(|other| is_after(other, one)))
        .collect();
    let is_forked = counted
        .iter()
        .any(|one| counted.iter().any(|other| is_fork(one, other)));
    let newest = in_force
        .iter()
        .filter(|ruling| matches!(ruling.kind, RulingKind::Verify | RulingKind::Return))
        .max_by_key(|ruling| ruling.number);
    let decided = newest.filter(|ruling| ruling.kind == RulingKind::Verify);

    let some_differ = some_pair(&heads, |a, b| {
        differ(&a.revision.counts, &b.revision.counts)
    });
    let unruled = if heads.is_empty() {
        "empty"
    } else if is_forked || some_differ {
        "conflict"
    } else if some_pair(&heads, |a, b| agree(&a.revision.counts, &b.revision.counts)) {
        "agreed"
    } else {
        "single"
    };
    let state = match decided {
        None => unruled,
        Some(ruling) if heads.iter().all(|head| is_covered(head, ruling)) => "verified",
        Some(_) => "stale",
    };
    let mut marks = BTreeSet::new();
    if is_forked {
        marks.insert("fork".to_owned());
    }
    if newest.is_some_and(|ruling| ruling.kind == RulingKind::Return) {
        marks.insert("returned".to_owned());
    }
    if unruled != "conflict" && some_pair(&heads, have_other_photos) {
        marks.insert("photos_differ".to_owned());
    }
    if ever_conflicted(&counted, &revisions, &in_force) {
        marks.insert("ever_conflicted".to_owned());
    }
    Counted {
        figures: figures(state, decided, &heads),
        contested: if state == "conflict" {
            ranges(&heads)
        } else {
            BTreeMap::new()
        },
        said: Said {
            state: state.to_owned(),
            marks,
            heads: heads.iter().map(|head| head.rev_id.clone()).collect(),
        },
    }
}

/// The revisions that a device signed under the number of an SMS.
fn signed_like<'r>(sms: &Entered, revisions: &[&'r Entered]) -> Vec<&'r Entered> {
    let same = |one: &&Entered| {
        !one.is_sms
            && one.revision.device == sms.revision.device
            && one.revision.seq == sms.revision.seq
    };
    revisions.iter().copied().filter(same).collect()
}

/// Whether a signed revision of the same number says all that an SMS says.
fn gave_way(one: &Entered, revisions: &[&Entered]) -> bool {
    one.is_sms
        && signed_like(one, revisions).iter().any(|signed| {
            let mut said = one.revision.counts.iter();
            said.all(|(id, value)| signed.revision.counts.get(id) == Some(value))
        })
}

/// A ruling that considered an SMS has considered the one signed revision
/// that took its place.
fn seeing_through(ruling: &Ruled, revisions: &[&Entered]) -> Ruled {
    let mut ruling = ruling.clone();
    for one in revisions {
        if ruling.considered.contains(&one.rev_id)
            && gave_way(one, revisions)
            && let [only] = signed_like(one, revisions)[..]
        {
            ruling.considered.insert(only.rev_id.clone());
        }
    }
    ruling
}

fn is_after(one: &Entered, other: &Entered) -> bool {
    one.revision.device == other.revision.device && one.revision.seq > other.revision.seq
}

fn is_fork(one: &Entered, other: &Entered) -> bool {
    one.rev_id != other.rev_id
        && one.revision.device == other.revision.device
        && one.revision.seq == other.revision.seq
}

fn some_pair(heads: &[&Entered], is_so: impl Fn(&Entered, &Entered) -> bool) -> bool {
    heads.iter().any(|one| {
        heads
            .iter()
            .any(|other| one.rev_id != other.rev_id && is_so(one, other))
    })
}

fn shared<'a>(one: &'a Counts, other: &'a Counts) -> Vec<(u32, u32)> {
    let both = one.iter().filter_map(|(id, a)| Some((*a, *other.get(id)?)));
    both.collect()
}

fn differ(one: &Counts, other: &Counts) -> bool {
    shared(one, other).iter().any(|(a, b)| a != b)
}

fn agree(one: &Counts, other: &Counts) -> bool {
    !shared(one, other).is_empty() && !differ(one, other)
}

fn have_other_photos(one: &Entered, other: &Entered) -> bool {
    let hashes = |entered: &Entered| -> BTreeSet<String> {
        let photos = entered.revision.photos.iter();
        photos.map(|photo| photo.sha256.clone()).collect()
    };
    let (one, other) = (hashes(one), hashes(other));
    !one.is_empty() && !other.is_empty() && one != other
}

fn is_covered(head: &Entered, ruling: &Ruled) -> bool {
    ruling.considered.contains(&head.rev_id) || agree(&head.revision.counts, &ruling.counts)
}

/// Whether two revisions differ (of two devices in their figures, or of one
/// device under one number) that no ruling to verify has both seen.
fn ever_conflicted(counted: &[&Entered], all: &[&Entered], in_force: &[Ruled]) -> bool {
    let saw = |ruling: &Ruled, one: &Entered| {
        ruling.considered.contains(&one.rev_id)
            || all
                .iter()
                .any(|head| ruling.considered.contains(&head.rev_id) && is_after(head, one))
    };
    let is_acknowledged = |one: &Entered, other: &Entered| {
        in_force.iter().any(|ruling| {
            ruling.kind == RulingKind::Verify && saw(ruling, one) && saw(ruling, other)
        })
    };
    some_pair(counted, |one, other| {
        let is_conflict = if one.revision.device == other.revision.device {
            is_fork(one, other)
        } else {
            differ(&one.revision.counts, &other.revision.counts)
        };
        is_conflict && !is_acknowledged(one, other)
    })
}

fn figures(state: &str, decided: Option<&Ruled>, heads: &[&Entered]) -> Counts {
    match (state, decided) {
        ("verified" | "stale", Some(ruling)) => ruling.counts.clone(),
        ("single" | "agreed", _) => {
            let all = heads.iter().flat_map(|head| head.revision.counts.clone());
            all.collect()
        }
        _ => Counts::new(),
    }
}

fn ranges(heads: &[&Entered]) -> BTreeMap<String, (u64, u64)> {
    let mut ranges: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (id, value) in heads.iter().flat_map(|head| &head.revision.counts) {
        let value = u64::from(*value);
        let range = ranges.entry(id.clone()).or_insert((value, value));
        *range = (range.0.min(value), range.1.max(value));
    }
    ranges
}

impl Totals {
    /// Adds a slot.
    pub fn add(&mut self, slot: &Counted) {
        let state = slot.said.state.as_str();
        self.received_slots += u64::from(state != "empty");
        self.verified_slots += u64::from(matches!(state, "verified" | "stale"));
        self.conflict_slots += u64::from(state == "conflict");
        let column = match state {
            "verified" | "stale" => &mut self.verified,
            _ => &mut self.received,
        };
        for (id, value) in &slot.figures {
            *column.entry(id.clone()).or_default() += u64::from(*value);
        }
        // Only votes are told of a conflict.
        let contested = slot.contested.iter();
        for (id, (low, high)) in contested.filter(|(id, _)| id.starts_with("votes.")) {
            let sum = self.contested.entry(id.clone()).or_default();
            *sum = (sum.0 + low, sum.1 + high);
        }
    }

    /// The same without zeros, which nobody can tell from nothing in a sum.
    #[must_use]
    pub fn without_zeros(mut self) -> Self {
        self.verified.retain(|_, value| *value > 0);
        self.received.retain(|_, value| *value > 0);
        self.contested.retain(|_, range| *range != (0, 0));
        self
    }
}
