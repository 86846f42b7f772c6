//! The inbox tells a device what happened to what it sent.

use std::sync::Arc;

use axum::http::Method;
use protocol::SlotId;
use protocol::inbox::{InboxAnswer, InboxKind};
use server::inbox;
use server::storage::StorageError;

use crate::world::{ELECTION, Phone, TPS, TPS_2, World};

async fn news(phone: &Phone, query: &str) -> InboxAnswer {
    let path = format!("/v1/inbox{query}");
    phone.call(Method::GET, &path, None).await.json(200)
}

async fn tell(world: &World, kind: InboxKind, text: &'static str) {
    let slot: SlotId = format!("{ELECTION}/{TPS}/gub").parse().unwrap();
    world
        .app
        .writer
        .run::<_, StorageError, _>(move |tx| {
            Box::pin(async move { inbox::push_about(tx, &slot, kind, text).await })
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn both_witnesses_hear_of_a_conflict_and_others_do_not() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS, "Budi").await;
    let ani = world.enrol(TPS_2, "Ani").await;
    siti.report(&siti.revision(TPS, 1, [105, 88])).await;
    assert!(news(&siti, "").await.items.is_empty());
    budi.report(&budi.revision(TPS, 1, [905, 88])).await;
    for phone in [&siti, &budi] {
        let told = news(phone, "").await;
        let item = &told.items[0];
        assert_eq!((told.items.len(), item.kind), (1, InboxKind::Conflict));
        assert_eq!(item.slot.as_ref().unwrap().tps.as_str(), TPS);
    }
    assert!(news(&ani, "").await.items.is_empty());
    // Still in conflict: nothing new to tell.
    siti.report(&siti.revision(TPS, 2, [106, 88])).await;
    assert_eq!(news(&siti, "").await.items.len(), 1);
}

#[tokio::test]
async fn the_cursor_goes_on_where_the_last_answer_ended() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    tell(&world, InboxKind::Returned, "angka halaman 2 tidak terbaca").await;
    let first = news(&siti, "").await;
    assert_eq!(first.items[0].text, "angka halaman 2 tidak terbaca");
    let nothing = news(&siti, &format!("?after={}", first.cursor)).await;
    assert!(nothing.items.is_empty());
    assert_eq!(nothing.cursor, first.cursor);
    tell(&world, InboxKind::Verified, "").await;
    let next = news(&siti, &format!("?after={}", first.cursor)).await;
    assert_eq!(next.items.len(), 1);
    assert_eq!(next.items[0].kind, InboxKind::Verified);
    assert_eq!(news(&siti, "").await.items.len(), 2);
}

#[tokio::test]
async fn who_waits_is_told_at_once() {
    let world = World::start().await;
    let siti = Arc::new(world.enrol(TPS, "Siti").await);
    let waiting = tokio::spawn({
        let siti = Arc::clone(&siti);
        async move { news(&siti, "?wait=25").await }
    });
    while world.app.changes.waiting_devices() == 0 {
        tokio::task::yield_now().await;
    }
    tell(&world, InboxKind::Verified, "").await;
    let told = waiting.await.unwrap();
    assert_eq!(told.items[0].kind, InboxKind::Verified);
}

#[tokio::test]
async fn a_stopping_endpoint_lets_go_of_who_waits() {
    let world = World::start().await;
    let siti = Arc::new(world.enrol(TPS, "Siti").await);
    let waiting = tokio::spawn({
        let siti = Arc::clone(&siti);
        async move { news(&siti, "?wait=25").await }
    });
    while world.app.changes.waiting_devices() == 0 {
        tokio::task::yield_now().await;
    }
    world.app.stopping.cancel();
    assert!(waiting.await.unwrap().items.is_empty());
}
