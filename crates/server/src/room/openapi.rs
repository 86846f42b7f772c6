//! The description of every call, made from the handlers themselves.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use protocol::problem::PROBLEM_TYPE;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Components, Content, InfoBuilder, OpenApi, PathItem, Ref, RefOr};

use super::signed_in::COOKIE;

/// The routes do not change while the process runs.
static DESCRIPTION: LazyLock<String> = LazyLock::new(|| {
    let described = with_facts(crate::http::routes().into_openapi());
    serde_json::to_string(&described).unwrap_or_default()
});

/// Describes every call of this endpoint.
#[utoipa::path(get, path = "/v1/openapi.json", tag = "operations", responses(
    (status = 200, description = "An OpenAPI 3.1 document", content_type = "application/json", body = Object),
))]
pub(super) async fn show() -> Response {
    let facts = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (facts, DESCRIPTION.as_str()).into_response()
}

fn with_facts(mut openapi: OpenApi) -> OpenApi {
    openapi.info = InfoBuilder::new()
        .title("Saksi")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "The wire between witnesses' devices, counting rooms and the endpoint. \
             Every \"no\" is an application/problem+json with a closed code.",
        ))
        .build();
    let components = openapi.components.get_or_insert_with(Components::new);
    let session = ApiKey::Cookie(ApiKeyValue::new(COOKIE));
    components.add_security_scheme("session", SecurityScheme::ApiKey(session));
    let device = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("device", SecurityScheme::Http(device));
    let gateway = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("gateway", SecurityScheme::Http(gateway));
    let wall = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("wall", SecurityScheme::Http(wall));
    for item in openapi.paths.paths.values_mut() {
        for call in calls(item) {
            call.security = who_may(call);
            for (status, response) in &mut call.responses.responses {
                if let (true, RefOr::T(no)) = (is_no(status), response) {
                    say_problem(no);
                }
            }
        }
    }
    openapi
}

fn calls(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let all = [
        &mut item.get,
        &mut item.head,
        &mut item.post,
        &mut item.patch,
        &mut item.delete,
    ];
    all.into_iter().filter_map(Option::as_mut)
}

/// What a caller has to show, by the call's tag.
fn who_may(call: &Operation) -> Option<Vec<SecurityRequirement>> {
    let tag = call.tags.as_ref()?.first()?;
    let schemes: &[&str] = match tag.as_str() {
        "devices" => &["device"],
        "gateway" => &["gateway"],
        "session" | "slots" | "totals" | "refused" | "photos" | "queue" | "walls" | "desk"
        | "workbooks" | "irregularities" | "official" | "paper" | "coverage" | "audit"
        | "dossiers" => &["session"],
        "wall" => &["wall"],
        // One or the other.
        "bundles" => &["device", "session"],
        _ => return None,
    };
    let scheme = |name: &&str| SecurityRequirement::new(*name, [""; 0]);
    Some(schemes.iter().map(scheme).collect())
}

fn is_no(status: &str) -> bool {
    status.starts_with('4') || status.starts_with('5')
}

/// Every "no" is a problem, whether its handler says so or not.
fn say_problem(no: &mut utoipa::openapi::Response) {
    let problem = Ref::from_schema_name("Problem");
    let said = no.content.shift_remove("application/json");
    let content = said.unwrap_or_else(|| Content::new(Some(problem)));
    no.content.insert(PROBLEM_TYPE.to_owned(), content);
}
