//! How the night went, and whether the leader can still be caught up with.

use axum::http::StatusCode;
use protocol::console::{RollupAnswer, SlotDetail};
use protocol::totals::ProgressAnswer;
use serde_json::json;
use server::clock::Clock;

use crate::world::{Console, ELSEWHERE, TPS, TPS_2, World};

const START_MS: i64 = 1_732_705_200_000; // 2024-11-27T11:00:00Z
const MINUTE_MS: i64 = 60 * 1_000;

async fn night() -> (World, Clock) {
    let clock = Clock::standing_at(START_MS);
    let own = clock.clone();
    let world = World::start_with(|config| config.clock = own).await;
    (world, clock)
}

/// Began so many minutes after the start, received, verified.
async fn progress(who: &Console, query: &str) -> Vec<(i64, u64, u64)> {
    let path = format!("/v1/progress?contest=gub{query}");
    let answer: ProgressAnswer = who.get(&path).await.json(StatusCode::OK);
    answer
        .quarters
        .iter()
        .map(|quarter| {
            let minutes = (quarter.began_at.unix_ms() - START_MS) / MINUTE_MS;
            (minutes, quarter.received, quarter.verified)
        })
        .collect()
}

async fn verify(who: &Console, seen: &SlotDetail) {
    let chosen = &seen.heads[0].rev_id;
    let ruled = who
        .rule(seen, json!({"kind": "verify", "chosen": chosen}))
        .await;
    assert_eq!(ruled.status, StatusCode::CREATED);
}

#[tokio::test]
async fn what_was_in_and_ruled_on_is_told_for_each_quarter_of_an_hour() {
    let (world, clock) = night().await;
    let rani = world.sign_in("rani").await;
    assert_eq!(progress(&rani, "").await, []);
    clock.set(START_MS + 14 * MINUTE_MS);
    let siti = world.enrol(TPS, "Siti").await;
    siti.report(TPS, 1, [100, 50]).await;
    clock.set(START_MS + 16 * MINUTE_MS);
    siti.report(TPS, 2, [101, 50]).await;
    world
        .enrol(TPS_2, "Wati")
        .await
        .report(TPS_2, 1, [80, 70])
        .await;
    world
        .enrol(ELSEWHERE, "Ani")
        .await
        .report(ELSEWHERE, 1, [1, 2])
        .await;
    clock.set(START_MS + 50 * MINUTE_MS);
    verify(&rani, &rani.slot(TPS, "gub").await).await;
    let samarinda = [(0, 1, 0), (15, 2, 0), (45, 2, 1)];
    assert_eq!(progress(&rani, "").await, samarinda);
    assert_eq!(progress(&rani, "&region=6472011001").await, samarinda);
    assert_eq!(progress(&rani, "&region=647202").await, []);
    let admin = world.sign_in("admin").await;
    let all = [(0, 1, 0), (15, 3, 0), (45, 3, 1)];
    assert_eq!(progress(&admin, "&region=64").await, all);
}

#[tokio::test]
async fn what_is_taken_back_goes_down_again_when_that_happens() {
    let (world, clock) = night().await;
    let rani = world.sign_in("rani").await;
    let siti = world.enrol(TPS, "Siti").await;
    siti.report(TPS, 1, [100, 50]).await;
    verify(&rani, &rani.slot(TPS, "gub").await).await;
    clock.set(START_MS + 20 * MINUTE_MS);
    let seen = rani.slot(TPS, "gub").await;
    let quarantine = json!({"kind": "quarantine", "device": siti.id, "reason": "salah TPS"});
    rani.rule(&seen, json!({"kind": "reopen", "reason": "periksa lagi"}))
        .await;
    rani.rule(&rani.slot(TPS, "gub").await, quarantine).await;
    assert_eq!(progress(&rani, "").await, [(0, 1, 1), (15, 0, 0)]);
}

#[tokio::test]
async fn progress_is_asked_for_in_ones_own_region_down_to_a_village() {
    let (world, _) = night().await;
    let rani = world.sign_in("rani").await;
    let elsewhere = rani.get("/v1/progress?contest=gub&region=6471").await;
    assert_eq!(elsewhere.problem(), (404, "not_found".to_owned()));
    let station = rani
        .get(&format!("/v1/progress?contest=gub&region={TPS}"))
        .await;
    assert_eq!(station.problem(), (400, "request_invalid".to_owned()));
}

async fn rollup(who: &Console, query: &str) -> RollupAnswer {
    who.get(&format!("/v1/rollup?{query}"))
        .await
        .json(StatusCode::OK)
}

/// Most ballots of the stations with these codes, counted here by hand.
async fn ballots(who: &Console, stations: &[&str]) -> u64 {
    let mut all = 0;
    for tps in stations {
        let roll = who.slot(tps, "gub").await.dpt.unwrap();
        let roll = u64::from(roll.male) + u64::from(roll.female);
        all += roll + (roll * 25).div_ceil(1_000);
    }
    all
}

#[tokio::test]
async fn a_lead_says_what_the_second_would_need_of_all_that_is_missing() {
    let (world, _) = night().await;
    let rani = world.sign_in("rani").await;
    assert_eq!(rollup(&rani, "contest=gub").await.lead, None);
    world
        .enrol(TPS, "Siti")
        .await
        .report(TPS, 1, [300, 50])
        .await;
    world
        .enrol(TPS_2, "Wati")
        .await
        .report(TPS_2, 1, [80, 70])
        .await;
    let third = "6472011001003";
    let lead = rollup(&rani, "contest=gub&region=6472011001")
        .await
        .lead
        .unwrap();
    assert_eq!((lead.leader, lead.rival, lead.lead_votes), (1, 2, 260));
    let missing = ballots(&rani, &[third]).await;
    assert_eq!((lead.missing_tps, lead.missing_votes), (1, missing));
    let is_safe = missing < 260;
    assert_eq!(lead.is_safe, is_safe);
    assert_eq!(
        lead.needed_votes,
        (!is_safe).then(|| (missing + 260).div_ceil(2))
    );
    // The last one is in: what it says decides.
    world
        .enrol(third, "Budi")
        .await
        .report(third, 1, [10, 20])
        .await;
    let lead = rollup(&rani, "contest=gub&region=6472011001")
        .await
        .lead
        .unwrap();
    assert_eq!(
        (lead.missing_votes, lead.lead_votes, lead.is_safe),
        (0, 250, true)
    );
    // Every level above asks for all that is missing in it.
    let lead = rollup(&rani, "contest=gub").await.lead.unwrap();
    assert_eq!((lead.missing_tps, lead.is_safe), (3, false));
}

#[tokio::test]
async fn a_form_without_votes_is_missing_whatever_else_it_says() {
    let (world, _) = night().await;
    let rani = world.sign_in("rani").await;
    let siti = world.enrol(TPS, "Siti").await;
    let mut turnout_only = siti.revision(TPS, 1, [0, 0]);
    turnout_only.counts = [("total".to_owned(), 200)].into();
    siti.send(&turnout_only).await;
    world
        .enrol(TPS_2, "Wati")
        .await
        .report(TPS_2, 1, [80, 70])
        .await;
    let third = "6472011001003";
    let query = "contest=gub&region=6472011001";
    for by in ["", "&by=tps"] {
        let lead = rollup(&rani, &format!("{query}{by}")).await.lead.unwrap();
        let boxes = 999;
        let missing = ballots(&rani, &[third]).await + boxes;
        assert_eq!((lead.missing_tps, lead.missing_votes), (2, missing));
    }
    let district = rollup(&rani, "contest=gub&region=647201")
        .await
        .lead
        .unwrap();
    assert_eq!(district.missing_tps, 2, "as the kept sums have it");
}

#[tokio::test]
async fn where_several_contests_of_one_id_are_held_nobody_leads() {
    let (world, _) = night().await;
    world
        .enrol(TPS, "Siti")
        .await
        .report(TPS, 1, [300, 50])
        .await;
    let admin = world.sign_in("admin").await;
    assert_eq!(rollup(&admin, "contest=wako&region=64").await.lead, None);
    assert_eq!(
        rollup(&admin, "contest=gub&region=64")
            .await
            .lead
            .unwrap()
            .leader,
        1
    );
}
