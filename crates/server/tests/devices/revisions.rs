//! What a properly signed revision does.

use axum::http::Method;
use protocol::revision::RevisionStatus;
use serde_json::{Value, json};

use crate::world::{ELECTION, HOUR_MS, TPS, TPS_2, World, moment_ms};

#[tokio::test]
async fn a_revision_is_stored_once_and_its_receipt_is_the_same_for_ever() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let envelope = phone.seal(&phone.revision(TPS, 1, [101, 88]));
    let body = json!({"envelopes": [&envelope, &envelope]});
    let first: Value = phone
        .call(Method::POST, "/v1/revisions", Some(&body))
        .await
        .json(200);
    assert_eq!(first["results"][0]["status"], "stored");
    assert_eq!(first["results"][1]["status"], "known");
    world.pass_ms(HOUR_MS);
    let world = world.restart().await;
    let body = json!({"envelopes": [&envelope]}).to_string();
    let request = axum::http::Request::post("/v1/revisions")
        .header("authorization", format!("Bearer {}", phone.token))
        .header("content-type", "application/json; charset=utf-8")
        .body(axum::body::Body::from(body))
        .unwrap();
    let again: Value = crate::world::send(world.router(), request).await.json(200);
    assert_eq!(again["results"][0]["status"], "known");
    for result in [&first["results"][1], &again["results"][0]] {
        assert_eq!(
            result["receipt"].to_string(),
            first["results"][0]["receipt"].to_string()
        );
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM revisions").await, 1);
    assert_eq!(world.total("received", "votes.1").await, 101);
}

#[tokio::test]
async fn each_envelope_stands_on_its_own_in_the_order_sent() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let mut strange = phone.revision(TPS, 2, [1, 1]);
    strange.tps = TPS_2.parse().unwrap();
    let results = phone
        .send_envelopes(&[
            json!({"not": "an envelope"}),
            phone.seal(&phone.revision(TPS, 1, [101, 88])),
            phone.seal(&strange),
            phone.seal(&phone.revision(TPS, 3, [105, 88])),
        ])
        .await;
    let statuses: Vec<RevisionStatus> = results.iter().map(|one| one.status).collect();
    use RevisionStatus::{Refused, Stored};
    assert_eq!(statuses, [Refused, Stored, Refused, Stored]);
    assert_eq!(results[0].rev_id, "");
    assert_eq!(world.total("received", "votes.1").await, 105);
}

#[tokio::test]
async fn a_later_revision_takes_the_earlier_ones_place_in_whatever_order_they_come() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let mut second = phone.revision(TPS, 2, [105, 88]);
    second.prev = Some("ab".repeat(32));
    phone.report(&second).await;
    phone.report(&phone.revision(TPS, 1, [101, 88])).await;
    assert_eq!(world.state(TPS).await.0, "single");
    assert_eq!(world.total("received", "votes.1").await, 105);
    assert_eq!(world.total("received_slots", "").await, 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM revisions").await, 2);
}

#[tokio::test]
async fn votes_first_and_the_rest_later() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let mut votes = phone.revision(TPS, 1, [101, 88]);
    votes.counts.retain(|id, _| id.starts_with("votes."));
    phone.report(&votes).await;
    assert_eq!(world.total("received", "votes.2").await, 88);
    assert_eq!(world.total("received", "valid").await, 0);
    phone.report(&phone.revision(TPS, 2, [101, 88])).await;
    assert_eq!(world.total("received", "votes.2").await, 88);
    assert_eq!(world.total("received", "valid").await, 189);
}

#[tokio::test]
async fn two_witnesses_agree_or_are_in_conflict() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS, "Budi").await;
    siti.report(&siti.revision(TPS, 1, [105, 88])).await;
    budi.report(&budi.revision(TPS, 1, [105, 88])).await;
    assert_eq!(world.state(TPS).await.0, "agreed");
    assert_eq!(world.total("received", "votes.1").await, 105);
    budi.report(&budi.revision(TPS, 2, [905, 88])).await;
    let (state, marks) = world.state(TPS).await;
    assert_eq!(
        (state.as_str(), marks.as_str()),
        ("conflict", r#"["ever_conflicted"]"#)
    );
    assert_eq!(world.total("received", "votes.1").await, 0);
    assert_eq!(world.total("low", "votes.1").await, 105);
    assert_eq!(world.total("high", "votes.1").await, 905);
    assert_eq!(world.total("conflict_slots", "").await, 1);
    budi.report(&budi.revision(TPS, 3, [105, 88])).await;
    let (state, marks) = world.state(TPS).await;
    assert_eq!(
        (state.as_str(), marks.as_str()),
        ("agreed", r#"["ever_conflicted"]"#)
    );
    assert_eq!(world.total("low", "votes.1").await, 0);
    assert_eq!(world.total("received", "votes.1").await, 105);
}

#[tokio::test]
async fn one_number_signed_twice_is_stored_and_marked_as_a_fork() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let results = phone
        .send_envelopes(&[
            phone.seal(&phone.revision(TPS, 1, [101, 88])),
            phone.seal(&phone.revision(TPS, 1, [101, 89])),
        ])
        .await;
    assert!(
        results
            .iter()
            .all(|one| one.status == RevisionStatus::Stored)
    );
    let (state, marks) = world.state(TPS).await;
    assert_eq!(state, "conflict");
    assert!(marks.contains("fork"), "{marks}");
}

#[tokio::test]
async fn a_form_that_does_not_add_up_is_taken_in_and_questioned() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let mut odd = phone.revision(TPS, 1, [101, 88]);
    odd.counts.insert("valid".to_owned(), 198);
    odd.form_tps = Some("002".to_owned());
    phone.report(&odd).await;
    let findings = world.count("SELECT MAX(findings) FROM slots").await;
    assert!(findings >= 2, "{findings}");
}

#[tokio::test]
async fn what_is_not_assigned_is_kept_and_comes_in_when_it_is() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let envelope = phone.seal(&phone.revision(TPS_2, 1, [101, 88]));
    for _ in 0..2 {
        let refused = ("refused".to_owned(), "not_assigned".to_owned());
        assert_eq!(phone.try_send(&envelope).await, refused);
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM refused").await, 1);
    assert_eq!(world.total("received_slots", "").await, 0);
    let elsewhere = [
        ("election", json!("kaltim-2029")),
        ("contest", json!("bup")),
        ("tps", json!("6408011001001")),
    ];
    for (key, value) in elsewhere {
        let mut payload = serde_json::to_value(phone.revision(TPS, 1, [1, 1])).unwrap();
        payload[key] = value;
        let envelope = phone.seal_bytes(payload.to_string().as_bytes());
        assert_eq!(phone.try_send(&envelope).await.1, "not_assigned", "{key}");
    }
    post(&world, TPS_2).await;
    assert_eq!(phone.try_send(&envelope).await.0, "stored");
    assert_eq!(world.count("SELECT COUNT(*) FROM refused").await, 3);
    assert_eq!(world.total("received_slots", "").await, 1);
}

/// Posts the only witness to one more polling station.
async fn post(world: &World, tps: &'static str) {
    world
        .app
        .writer
        .run::<_, server::storage::StorageError, _>(move |tx| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO assignments (witness, election, tps)
                     SELECT id, $1, $2 FROM witnesses",
                )
                .bind(ELECTION)
                .bind(tps)
                .execute(tx.conn())
                .await?;
                Ok(())
            })
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn outside_the_window_revisions_are_kept_aside_but_known_ones_stay_known() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let early = phone.seal(&phone.revision(TPS, 1, [101, 88]));
    assert_eq!(phone.try_send(&early).await.0, "stored");
    world.clock.set(moment_ms("2099-01-01T00:00:00.000Z"));
    assert_eq!(phone.try_send(&early).await.0, "known");
    let late = phone.seal(&phone.revision(TPS, 2, [105, 88]));
    let refused = ("refused".to_owned(), "window_closed".to_owned());
    assert_eq!(phone.try_send(&late).await, refused);
    world.clock.set(moment_ms("2024-11-01T00:00:00.000Z"));
    assert_eq!(phone.try_send(&late).await, refused);
    assert_eq!(world.count("SELECT COUNT(*) FROM refused").await, 1);
}

#[tokio::test]
async fn a_device_cannot_fill_the_disk_with_what_is_refused() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    for batch in 0..11_u64 {
        let envelopes: Vec<Value> = (0..50_u64)
            .map(|at| phone.seal(&phone.revision(TPS_2, batch * 50 + at + 1, [1, 1])))
            .collect();
        let results = phone.send_envelopes(&envelopes).await;
        assert!(
            results
                .iter()
                .all(|one| one.status == RevisionStatus::Refused)
        );
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM refused").await, 500);
}

#[tokio::test]
async fn the_log_tells_it_all_and_adds_up() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    for seq in 1..=3 {
        phone.report(&phone.revision(TPS, seq, [101, 88])).await;
    }
    world.app.sign_log_head().await.unwrap();
    let pool = world.app.storage.reading();
    let key = world.app.key.public();
    let summary = server::log::verify(pool, &key, |_| ()).await.unwrap();
    assert!(summary.entries >= 6, "{summary:?}");
    assert_eq!(summary.checkpoints, 1);
    world
        .app
        .writer
        .run::<_, server::storage::StorageError, _>(|tx| {
            Box::pin(async move {
                sqlx::query("UPDATE log SET at = at + 1 WHERE log_index = 3")
                    .execute(tx.conn())
                    .await?;
                Ok(())
            })
        })
        .await
        .unwrap();
    let fault = server::log::verify(pool, &key, |_| ()).await.unwrap_err();
    assert!(matches!(fault, server::log::LogFault::Hash(3)), "{fault}");
}
