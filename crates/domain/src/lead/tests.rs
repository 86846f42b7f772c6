use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::form::{Rule, Severity, VotesLayout};

fn form() -> FormLayout {
    FormLayout {
        id: "c-hasil-contoh".into(),
        title: String::new(),
        also_called: String::new(),
        pages: vec![],
        fields: vec![],
        votes: VotesLayout {
            page: 2,
            digits: 3,
            page_per_option: false,
        },
        rules: vec![Rule {
            code: "W402".into(),
            severity: Severity::Warning,
            kind: RuleKind::AtMost,
            left: vec!["ballots_received".into()],
            right: vec!["dpt_total".into()],
            scale: 1.025,
            plus: 0,
            text: String::new(),
            text_en: None,
        }],
        sms_fields: vec![],
    }
}

fn pairs(count: u32) -> Vec<Choice> {
    (1..=count)
        .map(|number| Choice {
            number,
            name: String::new(),
            candidates: vec![],
        })
        .collect()
}

fn tally<const N: usize>(received: [u64; N]) -> Tally {
    Tally {
        received: (1..)
            .zip(received)
            .map(|(number, votes)| (format!("votes.{number}"), votes))
            .collect(),
        ..Tally::default()
    }
}

fn missing(tps: u64, roll: Option<u32>) -> Missing {
    let mut missing = Missing::default();
    missing.add(&form(), roll, tps);
    missing
}

#[test]
fn a_station_has_ballots_for_its_roll_and_the_reserve_rounded_up() {
    assert_eq!(ballots_at_most(&form(), Some(400)), 410);
    assert_eq!(ballots_at_most(&form(), Some(401)), 412);
    assert_eq!(
        missing(3, Some(401)),
        Missing {
            tps: 3,
            ballots: 1_236
        }
    );
}

#[test]
fn a_station_without_a_roll_may_have_whatever_fits_into_the_boxes() {
    assert_eq!(ballots_at_most(&form(), None), 999);
    let silent = FormLayout {
        rules: vec![],
        ..form()
    };
    assert_eq!(ballots_at_most(&silent, Some(400)), 999);
}

#[test]
fn a_lead_is_safe_when_all_that_is_missing_would_not_do() {
    let close = lead(&tally([1_410, 1_000]), &pairs(2), missing(1, Some(400))).unwrap();
    assert_eq!((close.lead_votes, close.missing_votes), (410, 410));
    assert_eq!((close.is_safe, close.needed_votes), (false, Some(410)));
    let safe = lead(&tally([1_411, 1_000]), &pairs(2), missing(1, Some(400))).unwrap();
    assert_eq!((safe.is_safe, safe.needed_votes), (true, None));
}

#[test]
fn it_says_how_many_of_the_missing_votes_the_rival_would_have_to_win() {
    let open = lead(&tally([1_100, 1_000]), &pairs(2), missing(1, Some(400))).unwrap();
    assert_eq!((open.leader, open.rival, open.missing_tps), (1, 2, 1));
    // 255 of 410 for the second: 1,255 to 1,255.
    assert_eq!(open.needed_votes, Some(255));
}

#[test]
fn contested_figures_count_against_the_leader() {
    let mut tally = tally([1_000, 900]);
    tally.verified = BTreeMap::from([("votes.1".to_owned(), 50)]);
    tally.contested = BTreeMap::from([
        ("votes.1".to_owned(), (5, 90)),
        ("votes.2".to_owned(), (10, 110)),
    ]);
    let lead = lead(&tally, &pairs(2), Missing::default()).unwrap();
    assert_eq!(lead.lead_votes, 1_055 - 1_010);
    assert!(lead.is_safe);
}

#[test]
fn contested_figures_can_hide_who_leads() {
    let mut tally = tally([1_000, 990]);
    tally.contested = BTreeMap::from([("votes.2".to_owned(), (5, 100))]);
    let lead = lead(&tally, &pairs(2), Missing::default()).unwrap();
    assert_eq!((lead.leader, lead.lead_votes), (1, -90));
    assert_eq!((lead.is_safe, lead.needed_votes), (false, Some(0)));
}

#[test]
fn the_rival_is_the_one_that_can_come_closest() {
    let mut tally = tally([1_000, 600, 590]);
    tally.contested = BTreeMap::from([("votes.3".to_owned(), (0, 50))]);
    let lead = lead(&tally, &pairs(3), Missing::default()).unwrap();
    assert_eq!((lead.rival, lead.lead_votes), (3, 360));
}

#[test]
fn without_votes_or_without_a_second_option_nobody_leads() {
    assert_eq!(lead(&tally([0, 0]), &pairs(2), missing(5, Some(300))), None);
    assert_eq!(lead(&tally([7]), &pairs(1), Missing::default()), None);
}

#[test]
fn equal_ones_are_not_ahead() {
    let level = lead(&tally([70, 70]), &pairs(2), Missing::default()).unwrap();
    assert_eq!(
        (level.leader, level.lead_votes, level.is_safe),
        (1, 0, false)
    );
}

proptest! {
    #[test]
    fn a_safe_lead_holds_against_any_way_the_missing_votes_can_fall(
        votes in prop::collection::vec(0_u64..500, 3),
        contested in prop::collection::vec((0_u64..100, 0_u64..100), 3),
        missing_ballots in 0_u64..300,
        falling in prop::collection::vec((0_u64..300, any::<bool>()), 3),
    ) {
        let mut tally = tally([votes[0], votes[1], votes[2]]);
        for (number, (low, more)) in (1..).zip(&contested) {
            tally.contested.insert(format!("votes.{number}"), (*low, low + more));
        }
        let missing = Missing { tps: 1, ballots: missing_ballots };
        let Some(lead) = lead(&tally, &pairs(3), missing) else { return Ok(()) };
        // Some end of the night: contested figures at one of their ends, and
        // no more than the missing ballots shared out.
        let mut left = missing_ballots;
        let mut end = BTreeMap::new();
        for (at, (share, is_high)) in falling.iter().enumerate() {
            let (low, more) = contested[at];
            let share = (*share).min(left);
            left -= share;
            let decided = if *is_high { low + more } else { low };
            end.insert(u32::try_from(at).unwrap() + 1, votes[at] + decided + share);
        }
        let own = end[&lead.leader];
        let others = end.iter().filter(|(option, _)| **option != lead.leader);
        let most = others.map(|(_, votes)| *votes).max().unwrap();
        prop_assert!(!lead.is_safe || own > most);
    }

    #[test]
    fn the_needed_votes_draw_level_and_one_fewer_does_not(
        votes in prop::collection::vec(0_u64..500, 2),
        missing_ballots in 0_u64..1_000,
    ) {
        let missing = Missing { tps: 1, ballots: missing_ballots };
        let Some(lead) = lead(&tally([votes[0], votes[1]]), &pairs(2), missing) else {
            return Ok(());
        };
        let Some(needed) = lead.needed_votes else { return Ok(()) };
        prop_assert!(needed <= missing_ballots);
        let ahead_with = |rival: u64| {
            lead.lead_votes + i64::try_from(missing_ballots - rival).unwrap()
                - i64::try_from(rival).unwrap()
        };
        prop_assert!(ahead_with(needed) <= 0);
        prop_assert!(needed == 0 || ahead_with(needed - 1) > 0);
    }
}
