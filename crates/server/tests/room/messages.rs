//! Messages from the counting room to the phones.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use protocol::coverage::{Message, MessageReach, MessageTo, MessagesAnswer, StationsAnswer};
use protocol::inbox::{InboxAnswer, InboxItem, InboxKind};
use serde_json::{Value, json};
use server::operations::verify_log::verify;

use crate::world::{Console, ELSEWHERE, Phone, SAMARINDA, TPS, TPS_2, World};

const TEXT: &str = "Formulir C plano dipasang di papan. Foto ulang halaman 2.";

fn to_region(region: &str, key: &str) -> Value {
    json!({"key": key, "to": {"whom": "region", "region": region}, "text": TEXT})
}

async fn send(who: &Console, body: &Value) -> Message {
    who.post("/v1/messages", body)
        .await
        .json(StatusCode::CREATED)
}

async fn inbox(phone: &Phone, query: &str, read: Option<&str>) -> InboxAnswer {
    let mut request = Request::get(format!("/v1/inbox{query}"));
    if let Some(id) = read {
        request = request.header("saksi-read", id);
    }
    let request = request.body(Body::empty()).unwrap();
    phone.send_request(request).await.json(StatusCode::OK)
}

async fn messages(phone: &Phone) -> Vec<InboxItem> {
    let answer = inbox(phone, "", None).await;
    let items = answer.items.into_iter();
    items
        .filter(|item| item.kind == InboxKind::Message)
        .collect()
}

async fn reach(who: &Console, number: u64) -> (u64, u64, u64) {
    let path = format!("/v1/messages/{number}/reach");
    let reach: MessageReach = who.get(&path).await.json(StatusCode::OK);
    (reach.addressed, reach.delivered, reach.read)
}

#[tokio::test]
async fn a_message_to_a_village_is_on_both_phones_there_and_on_no_other() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    let ani = world.enrol("6472021001001", "Ani").await;
    let sent = send(&rani, &to_region("6472011001", "pesan-satu")).await;
    assert_eq!((sent.number, sent.witnesses), (1, 2));
    assert_eq!((sent.by.as_str(), sent.to_name.is_empty()), ("rani", false));
    for phone in [&siti, &budi] {
        let told = messages(phone).await;
        assert_eq!(told.len(), 1);
        let raw = phone.call(axum::http::Method::GET, "/v1/inbox", None).await;
        let raw: Value = raw.json(StatusCode::OK);
        assert_eq!(raw["items"][0]["from"], "coordinator", "by role");
        assert!(!raw.to_string().contains("rani"), "not by name");
        assert_eq!(told[0].text, TEXT);
    }
    assert!(messages(&ani).await.is_empty());
}

#[tokio::test]
async fn the_same_request_sends_once() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    let siti = world.enrol(TPS, "Siti").await;
    let first = send(&rani, &to_region(SAMARINDA, "pesan-satu")).await;
    assert_eq!(
        send(&rani, &to_region(SAMARINDA, "pesan-satu")).await,
        first
    );
    assert_eq!(messages(&siti).await.len(), 1);
    send(&rani, &to_region(SAMARINDA, "pesan-dua")).await;
    assert_eq!(messages(&siti).await.len(), 2);
    let listed: MessagesAnswer = rani.get("/v1/messages").await.json(StatusCode::OK);
    let numbers: Vec<u64> = listed.messages.iter().map(|one| one.number).collect();
    assert_eq!(numbers, [2, 1]);
}

#[tokio::test]
async fn a_phone_that_is_enrolled_later_or_anew_has_it_too_and_the_same_one() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    let siti = world.enrol(TPS, "Siti").await;
    send(&rani, &to_region("6472011001", "pesan-satu")).await;
    let on_the_first = messages(&siti).await;
    let anew = world.enrol(TPS, "Siti").await;
    assert_eq!(messages(&anew).await, on_the_first, "the same bytes");
    let late = world.enrol(TPS_2, "Budi").await;
    assert_eq!(messages(&late).await.len(), 1);
    let elsewhere = world.enrol(ELSEWHERE, "Ani").await;
    assert!(messages(&elsewhere).await.is_empty());
}

#[tokio::test]
async fn a_message_to_one_witness_is_on_that_witnesss_phone_alone() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS, "Budi").await;
    let path = format!("/v1/coverage/stations?region={TPS}");
    let there: StationsAnswer = rani.get(&path).await.json(StatusCode::OK);
    let id = there.stations[0]
        .witnesses
        .iter()
        .find(|one| one.name == "Siti")
        .unwrap()
        .id
        .clone();
    let body = json!({"key": "pesan-satu", "to": {"whom": "witness", "witness": id}, "text": TEXT});
    let sent = send(&rani, &body).await;
    assert_eq!(sent.to, MessageTo::Witness { witness: id });
    assert_eq!((sent.to_name.as_str(), sent.witnesses), ("Siti", 1));
    assert_eq!(messages(&siti).await.len(), 1);
    assert!(messages(&budi).await.is_empty());
}

#[tokio::test]
async fn the_room_is_told_who_has_it_and_who_has_read_it_by_the_phones_own_word() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    let sent = send(&rani, &to_region("6472011001", "pesan-satu")).await;
    assert_eq!(reach(&rani, sent.number).await, (2, 0, 0));
    let told = inbox(&siti, "", None).await;
    assert_eq!(
        reach(&rani, sent.number).await,
        (2, 0, 0),
        "an answer may be lost"
    );
    let next = format!("?after={}", told.cursor);
    inbox(&siti, &next, None).await;
    assert_eq!(reach(&rani, sent.number).await, (2, 1, 0));
    let id = told.items[0].message.clone().unwrap();
    inbox(&siti, &next, Some(&id)).await;
    assert_eq!(reach(&rani, sent.number).await, (2, 1, 1));
    // The word of another endpoint's message, or of nonsense, says nothing.
    inbox(&budi, "", Some("0123456789abcdef")).await;
    inbox(&budi, "?after=1.0123456789abcdef", Some("x")).await;
    assert_eq!(reach(&rani, sent.number).await, (2, 1, 1));
}

#[tokio::test]
async fn messages_stay_in_bounds_and_in_the_senders_region() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    world.enrol(ELSEWHERE, "Ani").await;
    let not_found = (404, "not_found".to_owned());
    for region in ["6471", "64", "647299"] {
        let no = rani
            .post("/v1/messages", &to_region(region, "pesan-satu"))
            .await;
        assert_eq!(no.problem(), not_found, "{region}");
    }
    let invalid = (400, "request_invalid".to_owned());
    let mut body = to_region(SAMARINDA, "pesan-satu");
    for text in ["  ".to_owned(), "x".repeat(501)] {
        body["text"] = text.into();
        assert_eq!(rani.post("/v1/messages", &body).await.problem(), invalid);
    }
    let no_key = to_region(SAMARINDA, "x y");
    assert_eq!(rani.post("/v1/messages", &no_key).await.problem(), invalid);
    let tamu = world.sign_in("tamu").await;
    let no = tamu
        .post("/v1/messages", &to_region(SAMARINDA, "pesan-satu"))
        .await;
    assert_eq!(no.problem(), (403, "not_allowed".to_owned()));
}

#[tokio::test]
async fn messages_are_held_against_the_log() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    world.enrol(TPS, "Siti").await;
    send(&rani, &to_region(SAMARINDA, "pesan-satu")).await;
    assert_eq!(verify(&world.app, false).await.unwrap().notes, 1);
    sqlx::query("UPDATE messages SET wording = 'lain'")
        .execute(world.app.storage.reading())
        .await
        .unwrap();
    let broken = verify(&world.app, false).await.unwrap_err().to_string();
    assert!(broken.contains("the message kept for it"), "{broken}");
}
