use super::*;
use crate::contest::Candidate;
use crate::form::VotesLayout;

fn rule(code: &str, kind: RuleKind, left: &[&str], right: &[&str]) -> Rule {
    let owned = |terms: &[&str]| terms.iter().map(|term| (*term).to_owned()).collect();
    Rule {
        code: code.into(),
        severity: Severity::Error,
        kind,
        left: owned(left),
        right: owned(right),
        scale: 1.0,
        plus: 0,
        text: "cocok?".into(),
        text_en: None,
    }
}

fn layout(rules: Vec<Rule>) -> FormLayout {
    FormLayout {
        id: "f".into(),
        title: "F".into(),
        also_called: "C1".into(),
        pages: vec![],
        fields: vec![],
        votes: VotesLayout {
            page: 1,
            digits: 3,
            page_per_option: false,
        },
        rules,
        sms_fields: vec![],
    }
}

fn pairs() -> Vec<Choice> {
    (1..=2)
        .map(|number| Choice {
            number,
            name: format!("Paslon {number}"),
            candidates: vec![],
        })
        .collect()
}

fn counts(entries: &[(&str, u32)]) -> Counts {
    entries
        .iter()
        .map(|(id, value)| ((*id).to_owned(), *value))
        .collect()
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings
        .iter()
        .map(|finding| finding.code.as_str())
        .collect()
}

#[test]
fn a_sum_that_is_off_asks_and_shows_both_sides() {
    let layout = layout(vec![rule(
        "E301",
        RuleKind::Equal,
        &["votes.*"],
        &["valid"],
    )]);
    let found = check(
        &layout,
        &pairs(),
        &counts(&[("votes.1", 101), ("votes.2", 88), ("valid", 198)]),
        FormHead::default(),
    );
    assert_eq!(codes(&found), ["E301"]);
    assert_eq!((found[0].left, found[0].right), (189, 198));
    assert_eq!(found[0].fields, ["votes.1", "votes.2", "valid"]);
}

#[test]
fn a_rule_with_a_blank_field_is_silent() {
    let layout = layout(vec![rule(
        "E301",
        RuleKind::Equal,
        &["votes.*"],
        &["valid"],
    )]);
    assert!(
        check(
            &layout,
            &pairs(),
            &counts(&[("votes.1", 101), ("valid", 198)]),
            FormHead::default()
        )
        .is_empty()
    );
}

#[test]
fn ballots_received_may_reach_the_roll_and_its_reserve_but_not_more() {
    let mut reserve = rule("W201", RuleKind::AtMost, &["received"], &["dpt_total"]);
    reserve.scale = 1.025;
    let layout = layout(vec![reserve]);
    let found = |received| {
        check(
            &layout,
            &[],
            &counts(&[("received", received), ("dpt_total", 400)]),
            FormHead::default(),
        )
    };
    assert!(found(410).is_empty());
    assert_eq!(found(411)[0].right, 410);
}

#[test]
fn a_bound_without_a_right_side_is_its_allowance() {
    let mut size = rule("W101", RuleKind::AtMost, &["dpt_total"], &[]);
    size.plus = 600;
    let layout = layout(vec![size]);
    assert!(
        check(
            &layout,
            &[],
            &counts(&[("dpt_total", 600)]),
            FormHead::default()
        )
        .is_empty()
    );
    assert_eq!(
        codes(&check(
            &layout,
            &[],
            &counts(&[("dpt_total", 601)]),
            FormHead::default()
        )),
        ["W101"]
    );
}

#[test]
fn each_party_total_is_asked_about_on_its_own() {
    let party = |number| Choice {
        number,
        name: format!("Partai {number}"),
        candidates: vec![Candidate {
            number: 1,
            name: "Calon 1".into(),
        }],
    };
    let layout = layout(vec![rule(
        "E303",
        RuleKind::Equal,
        &["votes.{n}.*"],
        &["votes.{n}"],
    )]);
    let figures = counts(&[
        ("votes.1.party", 3),
        ("votes.1.1", 4),
        ("votes.1", 7),
        ("votes.2.party", 5),
        ("votes.2.1", 5),
        ("votes.2", 11),
    ]);
    let found = check(
        &layout,
        &[party(1), party(2)],
        &figures,
        FormHead::default(),
    );
    assert_eq!(codes(&found), ["E303:2"]);
    assert!(found[0].text.starts_with("Partai 2: "));
}

#[test]
fn another_stations_form_is_noticed_by_its_head() {
    let head = |read| FormHead {
        read,
        assigned: "003",
    };
    let layout = layout(vec![]);
    assert_eq!(
        codes(&check(&layout, &[], &Counts::new(), head(Some("004")))),
        [WRONG_TPS]
    );
    assert!(check(&layout, &[], &Counts::new(), head(Some("3"))).is_empty());
    assert!(check(&layout, &[], &Counts::new(), head(None)).is_empty());
}
