//! Reading blind: agreement, differences and who was right, and the settings.

use axum::http::StatusCode;
use domain::SlotState;
use protocol::queue::{
    PeopleAnswer, PersonFigures, QueueKind, QueueMode, QueueSettings, ReadingOutcome, Task,
};
use serde_json::json;
use server::operations::verify_log::{Broken, verify};

use crate::queue_room::{
    EVENING_MS, MINUTE_MS, claim, kinds, outcome, read, report, room, set, slots,
};
use crate::world::{Console, ELECTION, ELSEWHERE, TPS, TPS_2, counts, slot_path};

/// The figures of one person, as a coordinator sees them.
async fn figures_of(coordinator: &Console, user: &str) -> PersonFigures {
    let answer: PeopleAnswer = coordinator
        .get("/v1/queue/people")
        .await
        .json(StatusCode::OK);
    let mut people = answer.people.into_iter();
    people.find(|person| person.user == user).unwrap()
}

#[tokio::test]
async fn who_reads_blind_is_told_nobodys_figures_and_agreement_verifies() {
    let (world, clock) = room().await;
    set(&world, "blind", 0).await;
    let siti = world.enrol(TPS, "Siti").await;
    report(&siti, TPS, 1, [471, 213], 1).await;
    let budi = world.sign_in("budi").await;
    let answer = budi.post("/v1/queue/claim", &json!({"hold": 1})).await;
    let text = answer.text();
    for told in [":471", ":213", "counts", "Siti", "findings", "decisions"] {
        assert!(!text.contains(told), "{told}: {text}");
    }
    let claimed = claim(&budi, json!({"hold": 1})).await;
    let Task::Blind { sheet } = &claimed.items[0].task else {
        panic!("photos only");
    };
    assert_eq!(sheet.photos.len(), 1);
    let elsewhere = budi.get(&slot_path(TPS, "gub")).await;
    assert_eq!(elsewhere.problem(), (403, "not_allowed".to_owned()));
    let renew = json!({"on_screen": format!("{ELECTION}/{TPS}/gub")});
    budi.post("/v1/queue/renew", &renew).await;
    clock.set(EVENING_MS + MINUTE_MS);
    assert_eq!(
        outcome(&read(&budi, TPS, [471, 213]).await),
        ReadingOutcome::Verified
    );

    let rani = world.sign_in("rani").await;
    let slot = rani.slot(TPS, "gub").await;
    assert_eq!(slot.state, SlotState::Verified);
    assert_eq!(slot.decisions[0].by, "budi");
    assert_eq!(slot.decisions[0].chosen, Some(slot.heads[0].rev_id.clone()));
    assert_eq!(siti.news().await, [("verified".to_owned(), String::new())]);
    let again = read(&budi, TPS, [471, 213]).await;
    assert_eq!(again.problem(), (412, "precondition_failed".to_owned()));
    let person = figures_of(&rani, "budi").await;
    assert_eq!(
        (person.done, person.last_hour, person.median_ms),
        (1, 1, Some(60_000))
    );
    assert_eq!((person.judged, person.wrong), (1, 0));
    clock.set(EVENING_MS + 90 * MINUTE_MS);
    assert_eq!(figures_of(&rani, "budi").await.last_hour, 0);
}

#[tokio::test]
async fn a_reading_that_differs_is_resolved_field_by_field_by_somebody_else() {
    let (world, _) = room().await;
    set(&world, "blind", 0).await;
    report(&world.enrol(TPS, "Siti").await, TPS, 1, [100, 50], 1).await;
    let (budi, dewi) = (world.sign_in("budi").await, world.sign_in("dewi").await);
    claim(&budi, json!({"hold": 1})).await;
    assert_eq!(
        outcome(&read(&budi, TPS, [100, 56]).await),
        ReadingOutcome::Differs
    );
    assert!(claim(&dewi, json!({"hold": 1})).await.items.is_empty());

    let rani = world.sign_in("rani").await;
    let claimed = claim(&rani, json!({"hold": 1})).await;
    assert_eq!(kinds(&claimed), [Some(QueueKind::Difference)]);
    let Task::Resolve {
        detail, readings, ..
    } = &claimed.items[0].task
    else {
        panic!("all versions side by side");
    };
    assert_eq!((detail.heads.len(), readings.len()), (1, 1));
    assert_eq!(readings[0].counts, counts([100, 56]));
    assert_eq!((readings[0].by.as_str(), readings[0].number), ("budi", 1));
    assert_eq!(readings[0].against, [detail.heads[0].rev_id.clone()]);
    let mut resolved = detail.heads[0].counts.clone();
    resolved.insert("votes.2".to_owned(), 55);
    let ruling = json!({"kind": "verify", "counts": resolved});
    assert_eq!(rani.rule(detail, ruling).await.status, StatusCode::CREATED);
    let slot = rani.slot(TPS, "gub").await;
    assert_eq!((slot.state, slot.figures), (SlotState::Verified, resolved));
    let person = figures_of(&rani, "budi").await;
    assert_eq!((person.judged, person.wrong), (1, 1));
    assert!(claim(&rani, json!({"hold": 1})).await.items.is_empty());
    assert_eq!(verify(&world.app, false).await.unwrap().readings, 1);
}

#[tokio::test]
async fn who_has_read_a_form_does_not_resolve_its_difference() {
    let (world, _) = room().await;
    set(&world, "blind", 0).await;
    report(&world.enrol(TPS, "Siti").await, TPS, 1, [100, 50], 1).await;
    let (rani, wati) = (world.sign_in("rani").await, world.sign_in("wati").await);
    claim(&rani, json!({"hold": 1})).await;
    let early = rani.get(&slot_path(TPS, "gub")).await;
    assert_eq!(
        early.problem(),
        (403, "not_allowed".to_owned()),
        "she is to read it blind"
    );
    assert_eq!(
        outcome(&read(&rani, TPS, [101, 50]).await),
        ReadingOutcome::Differs
    );
    assert!(claim(&rani, json!({"hold": 1})).await.items.is_empty());
    let seen = rani.slot(TPS, "gub").await;
    let own = json!({"kind": "verify", "counts": counts([101, 50])});
    let answer = rani.rule(&seen, own.clone()).await;
    assert_eq!(answer.problem(), (403, "not_allowed".to_owned()));
    assert_eq!(slots(&claim(&wati, json!({"hold": 1})).await), [TPS]);
    assert_eq!(wati.rule(&seen, own).await.status, StatusCode::CREATED);
    assert_eq!(figures_of(&wati, "rani").await.wrong, 0, "she was right");
}

#[tokio::test]
async fn what_cannot_be_read_goes_to_a_coordinator_with_a_word() {
    let (world, _) = room().await;
    report(&world.enrol(TPS, "Siti").await, TPS, 1, [100, 50], 1).await;
    let budi = world.sign_in("budi").await;
    claim(&budi, json!({"hold": 1})).await;
    let slot = format!("{ELECTION}/{TPS}/gub");
    let empty = json!({"slot": slot, "counts": {}});
    let answer = budi.post("/v1/queue/readings", &empty).await;
    assert_eq!(answer.problem(), (400, "request_invalid".to_owned()));
    let unreadable = json!({"slot": slot, "counts": {}, "note": "Halaman 2 gelap."});
    let answer = budi.post("/v1/queue/readings", &unreadable).await;
    assert_eq!(outcome(&answer), ReadingOutcome::Differs);
    let rani = world.sign_in("rani").await;
    let claimed = claim(&rani, json!({"hold": 1})).await;
    let Task::Resolve {
        detail, readings, ..
    } = &claimed.items[0].task
    else {
        panic!("a coordinator sees all");
    };
    assert_eq!(readings[0].note, "Halaman 2 gelap.");
    let head = &detail.heads[0].rev_id;
    rani.rule(detail, json!({"kind": "verify", "chosen": head}))
        .await;
    let person = figures_of(&rani, "budi").await;
    assert_eq!(
        (person.done, person.judged),
        (1, 0),
        "neither right nor wrong"
    );
}

#[tokio::test]
async fn looks_that_are_drawn_are_read_blind_by_others_and_wrong_ones_are_found() {
    let (world, _) = room().await;
    set(&world, "look", 100).await;
    for (tps, shade) in [(TPS, 1), (TPS_2, 2)] {
        report(&world.enrol(tps, "Siti").await, tps, 1, [100, 50], shade).await;
    }
    let (budi, dewi) = (world.sign_in("budi").await, world.sign_in("dewi").await);
    let rani = world.sign_in("rani").await;
    for item in claim(&budi, json!({"hold": 2})).await.items {
        let Task::Look { detail, .. } = item.task else {
            panic!("looked at first");
        };
        let head = &detail.heads[0].rev_id;
        let confirm = json!({"kind": "verify", "chosen": head});
        assert_eq!(
            budi.rule(&detail, confirm).await.status,
            StatusCode::CREATED
        );
    }
    assert!(
        claim(&budi, json!({"hold": 2})).await.items.is_empty(),
        "not his own"
    );
    let checks = claim(&dewi, json!({"hold": 2})).await;
    assert_eq!(kinds(&checks), [None, None], "blind");
    assert_eq!(
        outcome(&read(&dewi, TPS, [100, 50]).await),
        ReadingOutcome::Agrees
    );
    assert_eq!(
        outcome(&read(&dewi, TPS_2, [100, 80]).await),
        ReadingOutcome::Differs
    );
    assert_eq!(rani.slot(TPS_2, "gub").await.state, SlotState::Verified);
    assert_eq!(
        figures_of(&rani, "budi").await.judged,
        1,
        "the other is not settled"
    );
    let claimed = claim(&rani, json!({"hold": 1})).await;
    let Task::Resolve { detail, .. } = &claimed.items[0].task else {
        panic!("a difference");
    };
    let right = json!({"kind": "verify", "counts": counts([100, 80])});
    assert_eq!(rani.rule(detail, right).await.status, StatusCode::CREATED);
    let (looked, checked) = (
        figures_of(&rani, "budi").await,
        figures_of(&rani, "dewi").await,
    );
    assert_eq!((looked.judged, looked.wrong), (2, 1));
    assert_eq!((checked.judged, checked.wrong), (2, 0));
}

#[tokio::test]
async fn nobody_is_offered_what_stands_with_his_own_figures() {
    let (world, _) = room().await;
    let (siti, ucok) = (
        world.enrol(TPS, "Siti").await,
        world.enrol(TPS, "Ucok").await,
    );
    report(&siti, TPS, 1, [100, 50], 1).await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    let own = json!({"kind": "verify", "counts": counts([110, 50])});
    assert_eq!(rani.rule(&seen, own).await.status, StatusCode::CREATED);
    report(&ucok, TPS, 1, [120, 50], 2).await;
    assert_eq!(rani.slot(TPS, "gub").await.state, SlotState::Stale);
    assert!(claim(&rani, json!({"hold": 1})).await.items.is_empty());
    let wati = world.sign_in("wati").await;
    let claimed = claim(&wati, json!({"hold": 1})).await;
    assert_eq!(kinds(&claimed), [Some(QueueKind::Stale)]);
}

#[tokio::test]
async fn a_regions_operator_works_on_his_region_only() {
    let (world, _) = room().await;
    report(
        &world.enrol(ELSEWHERE, "Siti").await,
        ELSEWHERE,
        1,
        [100, 50],
        1,
    )
    .await;
    let budi = world.sign_in("budi").await;
    assert!(claim(&budi, json!({"hold": 1})).await.items.is_empty());
    let there = budi
        .post("/v1/queue/claim", &json!({"hold": 1, "region": "6471"}))
        .await;
    assert_eq!(there.status, StatusCode::NOT_FOUND);
    assert_eq!(
        read(&budi, ELSEWHERE, [1, 2]).await.status,
        StatusCode::NOT_FOUND
    );
    let admin = world.sign_in("admin").await;
    let other = json!({"hold": 1, "region": "6472"});
    assert!(claim(&admin, other).await.items.is_empty());
    assert!(
        claim(&admin, json!({"hold": 1, "contest": "bup"}))
            .await
            .items
            .is_empty()
    );
    assert_eq!(slots(&claim(&admin, json!({"hold": 1})).await), [ELSEWHERE]);
}

#[tokio::test]
async fn the_mode_is_an_admins_to_set_within_limits_and_it_is_logged() {
    let (world, _) = room().await;
    let (rani, tamu) = (world.sign_in("rani").await, world.sign_in("tamu").await);
    let settings: QueueSettings = rani.get("/v1/queue/settings").await.json(StatusCode::OK);
    assert_eq!(
        (settings.mode, settings.changed_by),
        (QueueMode::Look, None)
    );
    let blind = json!({"mode": "blind", "check_percent": 7});
    let answer = rani.post("/v1/queue/settings", &blind).await;
    assert_eq!(answer.problem(), (403, "not_allowed".to_owned()));
    let admin = world.sign_in("admin").await;
    let too_many = json!({"mode": "blind", "check_percent": 101});
    let answer = admin.post("/v1/queue/settings", &too_many).await;
    assert_eq!(answer.problem(), (400, "request_invalid".to_owned()));
    set(&world, "blind", 7).await;
    let settings: QueueSettings = tamu.get("/v1/queue/settings").await.json(StatusCode::OK);
    assert_eq!(
        (settings.mode, settings.check_percent),
        (QueueMode::Blind, 7)
    );
    assert_eq!(settings.changed_by.as_deref(), Some("admin"));
    let logged: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM log WHERE kind = 'queue_settings'")
        .fetch_one(world.app.storage.reading())
        .await
        .unwrap();
    assert_eq!(logged, 1);
    let answer = tamu.post("/v1/queue/claim", &json!({"hold": 1})).await;
    assert_eq!(answer.problem(), (403, "not_allowed".to_owned()));
    for hold in [0, 5] {
        let answer = rani.post("/v1/queue/claim", &json!({"hold": hold})).await;
        assert_eq!(answer.problem(), (400, "request_invalid".to_owned()));
    }
    assert_eq!(
        tamu.get("/v1/queue/people").await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn a_reading_that_is_changed_afterwards_is_noticed() {
    let (world, _) = room().await;
    set(&world, "blind", 0).await;
    let siti = world.enrol(TPS, "Siti").await;
    report(&siti, TPS, 1, [100, 50], 1).await;
    let budi = world.sign_in("budi").await;
    claim(&budi, json!({"hold": 1})).await;
    let other_form = json!({
        "slot": format!("{ELECTION}/{TPS}/gub"),
        "counts": {"votes.9": 3},
    });
    let answer = budi.post("/v1/queue/readings", &other_form).await;
    assert_eq!(answer.problem(), (400, "request_invalid".to_owned()));
    read(&budi, TPS, [100, 51]).await;
    sqlx::query("UPDATE readings SET note = 'lain'")
        .execute(world.app.storage.reading())
        .await
        .unwrap();
    let broken = verify(&world.app, false).await.unwrap_err();
    assert!(matches!(broken, Broken::Entry { .. }), "{broken}");
}
