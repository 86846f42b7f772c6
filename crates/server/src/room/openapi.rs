//! The description of every call, made from the handlers themselves.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, InfoBuilder, OpenApi};

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
    openapi
}
