//! A code on paper becomes a device, once.

use axum::http::Method;
use protocol::enrol::EnrolAnswer;
use serde_json::{Value, json};

use crate::world::{HOUR_MS, TPS, World, claim, new_key};

/// What a call that needs a token is answered with.
async fn access(world: &World, token: &str) -> u16 {
    let request = axum::http::Request::get("/v1/pack")
        .header("authorization", format!("Bearer {token}"))
        .body(axum::body::Body::empty())
        .unwrap();
    let answer = crate::world::send(world.router(), request).await;
    answer.status.as_u16()
}

#[tokio::test]
async fn a_code_as_people_type_it_becomes_a_device() {
    let world = World::start().await;
    let code = world.code(TPS, "Siti").await;
    let mut body = claim(&code, &new_key());
    body["code"] = json!(format!(" {} ", code.normalised().to_lowercase()));
    let answer = world.post("/v1/enrol", &body).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let enrolled: EnrolAnswer = answer.json(201);
    assert_eq!(enrolled.endpoints, ["https://hitung.example"]);
    assert_eq!(enrolled.server_key, world.app.key.public().to_string());
    assert_eq!(enrolled.pack.witness.name, "Siti");
    assert_eq!(access(&world, &enrolled.token).await, 200);
}

#[tokio::test]
async fn a_lost_answer_burns_no_code() {
    let world = World::start().await;
    let code = world.code(TPS, "Siti").await;
    let body = claim(&code, &new_key());
    let first: EnrolAnswer = world.post("/v1/enrol", &body).await.json(201);
    world.pass_ms(48 * HOUR_MS);
    let again: EnrolAnswer = world.post("/v1/enrol", &body).await.json(201);
    assert_eq!(first.device_id, again.device_id);
    for token in [&first.token, &again.token] {
        assert_eq!(access(&world, token).await, 200);
    }
    let devices = world.count("SELECT COUNT(*) FROM devices").await;
    assert_eq!(devices, 1);
}

#[tokio::test]
async fn a_used_code_is_of_no_use_to_another_key() {
    let world = World::start().await;
    let code = world.code(TPS, "Siti").await;
    let _: EnrolAnswer = world
        .post("/v1/enrol", &claim(&code, &new_key()))
        .await
        .json(201);
    let other = world.post("/v1/enrol", &claim(&code, &new_key())).await;
    assert_eq!(other.problem(), (409, "enrol_code_used".to_owned()));
}

#[tokio::test]
async fn a_code_expires() {
    let world = World::start().await;
    let code = world.code(TPS, "Siti").await;
    world.pass_ms(24 * HOUR_MS);
    let answer = world.post("/v1/enrol", &claim(&code, &new_key())).await;
    assert_eq!(answer.problem(), (410, "enrol_code_expired".to_owned()));
}

#[tokio::test]
async fn the_proof_must_be_made_with_the_key_that_is_enrolled() {
    let world = World::start().await;
    let code = world.code(TPS, "Siti").await;
    let mut body = claim(&code, &new_key());
    body["public_key"] = json!(new_key().public().to_string());
    let answer = world.post("/v1/enrol", &body).await;
    assert_eq!(answer.problem(), (422, "proof_invalid".to_owned()));
    let rightly: EnrolAnswer = world
        .post("/v1/enrol", &claim(&code, &new_key()))
        .await
        .json(201);
    assert!(!rightly.token.is_empty());
}

#[tokio::test]
async fn who_guesses_codes_is_stopped_and_may_try_again_later() {
    let world = World::start_with(|config| config.trust_proxy = true).await;
    let code = world.code(TPS, "Siti").await;
    let good = claim(&code, &new_key());
    let mut guess = good.clone();
    for (at, typed) in ["00000-00000-0", "7KQ2M-9XH4T-0", "", "ABCDE-FGHJK-N", "x"]
        .into_iter()
        .enumerate()
    {
        guess["code"] = json!(typed);
        let answer = world.post("/v1/enrol", &guess).await;
        let expected = (404, "enrol_code_unknown".to_owned());
        assert_eq!(answer.problem(), expected, "guess {at}");
    }
    let answer = world.post("/v1/enrol", &good).await;
    assert_eq!(answer.problem(), (429, "enrol_throttled".to_owned()));
    let wait_seconds: i64 = answer.header("retry-after").parse().unwrap();
    assert!(wait_seconds > 0, "{wait_seconds}");
    // Somebody else is not stopped, and the guesser not for ever.
    let other = world.code(TPS, "Budi").await;
    let elsewhere = world
        .post_from("198.51.100.9", "/v1/enrol", &claim(&other, &new_key()))
        .await;
    assert_eq!(elsewhere.status, 201);
    world.pass_ms(wait_seconds * 1_000);
    assert_eq!(world.post("/v1/enrol", &good).await.status, 201);
}

#[tokio::test]
async fn wrong_proofs_stop_a_code_wherever_they_come_from() {
    let world = World::start_with(|config| config.trust_proxy = true).await;
    let code = world.code(TPS, "Siti").await;
    let good = claim(&code, &new_key());
    let mut forged = good.clone();
    forged["proof"] = json!("AAAA");
    for at in 1..=5 {
        let caller = format!("198.51.100.{at}");
        let answer = world.post_from(&caller, "/v1/enrol", &forged).await;
        assert_eq!(answer.problem(), (422, "proof_invalid".to_owned()));
    }
    let answer = world.post_from("192.0.2.1", "/v1/enrol", &good).await;
    assert_eq!(answer.problem(), (429, "enrol_throttled".to_owned()));
}

#[tokio::test]
async fn bodies_that_are_not_as_documented_are_refused_with_a_problem() {
    let world = World::start().await;
    let code = world.code(TPS, "Siti").await;
    let good = claim(&code, &new_key());
    let with = |key: &str, value: Value| {
        let mut body = good.clone();
        body[key] = value;
        body
    };
    for (body, status) in [
        (with("extra", json!(1)), 400),
        (with("device", json!({"imei": "1"})), 400),
        (with("public_key", json!("AAAA")), 400),
        // A key of small order would verify anything.
        (
            with(
                "public_key",
                json!("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
            ),
            400,
        ),
        (json!([]), 400),
        (with("code", json!("0".repeat(70_000))), 413),
    ] {
        let answer = world.post("/v1/enrol", &body).await;
        assert_eq!(answer.problem().0, status, "{answer:?}");
    }
    let request = axum::http::Request::post("/v1/enrol")
        .header("content-type", "text/plain")
        .body(axum::body::Body::from(good.to_string()))
        .unwrap();
    let answer = crate::world::send(world.router(), request).await;
    assert_eq!(answer.problem(), (415, "unsupported_media_type".to_owned()));
    let answer = world.post("/v1/enrol", &good).await;
    assert_eq!(answer.status, 201, "none of these was a wrong try");
}

#[tokio::test]
async fn neither_code_nor_token_is_kept_in_the_clear() {
    let world = World::start().await;
    let code = world.code(TPS, "Siti").await;
    let enrolled: EnrolAnswer = world
        .post("/v1/enrol", &claim(&code, &new_key()))
        .await
        .json(201);
    let kept: Vec<(String,)> = sqlx::query_as(
        "SELECT code_hash FROM enrol_codes UNION ALL SELECT token_hash FROM device_tokens
         UNION ALL SELECT body FROM log",
    )
    .fetch_all(world.app.storage.reading())
    .await
    .unwrap();
    for (text,) in kept {
        assert!(!text.contains(code.normalised()), "{text}");
        assert!(!text.contains(&enrolled.token), "{text}");
    }
}

#[tokio::test]
async fn a_revoked_device_is_refused_on_every_call_at_once() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let id = phone.id.clone();
    let revoked = world
        .app
        .writer
        .run::<_, server::storage::StorageError, _>(move |tx| {
            Box::pin(async move { server::enrol::revoke(tx, Some("rani"), &id).await })
        })
        .await
        .unwrap();
    assert!(revoked);
    let photo = format!("/v1/photos/{}/receipt", "0".repeat(64));
    for path in ["/v1/pack", "/v1/inbox", photo.as_str()] {
        let answer = phone.call(Method::GET, path, None).await;
        assert_eq!(
            answer.problem(),
            (403, "device_revoked".to_owned()),
            "{path}"
        );
    }
    let body = json!({"envelopes": [phone.seal(&phone.revision(TPS, 1, [1, 2]))]});
    let answer = phone.call(Method::POST, "/v1/revisions", Some(&body)).await;
    assert_eq!(answer.problem(), (403, "device_revoked".to_owned()));
}

#[tokio::test]
async fn without_a_known_token_there_is_no_access() {
    let world = World::start().await;
    for token in ["", "x", &"y".repeat(5_000)] {
        assert_eq!(access(&world, token).await, 401);
    }
    let answer = world.post("/v1/revisions", &json!({"envelopes": []})).await;
    assert_eq!(answer.problem(), (401, "token_unknown".to_owned()));
    assert_eq!(answer.header("www-authenticate"), "Bearer");
}
