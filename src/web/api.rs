//! `/api/v1`: everything that the pages show, for programs.
//!
//! Answers are JSON, errors are problems (RFC 9457); every answer to GET has an `ETag`. The description at
//! `/api/v1/openapi.json` is made from the code: each handler stands there with what it takes and answers.

use std::sync::LazyLock;

use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use sha2::{Digest as _, Sha256};
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::visitor::{Right, Scheme, Visitor};
use super::{Frame, PageError, Section, Site, guard};
use problem::ApiError;

mod accounts;
mod audit;
mod brands;
mod cases;
mod figures;
mod findings;
mod mention;
mod mentions;
mod overview;
mod parameters;
mod problem;
mod push;
mod replay;
mod reports;
mod sources;
mod team;
mod views;
mod writers;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Stimmung",
        description = "What is said about your brands, how, and what was found in it. A token (`stimmung user token`) goes into the \
                       header `Authorization: Bearer …`; without any account, programs on the same machine need none.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    tags(
        (name = "brands", description = "Whom it is about, and how the mood went"),
        (name = "reports", description = "A month at a time"),
        (name = "mentions", description = "What was said"),
        (name = "writers", description = "Who said it"),
        (name = "cases", description = "Whom the service team answers, and what came of it"),
        (name = "findings", description = "What has shifted"),
        (name = "sources", description = "Where we listen"),
        (name = "accounts", description = "Who may look and change, and who did what")
    )
)]
struct Document;

/// The routes, and what is said of them.
pub(super) fn described() -> (Router<Site>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(brands::brands))
        .routes(routes!(brands::series))
        .routes(routes!(overview::overview))
        .routes(routes!(reports::reports))
        .routes(routes!(reports::report))
        .routes(routes!(mentions::mentions, push::push))
        .routes(routes!(mention::mention, mentions::change))
        .routes(routes!(views::views, views::save))
        .routes(routes!(views::delete))
        .routes(routes!(writers::writer, writers::erase))
        .routes(routes!(cases::cases))
        .routes(routes!(cases::whole::case))
        .routes(routes!(cases::change::change))
        .routes(routes!(team::team))
        .routes(routes!(findings::findings))
        .routes(routes!(findings::finding))
        .routes(routes!(findings::judge))
        .routes(routes!(replay::replay))
        .routes(routes!(sources::sources))
        .routes(routes!(sources::source))
        .routes(routes!(sources::run))
        .routes(routes!(sources::pause))
        .routes(routes!(sources::resume))
        .routes(routes!(accounts::accounts))
        .routes(routes!(audit::audit))
        .split_for_parts()
}

static DESCRIPTION: LazyLock<utoipa::openapi::OpenApi> = LazyLock::new(|| {
    let (_, mut description) = described();
    env!("CARGO_PKG_VERSION").clone_into(&mut description.info.version);
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    description.components.get_or_insert_default().add_security_scheme("token", bearer);
    description
});

pub(super) fn router(site: Site) -> Router<Site> {
    let (routes, _) = described();
    routes
        .route("/api/v1/openapi.json", get(description))
        .route("/api/v1", get(reference))
        .route("/api/{*rest}", axum::routing::any(async || ApiError::NotFound))
        .method_not_allowed_fallback(async || ApiError::Method)
        .layer(middleware::from_fn(tagged))
        .layer(middleware::from_fn_with_state(site.clone(), guard::same_site))
        .layer(middleware::from_fn(problem::dress))
        .with_state(site)
}

async fn description(visitor: Visitor) -> Result<Json<&'static utoipa::openapi::OpenApi>, PageError> {
    visitor.may(Right::Read)?;
    Ok(Json(&DESCRIPTION))
}

/// Whoever has an answer already gets it no second time.
async fn tagged(request: Request, next: Next) -> Response {
    let asks = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if !asks || response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // It is in memory already.
    let Ok(bytes) = to_bytes(body, usize::MAX).await else { return PageError::Broken.into_response() };
    let tag: String = Sha256::digest(&bytes)[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    let Ok(tag) = HeaderValue::from_str(&format!("\"{tag}\"")) else { return (parts, bytes).into_response() };
    let is_known = known.and_then(|known| known.to_str().ok().map(|it| it.split(',').any(|one| one.trim() == tag)));
    parts.headers.insert(header::ETAG, tag);
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if is_known == Some(true) {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        return (parts, Body::empty()).into_response();
    }
    (parts, bytes).into_response()
}

/// A call, as the reference shows it.
struct Operation {
    method: &'static str,
    path: String,
    summary: String,
    parameters: Vec<(String, String)>,
    answers: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "web/api/reference.html")]
struct Reference {
    frame: Frame,
    operations: Vec<Operation>,
}

async fn reference(State(site): State<Site>, visitor: Visitor) -> Result<Html<String>, PageError> {
    visitor.may(Right::Read)?;
    let frame = Frame::new(&site, &visitor, Section::Other, "API");
    Ok(Html(Reference { frame, operations: operations(&DESCRIPTION) }.render()?))
}

fn operations(description: &utoipa::openapi::OpenApi) -> Vec<Operation> {
    use utoipa::openapi::RefOr;
    let mut operations = Vec::new();
    for (path, item) in &description.paths.paths {
        let methods = [
            ("GET", &item.get),
            ("POST", &item.post),
            ("PATCH", &item.patch),
            ("PUT", &item.put),
            ("DELETE", &item.delete),
        ];
        for (method, operation) in methods.into_iter().filter_map(|(method, it)| Some((method, it.as_ref()?))) {
            let parameter = |it: &RefOr<utoipa::openapi::path::Parameter>| match it {
                RefOr::T(it) => Some((it.name.clone(), it.description.clone().unwrap_or_default())),
                RefOr::Ref(_) => None,
            };
            let answer = |(status, answer): (&String, &RefOr<utoipa::openapi::Response>)| match answer {
                RefOr::T(answer) => (status.clone(), answer.description.clone()),
                RefOr::Ref(_) => (status.clone(), String::new()),
            };
            operations.push(Operation {
                method,
                path: path.clone(),
                summary: operation.summary.clone().unwrap_or_default(),
                parameters: operation.parameters.iter().flatten().filter_map(parameter).collect(),
                answers: operation.responses.responses.iter().map(answer).collect(),
            });
        }
    }
    operations
}

#[cfg(test)]
mod tests;
