//! Photos of ten thousand phones do not come at once.

use axum::http::Method;
use protocol::inbox::InboxAnswer;
use protocol::revision::RevisionsAnswer;
use protocol::{Timestamp, encoding};
use serde_json::json;

use crate::world::{Phone, Photo, TPS, World};

/// Announces a photo of 2 MB that is not sent; what the answer asks.
async fn announce(phone: &Phone, seq: u64) -> Option<Timestamp> {
    let mut reference = Photo::new(1, 5_000).reference();
    reference.sha256 = encoding::sha256_hex(format!("{}/{seq}", phone.id).as_bytes());
    reference.size_bytes = 2_000_000;
    let mut revision = phone.revision(TPS, seq, [10, 20]);
    revision.photos = vec![reference];
    let body = json!({"envelopes": [phone.seal(&revision)]});
    let answer = phone.call(Method::POST, "/v1/revisions", Some(&body)).await;
    let answer: RevisionsAnswer = answer.json(200);
    assert!(answer.results[0].receipt.is_some(), "figures never wait");
    answer.photos_not_before
}

async fn news(phone: &Phone) -> Option<Timestamp> {
    let answer = phone.call(Method::GET, "/v1/inbox", None).await;
    answer.json::<InboxAnswer>(200).photos_not_before
}

#[tokio::test]
async fn an_endpoint_that_keeps_up_keeps_nobody_waiting() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    for seq in 1..=5 {
        assert_eq!(announce(&siti, seq).await, None);
        world.pass_ms(10_000);
    }
    assert_eq!(news(&siti).await, None);
}

#[tokio::test]
async fn with_more_announced_than_it_takes_in_each_phone_has_its_moment() {
    // 125,000 bytes per second.
    let world = World::start_with(|config| config.photo_intake_mbit = 1).await;
    let siti = world.enrol(TPS, "Siti").await;
    for seq in 1..=30 {
        announce(&siti, seq).await;
    }
    world.pass_ms(10_000);
    let now_ms = world.clock.now_ms();
    // 60 MB: eight minutes.
    let mut moments = Vec::new();
    for number in 0..12 {
        let phone = world.enrol(TPS, &format!("Saksi {number}")).await;
        let asked = news(&phone).await;
        assert_eq!(news(&phone).await, asked, "the same moment again");
        moments.push(asked.map_or(now_ms, Timestamp::unix_ms));
    }
    let last_ms = now_ms + 480_000;
    assert!(moments.iter().all(|at| (now_ms..=last_ms).contains(at)));
    moments.sort_unstable();
    moments.dedup();
    assert!(moments.len() > 6, "they are spread: {moments:?}");
    // When the wave is over everybody is welcome, whatever is still missing.
    world.pass_ms(480_000);
    assert_eq!(news(&siti).await, None);
    assert_eq!(announce(&siti, 31).await, None);
}
