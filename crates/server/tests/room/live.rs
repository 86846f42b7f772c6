//! Following what changes.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use crate::world::{Console, ELSEWHERE, TPS, World};

/// Longest that a story waits for an event: only a failing one takes it.
const PATIENCE: Duration = Duration::from_secs(20);

/// An open line with what has not been read of it yet.
struct Line {
    body: axum::body::BodyDataStream,
    text: String,
}

/// One event: name, id, data.
#[derive(Debug, PartialEq)]
struct Heard {
    name: String,
    id: String,
    data: Value,
}

impl Line {
    async fn open(console: &Console, last_id: Option<&str>) -> Self {
        let mut request = Request::get("/v1/events");
        if let Some(id) = last_id {
            request = request.header("last-event-id", id);
        }
        let response = console.open(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            body: response.into_body().into_data_stream(),
            text: String::new(),
        }
    }

    /// The next block of lines, comments left out; its fields.
    async fn next(&mut self) -> Heard {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let mut lines = block.lines();
                    let found = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
                    found.unwrap_or_default().to_owned()
                };
                let heard = Heard {
                    name: field("event"),
                    id: field("id"),
                    data: serde_json::from_str(&field("data")).unwrap_or_default(),
                };
                self.text = rest.to_owned();
                if !heard.id.is_empty() {
                    return heard;
                }
            }
            let piece = tokio::time::timeout(PATIENCE, self.body.next())
                .await
                .unwrap();
            self.text
                .push_str(std::str::from_utf8(&piece.unwrap().unwrap()).unwrap());
        }
    }
}

#[tokio::test]
async fn a_console_hears_of_a_revision_and_of_a_ruling() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let rani = world.sign_in("rani").await;
    let mut line = Line::open(&rani, None).await;
    assert_eq!(line.next().await.name, "", "where to resume, and no event");
    let head = siti.report(TPS, 1, [100, 50]).await;
    let heard = line.next().await;
    assert_eq!(
        (heard.name.as_str(), &heard.data["state"]),
        ("slot", &json!("single"))
    );
    assert_eq!(heard.data["slot"], format!("kaltim-2024/{TPS}/gub"));
    assert_eq!(heard.data["tps"], TPS);
    assert_eq!(heard.id, heard.data["log_index"].to_string());
    let seen = rani.slot(TPS, "gub").await;
    rani.rule(&seen, json!({"kind": "verify", "chosen": head}))
        .await;
    assert_eq!(line.next().await.data["state"], "verified");
}

#[tokio::test]
async fn a_console_hears_only_of_its_own_region() {
    let world = World::start().await;
    let ani = world.enrol(ELSEWHERE, "Ani").await;
    let siti = world.enrol(TPS, "Siti").await;
    let rani = world.sign_in("rani").await;
    let mut line = Line::open(&rani, None).await;
    line.next().await;
    ani.report(ELSEWHERE, 1, [1, 2]).await;
    siti.report(TPS, 1, [100, 50]).await;
    assert_eq!(line.next().await.data["tps"], TPS);
}

#[tokio::test]
async fn a_console_that_was_away_goes_on_where_it_was() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let rani = world.sign_in("rani").await;
    let mut line = Line::open(&rani, None).await;
    let place = line.next().await.id;
    drop(line);
    siti.report(TPS, 1, [100, 50]).await;
    siti.report(TPS, 2, [100, 51]).await;
    let mut line = Line::open(&rani, Some(&place)).await;
    let heard = line.next().await;
    assert_eq!(
        (heard.name.as_str(), &heard.data["tps"]),
        ("slot", &json!(TPS))
    );
    assert_eq!(
        line.next().await,
        Heard {
            name: String::new(),
            id: heard.id,
            data: Value::Null
        }
    );
}

#[tokio::test]
async fn a_console_whose_place_is_lost_is_told_to_read_anew() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    for place in ["999999999", "-5"] {
        let mut line = Line::open(&rani, Some(place)).await;
        assert_eq!(line.next().await.name, "reset", "{place}");
    }
}

#[tokio::test]
async fn lines_end_when_the_endpoint_stops() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    let mut line = Line::open(&rani, None).await;
    line.next().await;
    world.app.stopping.cancel();
    let end = tokio::time::timeout(PATIENCE, line.body.next())
        .await
        .unwrap();
    assert!(end.is_none());
}
