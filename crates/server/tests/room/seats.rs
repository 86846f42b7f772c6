//! Seats of an assembly, live, dapil by dapil.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use domain::{Contest, ContestKind, Dapil};
use protocol::console::{RegionalContest, RollupAnswer, Session};
use protocol::totals::DapilSeats;
use serde_json::json;
use server::seed::{self, ElectionData};
use server::storage::StorageError;

use crate::world::{Console, ELSEWHERE, Phone, TPS, World};

const OTHER_DISTRICT: &str = "6472021001001";

/// A city's assembly: one dapil in one district, and one of another district
/// together with Balikpapan.
async fn world() -> World {
    let world = World::start().await;
    let sample = sample::kaltim().unwrap();
    let places = [TPS, OTHER_DISTRICT, ELSEWHERE];
    let mut data = ElectionData::from(sample);
    data.tps.retain(|(tps, _)| places.contains(&tps.as_str()));
    data.forms
        .push(sample::layout(sample::DPR_FORM).unwrap().unwrap());
    let held = |region: &str, dapil: &Dapil| RegionalContest {
        region: region.parse().unwrap(),
        contest: Contest {
            id: "dprd".to_owned(),
            kind: Some(ContestKind::DprdKabKota),
            title: "DPRD Kota".to_owned(),
            dapil: Some(dapil.clone()),
            ..sample::dpr()
        },
    };
    let one = dapil("Kota 1", 3, &["647201"]);
    let two = dapil("Kota 2", 2, &["647202", "6471"]);
    data.contests = vec![
        held("647201", &one),
        held("647202", &two),
        held("6471", &two),
    ];
    world
        .app
        .writer
        .run::<_, StorageError, _>(move |tx| {
            Box::pin(async move { seed::seed(tx, data, |_, _| ()).await })
        })
        .await
        .unwrap();
    world
}

fn dapil(name: &str, seats: u16, regions: &[&str]) -> Dapil {
    Dapil {
        name: name.to_owned(),
        seats,
        regions: regions.iter().map(|code| code.parse().unwrap()).collect(),
    }
}

/// Sends these votes of the first parties.
async fn report(phone: &Phone, tps: &str, votes: &[u32]) {
    let mut revision = phone.revision(tps, 1, [0, 0]);
    revision.contest = "dprd".to_owned();
    revision.counts = (1..)
        .zip(votes)
        .map(|(party, votes)| (format!("votes.{party}"), *votes))
        .collect();
    let (_, result) = phone.send(&revision).await;
    assert_eq!(result["status"], "stored", "{result}");
}

async fn seats(who: &Console, region: &str) -> Vec<DapilSeats> {
    let path = format!("/v1/rollup?contest=dprd&region={region}");
    let answer: RollupAnswer = who.get(&path).await.json(StatusCode::OK);
    assert_eq!(answer.lead, None, "nobody leads for an assembly");
    answer.seats
}

#[tokio::test]
async fn seats_follow_the_votes_and_say_what_the_last_one_hangs_on() {
    let world = world().await;
    let rani = world.sign_in("rani").await;
    let before = &seats(&rani, "647201").await[0];
    assert_eq!(
        (before.name.as_str(), before.seats, before.tps),
        ("Kota 1", 3, 1)
    );
    assert_eq!(before.allotment.vacant, 3);
    let siti = world.enrol(TPS, "Siti").await;
    report(&siti, TPS, &[250, 100, 90]).await;
    let now = &seats(&rani, "6472").await[0];
    assert_eq!((now.received, now.votes["1"]), (1, 250));
    assert_eq!(
        now.allotment.seats(),
        BTreeMap::from([(1, 1), (2, 1), (3, 1)])
    );
    let last = now.allotment.last.as_ref().unwrap();
    // 90 against 250 / 3 = 83.3.
    assert_eq!(
        (last.winners[0].quotient.party, last.winners[0].spare_votes),
        (3, 6)
    );
    assert_eq!(
        (last.next[0].quotient.party, last.next[0].missing_votes),
        (1, 21)
    );
}

#[tokio::test]
async fn parties_below_the_countrys_threshold_get_no_seats_when_somebody_says_so() {
    let world = world().await;
    let siti = world.enrol(TPS, "Siti").await;
    report(&siti, TPS, &[250, 100, 90]).await;
    let rani = world.sign_in("rani").await;
    let told = &seats(&rani, "6472&below_threshold=3,%2017").await[0];
    assert_eq!(told.allotment.seats(), BTreeMap::from([(1, 2), (2, 1)]));
    assert_eq!(told.allotment.below_threshold, [3]);
    assert_eq!(told.votes["3"], 90, "the votes stay where they are");
    let wrong = "/v1/rollup?contest=dprd&region=6472&below_threshold=PKB";
    assert_eq!(
        rani.get(wrong).await.problem(),
        (400, "request_invalid".to_owned())
    );
}

#[tokio::test]
async fn a_dapil_of_several_regions_is_told_only_where_all_of_it_is_seen() {
    let world = world().await;
    let wati = world.enrol(OTHER_DISTRICT, "Wati").await;
    report(&wati, OTHER_DISTRICT, &[100, 40]).await;
    let ani = world.enrol(ELSEWHERE, "Ani").await;
    report(&ani, ELSEWHERE, &[0, 90]).await;
    let names = |told: &[DapilSeats]| -> Vec<String> {
        told.iter().map(|dapil| dapil.name.clone()).collect()
    };
    let rani = world.sign_in("rani").await;
    assert_eq!(names(&seats(&rani, "6472").await), ["Kota 1"]);
    let admin = world.sign_in("admin").await;
    let all = seats(&admin, "64").await;
    assert_eq!(names(&all), ["Kota 1", "Kota 2"]);
    assert_eq!((all[1].tps, all[1].received), (2, 2));
    assert_eq!(all[1].votes["2"], 130, "of both regions");
    assert_eq!(all[1].allotment.seats(), BTreeMap::from([(1, 1), (2, 1)]));
    let session: Session = admin.get("/v1/session").await.json(StatusCode::OK);
    let mut told = session
        .contests
        .iter()
        .filter_map(|held| held.contest.dapil.as_ref());
    assert_eq!(told.next().unwrap().regions.len(), 1);
}

#[tokio::test]
async fn a_contested_form_gives_no_seat_until_it_is_ruled_on() {
    let world = world().await;
    let rani = world.sign_in("rani").await;
    report(&world.enrol(TPS, "Siti").await, TPS, &[250, 10]).await;
    report(&world.enrol(TPS, "Budi").await, TPS, &[25, 10]).await;
    let contested = &seats(&rani, "647201").await[0];
    assert_eq!((contested.conflict, contested.votes["1"]), (1, 0));
    assert_eq!(contested.allotment.vacant, 3);
    let seen = rani.slot(TPS, "dprd").await;
    let right = seen
        .heads
        .iter()
        .find(|head| head.counts["votes.1"] == 250)
        .unwrap();
    let ruled = rani
        .rule(&seen, json!({"kind": "verify", "chosen": right.rev_id}))
        .await;
    assert_eq!(ruled.status, StatusCode::CREATED);
    let decided = &seats(&rani, "647201").await[0];
    assert_eq!(decided.allotment.seats(), BTreeMap::from([(1, 3)]));
}

#[tokio::test]
async fn contests_that_one_option_wins_have_no_seats() {
    let world = world().await;
    let rani = world.sign_in("rani").await;
    let path = "/v1/rollup?contest=gub&region=6472";
    let answer: RollupAnswer = rani.get(path).await.json(StatusCode::OK);
    assert!(answer.seats.is_empty());
}
