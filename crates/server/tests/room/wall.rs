//! Wall displays: totals by a link, and nothing else.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use protocol::limits::{WALL_LIFE_MAX_HOURS, WALL_LINKS_MAX, WALL_NAME_MAX_CHARS};
use protocol::wall::{WallLinkMade, WallLinksAnswer, WallNews, WallTotals, WallView};
use serde_json::{Value, json};

use crate::world::{Answer, Console, SAMARINDA, TPS, World};

const HOUR_MS: i64 = 60 * 60 * 1_000;

async fn make(admin: &Console, name: &str, region: &str) -> WallLinkMade {
    let body = json!({"name": name, "region": region, "valid_hours": 12});
    admin
        .post("/v1/walls", &body)
        .await
        .json(StatusCode::CREATED)
}

async fn links(admin: &Console) -> WallLinksAnswer {
    admin.get("/v1/walls").await.json(StatusCode::OK)
}

async fn revoke(who: &Console, id: u64) -> Answer {
    let request = Request::delete(format!("/v1/walls/{id}"))
        .header("host", "hitung.example")
        .body(Body::empty());
    who.send(request.unwrap()).await
}

/// What somebody with only this token is told.
async fn shown(world: &World, token: &str, path: &str) -> Answer {
    let request = Request::get(path)
        .header("authorization", format!("Bearer {token}"))
        .body(Body::empty());
    world.stranger().send(request.unwrap()).await
}

#[tokio::test]
async fn a_link_shows_the_totals_of_its_region_live_and_without_a_session() {
    let world = World::start().await;
    let admin = world.sign_in("admin").await;
    let WallLinkMade { link, token } = make(&admin, "Aula lantai 2", SAMARINDA).await;
    assert_eq!(
        (link.region.name.as_str(), link.is_live),
        ("Kota Samarinda", true)
    );
    let view: WallView = shown(&world, &token, "/v1/wall").await.json(StatusCode::OK);
    assert_eq!(view.name, "Aula lantai 2");
    let below: Vec<&str> = view
        .below
        .iter()
        .map(|region| region.code.as_str())
        .collect();
    assert_eq!(below[..2], ["647201", "647202"], "its districts");
    let contests: Vec<&str> = view
        .contests
        .iter()
        .map(|held| held.contest.id.as_str())
        .collect();
    assert_eq!(contests, ["gub", "wako"]);

    let news: WallNews = shown(&world, &token, "/v1/wall/news")
        .await
        .json(StatusCode::OK);
    world
        .enrol(TPS, "Siti")
        .await
        .report(TPS, 1, [100, 50])
        .await;
    let path = format!("/v1/wall/news?after={}", news.log_index);
    let later: WallNews = shown(&world, &token, &path).await.json(StatusCode::OK);
    assert!(later.log_index > news.log_index);
    for (region, tps) in [("", 6), ("&region=647201", 3), ("&region=6472011001", 3)] {
        let path = format!("/v1/wall/totals?contest=gub{region}");
        let totals: WallTotals = shown(&world, &token, &path).await.json(StatusCode::OK);
        let row = &totals.totals.regions[0];
        assert_eq!((row.tps, row.received), (tps, 1), "{region}");
        assert_eq!(row.votes.received["1"], 100);
        let lead = totals.totals.lead.unwrap();
        assert_eq!((lead.leader, lead.rival, lead.missing_tps), (1, 2, tps - 1));
        let night: Vec<u64> = totals
            .progress
            .quarters
            .iter()
            .map(|one| one.received)
            .collect();
        assert_eq!(night, [1]);
    }
}

#[tokio::test]
async fn a_link_opens_nothing_but_totals_of_its_own_region() {
    let world = World::start().await;
    let admin = world.sign_in("admin").await;
    let token = make(&admin, "Aula", "647201").await.token;
    for path in [
        "/v1/wall/totals?contest=gub&region=6472",
        "/v1/wall/totals?contest=gub&region=647202",
        &format!("/v1/wall/totals?contest=gub&region={TPS}"),
        "/v1/wall/totals?contest=presiden",
    ] {
        let answer = shown(&world, &token, path).await;
        assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{path}");
    }
    for path in [
        "/v1/session",
        "/v1/slots",
        "/v1/rollup?contest=gub",
        "/v1/progress?contest=gub",
        "/v1/events",
        "/v1/walls",
        "/v1/pack",
        "/v1/inbox",
    ] {
        assert_eq!(shown(&world, &token, path).await.status, 401, "{path}");
    }
    let of_the_console = admin.get("/v1/wall").await;
    assert_eq!(of_the_console.problem(), (401, "token_unknown".to_owned()));
}

#[tokio::test]
async fn a_revoked_link_opens_nothing_from_that_moment_on() {
    let world = World::start().await;
    let admin = world.sign_in("admin").await;
    let WallLinkMade { link, token } = make(&admin, "Aula", SAMARINDA).await;
    assert_eq!(shown(&world, &token, "/v1/wall").await.status, 200);
    assert_eq!(revoke(&admin, link.id).await.status, StatusCode::NO_CONTENT);
    for path in ["/v1/wall", "/v1/wall/totals?contest=gub", "/v1/wall/news"] {
        let answer = shown(&world, &token, path).await;
        assert_eq!(
            answer.problem(),
            (401, "token_unknown".to_owned()),
            "{path}"
        );
    }
    let kept = &links(&admin).await.links[0];
    assert_eq!(
        (kept.is_live, kept.revoked_by.as_deref()),
        (false, Some("admin"))
    );
    assert_eq!(revoke(&admin, link.id).await.status, StatusCode::NO_CONTENT);
    assert_eq!(
        revoke(&admin, 99).await.problem(),
        (404, "not_found".to_owned())
    );
}

#[tokio::test]
async fn a_screen_that_waits_for_news_is_told_that_its_link_was_revoked() {
    let world = World::start().await;
    let admin = world.sign_in("admin").await;
    let WallLinkMade { link, token } = make(&admin, "Aula", SAMARINDA).await;
    let news: WallNews = shown(&world, &token, "/v1/wall/news")
        .await
        .json(StatusCode::OK);
    // The revocation itself is an entry of the log, and so wakes the screen.
    let path = format!("/v1/wall/news?after={}", news.log_index);
    let (told, revoked) = tokio::join!(shown(&world, &token, &path), revoke(&admin, link.id));
    assert_eq!(revoked.status, StatusCode::NO_CONTENT);
    assert_eq!(told.problem(), (401, "token_unknown".to_owned()));
}

#[tokio::test]
async fn a_link_ends_by_itself() {
    let start_ms = 1_732_700_000_000;
    let clock = server::clock::Clock::standing_at(start_ms);
    let own = clock.clone();
    let world = World::start_with(|config| config.clock = own).await;
    let admin = world.sign_in("admin").await;
    let token = make(&admin, "Aula", SAMARINDA).await.token;
    clock.set(start_ms + 12 * HOUR_MS - 1);
    assert_eq!(shown(&world, &token, "/v1/wall").await.status, 200);
    clock.set(start_ms + 12 * HOUR_MS);
    assert_eq!(shown(&world, &token, "/v1/wall").await.status, 401);
}

#[tokio::test]
async fn links_are_made_seen_and_revoked_by_admins_only() {
    let world = World::start().await;
    let admin = world.sign_in("admin").await;
    let made = make(&admin, "Aula", SAMARINDA).await;
    for name in ["rani", "tamu"] {
        let who = world.sign_in(name).await;
        let body = json!({"name": "x", "region": SAMARINDA, "valid_hours": 1});
        let no = (403, "not_allowed".to_owned());
        assert_eq!(who.post("/v1/walls", &body).await.problem(), no);
        assert_eq!(who.get("/v1/walls").await.problem(), no);
        assert_eq!(revoke(&who, made.link.id).await.problem(), no);
    }
    assert!(links(&admin).await.links[0].is_live);
}

#[tokio::test]
async fn the_token_is_told_once_and_kept_as_a_hash_and_making_and_revoking_are_in_the_log() {
    let world = World::start().await;
    let admin = world.sign_in("admin").await;
    let WallLinkMade { link, token } = make(&admin, "Aula", SAMARINDA).await;
    revoke(&admin, link.id).await;
    let listed = admin.get("/v1/walls").await.text();
    assert!(!listed.contains(&token), "{listed}");
    let pool = world.app.storage.reading();
    let kept: Vec<String> = sqlx::query_scalar("SELECT token_hash FROM wall_links")
        .fetch_all(pool)
        .await
        .unwrap();
    assert_eq!(kept, [protocol::encoding::sha256_hex(token.as_bytes())]);
    let entries: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT kind, actor, body FROM log WHERE kind LIKE 'wall_link%' ORDER BY log_index",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let told: Vec<(&str, &str)> = entries
        .iter()
        .map(|(kind, actor, _)| (kind.as_str(), actor.as_str()))
        .collect();
    assert_eq!(
        told,
        [("wall_link_made", "admin"), ("wall_link_revoked", "admin")]
    );
    let body: Value = serde_json::from_str(&entries[0].2).unwrap();
    assert_eq!(
        (&body["name"], &body["region"]),
        (&json!("Aula"), &json!("6472"))
    );
    assert!(entries.iter().all(|(_, _, body)| !body.contains(&token)));
}

#[tokio::test]
async fn guessing_links_has_to_wait_like_guessing_passwords() {
    let world = World::start().await;
    let admin = world.sign_in("admin").await;
    let token = make(&admin, "Aula", SAMARINDA).await.token;
    let mut answers = Vec::new();
    for guess in 0..61 {
        let answer = shown(&world, &format!("guess-{guess}"), "/v1/wall").await;
        answers.push(answer.status.as_u16());
    }
    assert_eq!(answers.iter().filter(|status| **status == 401).count(), 60);
    assert_eq!(answers.last(), Some(&429));
    let right = shown(&world, &token, "/v1/wall").await;
    assert_eq!(right.problem(), (429, "rate_limited".to_owned()));
    assert!(!right.header("retry-after").is_empty());
    world.sign_in("rani").await;
}

#[tokio::test]
async fn many_screens_may_share_one_link() {
    let world = World::start().await;
    let admin = world.sign_in("admin").await;
    let token = make(&admin, "Aula", SAMARINDA).await.token;
    let all = (0..40).map(|_| shown(&world, &token, "/v1/wall"));
    for answer in futures_util::future::join_all(all).await {
        assert_eq!(answer.status, 200);
    }
}

#[tokio::test]
async fn links_have_a_name_an_end_a_region_and_a_limit() {
    let world = World::start().await;
    let admin = world.sign_in("admin").await;
    let asked = |name: &str, region: &str, hours: u32| {
        let body = json!({"name": name, "region": region, "valid_hours": hours});
        let admin = admin.clone();
        async move { admin.post("/v1/walls", &body).await.problem() }
    };
    let invalid = (400, "request_invalid".to_owned());
    let long = "x".repeat(WALL_NAME_MAX_CHARS + 1);
    assert_eq!(asked("  ", SAMARINDA, 1).await, invalid);
    assert_eq!(asked(&long, SAMARINDA, 1).await, invalid);
    assert_eq!(asked("Aula", SAMARINDA, 0).await, invalid);
    assert_eq!(
        asked("Aula", SAMARINDA, WALL_LIFE_MAX_HOURS + 1).await,
        invalid
    );
    assert_eq!(asked("Aula", TPS, 1).await, invalid);
    assert_eq!(
        asked("Aula", "9999", 1).await,
        (404, "not_found".to_owned())
    );
    for number in 0..WALL_LINKS_MAX {
        make(&admin, &format!("Layar {number}"), SAMARINDA).await;
    }
    assert_eq!(asked("Satu lagi", SAMARINDA, 1).await, invalid);
    let listed = links(&admin).await;
    assert_eq!(listed.links.len(), WALL_LINKS_MAX as usize);
    revoke(&admin, listed.links[0].id).await;
    make(&admin, "Satu lagi", SAMARINDA).await;
}
