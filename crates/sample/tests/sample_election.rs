//! What the sample election promises to the demo, the server and the tests.
#![expect(
    clippy::unwrap_used,
    reason = "what does not hold ends the test, in its helpers too"
)]

use std::collections::BTreeSet;

use domain::rules::{self, FormHead};
use domain::{Contest, FormLayout, Level};
use protocol::pack::Roll;

const FORMS: [&str; 3] = [sample::KWK_FORM, sample::PPWP_FORM, sample::DPR_FORM];

fn layout(id: &str) -> FormLayout {
    sample::layout(id).unwrap().unwrap()
}

fn contest_on(form: &str) -> Contest {
    match form {
        sample::PPWP_FORM => sample::ppwp(),
        sample::DPR_FORM => sample::dpr(),
        _ => sample::kaltim().unwrap().contests.remove(0).contest,
    }
}

#[test]
fn all_of_east_kalimantan_is_there() {
    let kaltim = sample::kaltim().unwrap();
    let at = |level: Level| {
        let regions = kaltim.regions.iter();
        regions.filter(|region| region.level == level).count()
    };
    assert_eq!(kaltim.tps.len(), 11_441);
    assert_eq!(
        [
            at(Level::Province),
            at(Level::Regency),
            at(Level::District),
            at(Level::Village)
        ],
        [1, 10, 105, 1_038]
    );
    assert!(kaltim.tps.is_sorted_by(|a, b| a.code < b.code));
    assert!(kaltim.regions.is_sorted_by(|a, b| a.code < b.code));
    let known: BTreeSet<_> = kaltim.regions.iter().map(|region| &region.code).collect();
    for tps in &kaltim.tps {
        assert!(known.contains(&tps.code.region().parent().unwrap()));
    }
}

#[test]
fn a_polling_station_knows_its_place_and_its_two_contests() {
    let kaltim = sample::kaltim().unwrap();
    let samarinda = "6472011001001".parse().unwrap();
    let place = kaltim.place(&samarinda);
    assert_eq!(place.len(), 4);
    assert_eq!(place[..2], ["Kalimantan Timur", "Kota Samarinda"]);
    let ids = |code: &str| -> Vec<String> {
        let contests = kaltim.contests_at(&code.parse().unwrap());
        contests
            .into_iter()
            .map(|contest| contest.id.clone())
            .collect()
    };
    assert_eq!(ids("6472011001001"), ["gub", "wako"]);
    assert_eq!(ids("6401012012001"), ["gub", "bup"]);
    let mayor = kaltim.contest_at(&samarinda, "wako").unwrap();
    assert_eq!(mayor.options[1].name, "Kolom kosong");
    for tps in &kaltim.tps {
        assert_eq!(kaltim.contests_at(&tps.code).len(), 2, "{}", tps.code);
    }
}

#[test]
fn the_rolls_look_like_a_general_elections() {
    let kaltim = sample::kaltim().unwrap();
    let total = |roll: Roll| roll.male + roll.female;
    let voters: u32 = kaltim.tps.iter().map(|tps| total(tps.roll)).sum();
    let men: u32 = kaltim.tps.iter().map(|tps| tps.roll.male).sum();
    let mean = voters / 11_441;
    assert!((235..=260).contains(&mean), "{mean} voters a station");
    assert!((50..=53).contains(&(men * 100 / voters)));
    for tps in &kaltim.tps {
        assert!((90..=300).contains(&total(tps.roll)), "{}", tps.code);
    }
}

#[test]
fn every_rule_of_every_form_speaks_of_fields_the_form_has_in_both_languages() {
    for form in FORMS.map(layout) {
        let ids: BTreeSet<_> = form.fields.iter().map(|field| field.id.as_str()).collect();
        assert_eq!(ids.len(), form.fields.len(), "{}: ids are unique", form.id);
        let codes: BTreeSet<_> = form.rules.iter().map(|rule| &rule.code).collect();
        assert_eq!(codes.len(), form.rules.len(), "{}: codes too", form.id);
        for rule in &form.rules {
            for term in rule.left.iter().chain(&rule.right) {
                assert!(
                    term.starts_with("votes.") || ids.contains(term.as_str()),
                    "{} {}: {term}",
                    form.id,
                    rule.code
                );
            }
            assert!(rule.text.contains('?'), "{} asks", rule.code);
            let english = rule.text_en.as_deref().unwrap_or_default();
            assert!(english.contains('?'), "{} asks in English", rule.code);
        }
        let pages: BTreeSet<_> = form.pages.iter().map(|page| page.number).collect();
        assert!(form.fields.iter().all(|field| pages.contains(&field.page)));
        assert!(pages.contains(&form.votes.page));
    }
}

#[test]
fn pages_carry_the_tags_of_the_official_forms() {
    let tags =
        |id: &str| -> Vec<Option<u32>> { layout(id).pages.iter().map(|page| page.tag).collect() };
    assert_eq!(tags(sample::PPWP_FORM), [Some(101), Some(102), Some(103)]);
    assert_eq!(
        tags(sample::DPR_FORM),
        (201..=220).map(Some).collect::<Vec<_>>()
    );
    assert_eq!(tags(sample::KWK_FORM), [None, None]);
    let dpr = layout(sample::DPR_FORM);
    let parties = sample::dpr().options;
    assert_eq!(dpr.page_of_option(1, &parties), 2);
    assert_eq!(dpr.page_of_option(18, &parties), 19);
}

#[test]
fn a_made_up_result_fills_the_whole_form_and_raises_no_finding() {
    for id in FORMS {
        let (form, contest) = (layout(id), contest_on(id));
        let mut wanted: BTreeSet<String> =
            form.fields.iter().map(|field| field.id.clone()).collect();
        wanted.extend(contest.options.iter().flat_map(|choice| choice.count_ids()));
        for seed in 0..300 {
            let voters = 45 + u32::try_from(seed).unwrap() % 106;
            let roll = Roll {
                male: voters,
                female: 150,
            };
            let counts = sample::counts(&form, &contest, roll, seed);
            assert_eq!(
                counts.keys().cloned().collect::<BTreeSet<_>>(),
                wanted,
                "{id}"
            );
            form.admits(&counts, &contest.options).unwrap();
            let found = rules::check(&form, &contest.options, &counts, FormHead::default());
            assert!(found.is_empty(), "{id} seed {seed}: {found:?}");
        }
    }
}

#[test]
fn the_truth_of_every_slot_is_sound_and_always_the_same() {
    let kaltim = sample::kaltim().unwrap();
    for tps in kaltim.tps.iter().step_by(7) {
        for contest in kaltim.contests_at(&tps.code) {
            let counts = kaltim.truth(&tps.code, &contest.id).unwrap();
            let form = kaltim.form(&contest.form).unwrap();
            let found = rules::check(form, &contest.options, &counts, FormHead::default());
            assert!(found.is_empty(), "{} {}: {found:?}", tps.code, contest.id);
            assert_eq!(kaltim.truth(&tps.code, &contest.id), Some(counts));
        }
    }
    assert_eq!(kaltim.truth(&"6472011001001".parse().unwrap(), "bup"), None);
}

#[test]
fn a_figure_that_is_a_hundred_off_asks_whatever_its_field() {
    let form = layout(sample::KWK_FORM);
    let contest = contest_on(sample::KWK_FORM);
    let roll = Roll {
        male: 128,
        female: 120,
    };
    let truth = sample::counts(&form, &contest, roll, 5);
    for field in truth.keys() {
        let mut counts = truth.clone();
        *counts.get_mut(field).unwrap() += 100;
        let found = rules::check(&form, &contest.options, &counts, FormHead::default());
        assert!(!found.is_empty(), "{field} is off by a hundred");
    }
}
