//! Who wrote what was said, as far as they have to be known to be erased.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{ApiError, Problem, Refused, Unchanged};
use crate::web::Site;
use crate::web::visitor::{Right, Visitor};
use crate::web::writer::erase_writer;

/// Who wrote something in a source.
#[derive(Serialize, ToSchema)]
pub(super) struct Writer {
    /// Their number.
    id: i64,
    /// The source's id.
    source: String,
    /// What they call themselves there.
    name: String,
    /// How many mentions of theirs are known, put aside or removed ones included.
    mentions: u64,
}

/// Who an author is, and how much of theirs is known.
#[utoipa::path(
    get, path = "/api/v1/writers/{id}", tag = "writers", params(("id" = i64, Path, description = "Their number")),
    responses(
        (status = 200, description = "as far as they are known", body = Writer),
        Unchanged,
        (status = 400, description = "no number", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "there is none with this number", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn writer(
    State(site): State<Site>,
    visitor: Visitor,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Json<Writer>, ApiError> {
    visitor.may(Right::Change)?;
    let Path(id) = id?;
    let known = site.service.store.writer(id).await?.ok_or(ApiError::NotFound)?;
    Ok(Json(Writer { id, source: known.source, name: known.name, mentions: known.mentions }))
}

/// What was erased.
#[derive(Serialize, ToSchema)]
pub(super) struct Erased {
    /// How many mentions there were.
    mentions: usize,
    /// How many cases there were.
    cases: usize,
}

/// Erase an author for good: texts, versions, quotes in findings and mails. The source will not bring any of it back,
/// and it cannot be undone. The database file is rewritten, which takes a while where it is large.
#[utoipa::path(
    delete, path = "/api/v1/writers/{id}", tag = "writers", params(("id" = i64, Path, description = "Their number")),
    responses(
        (status = 200, description = "they are gone", body = Erased),
        (status = 400, description = "no number", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "there is none with this number", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn erase(
    State(site): State<Site>,
    visitor: Visitor,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Json<Erased>, ApiError> {
    visitor.may(Right::Change)?;
    let Path(id) = id?;
    let erased = erase_writer(&site, &visitor, id).await?;
    Ok(Json(Erased { mentions: erased.mentions, cases: erased.cases }))
}
