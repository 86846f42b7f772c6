//! What is irregular in a village that was read: pure.

use std::collections::BTreeMap;

use domain::counts::{agree, differ};
use domain::irregularity::{
    self, Circumstances, Evidence, Irregularity, Sheet, Station, Twin, weigh,
};
use domain::{Counts, Location, SlotState};
use protocol::SlotId;
use protocol::encoding::sha256_hex;
use serde::{Deserialize, Serialize};

use super::village::{Known, Read, Stamp, Village, shot};
use super::zone;

/// Symbols of the hash in a key.
const ABOUT_SYMBOLS: usize = 16;

/// An irregularity as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) slot: SlotId,
    pub(super) key: String,
    pub(super) code: String,
    pub(super) body: Body,
    /// Hash of what a ruling on it is made on.
    pub(super) numbers: String,
    pub(super) score: u8,
    pub(super) stake: u32,
    /// Of all flags of the slot.
    pub(super) weight: u32,
    pub(super) slot_stake: u32,
}

/// What of an irregularity is kept as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Body {
    pub(super) fields: Vec<String>,
    pub(super) figures: Counts,
    pub(super) evidence: Evidence,
    /// Other slots that it names.
    pub(super) others: Vec<SlotId>,
    pub(super) text: String,
    pub(super) text_en: String,
}

/// A village that was looked at.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) village: Village,
    pub(super) stamp: Stamp,
    pub(super) found: Vec<Found>,
}

/// Looks at a village.
pub(super) fn look(village: &Village, read: &Read) -> Looked {
    let options = &read.contest.options;
    let sheet = Sheet::of_form(&read.form, options);
    let stations: Vec<Station> = read
        .slots
        .iter()
        .map(|slot| station(&sheet, read, slot))
        .collect();
    let mut found = irregularity::analyse(&sheet, &read.params, &stations);
    for (at, slot) in read.slots.iter().enumerate() {
        if slot.view.heads.is_empty() {
            continue;
        }
        let (first, _) = readings(slot);
        found.extend(irregularity::parts(at, &read.form, options, &first));
        found.extend(irregularity::circumstances(at, &came(read, slot)));
    }
    found.extend(irregularity::far(&places(read)));
    let mut by_station: BTreeMap<usize, Vec<Irregularity>> = BTreeMap::new();
    for one in found {
        by_station.entry(one.station).or_default().push(one);
    }
    let mut kept = Vec::new();
    for (at, found) in by_station {
        let (Some(slot), Some(station)) = (read.slots.get(at), stations.get(at)) else {
            continue;
        };
        let weight = weigh(&found);
        for one in found {
            kept.push(Found {
                slot: slot.id.clone(),
                key: key(&one),
                numbers: sha256_hex(one.basis(&sheet, &station.first).as_bytes()),
                score: one.score,
                stake: one.stake,
                weight: weight.score,
                slot_stake: weight.stake,
                body: body(read, slot, &sheet, station, &one),
                code: one.code,
            });
        }
    }
    Looked {
        village: village.clone(),
        stamp: read.stamp,
        found: kept,
    }
}

fn key(one: &Irregularity) -> String {
    let about = one.about();
    if about.is_empty() {
        return one.code.clone();
    }
    let hash: String = sha256_hex(about.as_bytes())
        .chars()
        .take(ABOUT_SYMBOLS)
        .collect();
    format!("{}-{hash}", one.code)
}

/// The figures that are looked at, and a second reading beside them: what was
/// ruled, or else what the witnesses say.
fn readings(slot: &Known) -> (Counts, Option<Counts>) {
    let view = &slot.view;
    let heads: Vec<&Counts> = view
        .heads
        .iter()
        .filter_map(|id| slot.revisions.iter().find(|one| one.rev_id == *id))
        .map(|head| &head.counts)
        .collect();
    let first = heads.first().copied().cloned().unwrap_or_default();
    match view.state {
        SlotState::Empty => (Counts::new(), None),
        SlotState::Single => (view.figures.clone(), None),
        SlotState::Agreed => {
            let second = heads.get(1).copied().cloned();
            (view.figures.clone(), second)
        }
        SlotState::Conflict => {
            let second = heads.iter().find(|head| differ(&first, head));
            let second = second.copied().cloned();
            (first, second)
        }
        // Whoever ruled has seen what the witnesses said.
        SlotState::Verified => {
            let second = heads.iter().find(|head| agree(&view.figures, head));
            (view.figures.clone(), second.copied().cloned())
        }
        SlotState::Stale => {
            let second = heads.iter().find(|head| differ(&view.figures, head));
            (view.figures.clone(), second.copied().cloned())
        }
    }
}

fn number_in(text: &str) -> Option<u32> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn station(sheet: &Sheet, read: &Read, slot: &Known) -> Station {
    let options = &read.contest.options;
    let number = number_in(slot.id.tps.number()).unwrap_or_default();
    let (mut first, second) = readings(slot);
    let has_roll = first.keys().any(|id| id.starts_with("dpt_"));
    // What the election's own data says, where the form was not read that far.
    if let Some(roll) = slot.roll.filter(|_| !first.is_empty() && !has_roll) {
        first.insert("dpt_total".to_owned(), roll);
    }
    let read_numbers = || {
        let facts = slot.facts.iter();
        facts.filter_map(|one| number_in(one.form_tps.as_deref()?))
    };
    let other = read_numbers().find(|read| *read != number);
    Station {
        form_number: other.or_else(|| read_numbers().next()),
        second: second.map(|counts| sheet.figures(options, &counts)),
        official: slot
            .official
            .as_ref()
            .map(|counts| sheet.figures(options, counts)),
        ..Station::new(number, sheet.figures(options, &first))
    }
}

/// How the forms of a slot came.
fn came(read: &Read, slot: &Known) -> Circumstances {
    let timezone = &read.election.timezone;
    let mut shots = BTreeMap::new();
    for one in slot.facts.iter().flat_map(|facts| &facts.shots) {
        shots.insert(one.0.clone(), shot(one, timezone));
    }
    let mut bubbles = BTreeMap::new();
    for one in slot.facts.iter().flat_map(|facts| &facts.bubbles) {
        bubbles.entry(one.field.clone()).or_insert(one.clone());
    }
    let early = slot.votes_at.zip(read.polls_close_at);
    let early = early.filter(|(at, close)| at < close);
    let days = || {
        let first = read.election.date.clone();
        // Counting goes on past midnight.
        zone::day_after(&first).map(|last| (first, last))
    };
    Circumstances {
        bubbles: bubbles.into_values().collect(),
        shots: shots.into_values().collect(),
        twins: slot.twins.iter().map(|twin| named(slot, twin)).collect(),
        // An exercise is held on any day.
        days: (!read.election.rehearsal).then(days).flatten(),
        early: early
            .and_then(|(at, close)| zone::time(at, timezone).zip(zone::time(close, timezone))),
        votes: votes(slot),
    }
}

/// The votes of a slot.
fn votes(slot: &Known) -> u32 {
    let (first, _) = readings(slot);
    let votes = first.iter().filter(|(id, _)| id.starts_with("votes."));
    votes.fold(0, |sum, (_, votes)| sum.saturating_add(*votes))
}

/// Where the forms of each slot came from, and its votes.
fn places(read: &Read) -> Vec<(Vec<Location>, u32)> {
    let of = |slot: &Known| {
        let places = slot.facts.iter().filter_map(|facts| facts.location);
        (places.collect(), votes(slot))
    };
    read.slots.iter().map(of).collect()
}

/// Another form that has a photo, by a name that says no more than everybody who
/// sees this slot may know.
fn named(slot: &Known, twin: &crate::sameness::Twin) -> Twin {
    let (own, other) = (&slot.id.tps, &twin.slot.tps);
    let (place, place_en) = if own == other {
        (
            "pemilihan lain di TPS ini".to_owned(),
            "another contest of this TPS".to_owned(),
        )
    } else if own.region().parent() == other.region().parent() {
        let tps = format!("TPS {}", other.number());
        (tps.clone(), tps)
    } else {
        (
            "TPS di desa lain".to_owned(),
            "a TPS of another village".to_owned(),
        )
    };
    Twin {
        photo: twin.sha256.clone(),
        slot: twin.slot.to_string(),
        place,
        place_en,
        is_same_file: twin.other == twin.sha256,
    }
}

fn body(read: &Read, slot: &Known, sheet: &Sheet, station: &Station, one: &Irregularity) -> Body {
    let value = |id: &String| {
        let figure = station.first.get(sheet.column(id)?)?;
        Some((id.clone(), figure))
    };
    Body {
        figures: one.fields.iter().filter_map(value).collect(),
        fields: one.fields.clone(),
        others: others(read, slot, &one.evidence),
        evidence: one.evidence.clone(),
        text: one.text.clone(),
        text_en: one.text_en.clone(),
    }
}

/// The other slots that evidence names.
fn others(read: &Read, slot: &Known, evidence: &Evidence) -> Vec<SlotId> {
    let numbers: Vec<u32> = match evidence {
        Evidence::Stations { numbers } => numbers.clone(),
        Evidence::Readings { station, .. } => station.iter().copied().collect(),
        Evidence::Photo { slot, .. } => return slot.parse().into_iter().collect(),
        Evidence::Sums { .. }
        | Evidence::Repairs { .. }
        | Evidence::Shares { .. }
        | Evidence::Bubbles { .. }
        | Evidence::Moment { .. }
        | Evidence::Distance { .. }
        | Evidence::Count { .. } => Vec::new(),
    };
    let is_named = |other: &&Known| {
        let number = number_in(other.id.tps.number());
        other.id != slot.id && number.is_some_and(|number| numbers.contains(&number))
    };
    let named = read.slots.iter().filter(is_named);
    named.map(|other| other.id.clone()).collect()
}
