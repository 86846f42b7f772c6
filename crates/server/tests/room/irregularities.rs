//! What is irregular in forms, from their arrival to a ruling on it.

use axum::http::StatusCode;
use domain::irregularity::{DifferenceClass, Evidence};
use domain::{Counts, Location};
use protocol::console::Role;
use protocol::irregularity::{
    IrregularitiesAnswer, IrregularityItem, IrregularityRulingKind, TurnoutAnswer,
};
use protocol::queue::QueueKind;
use protocol::revision::PhotoSource;
use serde_json::{Value, json};
use server::irregularities::Irregularities;
use server::operations::verify_log::{Broken, verify};
use server::sameness::Sameness;

use crate::queue_room::{EVENING_MS, claim, kinds, report, room};
use crate::world::{Answer, Console, Phone, SAMARINDA, TPS, TPS_2, World, counts, photo};

/// The third polling station of the village.
const TPS_3: &str = "6472011001003";

/// Until nothing is left to look at, by a task that has just started.
async fn look(world: &World) {
    Irregularities::default().finish(&world.app).await.unwrap();
}

async fn sends(phone: &Phone, tps: &str, seq: u64, figures: Counts) {
    let mut revision = phone.revision(tps, seq, [0, 0]);
    revision.counts = figures;
    let (_, result) = phone.send(&revision).await;
    assert_eq!(result["status"], "stored", "{result}");
}

/// Figures of which one was keyed wrongly.
fn but(votes: [u32; 2], field: &str, keyed: u32) -> Counts {
    let mut figures = counts(votes);
    figures.insert(field.to_owned(), keyed);
    figures
}

async fn listed(console: &Console, query: &str) -> Vec<IrregularityItem> {
    let path = format!("/v1/irregularities?{query}");
    let answer: IrregularitiesAnswer = console.get(&path).await.json(StatusCode::OK);
    answer.items
}

/// Station and code of each.
fn named(items: &[IrregularityItem]) -> Vec<(&str, &str)> {
    items
        .iter()
        .map(|item| (item.slot.tps.as_str(), item.code.as_str()))
        .collect()
}

async fn rule(console: &Console, item: &IrregularityItem, ruling: &str, note: &str) -> Answer {
    let body = json!({"slot": item.slot, "key": item.key, "numbers": item.numbers,
        "ruling": ruling, "note": note});
    console.post("/v1/irregularities/rulings", &body).await
}

#[tokio::test]
async fn a_wrong_digit_is_named_as_soon_as_the_form_is_here_and_goes_with_the_correction() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let rani = world.sign_in("rani").await;
    sends(&siti, TPS, 1, but([144, 50], "votes.1", 154)).await;
    look(&world).await;
    let found = listed(&rani, "").await;
    assert_eq!(named(&found), [(TPS, "I101"), (TPS, "E301")]);
    let Evidence::Repairs { repairs, .. } = &found[0].evidence else {
        panic!("{found:?}");
    };
    let first = &repairs[0];
    assert_eq!(
        (first.field.as_str(), first.from, first.to),
        ("votes.1", 154, 144)
    );
    assert_eq!(found[0].figures["votes.1"], 154);
    assert_eq!(found[0].place.len(), 3);
    assert!(found[0].text.contains("144"), "{}", found[0].text);
    assert_eq!(listed(&rani, "code=E301").await.len(), 1);
    assert!(listed(&rani, "contest=wako").await.is_empty());
    assert_eq!(
        rani.get("/v1/irregularities?region=6471").await.status,
        StatusCode::NOT_FOUND
    );

    sends(&siti, TPS, 2, counts([144, 50])).await;
    look(&world).await;
    assert!(listed(&rani, "").await.is_empty());
}

#[tokio::test]
async fn transposed_digits_are_named() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    sends(&siti, TPS, 1, but([145, 50], "votes.1", 415)).await;
    look(&world).await;
    let rani = world.sign_in("rani").await;
    let found = listed(&rani, "").await;
    assert_eq!(named(&found), [(TPS, "I102"), (TPS, "E301")]);
}

#[tokio::test]
async fn a_form_entered_under_another_number_is_on_both_and_each_names_the_other() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    siti.report(TPS, 1, [100, 50]).await;
    let mut wrong = budi.revision(TPS_2, 1, [100, 50]);
    wrong.form_tps = Some("001".to_owned());
    budi.send(&wrong).await;
    look(&world).await;
    let rani = world.sign_in("rani").await;
    let found = listed(&rani, "").await;
    assert_eq!(
        named(&found),
        [(TPS_2, "E901"), (TPS_2, "I301"), (TPS, "I301")]
    );
    assert_eq!(found[1].others[0].tps.as_str(), TPS);
    assert_eq!(found[2].others[0].tps.as_str(), TPS_2);

    budi.report(TPS_2, 2, [80, 61]).await;
    look(&world).await;
    assert!(listed(&rani, "").await.is_empty(), "both are gone");
}

#[tokio::test]
async fn witness_and_second_witness_differ_and_it_is_said_how() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS, "Budi").await;
    siti.report(TPS, 1, [100, 52]).await;
    budi.report(TPS, 1, [52, 100]).await;
    look(&world).await;
    let rani = world.sign_in("rani").await;
    let found = listed(&rani, "").await;
    assert_eq!(named(&found), [(TPS, "I501")]);
    let Evidence::Readings { class, .. } = &found[0].evidence else {
        panic!("{found:?}");
    };
    assert_eq!(*class, DifferenceClass::Swapped);

    let seen = rani.slot(TPS, "gub").await;
    let chosen = &seen.heads[0].rev_id;
    rani.rule(&seen, json!({"kind": "verify", "chosen": chosen}))
        .await;
    look(&world).await;
    assert!(listed(&rani, "").await.is_empty(), "somebody has decided");
}

#[tokio::test]
async fn a_ruling_stays_with_its_finding_and_is_asked_for_again_when_figures_change() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let wati = world.enrol(TPS_3, "Wati").await;
    let rani = world.sign_in("rani").await;
    sends(&siti, TPS, 1, but([100, 50], "total", 190)).await;
    look(&world).await;
    let found = listed(&rani, "code=E302").await;
    let without = rule(&rani, &found[0], "explained", " ").await;
    assert_eq!(without.problem(), (400, "request_invalid".to_owned()));
    let ruled = rule(&rani, &found[0], "explained", "Kertasnya begitu.").await;
    assert_eq!(ruled.status, StatusCode::CREATED, "{ruled:?}");
    assert!(listed(&rani, "code=E302&ruling=open").await.is_empty());

    // A new task, as after a start, and news of a neighbour change nothing.
    wati.report(TPS_3, 1, [70, 71]).await;
    look(&world).await;
    let kept = listed(&rani, "ruling=explained").await;
    assert_eq!(kept[0].ruling, Some(IrregularityRulingKind::Explained));
    assert_eq!(kept[0].rulings[0].note, "Kertasnya begitu.");
    assert_eq!(kept[0].rulings[0].by, "rani");

    sends(&siti, TPS, 2, but([100, 50], "total", 180)).await;
    look(&world).await;
    let again = listed(&rani, "code=E302").await;
    assert_eq!(again[0].ruling, None);
    assert_eq!(again[0].rulings.len(), 1, "what was ruled stays in sight");
    let late = rule(&rani, &found[0], "settled", "").await;
    assert_eq!(late.problem(), (412, "precondition_failed".to_owned()));

    sends(&siti, TPS, 3, but([100, 50], "total", 190)).await;
    look(&world).await;
    let back = listed(&rani, "code=E302").await;
    assert_eq!(
        back[0].ruling,
        Some(IrregularityRulingKind::Explained),
        "the same numbers were explained"
    );
    assert_eq!(
        rule(&rani, &back[0], "settled", "").await.status,
        StatusCode::CREATED
    );
    let now = listed(&rani, "ruling=settled").await;
    assert_eq!(now[0].rulings.len(), 2);
}

#[tokio::test]
async fn only_who_may_rule_rules_and_operators_see_nothing_of_it() {
    let (world, _) = room().await;
    let siti = world.enrol(TPS, "Siti").await;
    sends(&siti, TPS, 1, but([144, 50], "votes.1", 154)).await;
    look(&world).await;
    let tamu = world.sign_in("tamu").await;
    let found = listed(&tamu, "").await;
    let no = (403, "not_allowed".to_owned());
    assert_eq!(rule(&tamu, &found[0], "settled", "").await.problem(), no);
    world
        .add_user("lain", Role::Coordinator, Some("6471"))
        .await;
    let lain = world.sign_in("lain").await;
    assert!(listed(&lain, "").await.is_empty());
    assert_eq!(
        rule(&lain, &found[0], "settled", "").await.status,
        StatusCode::NOT_FOUND
    );
    let budi = world.sign_in("budi").await;
    for path in [
        "/v1/irregularities",
        "/v1/irregularities.csv",
        "/v1/irregularities/settings",
        "/v1/turnout?region=6472&contest=gub",
    ] {
        assert_eq!(budi.get(path).await.problem(), no, "{path}");
    }
    assert_eq!(rule(&budi, &found[0], "settled", "").await.problem(), no);
}

#[tokio::test]
async fn a_flag_moves_a_form_up_in_the_queue_until_somebody_rules_on_it() {
    let (world, _) = room().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    report(&siti, TPS, 1, [100, 50], 1).await;
    report(&budi, TPS_2, 1, [100, 50], 2).await;
    look(&world).await;
    let rani = world.sign_in("rani").await;
    let held = claim(&rani, json!({"hold": 2})).await;
    assert_eq!(kinds(&held), [Some(QueueKind::Finding); 2]);
    rani.post("/v1/queue/release", &json!({"slots": []})).await;
    for item in listed(&rani, "").await {
        let answer = rule(&rani, &item, "explained", "Kebetulan sama.").await;
        assert_eq!(answer.status, StatusCode::CREATED);
    }
    let held = claim(&rani, json!({"hold": 2})).await;
    assert_eq!(kinds(&held), [Some(QueueKind::First); 2]);
}

#[tokio::test]
async fn who_reads_a_form_blind_does_not_find_its_figures_here() {
    let (world, _) = room().await;
    crate::queue_room::set(&world, "blind", 0).await;
    let siti = world.enrol(TPS, "Siti").await;
    let (bytes, reference) = photo(1);
    let mut revision = siti.revision(TPS, 1, [0, 0]);
    revision.counts = but([144, 50], "votes.1", 154);
    revision.photos.push(reference.clone());
    siti.send(&revision).await;
    siti.upload(&reference.sha256, &bytes).await;
    look(&world).await;
    let rani = world.sign_in("rani").await;
    assert_eq!(listed(&rani, "").await.len(), 2);
    claim(&rani, json!({"hold": 1})).await;
    assert!(listed(&rani, "").await.is_empty());
    let table = rani.get("/v1/irregularities.csv").await.text();
    assert_eq!(table.lines().count(), 1, "{table}");
    let wati = world.sign_in("wati").await;
    assert_eq!(listed(&wati, "").await.len(), 2);
}

#[tokio::test]
async fn votes_before_the_polls_closed_and_no_vote_for_the_own_option_are_looked_at_when_set() {
    let (world, clock) = room().await;
    let siti = world.enrol(TPS, "Siti").await;
    sends(&siti, TPS, 1, counts([0, 150])).await;
    look(&world).await;
    let rani = world.sign_in("rani").await;
    let before = listed(&rani, "notices=true").await;
    assert_eq!(named(&before), [(TPS, "I402")]);
    let close = protocol::Timestamp::from_unix_ms(EVENING_MS + 60_000);
    let own = json!([{"region": "64", "contest": "gub", "option": 1}]);
    let body = json!({"polls_close_at": close, "own": own});
    let admin = world.sign_in("admin").await;
    assert_eq!(
        rani.post("/v1/irregularities/settings", &body).await.status,
        StatusCode::FORBIDDEN
    );
    let wrong = json!({"polls_close_at": null,
        "own": [{"region": "64", "contest": "gub", "option": 9}]});
    assert_eq!(
        admin
            .post("/v1/irregularities/settings", &wrong)
            .await
            .problem(),
        (400, "request_invalid".to_owned())
    );
    let set = admin.post("/v1/irregularities/settings", &body).await;
    assert_eq!(set.status, StatusCode::OK, "{set:?}");
    look(&world).await;
    let found = listed(&rani, "notices=true").await;
    assert_eq!(named(&found), [(TPS, "P401"), (TPS, "I401"), (TPS, "I402")]);
    let kept: Value = rani
        .get("/v1/irregularities/settings")
        .await
        .json(StatusCode::OK);
    assert_eq!(kept["changed_by"], "admin");

    clock.set(EVENING_MS + 120_000);
    let budi = world.enrol(TPS_2, "Budi").await;
    sends(&budi, TPS_2, 1, counts([60, 90])).await;
    look(&world).await;
    assert_eq!(
        listed(&rani, "code=P401").await.len(),
        1,
        "only the early one"
    );
}

#[tokio::test]
async fn a_form_sent_from_far_away_is_on_the_list_when_phones_say_where_they_are() {
    let world = World::start().await;
    // Two beside each other in Samarinda, one in Balikpapan.
    for (tps, votes, lat, lon) in [
        (TPS, [100, 50], -0.502, 117.153),
        (TPS_2, [80, 61], -0.504, 117.150),
        (TPS_3, [70, 71], -1.265, 116.831),
    ] {
        let phone = world.enrol(tps, "Saksi").await;
        let mut revision = phone.revision(tps, 1, votes);
        revision.location = Some(Location {
            lat,
            lon,
            accuracy_m: 15.0,
        });
        phone.send(&revision).await;
    }
    look(&world).await;
    let rani = world.sign_in("rani").await;
    let found = listed(&rani, "").await;
    assert_eq!(named(&found), [(TPS_3, "P402")]);
    let Evidence::Distance { at, km, others } = &found[0].evidence else {
        panic!("{found:?}");
    };
    assert_eq!((at.as_str(), *km, *others), ("-1.26, 116.83", 92, 2));
}

#[tokio::test]
async fn one_photo_at_two_polling_stations_and_photos_from_the_gallery_are_on_the_list() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    let (_, mut reference) = photo(1);
    reference.source = PhotoSource::Gallery;
    for (phone, tps, votes) in [(&siti, TPS, [100, 50]), (&budi, TPS_2, [80, 61])] {
        let mut revision = phone.revision(tps, 1, votes);
        revision.photos = vec![reference.clone()];
        phone.send(&revision).await;
    }
    Sameness::default().finish(&world.app).await.unwrap();
    look(&world).await;
    let rani = world.sign_in("rani").await;
    let found = listed(&rani, "notices=true").await;
    assert_eq!(
        named(&found),
        [
            (TPS, "P201"),
            (TPS, "P301"),
            (TPS_2, "P201"),
            (TPS_2, "P301")
        ]
    );
    assert_eq!(found[0].others[0].tps.as_str(), TPS_2);
    assert!(found[0].text.contains("TPS 002"), "{}", found[0].text);
    assert_eq!(listed(&rani, "").await.len(), 2, "the gallery is a notice");
}

#[tokio::test]
async fn the_table_and_the_picture_hold_what_the_list_holds() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    sends(&siti, TPS, 1, but([144, 50], "votes.1", 154)).await;
    budi.report(TPS_2, 1, [80, 61]).await;
    look(&world).await;
    let rani = world.sign_in("rani").await;
    let item = listed(&rani, "code=I101").await.remove(0);
    rule(&rani, &item, "follow_up", "=SUM(A1)").await;
    let answer = rani.get("/v1/irregularities.csv?code=I101").await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let text = answer.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(
        lines[1].contains(TPS) && lines[1].contains("follow_up"),
        "{text}"
    );
    assert!(lines[1].contains("'=SUM(A1)"), "{text}");
    let path = format!("/v1/turnout?region={SAMARINDA}&contest=gub");
    let picture: TurnoutAnswer = rani.get(&path).await.json(StatusCode::OK);
    let points: Vec<(&str, bool)> = picture
        .points
        .iter()
        .map(|point| (point.tps.as_str(), point.is_flagged))
        .collect();
    assert_eq!(points, [(TPS, true), (TPS_2, false)]);
    assert_eq!(picture.points[1].came, 144);
}

#[tokio::test]
async fn two_endpoints_on_one_database_write_once() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    sends(&siti, TPS, 1, but([144, 50], "votes.1", 154)).await;
    let entries = async || -> i64 {
        sqlx::query_scalar("SELECT COUNT(*) FROM log WHERE kind = 'irregularities'")
            .fetch_one(world.app.storage.reading())
            .await
            .unwrap()
    };
    look(&world).await;
    assert_eq!(entries().await, 1);
    look(&world).await;
    assert_eq!(entries().await, 1);
}

#[tokio::test]
async fn a_ruling_that_was_changed_is_noticed() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    sends(&siti, TPS, 1, but([144, 50], "votes.1", 154)).await;
    look(&world).await;
    let rani = world.sign_in("rani").await;
    let found = listed(&rani, "").await;
    rule(&rani, &found[0], "follow_up", "Minta kertasnya.").await;
    let sound = verify(&world.app, false).await.unwrap();
    assert_eq!(sound.irregularity_rulings, 1);
    sqlx::query("UPDATE irregularity_rulings SET note = 'Sudah jelas.'")
        .execute(world.app.storage.reading())
        .await
        .unwrap();
    let broken = verify(&world.app, false).await.unwrap_err();
    assert!(matches!(broken, Broken::Entry { .. }), "{broken}");
}
