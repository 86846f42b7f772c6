//! Deciding: what a ruling does, and what it does not do unseen.

use axum::http::StatusCode;
use domain::{Mark, SlotState};
use protocol::console::{Decision, PreconditionFailed};
use serde_json::{Value, json};

use crate::world::{TPS, World, counts, slot_path};

#[tokio::test]
async fn a_head_is_verified_and_its_witness_hears_of_it() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let head = siti.report(TPS, 1, [100, 50]).await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    let answer = rani
        .rule(&seen, json!({"kind": "verify", "chosen": head}))
        .await;
    let decision: Decision = answer.json(StatusCode::CREATED);
    assert_eq!((decision.number, decision.by.as_str()), (1, "rani"));
    assert_eq!(decision.considered, [head.as_str()]);
    let slot = rani.slot(TPS, "gub").await;
    assert_eq!(answer.header("etag"), slot.etag);
    assert_eq!(
        (slot.state, &slot.decisions),
        (SlotState::Verified, &vec![decision])
    );
    assert_eq!(slot.figures, counts([100, 50]));
    assert_eq!(siti.news().await, [("verified".to_owned(), String::new())]);
}

#[tokio::test]
async fn nobody_rules_on_what_he_has_not_seen() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let head = siti.report(TPS, 1, [100, 50]).await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    let ruling = json!({"kind": "verify", "chosen": head});
    let path = format!("{}/decisions", slot_path(TPS, "gub"));
    let answer = rani.post(&path, &ruling).await;
    assert_eq!(answer.problem(), (428, "precondition_required".to_owned()));

    let corrected = siti.report(TPS, 2, [101, 50]).await;
    let answer = rani.rule(&seen, ruling.clone()).await;
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let failed: PreconditionFailed = answer.json(StatusCode::PRECONDITION_FAILED);
    assert_eq!(
        failed.problem.code,
        Some(protocol::ProblemCode::PreconditionFailed)
    );
    assert_eq!(failed.present.heads[0].rev_id, corrected);
    assert_eq!(failed.present, rani.slot(TPS, "gub").await);
    for etag in ["*", "\"0\"", ""] {
        let answer = rani.post_with(&path, &ruling, &[("if-match", etag)]).await;
        assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED, "{etag}");
    }
    assert!(rani.slot(TPS, "gub").await.decisions.is_empty());
}

#[tokio::test]
async fn of_coordinators_who_rule_at_once_one_is_first_and_the_others_look_again() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let head = siti.report(TPS, 1, [100, 50]).await;
    let rani = world.sign_in("rani").await;
    let admin = world.sign_in("admin").await;
    let seen = rani.slot(TPS, "gub").await;
    let ruling = json!({"kind": "verify", "chosen": head});
    let mut rulings = tokio::task::JoinSet::new();
    for console in [&rani, &admin, &rani, &admin] {
        let (console, seen, ruling) = (console.clone(), seen.clone(), ruling.clone());
        rulings.spawn(async move { console.rule(&seen, ruling).await.status.as_u16() });
    }
    let mut statuses = rulings.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 412, 412, 412]);
    assert_eq!(rani.slot(TPS, "gub").await.decisions.len(), 1);
}

#[tokio::test]
async fn a_conflict_is_decided_with_own_figures() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS, "Budi").await;
    siti.report(TPS, 1, [105, 50]).await;
    budi.report(TPS, 1, [905, 50]).await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    assert_eq!((seen.state, seen.heads.len()), (SlotState::Conflict, 2));
    assert_eq!(seen.marks, [Mark::EverConflicted]);
    assert!(seen.figures.is_empty(), "nobody's figures silently win");
    let own = counts([106, 50]);
    let answer = rani
        .rule(&seen, json!({"kind": "verify", "counts": own}))
        .await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let slot = rani.slot(TPS, "gub").await;
    assert_eq!((slot.state, slot.figures), (SlotState::Verified, own));
    assert!(slot.marks.is_empty(), "seeing both is the acknowledgement");
    for phone in [&siti, &budi] {
        let kinds: Vec<String> = phone
            .news()
            .await
            .into_iter()
            .map(|(kind, _)| kind)
            .collect();
        assert_eq!(kinds, ["conflict", "verified"]);
    }
}

#[tokio::test]
async fn a_verified_slot_goes_stale_when_something_else_comes_and_keeps_its_figures() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS, "Budi").await;
    let head = siti.report(TPS, 1, [100, 50]).await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    rani.rule(&seen, json!({"kind": "verify", "chosen": head}))
        .await;
    budi.report(TPS, 1, [100, 50]).await;
    assert_eq!(
        rani.slot(TPS, "gub").await.state,
        SlotState::Verified,
        "it agrees"
    );
    budi.report(TPS, 2, [90, 50]).await;
    let slot = rani.slot(TPS, "gub").await;
    assert_eq!(
        (slot.state, slot.figures["votes.1"]),
        (SlotState::Stale, 100)
    );
}

#[tokio::test]
async fn a_slot_is_returned_with_a_reason_and_corrected_by_the_witness() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    siti.report(TPS, 1, [100, 5]).await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    let reason = "Suara nomor 2 di foto 50, bukan 5";
    let answer = rani
        .rule(&seen, json!({"kind": "return", "reason": reason}))
        .await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(
        siti.news().await,
        [("returned".to_owned(), reason.to_owned())]
    );
    let slot = rani.slot(TPS, "gub").await;
    assert_eq!(
        (slot.state, slot.marks),
        (SlotState::Single, vec![Mark::Returned])
    );
    let head = siti.report(TPS, 2, [100, 50]).await;
    let seen = rani.slot(TPS, "gub").await;
    rani.rule(&seen, json!({"kind": "verify", "chosen": head}))
        .await;
    let slot = rani.slot(TPS, "gub").await;
    assert_eq!((slot.state, slot.marks.len()), (SlotState::Verified, 0));
}

#[tokio::test]
async fn a_quarantined_device_does_not_count_until_the_slot_is_reopened() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let stranger = world.enrol(TPS, "Tukang iseng").await;
    siti.report(TPS, 1, [100, 50]).await;
    stranger.report(TPS, 1, [0, 150]).await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    let ruling = json!({"kind": "quarantine", "device": stranger.id, "reason": "Bukan saksi kami"});
    assert_eq!(
        rani.rule(&seen, ruling.clone()).await.status,
        StatusCode::CREATED
    );
    let slot = rani.slot(TPS, "gub").await;
    assert_eq!(
        (slot.state, slot.heads.len(), slot.history.len()),
        (SlotState::Single, 1, 2)
    );
    assert_eq!(slot.quarantined, [stranger.id.as_str()]);
    let twice = rani.rule(&slot, ruling).await;
    assert_eq!(twice.problem(), (400, "request_invalid".to_owned()));
    let reopened = json!({"kind": "reopen", "reason": "Ternyata saksi kedua"});
    assert_eq!(rani.rule(&slot, reopened).await.status, StatusCode::CREATED);
    let slot = rani.slot(TPS, "gub").await;
    assert_eq!(
        (slot.state, slot.quarantined.len()),
        (SlotState::Conflict, 0)
    );
    assert_eq!(slot.decisions.len(), 2, "nothing is forgotten");
}

#[tokio::test]
async fn a_ruling_that_does_not_fit_the_slot_is_refused_and_changes_nothing() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let old = siti.report(TPS, 1, [100, 50]).await;
    let head = siti.report(TPS, 2, [100, 51]).await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    let long = "x".repeat(4_001);
    let rulings: [Value; 16] = [
        json!({"kind": "verify"}),
        json!({"kind": "verify", "chosen": head, "counts": {"votes.1": 1}}),
        json!({"kind": "verify", "chosen": old}),
        json!({"kind": "verify", "chosen": "x"}),
        json!({"kind": "verify", "counts": {}}),
        json!({"kind": "verify", "counts": {"votes.1": 1000}}),
        json!({"kind": "verify", "counts": {"votes.3": 1}}),
        json!({"kind": "verify", "counts": {"votes.1": -1}}),
        json!({"kind": "verify", "chosen": head, "device": siti.id}),
        json!({"kind": "return"}),
        json!({"kind": "return", "reason": "  "}),
        json!({"kind": "return", "reason": long}),
        json!({"kind": "quarantine", "reason": "x"}),
        json!({"kind": "quarantine", "device": "lain", "reason": "x"}),
        json!({"kind": "reopen", "reason": "x"}),
        json!({"kind": "delete", "reason": "x"}),
    ];
    for ruling in rulings {
        let answer = rani.rule(&seen, ruling.clone()).await;
        assert_eq!(
            answer.problem(),
            (400, "request_invalid".to_owned()),
            "{ruling}"
        );
    }
    assert_eq!(rani.slot(TPS, "gub").await, seen);
    assert!(siti.news().await.is_empty());
}

#[tokio::test]
async fn the_log_says_who_did_what() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let head = siti.report(TPS, 1, [100, 50]).await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    rani.rule(&seen, json!({"kind": "verify", "chosen": head}))
        .await;
    let entries = server::log::entries_after(world.app.storage.reading(), 0, 1_000)
        .await
        .unwrap();
    let by_rani: Vec<&str> = entries
        .iter()
        .filter(|entry| entry.actor.as_deref() == Some("rani"))
        .map(|entry| entry.kind.as_str())
        .collect();
    assert_eq!(by_rani, ["signed_in", "decision"]);
}
