//! SMS that give way to the signed revision they were a preview of.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Channel, Ruling, SlotRevision};

/// For each SMS that was taken out, the revision in its place: by `rev_id`.
pub(super) type Replacements = BTreeMap<String, String>;

/// Takes out every SMS whose device has signed, under the same number, all
/// that it says.
pub(super) fn take_out(revisions: &mut BTreeMap<&str, &SlotRevision>) -> Replacements {
    let is_sms = |rev: &SlotRevision| rev.channel == Channel::Sms;
    if !revisions.values().any(|rev| is_sms(rev)) {
        return Replacements::new();
    }
    let mut signed: BTreeMap<(&str, u64), Vec<&SlotRevision>> = BTreeMap::new();
    for rev in revisions.values().filter(|rev| !is_sms(rev)) {
        let same_number = signed.entry((&rev.device, rev.seq)).or_default();
        same_number.push(rev);
    }
    let mut replacements = Replacements::new();
    revisions.retain(|_, rev| {
        let same_number = is_sms(rev)
            .then(|| signed.get(&(rev.device.as_str(), rev.seq)))
            .flatten();
        let Some(same_number) = same_number else {
            return true;
        };
        if !same_number.iter().any(|signed| says_all_of(signed, rev)) {
            return true;
        }
        // With two of that number the device forked, and who saw the SMS has
        // seen neither of them.
        if let [only] = same_number.as_slice() {
            replacements.insert(rev.rev_id.clone(), only.rev_id.clone());
        }
        false
    });
    replacements
}

/// The ruling, having considered what took the place of what it considered.
pub(super) fn seen_through<'a>(ruling: &'a Ruling, replacements: &Replacements) -> Cow<'a, Ruling> {
    let replaced = |id: &String| replacements.get(id).cloned();
    let in_place: Vec<String> = ruling.considered.iter().filter_map(replaced).collect();
    if in_place.is_empty() {
        return Cow::Borrowed(ruling);
    }
    let mut ruling = ruling.clone();
    ruling.considered.extend(in_place);
    Cow::Owned(ruling)
}

fn says_all_of(signed: &SlotRevision, sms: &SlotRevision) -> bool {
    sms.counts
        .iter()
        .all(|(id, value)| signed.counts.get(id) == Some(value))
}
