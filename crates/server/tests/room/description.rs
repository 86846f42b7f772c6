//! The description of all calls, and the pages in the same binary.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::world::World;

/// Every call of the contract.
const CALLS: &[(&str, &str)] = &[
    ("post", "/v1/enrol"),
    ("get", "/v1/pack"),
    ("post", "/v1/revisions"),
    ("post", "/v1/bundles"),
    ("post", "/v1/sms"),
    ("head", "/v1/photos/{sha256}"),
    ("patch", "/v1/photos/{sha256}"),
    ("get", "/v1/photos/{sha256}"),
    ("get", "/v1/photos/{sha256}/sheet"),
    ("get", "/v1/photos/{sha256}/receipt"),
    ("get", "/v1/inbox"),
    ("post", "/v1/session"),
    ("get", "/v1/session"),
    ("delete", "/v1/session"),
    ("get", "/v1/slots"),
    ("get", "/v1/slots/{election}/{tps}/{contest}"),
    ("post", "/v1/slots/{election}/{tps}/{contest}/decisions"),
    ("post", "/v1/slots/{election}/{tps}/{contest}/originals"),
    ("get", "/v1/refused"),
    ("post", "/v1/refused/{rev_id}/admit"),
    ("get", "/v1/rollup"),
    ("get", "/v1/progress"),
    ("get", "/v1/walls"),
    ("post", "/v1/walls"),
    ("delete", "/v1/walls/{id}"),
    ("get", "/v1/wall"),
    ("get", "/v1/wall/totals"),
    ("get", "/v1/wall/news"),
    ("get", "/v1/regions"),
    ("get", "/v1/queue"),
    ("post", "/v1/queue/claim"),
    ("post", "/v1/queue/renew"),
    ("post", "/v1/queue/release"),
    ("post", "/v1/queue/readings"),
    ("get", "/v1/queue/settings"),
    ("post", "/v1/queue/settings"),
    ("get", "/v1/queue/people"),
    ("get", "/v1/desk/stations"),
    ("get", "/v1/desk/forms/{election}/{tps}/{contest}"),
    ("get", "/v1/desk/entries"),
    ("post", "/v1/desk/entries"),
    ("get", "/v1/workbooks"),
    ("post", "/v1/workbooks"),
    ("post", "/v1/workbooks/marked"),
    ("get", "/v1/export"),
    ("get", "/v1/irregularities"),
    ("get", "/v1/irregularities.csv"),
    ("get", "/v1/turnout"),
    ("get", "/v1/irregularities/settings"),
    ("post", "/v1/irregularities/settings"),
    ("post", "/v1/irregularities/rulings"),
    ("post", "/v1/paper"),
    ("get", "/v1/paper/stations/{tps}"),
    ("get", "/v1/paper/slots/{election}/{tps}/{contest}"),
    ("get", "/v1/paper/lists"),
    ("post", "/v1/paper/lists"),
    ("get", "/v1/paper/lists/{code}"),
    ("get", "/v1/paper/lists/{code}/qr.svg"),
    ("get", "/v1/coverage"),
    ("get", "/v1/coverage/stations"),
    ("get", "/v1/coverage/calls"),
    ("post", "/v1/coverage/calls"),
    ("post", "/v1/coverage/witnesses/{id}/phone"),
    ("get", "/v1/messages"),
    ("post", "/v1/messages"),
    ("get", "/v1/messages/{number}/reach"),
    ("get", "/v1/official"),
    ("post", "/v1/official"),
    ("get", "/v1/audit"),
    ("get", "/v1/audit/chain"),
    ("post", "/v1/audit/export"),
    ("post", "/v1/dossiers/preview"),
    ("post", "/v1/dossiers"),
    ("get", "/v1/events"),
    ("get", "/v1/openapi.json"),
    ("get", "/healthz"),
    ("get", "/readyz"),
    ("get", "/metrics"),
];

#[tokio::test]
async fn every_call_of_the_contract_is_described_and_no_other() {
    let world = World::start().await;
    let api: Value = world
        .stranger()
        .get("/v1/openapi.json")
        .await
        .json(StatusCode::OK);
    assert!(api["openapi"].as_str().unwrap().starts_with("3."));
    let paths = api["paths"].as_object().unwrap();
    for &(method, path) in CALLS {
        let call = &paths[path][method];
        assert!(call.is_object(), "{method} {path}");
        assert!(
            !call["responses"].as_object().unwrap().is_empty(),
            "{method} {path}"
        );
    }
    for (path, calls) in paths {
        for method in calls.as_object().unwrap().keys() {
            let known = CALLS.contains(&(method.as_str(), path.as_str()));
            assert!(known, "{method} {path} is not in the contract");
        }
    }
}

#[tokio::test]
async fn every_body_that_is_named_in_the_description_is_described() {
    let world = World::start().await;
    let text = world.stranger().get("/v1/openapi.json").await.text();
    let api: Value = serde_json::from_str(&text).unwrap();
    let schemas = api["components"]["schemas"].as_object().unwrap();
    let named = text.split("#/components/schemas/").skip(1);
    for name in named.filter_map(|rest| rest.split('"').next()) {
        assert!(schemas.contains_key(name), "{name}");
    }
    for name in ["SlotDetail", "DecisionRequest", "RollupAnswer", "Problem"] {
        assert!(schemas.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn the_description_says_who_may_call_and_how_a_no_looks() {
    let world = World::start().await;
    let api: Value = world
        .stranger()
        .get("/v1/openapi.json")
        .await
        .json(StatusCode::OK);
    let who = |method: &str, path: &str| api["paths"][path][method]["security"].clone();
    assert_eq!(who("get", "/v1/slots"), json!([{"session": []}]));
    assert_eq!(who("post", "/v1/revisions"), json!([{"device": []}]));
    let either = json!([{"device": []}, {"session": []}]);
    assert_eq!(who("post", "/v1/bundles"), either);
    assert_eq!(who("post", "/v1/sms"), json!([{"gateway": []}]));
    assert_eq!(who("get", "/v1/walls"), json!([{"session": []}]));
    assert_eq!(who("post", "/v1/paper"), json!([{"session": []}]));
    assert_eq!(who("post", "/v1/messages"), json!([{"session": []}]));
    assert_eq!(who("get", "/v1/wall/totals"), json!([{"wall": []}]));
    assert_eq!(who("post", "/v1/session"), Value::Null);
    assert_eq!(who("post", "/v1/enrol"), Value::Null);
    let no = &api["paths"]["/v1/pack"]["get"]["responses"]["401"]["content"];
    let schema = &no["application/problem+json"]["schema"]["$ref"];
    assert_eq!(schema, "#/components/schemas/Problem");
    let path = "/v1/slots/{election}/{tps}/{contest}/decisions";
    let no = &api["paths"][path]["post"]["responses"]["412"]["content"];
    let schema = &no["application/problem+json"]["schema"]["$ref"];
    assert_eq!(schema, "#/components/schemas/PreconditionFailed");
}

#[tokio::test]
async fn what_is_no_call_is_a_problem_and_never_a_page() {
    let world = World::start().await;
    let stranger = world.stranger();
    for path in ["/v1/", "/v1/x", "/v1/slots/x"] {
        let answer = stranger.get(path).await;
        assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{path}");
    }
    let wrong = Request::put("/v1/slots").body(Body::empty()).unwrap();
    assert_eq!(
        stranger.send(wrong).await.problem(),
        (405, "method_not_allowed".to_owned())
    );
}

#[tokio::test]
async fn every_answer_tells_the_browser_to_be_careful() {
    let world = World::start().await;
    for path in [
        "/",
        "/wilayah/6472",
        "/assets/none.js",
        "/v1/session",
        "/healthz",
    ] {
        let answer = world.stranger().get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'self'"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
    }
    assert_eq!(
        world.stranger().get("/assets/none.js").await.status,
        StatusCode::NOT_FOUND
    );
    let page = world.stranger().get("/").await;
    assert!(
        page.header("content-type").starts_with("text/html"),
        "built or not"
    );
    assert_eq!(page.header("cache-control"), "no-cache");
}
