//! What was refused, kept, and let in by a coordinator.

use axum::http::StatusCode;
use domain::SlotState;
use protocol::ProblemCode;
use protocol::console::RefusedAnswer;
use serde_json::json;

use crate::world::{ELSEWHERE, TPS, TPS_2, World};

#[tokio::test]
async fn a_witness_at_another_polling_station_is_let_in_with_a_reason() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let revision = siti.revision(TPS_2, 1, [80, 70]);
    let (id, result) = siti.send(&revision).await;
    assert_eq!(result["problem"]["code"], "not_assigned");
    let rani = world.sign_in("rani").await;
    let list: RefusedAnswer = rani.get("/v1/refused").await.json(StatusCode::OK);
    let [kept] = list.refused.as_slice() else {
        panic!("{list:?}");
    };
    assert_eq!(
        (kept.code, kept.slot.tps.as_str()),
        (ProblemCode::NotAssigned, TPS_2)
    );
    assert_eq!(
        (
            kept.revision.rev_id.as_str(),
            kept.revision.counts["votes.1"]
        ),
        (id.as_str(), 80)
    );
    let path = format!("/v1/refused/{id}/admit");
    let without = rani.post(&path, &json!({"reason": " "})).await;
    assert_eq!(without.problem(), (400, "request_invalid".to_owned()));
    let reason = json!({"reason": "Menggantikan saksi TPS 002"});
    assert_eq!(rani.post(&path, &reason).await.status, StatusCode::CREATED);
    assert_eq!(rani.slot(TPS_2, "gub").await.state, SlotState::Single);
    let list: RefusedAnswer = rani.get("/v1/refused").await.json(StatusCode::OK);
    assert!(list.refused.is_empty());
    assert_eq!(
        rani.post(&path, &reason).await.problem(),
        (404, "not_found".to_owned())
    );
    let (_, again) = siti.send(&revision).await;
    assert_eq!(again["status"], "known", "the phone gets its receipt");
}

#[tokio::test]
async fn what_was_refused_elsewhere_is_not_a_coordinators_to_see_or_let_in() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let (id, _) = siti.send(&siti.revision(ELSEWHERE, 1, [80, 70])).await;
    let (own, _) = siti.send(&siti.revision(TPS_2, 1, [80, 70])).await;
    let rani = world.sign_in("rani").await;
    let list: RefusedAnswer = rani.get("/v1/refused").await.json(StatusCode::OK);
    assert_eq!(list.refused.len(), 1);
    let reason = json!({"reason": "x"});
    let answer = rani.post(&format!("/v1/refused/{id}/admit"), &reason).await;
    assert_eq!(answer.problem(), (404, "not_found".to_owned()));
    let tamu = world.sign_in("tamu").await;
    let answer = tamu
        .post(&format!("/v1/refused/{own}/admit"), &reason)
        .await;
    assert_eq!(answer.problem(), (403, "not_allowed".to_owned()));
}
