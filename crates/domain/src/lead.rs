//! Whether the leader of a contest can still be caught up with by what is
//! missing.
//!
//! Pessimistic for the leader in everything: contested figures count with his
//! lowest and the rival's highest, every voter on the roll of a polling station
//! that is not in has voted, on every reserve ballot too, all of them validly,
//! and none for anybody else. So "safe" is a fact about the figures that are
//! in, not a guess about those to come. What it takes for granted is that the
//! received figures are what the paper says: they have arrived and nobody
//! disputes them.
//!
//! For contests that one option wins; an assembly's seats are
//! [`crate::seats`]'s.

use serde::{Deserialize, Serialize};

use crate::contest::{Choice, Contest, ContestKind};
use crate::figure;
use crate::form::{FormLayout, RuleKind};
use crate::rollup::Tally;
use crate::rules;

#[cfg(test)]
mod tests;

/// What can still come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Missing {
    /// Polling stations whose votes are not in, or not all.
    pub tps: u64,
    /// Most ballots that can be in their boxes.
    pub ballots: u64,
}

impl Missing {
    /// Adds `tps` polling stations with so many voters on the roll each;
    /// `None` when the roll is not known.
    pub fn add(&mut self, form: &FormLayout, roll: Option<u32>, tps: u64) {
        let each = ballots_at_most(form, roll);
        self.tps = self.tps.saturating_add(tps);
        self.ballots = self.ballots.saturating_add(each.saturating_mul(tps));
    }
}

/// Most ballots that a polling station with so many voters on the roll has:
/// roll and reserve, by the form's own rule of what is received. Without a
/// roll, or without such a rule, it is what fits into the form's boxes.
#[must_use]
pub fn ballots_at_most(form: &FormLayout, roll: Option<u32>) -> u64 {
    let in_the_boxes = u64::from(figure::largest(form.votes.digits));
    let rule = form.rules.iter().find(|rule| {
        rule.kind == RuleKind::AtMost
            && rule.left == ["ballots_received"]
            && rule.right == ["dpt_total"]
    });
    match (rule, roll) {
        (Some(rule), Some(roll)) => rules::most(rule, u64::from(roll)),
        _ => in_the_boxes,
    }
}

/// How far ahead the leader is, and what it would take to catch up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Lead {
    /// Ballot number of the option with the most votes.
    pub leader: u32,
    /// Ballot number of the one that can come closest.
    pub rival: u32,
    /// Votes by which the leader is ahead at least, whatever becomes of the
    /// contested figures; below zero when those could put the rival ahead.
    pub lead_votes: i64,
    /// Polling stations whose votes are not in, or not all.
    pub missing_tps: u64,
    /// Most votes that can still come from them.
    pub missing_votes: u64,
    /// Whether the leader stays ahead even if all of them are the rival's.
    pub is_safe: bool,
    /// Otherwise: so many of `missing_votes`, if all are cast for one of the
    /// two, the rival would have to win to draw level.
    pub needed_votes: Option<u64>,
}

/// Whether one option wins this contest, so that there is a leader.
#[must_use]
pub fn has_one_winner(contest: &Contest) -> bool {
    let is_assembly = matches!(
        contest.kind,
        Some(
            ContestKind::Dpr
                | ContestKind::Dpd
                | ContestKind::DprdProvinsi
                | ContestKind::DprdKabKota
        )
    );
    let has_lists = contest.options.iter().any(|one| !one.candidates.is_empty());
    !is_assembly && !has_lists
}

/// Lowest and highest votes of one option, whichever contested figures hold.
#[derive(Debug, Clone, Copy)]
struct Range {
    option: u32,
    low: u64,
    high: u64,
}

fn range(tally: &Tally, option: u32) -> Range {
    let id = format!("votes.{option}");
    let of = |column: &std::collections::BTreeMap<String, u64>| {
        column.get(&id).copied().unwrap_or_default()
    };
    let certain = of(&tally.verified).saturating_add(of(&tally.received));
    let (low, high) = tally.contested.get(&id).copied().unwrap_or_default();
    Range {
        option,
        low: certain.saturating_add(low),
        high: certain.saturating_add(high),
    }
}

/// Who leads, by the figures of `tally`, and whether what is `missing` can
/// change that. `None` while there are no votes, or fewer than two options.
#[must_use]
pub fn lead(tally: &Tally, options: &[Choice], missing: Missing) -> Option<Lead> {
    let ranges: Vec<Range> = options
        .iter()
        .map(|choice| range(tally, choice.number))
        .collect();
    // Of equal ones the first on the ballot, so that the answer is always the
    // same; the lead then is not above zero.
    let leader = ranges
        .iter()
        .max_by(|a, b| {
            (a.low, a.high)
                .cmp(&(b.low, b.high))
                .then(b.option.cmp(&a.option))
        })
        .filter(|leader| leader.high > 0)?;
    let rival = ranges
        .iter()
        .filter(|other| other.option != leader.option)
        .max_by(|a, b| a.high.cmp(&b.high).then(b.option.cmp(&a.option)))?;
    let ahead = i128::from(leader.low) - i128::from(rival.high);
    let all = i128::from(missing.ballots);
    let is_safe = ahead > all;
    // x of all for the rival and the rest for the leader: level when
    // x = (all + ahead) / 2, rounded up.
    let needed = (all + ahead + 1).max(0) / 2;
    Some(Lead {
        leader: leader.option,
        rival: rival.option,
        lead_votes: i64::try_from(ahead).unwrap_or(if ahead < 0 { i64::MIN } else { i64::MAX }),
        missing_tps: missing.tps,
        missing_votes: missing.ballots,
        is_safe,
        needed_votes: (!is_safe).then(|| u64::try_from(needed).unwrap_or(u64::MAX)),
    })
}
