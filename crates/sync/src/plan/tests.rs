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
        position: 0,
        queued: 0,
    }
}

fn next(items: &[Item]) -> Step {
    plan(&Situation {
        items,
        is_pack_wanted: false,
        is_inbox_wanted: false,
        now: now(),
    })
}

fn names(step: &Step) -> Vec<&str> {
    match step {
        Step::Post(keys) => keys.iter().map(|key| key.id.as_str()).collect(),
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
    let lane = prop_oneof![Just(Lane::Revision), Just(Lane::Copy), Just(Lane::Original)];
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
