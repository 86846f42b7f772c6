//! What the bubbles on photos say, beside what was keyed.

use axum::http::StatusCode;
use domain::{Mark, SlotState};
use protocol::console::SlotsAnswer;
use protocol::revision::PhotoRef;

use crate::world::{Console, Phone, TPS, TPS_2, World, photo};

/// The governor's form with a photo whose bubbles say this of the votes.
async fn reports(phone: &Phone, tps: &str, seq: u64, votes: [u32; 2], bubbles: [&str; 2]) {
    let mut revision = phone.revision(tps, seq, votes);
    revision.photos = vec![photo_at(tps)];
    revision.flags = vec![
        "objection".to_owned(),
        format!("bubbles:votes.1={}@1", bubbles[0]),
        format!("bubbles:votes.2={}@1", bubbles[1]),
        // Of a photo that it does not name: nobody understands it.
        "bubbles:votes.1=999@2".to_owned(),
        "bubbles:".to_owned(),
    ];
    let (_, result) = phone.send(&revision).await;
    assert_eq!(result["status"], "stored", "{result}");
}

/// A photo of each polling station's own.
fn photo_at(tps: &str) -> PhotoRef {
    photo(tps.bytes().last().unwrap()).1
}

async fn listed(console: &Console, query: &str) -> Vec<(String, u32)> {
    let path = format!("/v1/slots?region=6472&contest=gub&{query}");
    let answer: SlotsAnswer = console.get(&path).await.json(StatusCode::OK);
    let slots = answer.slots.into_iter();
    slots
        .map(|slot| (slot.slot.tps.to_string(), slot.bubbles_differ))
        .collect()
}

#[tokio::test]
async fn a_figure_that_the_bubbles_say_otherwise_is_shown_and_found_and_decides_nothing() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    reports(&siti, TPS, 1, [100, 78], ["100", "073"]).await;
    reports(&budi, TPS_2, 1, [100, 78], ["100", "078"]).await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    assert_eq!(seen.state, SlotState::Single);
    assert_eq!(seen.figures["votes.2"], 78, "what was keyed stands");
    assert_eq!(seen.marks, [Mark::BubblesDiffer]);
    let head = &seen.heads[0];
    let read: Vec<(&str, &str, bool)> = head
        .bubbles
        .iter()
        .map(|one| (one.field.as_str(), one.digits.as_str(), one.differs))
        .collect();
    assert_eq!(read, [("votes.1", "100", false), ("votes.2", "073", true)]);
    assert_eq!(head.bubbles[1].photo, photo_at(TPS).sha256);
    assert_eq!(head.flags, ["objection"], "a reading is no flag of hers");
    let other = rani.slot(TPS_2, "gub").await;
    assert!(other.marks.is_empty());
    let marked = listed(&rani, "mark=bubbles_differ").await;
    assert_eq!(marked, [(TPS.to_owned(), 1)]);
    // She looks again, and keys what stands there.
    reports(&siti, TPS, 2, [100, 73], ["100", "073"]).await;
    assert!(rani.slot(TPS, "gub").await.marks.is_empty());
    assert!(listed(&rani, "mark=bubbles_differ").await.is_empty());
}

#[tokio::test]
async fn the_list_begins_where_bubbles_differ_most_and_goes_on_by_page() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    reports(&siti, TPS, 1, [100, 78], ["100", "073"]).await;
    reports(&budi, TPS_2, 1, [100, 78], ["101", "073"]).await;
    let rani = world.sign_in("rani").await;
    let all = listed(&rani, "order=bubbles").await;
    assert_eq!(
        all[..3],
        [
            (TPS_2.to_owned(), 2),
            (TPS.to_owned(), 1),
            ("6472011001003".to_owned(), 0),
        ]
    );
    let mut paged = Vec::new();
    let mut after = String::new();
    loop {
        let path = format!("/v1/slots?region=6472&contest=gub&order=bubbles&limit=1{after}");
        let page: SlotsAnswer = rani.get(&path).await.json(StatusCode::OK);
        paged.extend(
            page.slots
                .into_iter()
                .map(|slot| (slot.slot.tps.to_string(), slot.bubbles_differ)),
        );
        match page.next {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(paged, all);
    let by_place = listed(&rani, "").await;
    assert_eq!(by_place[0], (TPS.to_owned(), 1));
    let answer = rani.get("/v1/slots?order=size").await;
    assert_eq!(answer.problem().0, 400);
}

#[tokio::test]
async fn where_nothing_was_keyed_yet_there_is_nothing_to_differ_from() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let mut revision = siti.revision(TPS, 1, [100, 50]);
    revision.counts.remove("votes.2");
    revision.photos = vec![photo_at(TPS)];
    revision.flags = vec!["bubbles:votes.2=073@1".to_owned()];
    siti.send(&revision).await;
    let seen = world.sign_in("rani").await.slot(TPS, "gub").await;
    assert!(seen.marks.is_empty());
    assert_eq!(seen.heads[0].bubbles[0].digits, "073");
    assert!(
        !seen.heads[0].counts.contains_key("votes.2"),
        "never filled in"
    );
}
