//! One photo used for two polling stations.

use axum::http::StatusCode;
use domain::Mark;
use protocol::console::{SlotDetail, SlotsAnswer};
use protocol::revision::{PhotoKind, PhotoRef};
use serde_json::json;
use server::sameness::Sameness;

use crate::world::{Console, ELSEWHERE, Phone, TPS, TPS_2, World, photo};

impl World {
    /// Until nothing is left to look at or to work out.
    async fn looks_at_photos(&self, sameness: &mut Sameness) {
        sameness.finish(&self.app).await.unwrap();
    }
}

/// The form of `contest` with this photo.
async fn reports(phone: &Phone, tps: &str, contest: &str, seq: u64, photo: &PhotoRef) {
    let mut revision = phone.revision(tps, seq, [100, 50]);
    revision.contest = contest.to_owned();
    revision.photos = vec![photo.clone()];
    let (_, result) = phone.send(&revision).await;
    assert_eq!(result["status"], "stored", "{result}");
}

async fn marked(console: &Console) -> Vec<String> {
    let answer: SlotsAnswer = console
        .get("/v1/slots?mark=same_photo")
        .await
        .json(StatusCode::OK);
    let slots = answer.slots.into_iter();
    slots
        .map(|slot| {
            assert!(slot.marks.contains(&Mark::SamePhoto));
            slot.slot.to_string()
        })
        .collect()
}

fn questions(slot: &SlotDetail) -> Vec<&str> {
    let found = slot.findings.iter();
    found
        .filter(|finding| finding.code == "P201")
        .map(|finding| finding.text.as_str())
        .collect()
}

#[tokio::test]
async fn one_photo_for_two_polling_stations_is_a_question_on_both_until_one_lets_go() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    let (bytes, own) = photo(1);
    let (_, other) = photo(2);
    let mut sameness = Sameness::default();
    reports(&siti, TPS, "gub", 1, &own).await;
    siti.upload(&own.sha256, &bytes).await;
    world.looks_at_photos(&mut sameness).await;
    let rani = world.sign_in("rani").await;
    assert!(marked(&rani).await.is_empty());
    let before = rani.slot(TPS, "gub").await;
    assert!(questions(&before).is_empty());

    reports(&budi, TPS_2, "gub", 1, &own).await;
    world.looks_at_photos(&mut sameness).await;
    assert_eq!(marked(&rani).await.len(), 2);
    let seen = rani.slot(TPS, "gub").await;
    assert_eq!(seen.marks, [Mark::SamePhoto]);
    assert_eq!(
        questions(&seen),
        ["Foto halaman 2 sama persis dengan foto TPS 6472011001002 (gub)."]
    );
    let same = &seen.photos[0].same_as[0];
    assert!(same.is_same_file);
    assert_eq!(same.slot, Some(rani.slot(TPS_2, "gub").await.slot));
    assert_eq!(seen.state, before.state, "a question and no judgement");
    // What was seen before is not what there is now.
    let head = &seen.heads[0].rev_id;
    let ruling = json!({"kind": "verify", "chosen": head});
    let answer = rani.rule(&before, ruling.clone()).await;
    let failed: protocol::console::PreconditionFailed =
        answer.json(StatusCode::PRECONDITION_FAILED);
    assert_eq!(failed.present, seen);
    assert_eq!(rani.rule(&seen, ruling).await.status, StatusCode::CREATED);

    reports(&budi, TPS_2, "gub", 2, &other).await;
    world.looks_at_photos(&mut sameness).await;
    assert!(marked(&rani).await.is_empty());
    assert!(questions(&rani.slot(TPS, "gub").await).is_empty());
}

#[tokio::test]
async fn two_witnesses_of_one_form_may_send_the_same_photo() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS, "Budi").await;
    let (_, own) = photo(1);
    reports(&siti, TPS, "gub", 1, &own).await;
    reports(&budi, TPS, "gub", 1, &own).await;
    world.looks_at_photos(&mut Sameness::default()).await;
    assert!(marked(&world.sign_in("rani").await).await.is_empty());
}

#[tokio::test]
async fn a_form_belongs_to_one_contest_and_an_objection_may_concern_two() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let (_, page) = photo(1);
    let letter = PhotoRef {
        kind: PhotoKind::Objection,
        page: None,
        ..photo(2).1
    };
    let rani = world.sign_in("rani").await;
    let mut sameness = Sameness::default();
    reports(&siti, TPS, "gub", 1, &letter).await;
    reports(&siti, TPS, "wako", 2, &letter).await;
    world.looks_at_photos(&mut sameness).await;
    assert!(marked(&rani).await.is_empty());
    reports(&siti, TPS, "gub", 3, &page).await;
    reports(&siti, TPS, "wako", 4, &page).await;
    world.looks_at_photos(&mut sameness).await;
    let both = [TPS, TPS].map(str::to_owned);
    let found: Vec<String> = marked(&rani)
        .await
        .iter()
        .map(|slot| slot.split('/').nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(found, both);
}

#[tokio::test]
async fn a_slot_that_one_may_not_see_is_not_named() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let ani = world.enrol(ELSEWHERE, "Ani").await;
    let (_, own) = photo(1);
    reports(&siti, TPS, "gub", 1, &own).await;
    reports(&ani, ELSEWHERE, "gub", 1, &own).await;
    world.looks_at_photos(&mut Sameness::default()).await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    assert_eq!(seen.photos[0].same_as[0].slot, None);
    assert_eq!(
        questions(&seen),
        ["Foto halaman 2 sama persis dengan foto TPS di luar wilayah Anda."]
    );
    assert_eq!(marked(&rani).await.len(), 1);
    assert_eq!(marked(&world.sign_in("admin").await).await.len(), 2);
}

#[tokio::test]
async fn an_endpoint_that_starts_anew_goes_on_with_what_has_not_been_looked_at() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    let kept = async || -> i64 {
        sqlx::query_scalar("SELECT COUNT(*) FROM likenesses")
            .fetch_one(world.app.storage.reading())
            .await
            .unwrap()
    };
    let mut sameness = Sameness::default();
    for (phone, tps, shade) in [(&siti, TPS, 1), (&budi, TPS_2, 2)] {
        let (bytes, own) = photo(shade);
        reports(phone, tps, "gub", 1, &own).await;
        phone.upload(&own.sha256, &bytes).await;
    }
    world.looks_at_photos(&mut sameness).await;
    assert_eq!(kept().await, 2);
    let (bytes, third) = photo(3);
    reports(&siti, TPS, "gub", 2, &third).await;
    siti.upload(&third.sha256, &bytes).await;
    // Another process, or the same after a start: what it knew is gone.
    world.looks_at_photos(&mut Sameness::default()).await;
    assert_eq!(kept().await, 3);
    world.looks_at_photos(&mut sameness).await;
    assert_eq!(kept().await, 3, "the first one takes no photo twice");
    assert!(
        marked(&world.sign_in("rani").await).await.is_empty(),
        "grey rectangles show nothing that could be the same"
    );
}
