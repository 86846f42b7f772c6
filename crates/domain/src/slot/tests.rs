use proptest::prelude::*;

use super::*;

fn rev(device: &str, seq: u64, votes: &[(&str, u32)]) -> SlotRevision {
    let counts: Counts = votes
        .iter()
        .map(|(id, value)| ((*id).to_owned(), *value))
        .collect();
    SlotRevision {
        rev_id: format!("{device}-{seq}-{counts:?}"),
        device: device.into(),
        seq,
        counts,
        photos: BTreeSet::new(),
        channel: Channel::App,
    }
}

fn ruling(number: u32, kind: RulingKind, considered: &[&SlotRevision]) -> Ruling {
    Ruling {
        number,
        kind,
        counts: considered
            .first()
            .map(|head| head.counts.clone())
            .unwrap_or_default(),
        device: None,
        considered: considered.iter().map(|head| head.rev_id.clone()).collect(),
    }
}

#[test]
fn nothing_one_and_two_that_agree() {
    let siti = rev("siti", 1, &[("votes.1", 101), ("votes.2", 88)]);
    let budi = rev("budi", 1, &[("votes.1", 101), ("invalid", 6)]);
    assert_eq!(view(&[], &[]).state, SlotState::Empty);
    assert_eq!(
        view(std::slice::from_ref(&siti), &[]).state,
        SlotState::Single
    );
    let both = view(&[siti, budi], &[]);
    assert_eq!(both.state, SlotState::Agreed);
    assert_eq!(both.figures.len(), 3, "the union of both");
}

#[test]
fn two_that_share_no_figure_are_still_single() {
    let both = view(
        &[
            rev("siti", 1, &[("votes.1", 101)]),
            rev("budi", 1, &[("invalid", 6)]),
        ],
        &[],
    );
    assert_eq!(both.state, SlotState::Single);
}

#[test]
fn the_second_writer_does_not_win() {
    let both = view(
        &[
            rev("siti", 1, &[("votes.1", 105)]),
            rev("budi", 1, &[("votes.1", 905)]),
        ],
        &[],
    );
    assert_eq!(both.state, SlotState::Conflict);
    assert!(both.figures.is_empty());
    assert_eq!(both.contested["votes.1"], (105, 905));
}

#[test]
fn a_correction_settles_the_conflict_but_leaves_its_mark_until_somebody_rules() {
    let first = rev("siti", 1, &[("votes.1", 905)]);
    let corrected = rev("siti", 2, &[("votes.1", 105)]);
    let budi = rev("budi", 1, &[("votes.1", 105)]);
    let revisions = [first, corrected.clone(), budi.clone()];
    let settled = view(&revisions, &[]);
    assert_eq!(settled.state, SlotState::Agreed);
    assert!(settled.marks.contains(&Mark::EverConflicted));
    let ruled = view(
        &revisions,
        &[ruling(1, RulingKind::Verify, &[&corrected, &budi])],
    );
    assert_eq!(ruled.state, SlotState::Verified);
    assert!(!ruled.marks.contains(&Mark::EverConflicted));
}

#[test]
fn a_fork_is_a_conflict_even_when_later_revisions_follow() {
    let one = rev("siti", 1, &[("votes.1", 1)]);
    let other = rev("siti", 1, &[("votes.1", 2)]);
    let later = rev("siti", 2, &[("votes.1", 2)]);
    let forked = view(&[one, other, later.clone()], &[]);
    assert_eq!(forked.state, SlotState::Conflict);
    assert!(forked.marks.contains(&Mark::Fork));
    assert_eq!(forked.heads, std::slice::from_ref(&later.rev_id));
}

#[test]
fn what_arrives_after_the_ruling_and_differs_makes_it_stale_but_the_ruled_figure_stays() {
    let siti = rev("siti", 1, &[("votes.1", 101)]);
    let verify = ruling(1, RulingKind::Verify, &[&siti]);
    let same = rev("budi", 1, &[("votes.1", 101)]);
    assert_eq!(
        view(&[siti.clone(), same], std::slice::from_ref(&verify)).state,
        SlotState::Verified
    );
    let other = rev("budi", 1, &[("votes.1", 102)]);
    let stale = view(&[siti, other], &[verify]);
    assert_eq!(stale.state, SlotState::Stale);
    assert_eq!(stale.figures["votes.1"], 101);
}

#[test]
fn a_return_a_reopen_and_a_quarantine() {
    let siti = rev("siti", 1, &[("votes.1", 101)]);
    let fake = rev("fake", 1, &[("votes.1", 900)]);
    let revisions = [siti.clone(), fake];
    let verify = ruling(1, RulingKind::Verify, &[&siti]);
    let back = ruling(2, RulingKind::Return, &[&siti]);
    let returned = view(std::slice::from_ref(&siti), &[verify.clone(), back]);
    assert_eq!(returned.state, SlotState::Single);
    assert!(returned.marks.contains(&Mark::Returned));
    let mut quarantine = ruling(2, RulingKind::Quarantine, &[]);
    quarantine.device = Some("fake".into());
    let kept_out = view(&revisions, &[verify.clone(), quarantine.clone()]);
    assert_eq!(
        kept_out.state,
        SlotState::Verified,
        "a quarantine does not take back the ruling on figures"
    );
    assert_eq!(kept_out.heads, std::slice::from_ref(&siti.rev_id));
    let reopened = view(
        &revisions,
        &[verify, quarantine, ruling(3, RulingKind::Reopen, &[])],
    );
    assert_eq!(reopened.state, SlotState::Conflict);
    assert!(reopened.quarantined.is_empty());
}

#[test]
fn photos_that_differ_under_equal_figures_are_marked() {
    let mut siti = rev("siti", 1, &[("votes.1", 101)]);
    let mut budi = rev("budi", 1, &[("votes.1", 101)]);
    siti.photos.insert("a".into());
    budi.photos.insert("b".into());
    assert!(view(&[siti, budi], &[]).marks.contains(&Mark::PhotosDiffer));
}

fn sms(device: &str, seq: u64, votes: &[(&str, u32)]) -> SlotRevision {
    let said = rev(device, seq, votes);
    SlotRevision {
        rev_id: format!("sms-{}", said.rev_id),
        channel: Channel::Sms,
        ..said
    }
}

#[test]
fn an_sms_counts_until_the_revision_it_previewed_takes_its_place() {
    let text = sms("siti", 1, &[("votes.1", 101)]);
    let signed = rev("siti", 1, &[("votes.1", 101), ("invalid", 6)]);
    let alone = view(std::slice::from_ref(&text), &[]);
    assert_eq!(alone.state, SlotState::Single);
    assert_eq!(alone.figures["votes.1"], 101);
    let both = view(&[text, signed.clone()], &[]);
    assert_eq!(both.state, SlotState::Single, "no fork");
    assert!(both.marks.is_empty());
    assert_eq!(both.heads, [signed.rev_id]);
}

#[test]
fn an_sms_that_says_something_else_than_the_revision_of_its_number_is_a_fork() {
    let text = sms("siti", 1, &[("votes.1", 905)]);
    let signed = rev("siti", 1, &[("votes.1", 105)]);
    let both = view(&[text, signed], &[]);
    assert_eq!(both.state, SlotState::Conflict);
    assert!(both.marks.contains(&Mark::Fork));
    let two_texts = [
        sms("siti", 1, &[("votes.1", 905)]),
        sms("siti", 1, &[("votes.1", 105)]),
    ];
    assert!(view(&two_texts, &[]).marks.contains(&Mark::Fork));
}

#[test]
fn who_ruled_on_an_sms_has_ruled_on_the_revision_in_its_place() {
    let text = sms("siti", 1, &[("votes.1", 101)]);
    let mut ruled = ruling(1, RulingKind::Verify, &[&text]);
    // Decided otherwise than the witness said, after a look at the paper.
    ruled.counts = [("votes.1".to_owned(), 111)].into();
    let signed = rev("siti", 1, &[("votes.1", 101), ("invalid", 6)]);
    let view_of = |revisions: &[SlotRevision]| view(revisions, std::slice::from_ref(&ruled)).state;
    assert_eq!(
        view_of(&[text.clone(), signed.clone()]),
        SlotState::Verified
    );
    let forked = rev("siti", 1, &[("votes.1", 101), ("invalid", 9)]);
    assert_eq!(view_of(&[text, signed, forked]), SlotState::Stale);
}

fn events() -> impl Strategy<Value = (Vec<SlotRevision>, Vec<Ruling>)> {
    let revision =
        ("[abc]", 1_u64..4, 0_u32..3, any::<bool>()).prop_map(|(device, seq, votes, is_sms)| {
            let make = if is_sms { sms } else { rev };
            make(&device, seq, &[("votes.1", votes)])
        });
    proptest::collection::vec(revision, 0..6).prop_flat_map(|revisions| {
        let considered = proptest::sample::subsequence(revisions.clone(), 0..=revisions.len());
        let kind = prop_oneof![
            Just(RulingKind::Verify),
            Just(RulingKind::Return),
            Just(RulingKind::Quarantine),
            Just(RulingKind::Reopen)
        ];
        let rulings = proptest::collection::vec((kind, considered), 0..4).prop_map(|drawn| {
            drawn
                .into_iter()
                .zip(1..)
                .map(|((kind, considered), number)| {
                    let mut made = ruling(number, kind, &considered.iter().collect::<Vec<_>>());
                    made.device = considered.first().map(|rev| rev.device.clone());
                    made
                })
                .collect::<Vec<_>>()
        });
        (Just(revisions), rulings)
    })
}

proptest! {
    #[test]
    fn order_and_duplicates_do_not_matter((revisions, rulings) in events(), seed in any::<u64>()) {
        let expected = view(&revisions, &rulings);
        let mut shuffled: Vec<_> = revisions.iter().chain(&revisions).cloned().collect();
        let mut rulings_twice: Vec<_> = rulings.iter().chain(&rulings).cloned().collect();
        let turn = |len: usize| usize::try_from(seed % 97).unwrap() % len.max(1);
        let (a, b) = (turn(shuffled.len()), turn(rulings_twice.len()));
        shuffled.rotate_left(a);
        shuffled.reverse();
        rulings_twice.rotate_left(b);
        prop_assert_eq!(view(&shuffled, &rulings_twice), expected);
    }

    /// The mark's definition, pair by pair, as the protocol tells it.
    #[test]
    fn grouping_revisions_does_not_change_what_was_in_conflict((revisions, rulings) in events()) {
        let all: BTreeMap<&str, &SlotRevision> =
            revisions.iter().map(|rev| (rev.rev_id.as_str(), rev)).collect();
        let numbered: BTreeMap<u32, &Ruling> =
            rulings.iter().map(|ruling| (ruling.number, ruling)).collect();
        let in_force = rulings_in_force(&numbered);
        let counted: Vec<&SlotRevision> = all.values().copied().collect();
        let saw = |ruling: &Ruling, rev: &SlotRevision| {
            ruling.considered.iter().filter_map(|id| all.get(id.as_str())).any(|head| {
                head.rev_id == rev.rev_id || (head.device == rev.device && head.seq > rev.seq)
            })
        };
        let is_acknowledged = |a: &SlotRevision, b: &SlotRevision| {
            in_force
                .iter()
                .filter(|ruling| ruling.kind == RulingKind::Verify)
                .any(|ruling| saw(ruling, a) && saw(ruling, b))
        };
        let expected = pairs(&counted).any(|(a, b)| {
            let at_odds = if a.device == b.device {
                a.seq == b.seq
            } else {
                counts::differ(&a.counts, &b.counts)
            };
            at_odds && !is_acknowledged(a, b)
        });
        prop_assert_eq!(ever_conflicted(&counted, &all, &in_force), expected);
    }
}
