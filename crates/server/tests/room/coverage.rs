//! Coverage: how far each polling station is, and who is to be called.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use protocol::console::Role;
use protocol::coverage::{
    Call, CallResult, CallsAnswer, CoverageAnswer, CoverageRow, Stage, Station, StationsAnswer,
};
use serde_json::json;
use server::clock::Clock;
use server::operations::verify_log::verify;

use crate::world::{Console, ELECTION, ELSEWHERE, Phone, SAMARINDA, TPS, TPS_2, World, photo};

/// The afternoon of polling day.
const AFTERNOON_MS: i64 = 1_732_690_800_000;
const HOUR_MS: i64 = 60 * 60 * 1_000;

async fn afternoon() -> (World, Clock) {
    let clock = Clock::standing_at(AFTERNOON_MS);
    let own = clock.clone();
    let world = World::start_with(|config| config.clock = own).await;
    (world, clock)
}

async fn board(who: &Console, query: &str) -> Vec<CoverageRow> {
    let path = format!("/v1/coverage?{query}");
    let answer: CoverageAnswer = who.get(&path).await.json(StatusCode::OK);
    answer.rows
}

async fn stations(who: &Console, query: &str) -> Vec<Station> {
    let path = format!("/v1/coverage/stations?{query}");
    let answer: StationsAnswer = who.get(&path).await.json(StatusCode::OK);
    answer.stations
}

async fn stage(who: &Console, tps: &str) -> Stage {
    stations(who, &format!("region={tps}")).await[0].stage
}

/// The phone asks for news, as an open app does.
async fn asks(phone: &Phone, drafts: u32) {
    let request = Request::get("/v1/inbox")
        .header("saksi-drafts", drafts.to_string())
        .body(Body::empty());
    assert_eq!(phone.send_request(request.unwrap()).await.status, 200);
}

#[tokio::test]
async fn a_polling_station_goes_from_no_witness_to_verified_step_by_step() {
    let (world, clock) = afternoon().await;
    let rani = world.sign_in("rani").await;
    assert_eq!(stage(&rani, TPS).await, Stage::NoWitness);
    let siti = world.enrol(TPS, "Siti").await;
    assert_eq!(stage(&rani, TPS).await, Stage::Enrolled);
    clock.set(AFTERNOON_MS + HOUR_MS);
    asks(&siti, 0).await;
    assert_eq!(stage(&rani, TPS).await, Stage::Opened);
    asks(&siti, 1).await;
    assert_eq!(stage(&rani, TPS).await, Stage::Drafting);
    let (bytes, reference) = photo(1);
    for contest in ["gub", "wako"] {
        let mut revision = siti.revision(TPS, 1, [100, 50]);
        revision.contest = contest.to_owned();
        revision.photos.push(reference.clone());
        siti.send(&revision).await;
        let one_of_two = stage(&rani, TPS).await;
        let wanted = match contest {
            "gub" => Stage::Drafting,
            _ => Stage::Figures,
        };
        assert_eq!(one_of_two, wanted, "the contest that is least far");
    }
    let of_gub = stations(&rani, &format!("region={TPS}&contest=gub")).await;
    assert_eq!(of_gub[0].stage, Stage::Figures);
    assert_eq!(siti.upload(&reference.sha256, &bytes).await.status, 200);
    assert_eq!(stage(&rani, TPS).await, Stage::Photos);
    for contest in ["gub", "wako"] {
        let seen = rani.slot(TPS, contest).await;
        let ruling = json!({"kind": "verify", "chosen": seen.heads[0].rev_id});
        assert_eq!(rani.rule(&seen, ruling).await.status, 201);
    }
    assert_eq!(stage(&rani, TPS).await, Stage::Verified);
}

#[tokio::test]
async fn the_board_counts_each_polling_station_once_by_region_and_paper_apart() {
    let (world, _) = afternoon().await;
    let rani = world.sign_in("rani").await;
    let siti = world.enrol(TPS, "Siti").await;
    world.enrol(TPS, "Budi").await;
    asks(&siti, 0).await;
    let folder = json!({"act": "arrived", "folder": "Map 1"});
    let slots = ["gub", "wako"].map(|contest| format!("{ELECTION}/{TPS_2}/{contest}"));
    let body = json!({"slots": slots, "act": folder});
    assert_eq!(rani.post("/v1/paper", &body).await.status, 201);
    let districts = board(&rani, "").await;
    let there: Vec<(&str, u64)> = districts
        .iter()
        .map(|row| (row.region.code.as_str(), row.tps))
        .collect();
    assert_eq!(there, [("647201", 3), ("647202", 3)]);
    let row = &districts[0];
    assert_eq!((row.stages.opened, row.stages.no_witness), (1, 2));
    assert_eq!((row.paper, districts[1].paper), (1, 0));
    let villages = board(&rani, "region=647201").await;
    assert_eq!(villages[0].region.code.as_str(), "6472011001");
    let tps = board(&rani, "region=6472011001").await;
    let papers: Vec<u64> = tps.iter().map(|row| row.paper).collect();
    assert_eq!(papers, [0, 1, 0]);
    let everywhere = board(&world.sign_in("admin").await, "").await;
    assert_eq!((everywhere.len(), everywhere[0].tps), (1, 9));
    let outside = rani.get("/v1/coverage?region=6471").await;
    assert_eq!(outside.problem(), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn what_is_listed_says_when_it_was_heard_of_whatever_is_here_and_in_each_order() {
    let (world, clock) = afternoon().await;
    let rani = world.sign_in("rani").await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS, "Budi").await;
    asks(&siti, 2).await;
    clock.set(AFTERNOON_MS + HOUR_MS);
    asks(&budi, 1).await;
    let heard = async |query: &str| {
        let station = stations(&rani, &format!("region={TPS}{query}"))
            .await
            .remove(0);
        (station.seen_at.map(|at| at.unix_ms()), station.drafts)
    };
    let wanted = (Some(AFTERNOON_MS + HOUR_MS), 3);
    for query in ["", "&order=silence", "&stage=drafting"] {
        assert_eq!(heard(query).await, wanted, "figures lack {query}");
    }
    for contest in ["gub", "wako"] {
        let mut revision = siti.revision(TPS, 1, [100, 50]);
        revision.contest = contest.to_owned();
        siti.send(&revision).await;
    }
    for query in ["", "&order=silence", "&stage=figures"] {
        assert_eq!(heard(query).await, wanted, "figures are here {query}");
    }
}

#[tokio::test]
async fn who_lacks_figures_and_has_not_been_heard_of_is_silent_longest_first() {
    let (world, clock) = afternoon().await;
    let rani = world.sign_in("rani").await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    world.enrol("6472011001003", "Tono").await;
    asks(&siti, 0).await;
    clock.set(AFTERNOON_MS + HOUR_MS);
    asks(&budi, 0).await;
    let silent = || async {
        let found = stations(&rani, "silent=true&order=silence").await;
        let codes: Vec<String> = found.iter().map(|one| one.tps.to_string()).collect();
        codes
    };
    assert_eq!(silent().await, ["6472011001003"], "never heard of");
    clock.set(AFTERNOON_MS + 3 * HOUR_MS);
    assert_eq!(silent().await, ["6472011001003", TPS]);
    assert_eq!(board(&rani, "").await[0].silent, 2);
    assert_eq!(board(&rani, "silent_minutes=60").await[0].silent, 3);
    siti.report(TPS, 1, [100, 50]).await;
    let of_gub = stations(&rani, "silent=true&contest=gub").await;
    assert_eq!(of_gub.len(), 1, "figures are here");
}

#[tokio::test]
async fn a_revoked_phone_is_no_phone_and_its_witness_is_to_be_enrolled_again() {
    let (world, _) = afternoon().await;
    let rani = world.sign_in("rani").await;
    let siti = world.enrol(TPS, "Siti").await;
    asks(&siti, 0).await;
    let id = siti.id.clone();
    let revoked = world
        .app
        .writer
        .run::<_, server::storage::StorageError, _>(move |tx| {
            Box::pin(async move { server::enrol::revoke(tx, None, &id).await })
        });
    assert!(revoked.await.unwrap());
    let station = &stations(&rani, &format!("region={TPS}")).await[0];
    assert_eq!((station.stage, station.seen_at), (Stage::Posted, None));
    assert_eq!(station.witnesses[0].devices, 0);
}

#[tokio::test]
async fn a_phone_number_is_for_coordinators_and_stands_in_no_log() {
    let (world, _) = afternoon().await;
    world.enrol(TPS, "Siti").await;
    world.enrol(ELSEWHERE, "Ani").await;
    let rani = world.sign_in("rani").await;
    let siti = stations(&rani, &format!("region={TPS}")).await[0].witnesses[0].clone();
    assert_eq!(siti.phone, None);
    let path = format!("/v1/coverage/witnesses/{}/phone", siti.id);
    let set = rani.post(&path, &json!({"phone": "0800-000-0001"})).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT);
    let phone = async |who: &Console| {
        stations(who, &format!("region={TPS}")).await[0].witnesses[0]
            .phone
            .clone()
    };
    assert_eq!(phone(&rani).await.as_deref(), Some("+628000000001"));
    assert_eq!(phone(&world.sign_in("tamu").await).await, None);
    let wrong = rani.post(&path, &json!({"phone": "belum ada"})).await;
    assert_eq!(wrong.problem(), (400, "request_invalid".to_owned()));
    let no = world.sign_in("tamu").await;
    let no = no.post(&path, &json!({"phone": ""})).await;
    assert_eq!(no.problem(), (403, "not_allowed".to_owned()));
    let admin = world.sign_in("admin").await;
    let ani = stations(&admin, &format!("region={ELSEWHERE}")).await[0].witnesses[0].clone();
    let path = format!("/v1/coverage/witnesses/{}/phone", ani.id);
    let outside = rani.post(&path, &json!({"phone": "0800-000-0002"})).await;
    assert_eq!(outside.problem(), (404, "not_found".to_owned()));
    let bodies: Vec<String> = sqlx::query_scalar("SELECT body FROM log")
        .fetch_all(world.app.storage.reading())
        .await
        .unwrap();
    assert!(bodies.iter().all(|body| !body.contains("8000000001")));
    assert!(bodies.iter().any(|body| body.contains("phone_noted")));
}

#[tokio::test]
async fn calls_are_noted_without_a_number_and_held_against_the_log() {
    let (world, clock) = afternoon().await;
    world.enrol(TPS, "Siti").await;
    let rani = world.sign_in("rani").await;
    let siti = stations(&rani, &format!("region={TPS}")).await[0].witnesses[0]
        .id
        .clone();
    for (result, note) in [
        ("no_answer", ""),
        ("reached", "Sinyal baru ada di balai desa."),
    ] {
        let body = json!({"tps": TPS, "witness": siti, "result": result, "note": note});
        let answer = rani.post("/v1/coverage/calls", &body).await;
        let _: Call = answer.json(StatusCode::CREATED);
        clock.set(clock.now_ms() + HOUR_MS);
    }
    let path = format!("/v1/coverage/calls?tps={TPS}");
    let told: CallsAnswer = rani.get(&path).await.json(StatusCode::OK);
    let results: Vec<CallResult> = told.calls.iter().map(|call| call.result).collect();
    assert_eq!(results, [CallResult::Reached, CallResult::NoAnswer]);
    let station = &stations(&rani, &format!("region={TPS}")).await[0];
    let last = station.last_call.clone().unwrap();
    assert_eq!((last.number, last.by.as_str()), (2, "rani"));
    assert_eq!(verify(&world.app, false).await.unwrap().notes, 2);
    let elsewhere = json!({"tps": TPS_2, "witness": siti, "result": "reached"});
    let no = rani.post("/v1/coverage/calls", &elsewhere).await;
    assert_eq!(
        no.problem(),
        (404, "not_found".to_owned()),
        "posted elsewhere"
    );
    sqlx::query("UPDATE calls SET result = 'reached'")
        .execute(world.app.storage.reading())
        .await
        .unwrap();
    let broken = verify(&world.app, false).await.unwrap_err().to_string();
    assert!(broken.contains("the called kept for it"), "{broken}");
}

#[tokio::test]
async fn an_operator_reaches_none_of_it() {
    let (world, _) = afternoon().await;
    world
        .add_user("operator", Role::Operator, Some(SAMARINDA))
        .await;
    let operator = world.sign_in("operator").await;
    let calls = format!("/v1/coverage/calls?tps={TPS}");
    for path in [
        "/v1/coverage",
        "/v1/coverage/stations",
        &calls,
        "/v1/messages",
    ] {
        let no = operator.get(path).await;
        assert_eq!(no.problem(), (403, "not_allowed".to_owned()), "{path}");
    }
    let tamu = world.sign_in("tamu").await;
    for path in [calls.as_str(), "/v1/messages"] {
        let no = tamu.get(path).await;
        assert_eq!(no.problem(), (403, "not_allowed".to_owned()), "{path}");
    }
}
