//! Lists of slots and regions, and one slot in full.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::{Mark, SlotState};
use protocol::console::{RegionsAnswer, SlotsAnswer};
use serde_json::json;

use crate::world::{TPS, TPS_2, World, photo, slot_path};

#[tokio::test]
async fn a_coordinator_lists_her_slots_page_by_page() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    let all: SlotsAnswer = rani.get("/v1/slots").await.json(StatusCode::OK);
    assert_eq!(
        all.slots.len(),
        12,
        "six polling stations with two contests each"
    );
    assert_eq!(all.next, None);
    let mut paged = Vec::new();
    let mut path = "/v1/slots?limit=5".to_owned();
    let mut pages = 0;
    loop {
        let page: SlotsAnswer = rani.get(&path).await.json(StatusCode::OK);
        pages += 1;
        paged.extend(page.slots);
        match page.next {
            Some(next) => path = format!("/v1/slots?limit=5&after={next}"),
            None => break,
        }
    }
    assert_eq!((pages, &paged), (3, &all.slots));
    let first = &all.slots[0];
    assert_eq!(
        first.place.len(),
        3,
        "district, village, number: {:?}",
        first.place
    );
    assert_eq!((first.state, first.changed_at), (SlotState::Empty, None));
}

#[tokio::test]
async fn a_list_shows_what_has_arrived_and_what_to_ask() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let mut revision = phone.revision(TPS, 1, [100, 50]);
    revision.counts.insert("valid".to_owned(), 149);
    revision.photos.push(photo(1).1);
    phone.send(&revision).await;
    let rani = world.sign_in("rani").await;
    let path = format!("/v1/slots?region={TPS}&contest=gub");
    let list: SlotsAnswer = rani.get(&path).await.json(StatusCode::OK);
    let [line] = list.slots.as_slice() else {
        panic!("{list:?}");
    };
    assert_eq!((line.state, line.heads), (SlotState::Single, 1));
    assert_eq!((line.photos_received, line.photos_announced), (0, 1));
    assert_eq!(line.findings, 2, "sum of votes, and total");
    assert!(line.changed_at.is_some());
}

#[tokio::test]
async fn a_list_is_narrowed_by_contest_state_and_mark() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS, "Budi").await;
    let wati = world.enrol(TPS_2, "Wati").await;
    siti.report(TPS, 1, [105, 50]).await;
    budi.report(TPS, 1, [905, 50]).await;
    wati.report(TPS_2, 1, [80, 70]).await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS_2, "gub").await;
    let returned = json!({"kind": "return", "reason": "Foto halaman 2 buram"});
    assert_eq!(rani.rule(&seen, returned).await.status, StatusCode::CREATED);
    let tps_in = async |query: &str| {
        let list: SlotsAnswer = rani
            .get(&format!("/v1/slots?{query}"))
            .await
            .json(StatusCode::OK);
        let slots = list.slots.iter();
        slots
            .map(|line| line.slot.tps.to_string())
            .collect::<Vec<String>>()
    };
    assert_eq!(tps_in("state=conflict").await, [TPS]);
    assert_eq!(tps_in("state=single&contest=gub").await, [TPS_2]);
    assert_eq!(tps_in("mark=returned").await, [TPS_2]);
    assert_eq!(tps_in("mark=ever_conflicted").await, [TPS]);
    assert_eq!(tps_in("contest=wako").await.len(), 6);
    assert_eq!(tps_in("state=empty").await.len(), 10);
    for query in [
        "state=lost",
        "limit=many",
        "region=abc",
        "after=x",
        "colour=red",
        "contest=%00",
    ] {
        let answer = rani.get(&format!("/v1/slots?{query}")).await;
        assert_eq!(
            answer.problem(),
            (400, "request_invalid".to_owned()),
            "{query}"
        );
    }
}

#[tokio::test]
async fn one_slot_shows_heads_history_findings_and_photos() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let first = siti.report(TPS, 1, [100, 51]).await;
    let mut corrected = siti.revision(TPS, 2, [100, 50]);
    corrected.prev = Some(first.clone());
    corrected.form_tps = Some("002".to_owned());
    corrected.note = "Angka 51 salah tulis".to_owned();
    corrected.photos.push(photo(7).1);
    let (second, _) = siti.send(&corrected).await;
    let rani = world.sign_in("rani").await;
    let slot = rani.slot(TPS, "gub").await;
    assert_eq!(slot.state, SlotState::Single);
    assert_eq!((slot.number.as_str(), slot.place.len()), ("001", 3));
    assert!(slot.dpt.is_some());
    let ids: Vec<&str> = slot.history.iter().map(|one| one.rev_id.as_str()).collect();
    assert_eq!(ids, [first.as_str(), second.as_str()]);
    let [head] = slot.heads.as_slice() else {
        panic!("{:?}", slot.heads);
    };
    assert_eq!(
        (head.rev_id.as_str(), head.witness.as_str()),
        (second.as_str(), "Siti")
    );
    assert_eq!(head.note, "Angka 51 salah tulis");
    assert_eq!(
        head.findings[0].code, "E901",
        "the form's head names another TPS"
    );
    assert_eq!(slot.figures["votes.2"], 50);
    let [shown] = slot.photos.as_slice() else {
        panic!("{:?}", slot.photos);
    };
    assert_eq!(
        (shown.is_received, shown.device.as_str()),
        (false, siti.id.as_str())
    );
}

#[tokio::test]
async fn a_slot_is_sent_again_only_when_something_changed() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    siti.report(TPS, 1, [100, 50]).await;
    let rani = world.sign_in("rani").await;
    let path = slot_path(TPS, "gub");
    let answer = rani.get(&path).await;
    let etag = answer.header("etag").to_owned();
    assert_eq!(
        rani.slot(TPS, "gub").await.etag,
        etag,
        "the body says the same"
    );
    let again = |etag: &str| {
        let request = Request::get(path.as_str()).header("if-none-match", etag);
        request.body(Body::empty()).unwrap()
    };
    let answer = rani.send(again(&etag)).await;
    assert_eq!(answer.status, StatusCode::NOT_MODIFIED);
    assert!(answer.body.is_empty());
    siti.report(TPS, 2, [101, 50]).await;
    assert_eq!(rani.send(again(&etag)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn photos_that_differ_are_marked_though_figures_agree() {
    let world = World::start().await;
    for (witness, shade) in [("Siti", 1), ("Budi", 2)] {
        let phone = world.enrol(TPS, witness).await;
        let mut revision = phone.revision(TPS, 1, [100, 50]);
        revision.photos.push(photo(shade).1);
        phone.send(&revision).await;
    }
    let rani = world.sign_in("rani").await;
    let slot = rani.slot(TPS, "gub").await;
    assert_eq!(slot.state, SlotState::Agreed);
    assert_eq!(slot.marks, [Mark::PhotosDiffer]);
    assert_eq!(slot.photos.len(), 2);
}

#[tokio::test]
async fn regions_are_walked_from_the_province_to_the_polling_stations() {
    let world = World::start().await;
    let admin = world.sign_in("admin").await;
    let below = async |within: &str| {
        let path = format!("/v1/regions?within={within}");
        admin.get(&path).await.json::<RegionsAnswer>(StatusCode::OK)
    };
    assert_eq!(below("64").await.regions.len(), 10);
    let village = below("6472011001").await;
    assert_eq!(
        village.path.len(),
        4,
        "province, regency, district, village"
    );
    let names: Vec<&str> = village
        .regions
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["TPS 001", "TPS 002", "TPS 003"]);
    assert!(below(TPS).await.regions.is_empty());
    let own: RegionsAnswer = world
        .sign_in("rani")
        .await
        .get("/v1/regions")
        .await
        .json(StatusCode::OK);
    assert_eq!(own.path.last().unwrap().code.as_str(), "6472");
}
