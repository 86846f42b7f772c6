//! Who gets in, and what he or she may see and do.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use protocol::console::{Role, Session};
use serde_json::{Value, json};

use crate::world::{ELSEWHERE, PASSWORD, TPS, World, slot_path};

#[tokio::test]
async fn a_coordinator_signs_in_and_is_told_what_for() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    let session: Session = rani.get("/v1/session").await.json(StatusCode::OK);
    assert_eq!(
        (session.user.as_str(), session.role),
        ("rani", Role::Coordinator)
    );
    assert_eq!(session.region.as_str(), "6472");
    let contests: Vec<&str> = session
        .contests
        .iter()
        .map(|held| held.contest.id.as_str())
        .collect();
    assert_eq!(contests, ["gub", "wako"], "of her own region only");
    assert_eq!(session.forms.len(), 1);
    let admin: Session = world
        .sign_in("admin")
        .await
        .get("/v1/session")
        .await
        .json(StatusCode::OK);
    assert_eq!(admin.region.as_str(), "64", "the whole election");
}

#[tokio::test]
async fn the_cookie_is_kept_from_scripts_and_other_sites() {
    let world = World::start().await;
    let body = json!({"user": "rani", "password": PASSWORD});
    let answer = world.stranger().post("/v1/session", &body).await;
    let cookie = answer.header("set-cookie");
    for word in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    assert!(answer.body.is_empty());
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_get_the_same_answer() {
    let world = World::start().await;
    let stranger = world.stranger();
    for (user, password) in [("rani", "salah sekali"), ("tidak-ada", PASSWORD), ("", "")] {
        let body = json!({"user": user, "password": password});
        let answer = stranger.post("/v1/session", &body).await;
        assert_eq!(answer.problem(), (401, "credentials_invalid".to_owned()));
        assert_eq!(answer.header("set-cookie"), "");
    }
}

#[tokio::test]
async fn guessing_has_to_wait_even_with_the_right_password_in_the_end() {
    let world = World::start().await;
    let stranger = world.stranger();
    for _ in 0..5 {
        let body = json!({"user": "rani", "password": "tebakan saja"});
        let answer = stranger.post("/v1/session", &body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let body = json!({"user": "rani", "password": PASSWORD});
    let answer = stranger.post("/v1/session", &body).await;
    assert_eq!(answer.problem(), (429, "rate_limited".to_owned()));
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
    world.sign_in("tamu").await;
}

#[tokio::test]
async fn signing_out_ends_the_session_for_good() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    let out = Request::delete("/v1/session").body(Body::empty()).unwrap();
    assert_eq!(rani.send(out).await.status, StatusCode::NO_CONTENT);
    assert_eq!(
        rani.get("/v1/session").await.problem(),
        (401, "not_signed_in".to_owned())
    );
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_without_a_request() {
    const HOUR_MS: i64 = 60 * 60 * 1_000;
    let start_ms = 1_732_700_000_000;
    let clock = server::clock::Clock::standing_at(start_ms);
    let own = clock.clone();
    let world = World::start_with(|config| config.clock = own).await;
    let rani = world.sign_in("rani").await;
    clock.set(start_ms + 11 * HOUR_MS);
    assert_eq!(rani.get("/v1/session").await.status, StatusCode::OK);
    clock.set(start_ms + 25 * HOUR_MS);
    assert_eq!(
        rani.get("/v1/session").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_user_who_gets_a_new_password_is_signed_out_everywhere() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    world.add_user("rani", Role::Viewer, Some("6472")).await;
    assert_eq!(
        rani.get("/v1/session").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn nothing_is_shown_without_a_session_and_a_phones_token_is_none() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let slot = slot_path(TPS, "gub");
    for path in [
        "/v1/session",
        "/v1/slots",
        slot.as_str(),
        "/v1/refused",
        "/v1/rollup?contest=gub",
        "/v1/regions",
        "/v1/events",
    ] {
        let answer = world.stranger().get(path).await;
        assert_eq!(
            answer.problem(),
            (401, "not_signed_in".to_owned()),
            "{path}"
        );
        let answer = phone.call(Method::GET, path, None).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let rani = world.sign_in("rani").await;
    assert_eq!(
        rani.get("/v1/inbox").await.problem(),
        (401, "token_unknown".to_owned())
    );
}

#[tokio::test]
async fn what_lies_outside_ones_region_does_not_exist() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    for path in [
        slot_path(ELSEWHERE, "gub"),
        "/v1/slots?region=64".to_owned(),
        "/v1/slots?region=6471".to_owned(),
        "/v1/rollup?contest=gub&region=64".to_owned(),
        "/v1/regions?within=64".to_owned(),
        "/v1/refused?region=6471".to_owned(),
        slot_path("6472999999001", "gub"),
        slot_path(TPS, "tidak-ada"),
    ] {
        assert_eq!(
            rani.get(&path).await.problem(),
            (404, "not_found".to_owned()),
            "{path}"
        );
    }
    assert_eq!(
        rani.get(&slot_path(TPS, "gub")).await.status,
        StatusCode::OK
    );
    let admin = world.sign_in("admin").await;
    assert_eq!(
        admin.get(&slot_path(ELSEWHERE, "gub")).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_viewer_sees_everything_there_and_rules_on_nothing() {
    let world = World::start().await;
    let phone = world.enrol(TPS, "Siti").await;
    let head = phone.report(TPS, 1, [100, 50]).await;
    let tamu = world.sign_in("tamu").await;
    let seen = tamu.slot(TPS, "gub").await;
    assert_eq!(seen.heads.len(), 1);
    let answer = tamu
        .rule(&seen, json!({"kind": "verify", "chosen": head}))
        .await;
    assert_eq!(answer.problem(), (403, "not_allowed".to_owned()));
}

#[tokio::test]
async fn other_sites_cannot_act_in_a_coordinators_name() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    let path = format!("{}/decisions", slot_path(TPS, "gub"));
    let ruling = json!({"kind": "reopen", "reason": "x"});
    let foreign: [(&str, &str); 3] = [
        ("origin", "https://lain.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ];
    for header in foreign {
        let answer = rani.post_with(&path, &ruling, &[header]).await;
        assert_eq!(
            answer.problem(),
            (403, "cross_origin".to_owned()),
            "{header:?}"
        );
        let body = json!({"user": "rani", "password": PASSWORD});
        let answer = rani.post_with("/v1/session", &body, &[header]).await;
        assert_eq!(
            answer.problem(),
            (403, "cross_origin".to_owned()),
            "{header:?}"
        );
    }
    let form = Request::post("/v1/session")
        .header("content-type", "text/plain")
        .body(Body::from("{}"))
        .unwrap();
    assert_eq!(
        rani.send(form).await.problem(),
        (415, "unsupported_media_type".to_owned())
    );
}

#[tokio::test]
async fn a_sign_in_that_is_not_as_documented_is_refused() {
    let world = World::start().await;
    let bodies: [Value; 3] = [
        json!({"user": "rani"}),
        json!({"user": "rani", "password": PASSWORD, "totp": "123456"}),
        json!(["rani"]),
    ];
    for body in bodies {
        let answer = world.stranger().post("/v1/session", &body).await;
        assert_eq!(
            answer.problem(),
            (400, "request_invalid".to_owned()),
            "{body}"
        );
    }
}
