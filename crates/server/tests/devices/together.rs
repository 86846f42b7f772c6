//! Several processes on one database: replicas, or the command line beside a
//! running endpoint. They see one another through the database alone.

use std::sync::Arc;

use axum::http::Method;
use protocol::SlotId;
use protocol::inbox::{InboxAnswer, InboxKind};
use server::App;
use server::storage::StorageError;

use crate::world::{ELECTION, Phone, TPS, World, seed_village};

/// The same phone talking to another process.
fn at(phone: &Phone, app: &server::AppState) -> Phone {
    Phone {
        router: server::http::router(Arc::clone(app)),
        id: phone.id.clone(),
        token: phone.token.clone(),
        secret: protocol::SecretKey::from_seed(&phone.secret.seed()),
        server_key: phone.server_key,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_take_in_for_one_slot_and_the_log_has_no_gap() {
    let world = World::start().await;
    let (other, tasks) = App::open(world.app.config.clone()).await.unwrap();
    let siti = world.enrol(TPS, "Siti").await;
    let budi = at(&world.enrol(TPS, "Budi").await, &other);
    let report = async |phone: &Phone| {
        for seq in 1..=15 {
            phone.report(&phone.revision(TPS, seq, [105, 88])).await;
        }
    };
    tokio::join!(report(&siti), report(&budi));
    assert_eq!(world.state(TPS).await.0, "agreed");
    assert_eq!(world.total("received", "votes.1").await, 105);
    let again = at(&siti, &other);
    let envelope = again.seal(&again.revision(TPS, 3, [105, 88]));
    assert_eq!(again.try_send(&envelope).await.0, "known");
    let pool = world.app.storage.reading();
    let key = other.key.public();
    server::log::verify(pool, &key, |_| ()).await.unwrap();
    tasks.finish(other).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn news_from_another_process_wakes_who_waits_here() {
    let world = World::start().await;
    let siti = Arc::new(world.enrol(TPS, "Siti").await);
    let (other, tasks) = App::open(world.app.config.clone()).await.unwrap();
    let waiting = tokio::spawn({
        let siti = Arc::clone(&siti);
        async move {
            let answer = siti.call(Method::GET, "/v1/inbox?wait=25", None).await;
            answer.json::<InboxAnswer>(200)
        }
    });
    while world.app.changes.waiting_devices() == 0 {
        tokio::task::yield_now().await;
    }
    let slot: SlotId = format!("{ELECTION}/{TPS}/gub").parse().unwrap();
    other
        .writer
        .run::<_, StorageError, _>(move |tx| {
            Box::pin(
                async move { server::inbox::push_about(tx, &slot, InboxKind::Verified, "").await },
            )
        })
        .await
        .unwrap();
    assert_eq!(waiting.await.unwrap().items.len(), 1);
    tasks.finish(other).await;
}

#[tokio::test]
async fn an_election_that_another_process_seeds_is_known_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let config = server::Config::embedded(folder.path().join("data"));
    let (here, tasks) = App::open(config.clone()).await.unwrap();
    assert!(here.catalogues.get().await.unwrap().elections.is_empty());
    let (other, other_tasks) = App::open(config).await.unwrap();
    seed_village(&other).await;
    other_tasks.finish(other).await;
    let mut newest = here.changes.subscribe();
    newest.wait_for(|index| *index > 0).await.unwrap();
    let known = here.catalogues.get().await.unwrap();
    assert!(known.elections.contains_key(ELECTION));
    tasks.finish(here).await;
}
