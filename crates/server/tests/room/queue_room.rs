//! What the stories of the queue have in common.

use axum::http::StatusCode;
use protocol::console::Role;
use protocol::queue::{ClaimAnswer, QueueKind, ReadingAnswer, ReadingOutcome, Task};
use serde_json::{Value, json};
use server::clock::Clock;

use crate::world::{Answer, Console, ELECTION, Phone, SAMARINDA, World, counts, photo};

/// A moment of the stories, in milliseconds since 1970.
pub(crate) const EVENING_MS: i64 = 1_732_700_000_000;
pub(crate) const MINUTE_MS: i64 = 60_000;

/// An endpoint with two operators and a second coordinator, whose clock stands.
pub(crate) async fn room() -> (World, Clock) {
    let clock = Clock::standing_at(EVENING_MS);
    let own = clock.clone();
    let world = World::start_with(|config| config.clock = own).await;
    for (name, role) in [
        ("budi", Role::Operator),
        ("dewi", Role::Operator),
        ("wati", Role::Coordinator),
    ] {
        world.add_user(name, role, Some(SAMARINDA)).await;
    }
    (world, clock)
}

/// Reports votes with a photo of its own, which arrives.
pub(crate) async fn report(
    phone: &Phone,
    tps: &str,
    seq: u64,
    votes: [u32; 2],
    shade: u8,
) -> String {
    let (bytes, reference) = photo(shade);
    let hash = reference.sha256.clone();
    let mut revision = phone.revision(tps, seq, votes);
    revision.photos.push(reference);
    let (id, result) = phone.send(&revision).await;
    assert_eq!(result["status"], "stored", "{result}");
    let answer = phone.upload(&hash, &bytes).await;
    assert!(answer.status.is_success(), "{answer:?}");
    id
}

pub(crate) async fn claim(console: &Console, asked: Value) -> ClaimAnswer {
    let answer = console.post("/v1/queue/claim", &asked).await;
    answer.json(StatusCode::OK)
}

pub(crate) fn slots(claimed: &ClaimAnswer) -> Vec<String> {
    let items = claimed.items.iter();
    items.map(|item| item.slot.tps.to_string()).collect()
}

pub(crate) fn kinds(claimed: &ClaimAnswer) -> Vec<Option<QueueKind>> {
    let kind = |task: &Task| match task {
        Task::Look { kind, .. } | Task::Resolve { kind, .. } => Some(*kind),
        Task::Blind { .. } => None,
    };
    claimed.items.iter().map(|item| kind(&item.task)).collect()
}

pub(crate) async fn read(console: &Console, tps: &str, votes: [u32; 2]) -> Answer {
    let slot = format!("{ELECTION}/{tps}/gub");
    let body = json!({"slot": slot, "counts": counts(votes)});
    console.post("/v1/queue/readings", &body).await
}

pub(crate) async fn set(world: &World, mode: &str, percent: u32) {
    let admin = world.sign_in("admin").await;
    let body = json!({"mode": mode, "check_percent": percent});
    let answer = admin.post("/v1/queue/settings", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
}

pub(crate) fn outcome(answer: &Answer) -> ReadingOutcome {
    answer.json::<ReadingAnswer>(StatusCode::CREATED).outcome
}
