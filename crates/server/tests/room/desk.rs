//! The entry desk: figures from a paper or a call meet a witness's as equals,
//! and whoever keyed them verifies nothing.

use axum::http::StatusCode;
use domain::{Mark, SlotState};
use protocol::console::Role;
use protocol::desk::{DeskEntries, DeskEntryAnswer, DeskForm, DeskSource, DeskStations};
use serde_json::{Value, json};
use server::App;
use server::operations::verify_log::verify;

use crate::queue_room::{claim, read, report, room, set, slots};
use crate::world::{
    Answer, Console, ELECTION, ELSEWHERE, SAMARINDA, TPS, TPS_2, World, counts, slot_path,
};

pub(crate) fn paper(tps: &str, votes: [u32; 2]) -> Value {
    let slot = format!("{ELECTION}/{tps}/gub");
    json!({"slot": slot, "source": "paper", "counts": counts(votes)})
}

pub(crate) async fn enter(console: &Console, body: &Value) -> Answer {
    console.post("/v1/desk/entries", body).await
}

async fn entered(console: &Console, tps: &str, votes: [u32; 2]) -> DeskEntryAnswer {
    let answer = enter(console, &paper(tps, votes)).await;
    answer.json(StatusCode::CREATED)
}

#[tokio::test]
async fn a_paper_that_says_what_the_witness_said_agrees_and_another_one_is_a_conflict() {
    let (world, _) = room().await;
    let siti = world.enrol(TPS, "Siti").await;
    siti.report(TPS, 1, [100, 50]).await;
    let budi = world.sign_in("budi").await;
    let answer = entered(&budi, TPS, [100, 50]).await;
    assert_eq!((answer.entry.seq, answer.is_new), (1, true));
    assert_eq!(answer.entry.source, DeskSource::Paper);
    assert_eq!(answer.next.unwrap().tps.as_str(), TPS_2);
    entered(&budi, TPS_2, [7, 8]).await;
    world
        .enrol(TPS_2, "Joko")
        .await
        .report(TPS_2, 1, [7, 9])
        .await;

    let rani = world.sign_in("rani").await;
    let slot = rani.slot(TPS, "gub").await;
    assert_eq!((slot.state, slot.heads.len()), (SlotState::Agreed, 2));
    let head = slot.heads.iter().find(|head| head.witness == "budi");
    let origin = head.unwrap().desk.clone().unwrap();
    assert_eq!(
        (origin.source, origin.called.as_str()),
        (DeskSource::Paper, "")
    );
    assert_eq!(rani.slot(TPS_2, "gub").await.state, SlotState::Conflict);
    let sound = verify(&world.app, false).await.unwrap();
    assert_eq!(sound.revisions, 4);
}

#[tokio::test]
async fn a_correction_is_a_further_entry_and_the_same_again_is_none() {
    let (world, _) = room().await;
    let budi = world.sign_in("budi").await;
    let first = entered(&budi, TPS, [100, 50]).await;
    let again = enter(&budi, &paper(TPS, [100, 50])).await;
    let again: DeskEntryAnswer = again.json(StatusCode::OK);
    assert!(!again.is_new, "an answer that was lost");
    assert_eq!(again.entry.rev_id, first.entry.rev_id);

    let blindly = enter(&budi, &paper(TPS, [100, 51])).await;
    assert_eq!(blindly.problem(), (412, "precondition_failed".to_owned()));
    let mut correction = paper(TPS, [100, 51]);
    correction["after"] = json!(first.entry.rev_id);
    let second: DeskEntryAnswer = enter(&budi, &correction).await.json(StatusCode::CREATED);
    assert_eq!(second.entry.seq, 2);
    let rani = world.sign_in("rani").await;
    let slot = rani.slot(TPS, "gub").await;
    assert_eq!((slot.heads.len(), slot.history.len()), (1, 2));
    assert_eq!(slot.heads[0].prev.as_ref(), Some(&first.entry.rev_id));
    assert!(!slot.marks.contains(&Mark::Fork));

    let list: DeskEntries = budi.get("/v1/desk/entries").await.json(StatusCode::OK);
    assert_eq!((list.forms, list.entries.len()), (1, 2));
    assert_eq!(list.entries[0].entry.rev_id, second.entry.rev_id);
    assert_eq!(list.entries[0].station.number, "001");
    assert_eq!(list.entries[0].station.place.len(), 3);
    let others: DeskEntries = rani.get("/v1/desk/entries").await.json(StatusCode::OK);
    assert_eq!((others.forms, others.entries.len()), (0, 0));
}

#[tokio::test]
async fn a_call_names_who_was_called_and_nothing_else_does() {
    let (world, _) = room().await;
    let budi = world.sign_in("budi").await;
    let mut call = paper(TPS, [1, 2]);
    call["source"] = json!("phone");
    let nobody = enter(&budi, &call).await;
    assert_eq!(nobody.problem(), (400, "request_invalid".to_owned()));
    call["called"] = json!(" Siti (contoh) ");
    call["note"] = json!("dibacakan dua kali");
    let answer: DeskEntryAnswer = enter(&budi, &call).await.json(StatusCode::CREATED);
    assert_eq!(answer.entry.called, "Siti (contoh)");
    assert_eq!(answer.entry.note, "dibacakan dua kali");
    for (wrong, no) in [
        (json!({"called": "Siti"}), 400),
        (json!({"source": "workbook"}), 400),
        (json!({"counts": {}}), 400),
        (json!({"counts": {"votes.9": 1}}), 422),
        (json!({"counts": {"votes.1": 1_000_000}}), 422),
    ] {
        let mut body = paper(TPS_2, [1, 2]);
        for (key, value) in wrong.as_object().unwrap() {
            body[key] = value.clone();
        }
        let (status, _) = enter(&budi, &body).await.problem();
        assert_eq!(status, no, "{wrong}");
    }
}

#[tokio::test]
async fn who_keyed_a_form_is_never_offered_it_and_cannot_verify_it() {
    let (world, _) = room().await;
    let siti = world.enrol(TPS, "Siti").await;
    report(&siti, TPS, 1, [100, 50], 1).await;
    let (budi, dewi) = (world.sign_in("budi").await, world.sign_in("dewi").await);
    assert_eq!(slots(&claim(&budi, json!({"hold": 1})).await), [TPS]);
    entered(&budi, TPS, [100, 50]).await;
    assert!(claim(&budi, json!({"hold": 1})).await.items.is_empty());
    let reading = read(&budi, TPS, [100, 50]).await;
    assert_eq!(reading.problem(), (412, "precondition_failed".to_owned()));
    assert_eq!(
        slots(&claim(&dewi, json!({"hold": 1})).await),
        [TPS],
        "somebody else is"
    );

    let (rani, wati) = (world.sign_in("rani").await, world.sign_in("wati").await);
    entered(&rani, TPS, [100, 50]).await;
    let slot = rani.slot(TPS, "gub").await;
    let own = json!({"kind": "verify", "chosen": slot.heads[0].rev_id});
    let refused = rani.rule(&slot, own.clone()).await;
    assert_eq!(refused.problem(), (403, "not_allowed".to_owned()));
    let figures = json!({"kind": "verify", "counts": counts([1, 2])});
    assert_eq!(rani.rule(&slot, figures).await.problem().0, 403);
    assert_eq!(wati.rule(&slot, own).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_form_that_is_held_to_be_read_blind_is_let_go_once_it_is_keyed() {
    let (world, _) = room().await;
    set(&world, "blind", 0).await;
    report(&world.enrol(TPS, "Siti").await, TPS, 1, [100, 50], 1).await;
    let budi = world.sign_in("budi").await;
    claim(&budi, json!({"hold": 1})).await;
    entered(&budi, TPS, [100, 50]).await;
    let reading = read(&budi, TPS, [100, 50]).await;
    assert_eq!(reading.problem().0, 412, "it is nobody's any more");
}

#[tokio::test]
async fn an_operator_learns_nothing_of_witnesses_figures_at_the_desk() {
    let (world, _) = room().await;
    let siti = world.enrol(TPS, "Siti").await;
    siti.report(TPS, 1, [471, 213]).await;
    let budi = world.sign_in("budi").await;
    let path = format!("/v1/desk/forms/{ELECTION}/{TPS}/gub");
    let told = [
        budi.get(&path).await.text(),
        budi.get("/v1/desk/stations?contest=gub&q=001").await.text(),
        enter(&budi, &paper(TPS, [1, 2])).await.text(),
        budi.get("/v1/desk/entries").await.text(),
        budi.get(&path).await.text(),
    ];
    for text in told {
        for secret in [":471", ":213", "Siti", "state", "conflict", &siti.id] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
    let slot = budi.get(&slot_path(TPS, "gub")).await;
    assert_eq!(slot.problem(), (403, "not_allowed".to_owned()));
    let tamu = world.sign_in("tamu").await;
    assert_eq!(enter(&tamu, &paper(TPS, [1, 2])).await.problem().0, 403);
    assert_eq!(tamu.get(&path).await.problem().0, 403);
}

#[tokio::test]
async fn a_desk_stays_in_its_region_and_its_election() {
    let (world, _) = room().await;
    let budi = world.sign_in("budi").await;
    let elsewhere = enter(&budi, &paper(ELSEWHERE, [1, 2])).await;
    assert_eq!(elsewhere.problem(), (404, "not_found".to_owned()));
    let mut other = paper(TPS, [1, 2]);
    other["slot"] = json!(format!("lain-2024/{TPS}/gub"));
    assert_eq!(enter(&budi, &other).await.problem().0, 404);
    entered(&budi, TPS, [1, 2]).await;
    let device = world.app.storage.reading();
    let desk: String = sqlx::query_scalar("SELECT device FROM desks")
        .fetch_one(device)
        .await
        .unwrap();
    let authors = server::enrol::authors(device, std::slice::from_ref(&desk));
    let desk = authors.await.unwrap().remove(&desk).unwrap().device;
    let (here, there) = (TPS.parse().unwrap(), ELSEWHERE.parse().unwrap());
    assert!(desk.may_state(ELECTION, &here) && desk.may_state(ELECTION, &there));
    assert!(
        !desk.may_state("lain-2024", &here),
        "that has desks of its own"
    );
}

#[tokio::test]
async fn a_witness_cannot_pass_for_a_desk() {
    let (world, _) = room().await;
    let siti = world.enrol(TPS, "Siti").await;
    let mut revision = siti.revision(TPS, 1, [1, 2]);
    revision.desk = Some(protocol::desk::DeskOrigin {
        source: DeskSource::Paper,
        called: String::new(),
    });
    let (_, result) = siti.send(&revision).await;
    assert_eq!(result["problem"]["code"], "payload_invalid", "{result}");
    let (_, result) = siti.send(&siti.revision(TPS_2, 1, [1, 2])).await;
    assert_eq!(result["problem"]["code"], "not_assigned", "{result}");
}

#[tokio::test]
async fn after_a_restart_the_desk_goes_on_with_its_key() {
    let (world, _) = room().await;
    let budi = world.sign_in("budi").await;
    let first = entered(&budi, TPS, [100, 50]).await;
    let config = world.app.config.clone();
    let folder = world.stop().await;
    let (app, tasks) = App::open(config).await.unwrap();
    let world = World { folder, app, tasks };
    let budi = world.sign_in("budi").await;
    let mut correction = paper(TPS, [100, 51]);
    correction["after"] = json!(first.entry.rev_id);
    let second: DeskEntryAnswer = enter(&budi, &correction).await.json(StatusCode::CREATED);
    assert_eq!(second.entry.seq, 2);
    let rani = world.sign_in("rani").await;
    let slot = rani.slot(TPS, "gub").await;
    assert_eq!(slot.history[0].device, slot.history[1].device);
    assert_eq!(verify(&world.app, false).await.unwrap().revisions, 2);
}

#[tokio::test]
async fn two_windows_of_one_person_never_fork_the_desk() {
    let (world, _) = room().await;
    let budi = world.sign_in("budi").await;
    let (one, other) = (paper(TPS, [1, 2]), paper(TPS, [3, 4]));
    let (one, other) = tokio::join!(enter(&budi, &one), enter(&budi, &other));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 412]);
    let rani = world.sign_in("rani").await;
    assert_eq!(rani.slot(TPS, "gub").await.history.len(), 1);
}

#[tokio::test]
async fn a_station_is_found_by_parts_of_names_and_its_number() {
    let (world, _) = room().await;
    world.add_user("ana", Role::Operator, Some(SAMARINDA)).await;
    let ana = world.sign_in("ana").await;
    let find = async |text: &str| -> DeskStations {
        let path = format!(
            "/v1/desk/stations?contest=gub&q={}",
            text.replace(' ', "%20")
        );
        ana.get(&path).await.json(StatusCode::OK)
    };
    let path = format!("/v1/desk/forms/{ELECTION}/{TPS}/gub");
    let form: DeskForm = ana.get(&path).await.json(StatusCode::OK);
    assert_eq!((form.own, form.previous), (None, None));
    assert!(form.dpt.is_some());
    let village = form.station.place[2].to_lowercase();
    let found = find(&format!("{village} 2")).await;
    let codes: Vec<&str> = found.stations.iter().map(|one| one.tps.as_str()).collect();
    assert_eq!(codes, [TPS_2]);
    assert_eq!(find(&TPS[..10]).await.stations.len(), 3);
    assert_eq!(find("3").await.stations.len(), 2, "one in each village");
    let regency = form.station.place[0].to_lowercase();
    let found = find(&format!("{regency} {village} 2")).await;
    assert_eq!(found.stations.len(), 1, "each part in a name of its own");
    assert_eq!(found.stations[0].place, form.station.place);
    assert!(find(&format!("{village} %25")).await.stations.is_empty());
    assert!(find("balikpapan").await.stations.is_empty(), "not hers");
    assert!(find(" ").await.stations.is_empty());
}
