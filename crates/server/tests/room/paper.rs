//! The paper: from the witness's hand into a folder, and beside the totals.

use axum::http::StatusCode;
use domain::SlotState;
use protocol::console::{Role, RollupAnswer, SlotsAnswer};
use protocol::paper::{
    PaperHistory, PaperLine, PaperListAnswer, PaperListsAnswer, PaperMatch, PaperPlace,
    PapersAnswer,
};
use serde_json::{Value, json};
use server::operations::verify_log::verify;

use crate::world::{Answer, Console, ELECTION, ELSEWHERE, SAMARINDA, TPS, TPS_2, World};

fn slot(tps: &str, contest: &str) -> String {
    format!("{ELECTION}/{tps}/{contest}")
}

async fn note(who: &Console, slots: &[String], act: Value) -> Answer {
    let body = json!({"slots": slots, "act": act});
    who.post("/v1/paper", &body).await
}

async fn arrived(who: &Console, slots: &[String], folder: &str) -> PapersAnswer {
    let act = json!({"act": "arrived", "folder": folder});
    note(who, slots, act).await.json(StatusCode::CREATED)
}

async fn history(who: &Console, slot: &str) -> PaperHistory {
    let path = format!("/v1/paper/slots/{slot}");
    who.get(&path).await.json(StatusCode::OK)
}

/// Verified, paper here, paper that differs, of Samarinda's governor.
async fn totals(who: &Console) -> (u64, u64, u64) {
    let path = format!("/v1/rollup?contest=gub&region={SAMARINDA}&by=regency");
    let answer: RollupAnswer = who.get(&path).await.json(StatusCode::OK);
    let row = &answer.regions[0];
    (row.verified, row.paper, row.paper_differs)
}

#[tokio::test]
async fn a_paper_goes_from_the_witness_into_a_folder_and_every_step_is_kept() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    let gub = slot(TPS, "gub");
    assert_eq!(
        history(&rani, &gub).await.custody.place,
        PaperPlace::Unknown
    );
    world
        .enrol(TPS, "Siti")
        .await
        .report(TPS, 1, [100, 50])
        .await;
    assert_eq!(
        history(&rani, &gub).await.custody.place,
        PaperPlace::Witness
    );
    let given = json!({"act": "handed_over", "to": "Koordinator desa (contoh)"});
    let answer: PapersAnswer = note(&rani, std::slice::from_ref(&gub), given)
        .await
        .json(StatusCode::CREATED);
    let line: &PaperLine = &answer.papers[0];
    assert_eq!(line.custody.place, PaperPlace::HandedOver);
    assert_eq!(
        line.custody.holder.as_deref(),
        Some("Koordinator desa (contoh)")
    );
    assert_eq!(
        (line.state, line.witnesses.as_slice()),
        (SlotState::Single, &["Siti".to_owned()][..])
    );
    arrived(&rani, std::slice::from_ref(&gub), "Map 12").await;
    let differs = json!({"act": "compared", "outcome": "differs", "figures": {"votes.1": 101}});
    assert_eq!(
        note(&rani, std::slice::from_ref(&gub), differs)
            .await
            .status,
        201
    );
    let told = history(&rani, &gub).await;
    assert_eq!(told.custody.place, PaperPlace::Here);
    assert_eq!(told.custody.folder.as_deref(), Some("Map 12"));
    assert_eq!(told.custody.compared, Some(PaperMatch::Differs));
    assert_eq!(rani.slot(TPS, "gub").await.paper, told.custody);
    let numbers: Vec<u32> = told.steps.iter().map(|step| step.number).collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert!(told.steps.iter().all(|step| step.by == "rani"));
}

#[tokio::test]
async fn verified_and_paper_in_house_are_counted_apart() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    let siti = world.enrol(TPS, "Siti").await;
    siti.report(TPS, 1, [100, 50]).await;
    assert_eq!(totals(&rani).await, (0, 0, 0));
    // Of the neighbour nothing has come but the paper.
    arrived(&rani, &[slot(TPS_2, "gub"), slot(TPS_2, "wako")], "Map 1").await;
    assert_eq!(totals(&rani).await, (0, 1, 0));
    let seen = rani.slot(TPS, "gub").await;
    let ruling = json!({"kind": "verify", "chosen": seen.heads[0].rev_id});
    assert_eq!(rani.rule(&seen, ruling).await.status, 201);
    assert_eq!(totals(&rani).await, (1, 1, 0));
    let differs = json!({"act": "compared", "outcome": "differs"});
    note(&rani, &[slot(TPS_2, "gub")], differs).await;
    assert_eq!(totals(&rani).await, (1, 1, 1));
    let village: RollupAnswer = rani
        .get("/v1/rollup?contest=gub&region=6472011001")
        .await
        .json(StatusCode::OK);
    let papers: Vec<u64> = village.regions.iter().map(|row| row.paper).collect();
    assert_eq!(papers, [0, 1, 0], "down to the polling station");
    // A paper is no ruling: nobody who was about to rule has to look again.
    assert_eq!(rani.slot(TPS, "gub").await.state, SlotState::Verified);
}

#[tokio::test]
async fn a_paper_that_arrives_does_not_stand_in_the_way_of_a_ruling() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    world
        .enrol(TPS, "Siti")
        .await
        .report(TPS, 1, [100, 50])
        .await;
    let seen = rani.slot(TPS, "gub").await;
    arrived(&rani, &[slot(TPS, "gub")], "Map 1").await;
    let ruling = json!({"kind": "verify", "chosen": seen.heads[0].rev_id});
    assert_eq!(rani.rule(&seen, ruling).await.status, 201);
}

#[tokio::test]
async fn the_list_of_slots_shows_and_filters_by_paper() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    arrived(&rani, &[slot(TPS, "gub"), slot(TPS_2, "gub")], "Map 1").await;
    let matches = json!({"act": "compared", "outcome": "matches"});
    note(&rani, &[slot(TPS, "gub")], matches).await;
    let given = json!({"act": "handed_over", "to": "PPS (contoh)"});
    note(&rani, &[slot(TPS, "wako")], given).await;
    for (paper, wanted) in [
        ("here", vec![slot(TPS, "gub"), slot(TPS_2, "gub")]),
        ("not_compared", vec![slot(TPS_2, "gub")]),
        ("handed_over", vec![slot(TPS, "wako")]),
        ("differs", vec![]),
    ] {
        let path = format!("/v1/slots?paper={paper}");
        let answer: SlotsAnswer = rani.get(&path).await.json(StatusCode::OK);
        let found: Vec<String> = answer
            .slots
            .iter()
            .map(|line| line.slot.to_string())
            .collect();
        assert_eq!(found, wanted, "{paper}");
    }
    let rest: SlotsAnswer = rani
        .get("/v1/slots?paper=not_here&contest=gub")
        .await
        .json(StatusCode::OK);
    assert_eq!(rest.slots.len(), 4);
    assert!(
        rest.slots
            .iter()
            .all(|line| line.paper == PaperPlace::Unknown)
    );
}

#[tokio::test]
async fn what_was_noted_already_is_not_noted_again_and_a_mistake_is_taken_back() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    let gub = slot(TPS, "gub");
    assert!(
        arrived(&rani, std::slice::from_ref(&gub), "Map 1")
            .await
            .unchanged
            .is_empty()
    );
    let again = arrived(&rani, &[gub.clone(), slot(TPS_2, "gub")], "Map 1").await;
    let unchanged: Vec<String> = again.unchanged.iter().map(ToString::to_string).collect();
    assert_eq!(unchanged, [gub.as_str()]);
    assert_eq!(history(&rani, &gub).await.steps.len(), 1);
    assert_eq!(
        note(
            &rani,
            std::slice::from_ref(&gub),
            json!({"act": "taken_back"})
        )
        .await
        .status,
        201
    );
    let told = history(&rani, &gub).await;
    assert_eq!(
        (told.custody.place, told.steps.len()),
        (PaperPlace::Unknown, 2)
    );
    let compared = json!({"act": "compared", "outcome": "matches"});
    assert_eq!(
        note(&rani, &[gub], compared).await.problem(),
        (412, "precondition_failed".to_owned()),
        "nobody compares what is not here"
    );
}

#[tokio::test]
async fn a_hand_over_list_is_found_by_its_code_and_knows_what_has_arrived() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    world.enrol(TPS, "Siti").await;
    arrived(&rani, &[slot(TPS, "wako")], "Map 1").await;
    let body = json!({"title": "Kelurahan contoh", "region": "6472011001", "wanted": "not_here"});
    let made: PaperListAnswer = rani
        .post("/v1/paper/lists", &body)
        .await
        .json(StatusCode::CREATED);
    // Three polling stations, two contests each, one paper here already.
    assert_eq!((made.list.papers, made.list.here), (5, 0));
    assert_eq!(made.papers[0].witnesses, ["Siti"]);
    let code = &made.list.code;
    assert!(code.len() == 8 && code.bytes().all(|digit| digit.is_ascii_digit()));
    let qr = rani.get(&format!("/v1/paper/lists/{code}/qr.svg")).await;
    assert_eq!(qr.header("content-type"), "image/svg+xml");
    assert!(qr.text().contains("<svg"));
    arrived(&rani, &[slot(TPS, "gub")], "Map 1").await;
    let path = format!("/v1/paper/lists/{code}");
    let later: PaperListAnswer = rani.get(&path).await.json(StatusCode::OK);
    assert_eq!((later.list.papers, later.list.here), (5, 1));
    assert_eq!(later.papers[0].custody.folder.as_deref(), Some("Map 1"));
    let lists: PaperListsAnswer = rani.get("/v1/paper/lists").await.json(StatusCode::OK);
    assert_eq!((lists.lists.len(), lists.lists[0].here), (1, 1));
    // What is in a folder can be listed too; nothing is no list.
    let mut of_folder = json!({"title": "Map 1", "region": SAMARINDA, "wanted": "all"});
    of_folder["folder"] = "Map 1".into();
    let made: PaperListAnswer = rani
        .post("/v1/paper/lists", &of_folder)
        .await
        .json(StatusCode::CREATED);
    assert_eq!(made.list.papers, 2);
    of_folder["folder"] = "Map 2".into();
    let nothing = rani.post("/v1/paper/lists", &of_folder).await;
    assert_eq!(nothing.problem(), (400, "request_invalid".to_owned()));
}

#[tokio::test]
async fn papers_are_coordinators_work_in_their_own_region() {
    let world = World::start().await;
    world
        .add_user("operator", Role::Operator, Some(SAMARINDA))
        .await;
    let rani = world.sign_in("rani").await;
    let both = [slot(TPS, "gub"), slot(ELSEWHERE, "gub")];
    let act = json!({"act": "arrived", "folder": "Map 1"});
    let outside = note(&rani, &both, act.clone()).await;
    assert_eq!(outside.problem(), (404, "not_found".to_owned()));
    assert!(
        history(&rani, &both[0]).await.steps.is_empty(),
        "none of them"
    );
    for name in ["tamu", "operator"] {
        let who = world.sign_in(name).await;
        let no = note(&who, &both[..1], act.clone()).await;
        assert_eq!(no.problem(), (403, "not_allowed".to_owned()), "{name}");
    }
    let operator = world.sign_in("operator").await;
    for path in [
        format!("/v1/paper/stations/{TPS}"),
        format!("/v1/paper/slots/{}", both[0]),
        "/v1/paper/lists".to_owned(),
    ] {
        let no = operator.get(&path).await;
        assert_eq!(no.problem(), (403, "not_allowed".to_owned()), "{path}");
    }
    for path in [
        format!("/v1/paper/stations/{ELSEWHERE}"),
        format!("/v1/paper/slots/{}", both[1]),
        "/v1/paper/lists/00000000".to_owned(),
    ] {
        assert_eq!(rani.get(&path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn steps_and_lists_are_held_against_the_log() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    arrived(&rani, &[slot(TPS, "gub")], "Map 1").await;
    let body = json!({"title": "Contoh", "region": "6472011001", "wanted": "all"});
    rani.post("/v1/paper/lists", &body).await;
    assert_eq!(verify(&world.app, false).await.unwrap().notes, 2);
    for (change, back, said) in [
        (
            "UPDATE paper_steps SET act = replace(act, 'Map 1', 'Map 9')",
            "UPDATE paper_steps SET act = replace(act, 'Map 9', 'Map 1')",
            "the paper kept for it",
        ),
        (
            "UPDATE paper_lists SET title = 'Lain'",
            "UPDATE paper_lists SET title = 'Contoh'",
            "the paper_list kept for it",
        ),
        ("DELETE FROM paper_steps", "", "steps of papers"),
    ] {
        let pool = world.app.storage.reading();
        sqlx::query(change).execute(pool).await.unwrap();
        let broken = verify(&world.app, false).await.unwrap_err().to_string();
        assert!(broken.contains(said), "{broken}");
        if !back.is_empty() {
            sqlx::query(back).execute(pool).await.unwrap();
        }
    }
}
