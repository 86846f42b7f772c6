//! Identities of the form that do not hold, and the slip that would explain it.

use super::digits::Slip;
use super::finding::{Evidence, FLAG_SCORE, Irregularity, Kind};
use super::naming;
use super::repair::{self, Candidate};
use super::sheet::{Broken, Sheet};
use super::station::{Figures, Station};
use super::surroundings::Surroundings;

/// Score of an identity that does not hold: on the two readings of 2019, of
/// the sums of votes that did not fit 40 in 100 were misread, of the totals 77.
const VOTES_SCORE: u8 = 45;
const TOTAL_SCORE: u8 = 62;
const OTHER_SCORE: u8 = 40;
/// A total that is off by no more than this is off by a little; on paper that
/// is common.
const LITTLE: u32 = 3;
const LITTLE_TOTAL_SCORE: u8 = 55;
/// Score of a rule that only notices.
const NOTICE_SCORE: u8 = 12;
/// A slip in an option that repairs all speaks for a misreading; more so when
/// it brings the figures nearer to the village's, when it is more than a slip
/// in the units (those are as often the paper's own arithmetic), and when two
/// digits only have to change places. A sum can be repaired nearly always.
const REPAIR_SCORE: u8 = 62;
const SUM_REPAIR_SCORE: u8 = 35;
const NEARER_BONUS: u8 = 15;
const HIGH_PLACE_BONUS: u8 = 8;
const TRANSPOSED_BONUS: u8 = 15;
/// Sums in each other's rows: the paper's own slip in two of three, and no
/// vote hangs on it.
const EXCHANGED_SUMS_SCORE: u8 = 40;
const EXCHANGED_SUMS_PERCENT: u16 = 50;
const PARTIAL_MALUS: u8 = 15;
/// Spreads by which a repair must come nearer, or go away, to count.
const NEARER_SPREADS: f64 = 0.75;
/// Of two equal readings the paper itself is the likelier source.
const SAME_TWICE_PERCENT: u16 = 70;
/// Score of a sum that was left out: 104 of 105 on the readings of 2019.
const BLANK_SCORE: u8 = 97;
/// Most repairs that are listed.
const REPAIRS_MAX: usize = 6;

/// Everything that does not add up at one station.
pub(super) fn look(
    sheet: &Sheet,
    village: &[Station],
    at: usize,
    surroundings: &Surroundings,
    found: &mut Vec<Irregularity>,
) {
    let Some(station) = village.get(at) else {
        return;
    };
    let (figures, blank) = sheet.without_blank_sums(&station.first);
    let votes = sheet.votes(&figures).unwrap_or_default();
    found.extend(
        blank
            .iter()
            .map(|column| blank_sum(sheet, at, *column, votes)),
    );
    let broken = sheet.broken(&figures);
    if broken.is_empty() {
        return;
    }
    let twice = same_twice(sheet, station, &broken);
    let slip = slip_finding(sheet, &figures, &broken, at, surroundings);
    let explained = slip
        .as_ref()
        .is_some_and(|one| one.kind == Kind::Exchanged && one.score == EXCHANGED_SUMS_SCORE);
    let weigh = |score: u8| {
        let score = if explained {
            percent(score, EXCHANGED_SUMS_PERCENT)
        } else {
            score
        };
        if twice {
            percent(score, SAME_TWICE_PERCENT)
        } else {
            score
        }
    };
    let votes_too = broken.iter().any(|one| has_votes(sheet, one));
    for one in &broken {
        let finding = rule_finding(sheet, at, one, twice);
        let score = if votes_too {
            finding.score.min(VOTES_SCORE)
        } else {
            finding.score
        };
        let stake = finding.stake;
        found.push(finding.weighing(weigh(score), stake));
    }
    if let Some(finding) = slip {
        let score = if twice {
            percent(finding.score, SAME_TWICE_PERCENT)
        } else {
            finding.score
        };
        let stake = finding.stake;
        // An exchange that explains everything stays a flag of its own.
        found.push(finding.weighing(score.max(FLAG_SCORE), stake));
    }
}

fn percent(score: u8, percent: u16) -> u8 {
    let lowered = u16::from(score).saturating_mul(percent) / 100;
    u8::try_from(lowered).unwrap_or(score)
}

fn has_votes(sheet: &Sheet, broken: &Broken<'_>) -> bool {
    let first = sheet.options.first();
    first.is_some_and(|first| broken.identity.columns().any(|own| own == *first))
}

/// Whether a second reading has the very same figures where they do not fit.
fn same_twice(sheet: &Sheet, station: &Station, broken: &[Broken<'_>]) -> bool {
    let Some(second) = &station.second else {
        return false;
    };
    let columns = || {
        broken
            .iter()
            .filter(|one| one.identity.is_question())
            .flat_map(|one| one.identity.columns())
    };
    columns().next().is_some()
        && sheet.telling_votes(second) == sheet.telling_votes(&station.first)
        && columns().all(|column| second.get(column) == station.first.get(column))
}

fn rule_finding(sheet: &Sheet, at: usize, broken: &Broken<'_>, twice: bool) -> Irregularity {
    let rule = &broken.identity.rule;
    let (left, right) = (short(broken.left), short(broken.right));
    let stake = left.abs_diff(right);
    let has = |column: Option<usize>| {
        column.is_some_and(|column| broken.identity.columns().any(|own| own == column))
    };
    let score = if !broken.identity.is_question() {
        NOTICE_SCORE
    } else if has_votes(sheet, broken) {
        VOTES_SCORE
    } else if has(sheet.total) || has(sheet.valid) {
        if stake <= LITTLE {
            LITTLE_TOTAL_SCORE
        } else {
            TOTAL_SCORE
        }
    } else {
        OTHER_SCORE
    };
    let english = rule.text_en.as_deref().unwrap_or(&rule.text);
    let (mut text, mut text_en) = (
        format!("{} ({left} ↔ {right})", rule.text),
        format!("{english} ({left} ↔ {right})"),
    );
    if twice && broken.identity.is_question() {
        text.push_str(" Kedua pembacaan sama: mungkin kertasnya sendiri yang tidak cocok.");
        text_en.push_str(" Both readings say so: the paper itself may not add up.");
    }
    let fields = broken.identity.columns().map(|it| sheet.id(it)).collect();
    let mut finding = Irregularity::of(at, Kind::Rule, Evidence::Sums { left, right })
        .on(fields)
        .weighing(score, stake)
        .saying(text, text_en);
    finding.code.clone_from(&rule.code);
    finding
}

fn slip_finding(
    sheet: &Sheet,
    figures: &Figures,
    broken: &[Broken<'_>],
    at: usize,
    surroundings: &Surroundings,
) -> Option<Irregularity> {
    let candidates = repair::candidates(sheet, figures, broken, (at, surroundings));
    let Some(best) = candidates.first() else {
        return exchange_finding(sheet, figures, broken, at);
    };
    let kind = match best.slip {
        Slip::OneDigit(_) => Kind::OneDigit,
        Slip::Transposed => Kind::Transposed,
        Slip::DigitCount => Kind::DigitCount,
    };
    let score = slip_score(sheet, best);
    let repairs: Vec<_> = candidates.iter().map(|it| it.repair.clone()).collect();
    let fields = repairs.iter().map(|it| it.field.clone()).collect();
    let (text, text_en) = slip_text(best, candidates.len());
    let evidence = Evidence::Repairs {
        repairs: repairs.into_iter().take(REPAIRS_MAX).collect(),
        repairs_all: best.repairs_all,
    };
    let stake = best.repair.from.abs_diff(best.repair.to);
    Some(
        Irregularity::of(at, kind, evidence)
            .on(fields)
            .weighing(score, stake)
            .saying(text, text_en),
    )
}

fn slip_score(sheet: &Sheet, best: &Candidate) -> u8 {
    let column = sheet.column(&best.repair.field);
    if !column.is_some_and(|column| sheet.options.contains(&column)) {
        return SUM_REPAIR_SCORE;
    }
    let mut score = REPAIR_SCORE;
    if best.gain >= NEARER_SPREADS {
        score = score.saturating_add(NEARER_BONUS);
    } else if best.gain <= -NEARER_SPREADS {
        score = score.saturating_sub(NEARER_BONUS);
    }
    match best.slip {
        Slip::Transposed => score = score.saturating_add(TRANSPOSED_BONUS),
        Slip::OneDigit(worth) if worth > 1 => score = score.saturating_add(HIGH_PLACE_BONUS),
        Slip::OneDigit(_) | Slip::DigitCount => {}
    }
    if best.repairs_all {
        score
    } else {
        score.saturating_sub(PARTIAL_MALUS)
    }
}

fn slip_text(best: &Candidate, count: usize) -> (String, String) {
    let repair = &best.repair;
    let (from, to) = (repair.from, repair.to);
    let (field, field_en) = naming::field(&repair.field);
    let (how, how_en) = match best.slip {
        Slip::OneDigit(worth) => {
            let (place, place_en) = naming::place(worth);
            (
                format!("satu angka ({place}) berbeda"),
                format!("one digit ({place_en}) differs"),
            )
        }
        Slip::Transposed => (
            "dua angka tertukar letaknya".to_owned(),
            "two digits are exchanged".to_owned(),
        ),
        Slip::DigitCount => (
            "kurang atau lebih satu angka".to_owned(),
            "a digit is missing or too many".to_owned(),
        ),
    };
    let others = count.saturating_sub(1);
    let (more, more_en) = if others == 0 {
        (String::new(), String::new())
    } else {
        (
            format!(" Ada {others} kemungkinan lain."),
            format!(" There are {others} other possibilities."),
        )
    };
    (
        format!(
            "Jika {field} bukan {from} melainkan {to} ({how}), jumlahnya cocok. Lihat fotonya.{more}"
        ),
        format!(
            "If {field_en} is {to} and not {from} ({how_en}), the sums fit. Look at the photo.{more_en}"
        ),
    )
}

fn exchange_finding(
    sheet: &Sheet,
    figures: &Figures,
    broken: &[Broken<'_>],
    at: usize,
) -> Option<Irregularity> {
    let (one, other) = repair::exchange(sheet, figures, broken)?;
    let (a, b) = (figures.get(one)?, figures.get(other)?);
    let ids = vec![sheet.id(one), sheet.id(other)];
    let (first, first_en) = naming::field(&sheet.id(one));
    let (second, second_en) = naming::field(&sheet.id(other));
    let change = |column: usize, from: u32, to: u32| super::finding::Repair {
        field: sheet.id(column),
        from,
        to,
        place: None,
    };
    let option = [one, other].iter().any(|it| sheet.options.contains(it));
    let score = if option {
        REPAIR_SCORE
    } else {
        EXCHANGED_SUMS_SCORE
    };
    let evidence = Evidence::Repairs {
        repairs: vec![change(one, a, b), change(other, b, a)],
        repairs_all: true,
    };
    Some(
        Irregularity::of(at, Kind::Exchanged, evidence)
            .on(ids)
            .weighing(score, a.abs_diff(b))
            .saying(
                format!("Jika {first} ({a}) dan {second} ({b}) ditukar, jumlahnya cocok."),
                format!("If {first_en} ({a}) and {second_en} ({b}) change places, the sums fit."),
            ),
    )
}

fn blank_sum(sheet: &Sheet, at: usize, column: usize, votes: u32) -> Irregularity {
    let id = sheet.id(column);
    let (field, field_en) = naming::field(&id);
    Irregularity::of(
        at,
        Kind::BlankSum,
        Evidence::Sums {
            left: 0,
            right: votes,
        },
    )
    .on(vec![id])
    .weighing(BLANK_SCORE, votes)
    .saying(
        format!("Baris {field} nol atau kosong, padahal ada {votes} suara."),
        format!("The row {field_en} is zero or blank, though there are {votes} votes."),
    )
}

fn short(sum: u64) -> u32 {
    u32::try_from(sum).unwrap_or(u32::MAX)
}
