//! The pack: all that a device needs, told again only when it has changed.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use protocol::pack::Pack;

use crate::world::{TPS, World, send};

#[tokio::test]
async fn the_pack_holds_all_that_the_posting_needs() {
    let world = World::start_with(|config| config.sms_numbers = vec!["+62000".to_owned()]).await;
    let phone = world.enrol(TPS, "Siti").await;
    let pack: Pack = phone.call(Method::GET, "/v1/pack", None).await.json(200);
    assert_eq!(pack.election.id, "kaltim-2024");
    let ids: Vec<&str> = pack.contests.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["gub", "wako"]);
    assert!(
        pack.contests
            .iter()
            .all(|one| pack.forms.iter().any(|form| form.id == one.form))
    );
    let posted = &pack.assignments[0];
    assert_eq!((posted.tps.as_str(), posted.number.as_str()), (TPS, "001"));
    assert_eq!(
        posted.place,
        [
            "Kalimantan Timur",
            "Kota Samarinda",
            "Palaran",
            "Rawa Makmur"
        ]
    );
    assert!(posted.dpt.is_some());
    assert_eq!(posted.contests, ["gub", "wako"]);
    let codes: std::collections::BTreeSet<&String> = posted.sms.values().collect();
    assert_eq!(codes.len(), 2);
    assert!(codes.iter().all(|code| code.len() == 5));
    let sms = pack.sms.unwrap();
    assert_eq!(sms.numbers, ["+62000"]);
    let key = protocol::encoding::from_base64(&sms.key).unwrap();
    assert_eq!(key.len(), 32);
}

#[tokio::test]
async fn an_unchanged_pack_is_not_sent_again() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let first = phone.call(Method::GET, "/v1/pack", None).await;
    let etag = first.header("etag").to_owned();
    let ask = |tag: String| {
        Request::get("/v1/pack")
            .header("authorization", format!("Bearer {}", phone.token))
            .header("if-none-match", tag)
            .body(Body::empty())
            .unwrap()
    };
    for tag in [etag.clone(), format!("\"x\", W/{etag}"), "*".to_owned()] {
        let again = send(world.router(), ask(tag)).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        assert_eq!(again.header("etag"), etag);
        assert!(again.body.is_empty());
    }
    let other = send(world.router(), ask("\"x\"".to_owned())).await;
    assert_eq!(other.body, first.body);
}

#[tokio::test]
async fn two_devices_of_one_witness_have_keys_of_their_own() {
    let world = World::start().await;
    let sms_key = |pack: Pack| pack.sms.unwrap().key;
    let first = world.enrol(TPS, "Siti").await;
    let second = world.enrol(TPS, "Siti").await;
    assert_ne!(first.id, second.id);
    let one: Pack = first.call(Method::GET, "/v1/pack", None).await.json(200);
    let two: Pack = second.call(Method::GET, "/v1/pack", None).await.json(200);
    assert_eq!(one.witness, two.witness);
    assert_ne!(sms_key(one), sms_key(two));
    assert_eq!(world.count("SELECT COUNT(*) FROM witnesses").await, 1);
}
