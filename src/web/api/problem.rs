//! What the API says when it cannot do something: problems (RFC 9457).

use axum::Json;
use axum::extract::Request;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use crate::store::StoreError;
use crate::view::ViewError;
use crate::web::PageError;

/// What is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// What it is, in a few words.
    title: String,
    /// The status of the answer.
    status: u16,
    /// What to do about it; in the case of several mistakes, each of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<String>,
}

/// What any call may be refused for, as the description has it.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only described")]
pub(super) enum Refused {
    /// nobody whom we know
    #[response(status = 401, content_type = "application/problem+json")]
    Stranger(#[to_schema] Problem),
    /// not with this role, or this token
    #[response(status = 403, content_type = "application/problem+json")]
    NotAllowed(#[to_schema] Problem),
    /// the database does not answer
    #[response(status = 503, content_type = "application/problem+json")]
    Broken(#[to_schema] Problem),
}

/// What a list or a thing that is looked at may come to beside its content, likewise.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only described")]
pub(super) enum Unchanged {
    /// as the `ETag` that was sent along says
    #[response(status = 304)]
    Known,
}

/// Why a call is not answered.
#[derive(Debug)]
pub(super) enum ApiError {
    /// There is nothing at this address.
    NotFound,
    /// This address does not know the method.
    Method,
    /// What was asked or sent cannot be used, with each mistake in a sentence.
    Invalid(Vec<String>),
    /// It cannot be done as things stand now; why, in a sentence.
    Conflict(String),
    /// As for a page.
    Page(PageError),
}

impl From<PageError> for ApiError {
    fn from(error: PageError) -> Self {
        Self::Page(error)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::Page(error.into())
    }
}

impl From<PathRejection> for ApiError {
    fn from(error: PathRejection) -> Self {
        Self::Invalid(vec![error.body_text()])
    }
}

impl From<JsonRejection> for ApiError {
    fn from(error: JsonRejection) -> Self {
        Self::Invalid(vec![error.body_text()])
    }
}

impl ApiError {
    /// What stands behind the `?` and cannot be read.
    pub(super) fn of_view(errors: &[ViewError]) -> Result<(), Self> {
        if errors.is_empty() { Ok(()) } else { Err(Self::Invalid(errors.iter().map(ToString::to_string).collect())) }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound => problem(StatusCode::NOT_FOUND, Vec::new()),
            Self::Method => problem(StatusCode::METHOD_NOT_ALLOWED, Vec::new()),
            Self::Conflict(why) => problem(StatusCode::CONFLICT, vec![why]),
            Self::Invalid(details) => problem(StatusCode::BAD_REQUEST, details),
            Self::Page(error) => error.into_response(),
        }
    }
}

fn problem(status: StatusCode, details: Vec<String>) -> Response {
    let title = status.canonical_reason().unwrap_or("Error").to_owned();
    let mut response = (status, Json(Problem { title, status: status.as_u16(), details })).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// Gives every error that has no body of its own one.
pub(super) async fn dress(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let Some(error) = response.extensions().get::<PageError>() else { return response };
    let details = match error {
        PageError::Wrong(_, english) => vec![english.clone()],
        _ => Vec::new(),
    };
    let mut dressed = problem(response.status(), details);
    // A login page sends programs nowhere; what to do stands in the headers.
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            dressed.headers_mut().insert(name.clone(), value.clone());
        }
    }
    dressed
}
