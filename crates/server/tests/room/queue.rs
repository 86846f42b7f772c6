//! The queue: what is next, and for whom.

use axum::http::StatusCode;
use domain::SlotState;
use protocol::console::PreconditionFailed;
use protocol::queue::{QueueAnswer, QueueKind, RenewAnswer, Task};
use serde_json::json;

use crate::queue_room::{EVENING_MS, MINUTE_MS, claim, kinds, report, room, slots};
use crate::world::{ELECTION, TPS, TPS_2, counts, photo, slot_path};

const TPS_3: &str = "6472011001003";

#[tokio::test]
async fn of_operators_who_claim_at_once_each_gets_items_of_his_own() {
    let (world, _) = room().await;
    for (tps, shade) in [(TPS, 1), (TPS_2, 2), (TPS_3, 3)] {
        report(&world.enrol(tps, "Siti").await, tps, 1, [100, 50], shade).await;
    }
    let mut claims = tokio::task::JoinSet::new();
    for name in ["budi", "dewi"] {
        let console = world.sign_in(name).await;
        claims.spawn(async move { slots(&claim(&console, json!({"hold": 2})).await) });
    }
    let mut all = claims.join_all().await.concat();
    all.sort_unstable();
    assert_eq!(all, [TPS, TPS_2, TPS_3], "none twice, none left");
    let budi = world.sign_in("budi").await;
    let before = slots(&claim(&budi, json!({"hold": 1})).await);
    let again = slots(&claim(&budi, json!({"hold": 1})).await);
    assert_eq!(before, again, "asking again gives the same");
    let room: QueueAnswer = budi.get("/v1/queue").await.json(StatusCode::OK);
    assert_eq!(room.waiting.len(), 1);
    assert_eq!(
        (room.waiting[0].kind, room.waiting[0].items),
        (QueueKind::First, 3)
    );
    assert_eq!(room.held.len(), 3, "everybody sees who holds what");
}

#[tokio::test]
async fn what_somebody_holds_and_knows_is_told_again_only_when_it_has_changed() {
    let (world, _) = room().await;
    let siti = world.enrol(TPS, "Siti").await;
    report(&siti, TPS, 1, [100, 50], 1).await;
    report(&world.enrol(TPS_2, "Tono").await, TPS_2, 1, [90, 40], 2).await;
    let budi = world.sign_in("budi").await;
    let all = claim(&budi, json!({"hold": 2})).await;
    let known: Vec<_> = all
        .items
        .iter()
        .map(|item| json!({"slot": item.slot, "tag": item.tag}))
        .collect();
    let asked = json!({"hold": 2, "known": known});
    let again = claim(&budi, asked.clone()).await;
    assert_eq!((again.held, again.items), (all.held.clone(), vec![]));
    report(&siti, TPS, 2, [105, 50], 3).await;
    let later = claim(&budi, asked).await;
    assert_eq!(later.held, all.held);
    assert_eq!(slots(&later), [TPS], "hers has changed");
    let Task::Look { detail, .. } = &later.items[0].task else {
        panic!("{later:?}")
    };
    assert_eq!(detail.figures["votes.1"], 105);
    let many: Vec<_> = [0; 5].map(|_| known[0].clone()).into();
    let many = json!({"hold": 2, "known": many});
    let refused = budi.post("/v1/queue/claim", &many).await;
    assert_eq!(refused.problem(), (400, "request_invalid".to_owned()));
}

#[tokio::test]
async fn a_claim_lapses_unless_it_is_renewed() {
    let (world, clock) = room().await;
    report(&world.enrol(TPS, "Siti").await, TPS, 1, [100, 50], 1).await;
    let (budi, dewi) = (world.sign_in("budi").await, world.sign_in("dewi").await);
    assert_eq!(slots(&claim(&budi, json!({"hold": 1})).await), [TPS]);
    let renew = json!({"on_screen": format!("{ELECTION}/{TPS}/gub")});
    for minute in [2, 4] {
        clock.set(EVENING_MS + minute * MINUTE_MS);
        let held: RenewAnswer = budi
            .post("/v1/queue/renew", &renew)
            .await
            .json(StatusCode::OK);
        assert_eq!(held.held.len(), 1);
        assert!(slots(&claim(&dewi, json!({"hold": 1})).await).is_empty());
    }
    clock.set(EVENING_MS + 8 * MINUTE_MS);
    assert_eq!(slots(&claim(&dewi, json!({"hold": 1})).await), [TPS]);
    let held: RenewAnswer = budi
        .post("/v1/queue/renew", &renew)
        .await
        .json(StatusCode::OK);
    assert!(held.held.is_empty(), "somebody else has it");
    let seen = dewi.slot(TPS, "gub").await;
    let figures = json!({"kind": "verify", "chosen": seen.heads[0].rev_id});
    let late = budi.rule(&seen, figures).await;
    assert_eq!(late.problem(), (403, "not_allowed".to_owned()));
}

#[tokio::test]
async fn what_is_given_up_goes_to_others_and_what_is_skipped_comes_back_after_a_change() {
    let (world, _) = room().await;
    let siti = world.enrol(TPS, "Siti").await;
    report(&siti, TPS, 1, [100, 50], 1).await;
    let (budi, dewi) = (world.sign_in("budi").await, world.sign_in("dewi").await);
    claim(&budi, json!({"hold": 1})).await;
    let release = budi.post("/v1/queue/release", &json!({})).await;
    assert_eq!(release.status, StatusCode::NO_CONTENT);
    assert_eq!(slots(&claim(&dewi, json!({"hold": 1})).await), [TPS]);
    let skip = json!({"slots": [format!("{ELECTION}/{TPS}/gub")], "is_skipped": true});
    dewi.post("/v1/queue/release", &skip).await;
    assert!(slots(&claim(&dewi, json!({"hold": 1})).await).is_empty());
    assert_eq!(slots(&claim(&budi, json!({"hold": 1})).await), [TPS]);
    budi.post("/v1/queue/release", &json!({})).await;
    report(&siti, TPS, 2, [101, 50], 2).await;
    assert_eq!(slots(&claim(&dewi, json!({"hold": 1})).await), [TPS]);
}

#[tokio::test]
async fn what_matters_comes_first_and_a_conflict_is_for_coordinators() {
    let (world, clock) = room().await;
    report(&world.enrol(TPS_2, "Umar").await, TPS_2, 1, [10, 50], 1).await;
    let odd = world.enrol(TPS_3, "Ani").await;
    let (bytes, reference) = photo(2);
    let mut revision = odd.revision(TPS_3, 1, [30, 20]);
    revision.counts.insert("valid".to_owned(), 60);
    revision.photos.push(reference.clone());
    odd.send(&revision).await;
    odd.upload(&reference.sha256, &bytes).await;
    clock.set(EVENING_MS + MINUTE_MS);
    let (siti, ucok) = (
        world.enrol(TPS, "Siti").await,
        world.enrol(TPS, "Ucok").await,
    );
    siti.report(TPS, 1, [100, 50]).await;
    ucok.report(TPS, 1, [900, 50]).await;
    let rani = world.sign_in("rani").await;
    let claimed = claim(&rani, json!({"hold": 4})).await;
    assert_eq!(slots(&claimed), [TPS, TPS_3, TPS_2]);
    let in_order = [QueueKind::Conflict, QueueKind::Finding, QueueKind::First];
    assert_eq!(kinds(&claimed), in_order.map(Some));
    rani.post("/v1/queue/release", &json!({})).await;
    let budi = world.sign_in("budi").await;
    assert_eq!(
        slots(&claim(&budi, json!({"hold": 4})).await),
        [TPS_3, TPS_2]
    );
    let conflicts = json!({"hold": 1, "kinds": ["conflict"]});
    let answer = budi.post("/v1/queue/claim", &conflicts).await;
    assert_eq!(answer.problem(), (403, "not_allowed".to_owned()));
    let firsts = claim(&rani, json!({"hold": 4, "kinds": ["conflict", "first"]})).await;
    assert_eq!(slots(&firsts), [TPS], "the first one is in other hands");
}

#[tokio::test]
async fn a_form_waits_for_its_photo_and_a_returned_one_for_its_witness() {
    let (world, _) = room().await;
    let siti = world.enrol(TPS, "Siti").await;
    let (bytes, reference) = photo(1);
    let mut revision = siti.revision(TPS, 1, [100, 50]);
    revision.photos.push(reference.clone());
    siti.send(&revision).await;
    let budi = world.sign_in("budi").await;
    assert!(claim(&budi, json!({"hold": 1})).await.items.is_empty());
    siti.upload(&reference.sha256, &bytes).await;
    assert_eq!(slots(&claim(&budi, json!({"hold": 1})).await), [TPS]);
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    let back = json!({"kind": "return", "reason": "Foto buram."});
    assert_eq!(rani.rule(&seen, back).await.status, StatusCode::CREATED);
    assert!(claim(&budi, json!({"hold": 1})).await.items.is_empty());
    report(&siti, TPS, 2, [100, 50], 2).await;
    assert_eq!(slots(&claim(&budi, json!({"hold": 1})).await), [TPS]);
}

#[tokio::test]
async fn an_operator_confirms_what_he_looks_at_and_nothing_else() {
    let (world, _) = room().await;
    let siti = world.enrol(TPS, "Siti").await;
    let head = report(&siti, TPS, 1, [100, 50], 1).await;
    let budi = world.sign_in("budi").await;
    let confirm = json!({"kind": "verify", "chosen": head});
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    let unclaimed = budi.rule(&seen, confirm.clone()).await;
    assert_eq!(unclaimed.problem(), (403, "not_allowed".to_owned()));
    for path in [&slot_path(TPS, "gub"), "/v1/slots", "/v1/refused"] {
        let answer = budi.get(path).await;
        assert_eq!(answer.problem(), (403, "not_allowed".to_owned()), "{path}");
    }
    let totals = format!("/v1/rollup?election={ELECTION}&contest=gub&region={TPS}");
    assert_eq!(budi.get(&totals).await.status, StatusCode::FORBIDDEN);
    let claimed = claim(&budi, json!({"hold": 1})).await;
    let Task::Look { detail, .. } = &claimed.items[0].task else {
        panic!("figures stand beside the photo");
    };
    assert_eq!(**detail, budi.slot(TPS, "gub").await);
    let refused = [
        json!({"kind": "verify", "counts": counts([100, 51])}),
        json!({"kind": "return", "reason": "buram"}),
    ];
    for ruling in refused {
        let answer = budi.rule(detail, ruling).await;
        assert_eq!(answer.problem(), (403, "not_allowed".to_owned()));
    }
    let answer = budi.rule(detail, confirm).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    let slot = rani.slot(TPS, "gub").await;
    assert_eq!((slot.state, slot.decisions.len()), (SlotState::Verified, 1));
    assert_eq!(slot.decisions[0].by, "budi");
    let room: QueueAnswer = rani.get("/v1/queue").await.json(StatusCode::OK);
    assert!(room.held.is_empty(), "a claim dies with the decision");
}

#[tokio::test]
async fn a_form_that_changes_while_it_is_looked_at_is_not_confirmed_unseen() {
    let (world, _) = room().await;
    let siti = world.enrol(TPS, "Siti").await;
    let head = report(&siti, TPS, 1, [100, 50], 1).await;
    let budi = world.sign_in("budi").await;
    let claimed = claim(&budi, json!({"hold": 1})).await;
    let Task::Look { detail, .. } = &claimed.items[0].task else {
        panic!("figures stand beside the photo");
    };
    let ucok = world.enrol(TPS, "Ucok").await;
    report(&ucok, TPS, 1, [900, 50], 2).await;
    let confirm = json!({"kind": "verify", "chosen": head});
    let answer = budi.rule(detail, confirm.clone()).await;
    let failed: PreconditionFailed = answer.json(StatusCode::PRECONDITION_FAILED);
    assert_eq!(failed.present.state, SlotState::Conflict);
    let answer = budi.rule(&failed.present, confirm).await;
    assert_eq!(answer.problem(), (403, "not_allowed".to_owned()));
    assert!(claim(&budi, json!({"hold": 1})).await.items.is_empty());
    let rani = world.sign_in("rani").await;
    let conflict = claim(&rani, json!({"hold": 1})).await;
    assert_eq!(kinds(&conflict), [Some(QueueKind::Conflict)]);
}

#[tokio::test]
async fn a_photo_that_is_another_forms_too_counts_as_a_finding() {
    let (world, clock) = room().await;
    report(&world.enrol(TPS, "Siti").await, TPS, 1, [100, 50], 1).await;
    clock.set(EVENING_MS + MINUTE_MS);
    report(&world.enrol(TPS_2, "Umar").await, TPS_2, 1, [10, 50], 2).await;
    let budi = world.sign_in("budi").await;
    assert_eq!(slots(&claim(&budi, json!({"hold": 2})).await), [TPS, TPS_2]);
    budi.post("/v1/queue/release", &json!({})).await;
    sqlx::query("UPDATE slots SET same_photos = 1 WHERE tps = $1")
        .bind(TPS_2.to_owned())
        .execute(world.app.storage.reading())
        .await
        .unwrap();
    let claimed = claim(&budi, json!({"hold": 2})).await;
    assert_eq!(slots(&claimed), [TPS_2, TPS]);
    assert_eq!(kinds(&claimed)[0], Some(QueueKind::Finding));
}
