//! Totals by region: verified, received and contested apart.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use protocol::console::{RegionRollup, RollupAnswer};
use serde_json::json;

use crate::world::{Console, ELSEWHERE, TPS, TPS_2, World};

async fn rows(console: &Console, query: &str) -> BTreeMap<String, RegionRollup> {
    let path = format!("/v1/rollup?contest=gub&{query}");
    let answer: RollupAnswer = console.get(&path).await.json(StatusCode::OK);
    let rows = answer.regions.into_iter();
    rows.map(|row| (row.code.to_string(), row)).collect()
}

/// One verified, one received, one contested, one in another city.
async fn an_evening(world: &World) {
    let siti = world.enrol(TPS, "Siti").await;
    let head = siti.report(TPS, 1, [100, 50]).await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    let ruled = rani
        .rule(&seen, json!({"kind": "verify", "chosen": head}))
        .await;
    assert_eq!(ruled.status, StatusCode::CREATED);
    world
        .enrol(TPS_2, "Wati")
        .await
        .report(TPS_2, 1, [80, 70])
        .await;
    let far = "6472021001001";
    world
        .enrol(far, "Budi")
        .await
        .report(far, 1, [105, 7])
        .await;
    world
        .enrol(far, "Joko")
        .await
        .report(far, 1, [905, 7])
        .await;
    world
        .enrol(ELSEWHERE, "Ani")
        .await
        .report(ELSEWHERE, 1, [11, 22])
        .await;
}

#[tokio::test]
async fn verified_received_and_contested_votes_stand_apart() {
    let world = World::start().await;
    an_evening(&world).await;
    let admin = world.sign_in("admin").await;
    let regencies = rows(&admin, "region=64&by=regency").await;
    let samarinda = &regencies["6472"];
    assert_eq!(samarinda.name, "Kota Samarinda");
    let counters = (
        samarinda.tps,
        samarinda.received,
        samarinda.verified,
        samarinda.conflict,
    );
    assert_eq!(counters, (6, 3, 1, 1));
    let votes = |pairs: [(&str, u64); 2]| BTreeMap::from(pairs.map(|(id, n)| (id.to_owned(), n)));
    assert_eq!(samarinda.votes.verified, votes([("1", 100), ("2", 50)]));
    assert_eq!(samarinda.votes.received, votes([("1", 80), ("2", 70)]));
    assert_eq!(samarinda.votes.contested["1"], (105, 905));
    assert_eq!(samarinda.votes.contested["2"], (7, 7));
    assert_eq!(samarinda.fields.verified["invalid"], 3);
    assert_eq!(samarinda.candidates, None);
    assert_eq!(
        regencies["6471"].votes.received,
        votes([("1", 11), ("2", 22)])
    );
}

#[tokio::test]
async fn every_level_adds_up_to_the_one_above() {
    let world = World::start().await;
    an_evening(&world).await;
    let admin = world.sign_in("admin").await;
    let whole = rows(&admin, "region=6472&by=regency")
        .await
        .remove("6472")
        .unwrap();
    for by in ["district", "village", "tps"] {
        let below = rows(&admin, &format!("region=6472&by={by}")).await;
        let sum = |of: fn(&RegionRollup) -> u64| below.values().map(of).sum::<u64>();
        assert_eq!(sum(|row| row.tps), whole.tps, "{by}");
        assert_eq!(sum(|row| row.received), whole.received, "{by}");
        assert_eq!(sum(|row| row.verified), whole.verified, "{by}");
        assert_eq!(sum(|row| row.conflict), whole.conflict, "{by}");
        let first = |row: &RegionRollup| row.votes.verified.get("1").copied().unwrap_or_default();
        assert_eq!(sum(first), 100, "{by}");
        let high = |row: &RegionRollup| row.votes.contested.get("1").map_or(0, |range| range.1);
        assert_eq!(sum(high), 905, "{by}");
    }
    let stations = rows(&admin, "region=6472011001").await;
    assert_eq!(stations[TPS].name, "TPS 001");
    assert_eq!(stations[TPS].votes.verified["1"], 100);
    assert!(stations["6472011001003"].votes.verified.is_empty());
}

#[tokio::test]
async fn a_conflict_that_was_decided_leaves_no_trace_in_the_contested_column() {
    let world = World::start().await;
    an_evening(&world).await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot("6472021001001", "gub").await;
    let head = &seen.heads[0].rev_id;
    let before = rows(&rani, "").await;
    rani.rule(&seen, json!({"kind": "verify", "chosen": head}))
        .await;
    let district = &rows(&rani, "").await["647202"];
    assert_eq!(before["647202"].votes.contested["1"], (105, 905));
    assert!(district.votes.contested.is_empty(), "{district:?}");
    assert_eq!((district.conflict, district.verified), (0, 1));
    assert_eq!(
        district.votes.verified["1"],
        u64::from(seen.heads[0].counts["votes.1"])
    );
}

#[tokio::test]
async fn totals_are_asked_for_at_or_below_a_region_and_of_a_known_contest() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    let districts = rows(&rani, "region=6472").await;
    assert_eq!(
        districts.keys().collect::<Vec<_>>(),
        ["647201", "647202"],
        "the level below"
    );
    let above = rani
        .get("/v1/rollup?contest=gub&region=647201&by=regency")
        .await;
    assert_eq!(above.problem(), (400, "request_invalid".to_owned()));
    let unknown = rani.get("/v1/rollup?contest=presiden").await;
    assert_eq!(unknown.problem(), (404, "not_found".to_owned()));
    let none = rani.get("/v1/rollup").await;
    assert_eq!(none.problem(), (400, "request_invalid".to_owned()));
}
