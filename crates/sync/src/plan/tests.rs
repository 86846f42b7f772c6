use proptest::prelude::*;

use super::*;

fn now() -> Timestamp {
    "2024-11-27T10:00:00.000Z".parse().unwrap()
}

fn item(lane: Lane, id: &str) -> Item {
    Item {
        key: ItemKey {
            lane,
            id: id.to_owned(),
        },
        size_bytes: 1_000,
        sent_bytes: 0,
        attempts: 0,
        restarts: 0,
        next_try_at: None,
        is_final: false,
        is_of_head: true,
        form: 0,
        position: 0,
        queued: 0,
    }
}

fn next(items: &[Item]) -> Step {
    plan(&Situation {
        items,
        photos_not_before: None,
        is_pack_wanted: false,
        is_inbox_wanted: false,
        now: now(),
    })
}

fn names(step: &Step) -> Vec<&str> {
    match step {
        Step::Post(keys) | Step::Carry(keys) => keys.iter().map(|key| key.id.as_str()).collect(),
        Step::Upload(item) => vec![&item.key.id],
        Step::AskPack | Step::AskInbox | Step::Rest { .. } => Vec::new(),
    }
}

#[test]
fn figures_go_before_photos_and_photos_page_by_page() {
    let page = |id: &str, position: u32| Item {
        position,
        ..item(Lane::Copy, id)
    };
    let mut items = vec![
        item(Lane::Original, "original"),
        page("page 2", 1),
        page("page 1", 0),
        item(Lane::Revision, "figures"),
    ];
    for expected in ["figures", "page 1", "page 2", "original"] {
        assert_eq!(names(&next(&items)), [expected]);
        items.retain(|item| item.key.id != expected);
    }
    assert_eq!(next(&items), Step::Rest { until: None });
}

#[test]
fn news_is_asked_for_after_the_figures_and_before_the_photos() {
    let photo = [item(Lane::Copy, "photo")];
    let situation = Situation {
        items: &photo,
        photos_not_before: None,
        is_pack_wanted: true,
        is_inbox_wanted: true,
        now: now(),
    };
    assert_eq!(plan(&situation), Step::AskPack);
    let situation = Situation {
        is_pack_wanted: false,
        ..situation
    };
    assert_eq!(plan(&situation), Step::AskInbox);
}

#[test]
fn photos_of_the_newest_revision_go_before_those_it_replaced() {
    let old = Item {
        is_of_head: false,
        queued: 1,
        ..item(Lane::Copy, "old")
    };
    let new = Item {
        queued: 2,
        position: 3,
        ..item(Lane::Copy, "new")
    };
    assert_eq!(names(&next(&[old, new])), ["new"]);
}

#[test]
fn the_newest_form_goes_first_and_whole() {
    let photo = |id: &str, form: i64, position: u32| Item {
        form,
        position,
        queued: i64::from(position),
        ..item(Lane::Copy, id)
    };
    let mut items = vec![
        photo("old 1", 1, 0),
        photo("old 2", 1, 1),
        photo("new 1", 2, 0),
        photo("new 2", 2, 1),
    ];
    for expected in ["new 1", "new 2", "old 1", "old 2"] {
        assert_eq!(names(&next(&items)), [expected]);
        items.retain(|item| item.key.id != expected);
    }
    let figures = |id: &str, form: i64| Item {
        form,
        queued: form,
        ..item(Lane::Revision, id)
    };
    let both = [figures("later", 2), figures("earlier", 1)];
    assert_eq!(names(&next(&both)), ["earlier", "later"]);
}

#[test]
fn what_is_carried_for_others_goes_after_ones_own_of_its_kind() {
    let mut items = vec![
        item(Lane::Original, "own original"),
        item(Lane::CarriedPhoto, "carried photo"),
        item(Lane::Copy, "own photo"),
        item(Lane::CarriedRevision, "carried figures"),
        item(Lane::Revision, "own figures"),
    ];
    for expected in [
        "own figures",
        "carried figures",
        "own photo",
        "carried photo",
        "own original",
    ] {
        assert_eq!(names(&next(&items)), [expected]);
        items.retain(|item| item.key.id != expected);
    }
}

#[test]
fn a_bundle_of_carried_figures_is_small_enough_for_a_thin_line() {
    let many: Vec<Item> = (0..50)
        .map(|number| Item {
            size_bytes: 3_000,
            ..item(Lane::CarriedRevision, &format!("{number:03}"))
        })
        .collect();
    let Step::Carry(keys) = next(&many) else {
        panic!("no bundle");
    };
    assert_eq!(keys.len(), 21);
}

#[test]
fn photos_wait_when_the_endpoint_asks_and_figures_never() {
    let later = back_off::after(now(), 60_000);
    let items = [item(Lane::Copy, "photo"), item(Lane::Original, "original")];
    let mut situation = Situation {
        items: &items,
        photos_not_before: Some(later),
        is_pack_wanted: false,
        is_inbox_wanted: false,
        now: now(),
    };
    assert_eq!(plan(&situation), Step::Rest { until: Some(later) });
    situation.now = later;
    assert_eq!(names(&plan(&situation)), ["photo"]);
    let figures = [item(Lane::Revision, "figures"), item(Lane::Copy, "photo")];
    let situation = Situation {
        items: &figures,
        now: now(),
        ..situation
    };
    assert_eq!(names(&plan(&situation)), ["figures"]);
}

#[test]
fn a_bad_item_lets_the_others_pass_and_is_tried_again_later() {
    let bad = Item {
        attempts: 3,
        next_try_at: Some(back_off::after(now(), 5_000)),
        ..item(Lane::Copy, "bad")
    };
    let good = Item {
        queued: 9,
        ..item(Lane::Copy, "good")
    };
    assert_eq!(names(&next(&[bad.clone(), good])), ["good"]);
    let until = bad.next_try_at;
    assert_eq!(next(&[bad]), Step::Rest { until });
}

#[test]
fn a_refused_item_waits_for_the_witness_and_blocks_nothing() {
    let refused = Item {
        is_final: true,
        ..item(Lane::Revision, "refused")
    };
    assert_eq!(
        next(std::slice::from_ref(&refused)),
        Step::Rest { until: None }
    );
    assert_eq!(
        names(&next(&[refused, item(Lane::Revision, "next")])),
        ["next"]
    );
}

#[test]
fn a_batch_has_at_most_fifty_envelopes_and_fits_a_mebibyte() {
    let many: Vec<Item> = (0..120)
        .map(|number| item(Lane::Revision, &format!("{number:03}")))
        .collect();
    assert_eq!(names(&next(&many)).len(), 50);
    let large: Vec<Item> = many
        .into_iter()
        .map(|item| Item {
            size_bytes: 300_000,
            ..item
        })
        .collect();
    assert_eq!(names(&next(&large)).len(), 3);
}

#[test]
fn an_envelope_on_which_the_endpoint_chokes_is_soon_alone() {
    let failed = |attempts: u32| -> usize {
        let items: Vec<Item> = (0..60)
            .map(|number| Item {
                attempts,
                ..item(Lane::Revision, &format!("{number:03}"))
            })
            .collect();
        names(&next(&items)).len()
    };
    assert_eq!([0, 1, 2, 3, 9, 40].map(failed), [50, 25, 12, 6, 1, 1]);
}

fn any_item() -> impl Strategy<Value = Item> {
    let lane = prop_oneof![
        Just(Lane::Revision),
        Just(Lane::CarriedRevision),
        Just(Lane::Copy),
        Just(Lane::CarriedPhoto),
        Just(Lane::Original),
    ];
    let waits = prop_oneof![Just(None), (-5_000_i64..5_000).prop_map(Some)];
    (
        lane,
        "[0-9a-f]{4}",
        0_u64..2_000_000,
        0_u32..20,
        waits,
        any::<(bool, bool)>(),
        0_u32..5,
    )
        .prop_map(
            |(lane, id, size_bytes, attempts, wait, (is_final, is_of_head), position)| Item {
                size_bytes,
                attempts,
                next_try_at: wait.map(|ms| Timestamp::from_unix_ms(now().unix_ms() + ms)),
                is_final,
                is_of_head,
                position,
                ..item(lane, &id)
            },
        )
}

proptest! {
    #[test]
    fn the_order_in_which_items_lie_does_not_matter(
        mut items in proptest::collection::vec(any_item(), 0..30),
        turn in 0_usize..30,
    ) {
        items.sort_by(|a, b| a.key.cmp(&b.key));
        items.dedup_by(|a, b| a.key == b.key);
        let first = next(&items);
        let by = turn.min(items.len());
        items.rotate_left(by);
        prop_assert_eq!(&first, &next(&items));
        items.reverse();
        prop_assert_eq!(&first, &next(&items));
    }

    #[test]
    fn rest_is_only_when_nothing_is_due(items in proptest::collection::vec(any_item(), 0..30)) {
        let is_due = |item: &Item| !item.is_final && back_off::is_due(item.next_try_at, now());
        let step = next(&items);
        prop_assert_eq!(matches!(step, Step::Rest { .. }), !items.iter().any(is_due));
        for name in names(&step) {
            prop_assert!(items.iter().any(|item| item.key.id == name && is_due(item)));
        }
    }
}
