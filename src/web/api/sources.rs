//! Where we listen, and how that does.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{ApiError, Problem, Refused, Unchanged};
use crate::mention::Timestamp;
use crate::service::{SourceHealth, now};
use crate::web::sources::change::{Step, take};
use crate::web::visitor::{Right, Visitor};
use crate::web::{PageError, Site};

/// A source, and how it does.
#[derive(Serialize, ToSchema)]
pub(super) struct Source {
    /// Its id.
    id: String,
    /// Its kind.
    kind: &'static str,
    /// new, speaking, quiet, silent (longer than chance explains), failing or paused.
    state: &'static str,
    /// Where it is written down: sources.toml, or sources.added.toml for those that were added on a page.
    set_in: &'static str,
    /// Since when it is paused.
    #[schema(value_type = Option<String>, format = DateTime)]
    paused_at: Option<Timestamp>,
    /// The last round that went through.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_success_at: Option<Timestamp>,
    /// The next round.
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    /// When its newest live mention arrived, within five weeks.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_mention_at: Option<Timestamp>,
    /// Mentions a day in the last seven days.
    per_day: f64,
    /// In the four weeks before.
    usual_per_day: Option<f64>,
    /// Rounds that failed in a row.
    failures: u32,
    /// Why.
    error: Option<String>,
    /// What to do about it.
    hint: Option<String>,
}

impl From<SourceHealth> for Source {
    fn from(health: SourceHealth) -> Self {
        Self {
            id: health.id,
            kind: health.kind,
            state: health.state.name(),
            set_in: health.set_in,
            paused_at: health.paused_at,
            last_success_at: health.last_success_at,
            due_at: health.due_at,
            last_mention_at: health.last_mention_at,
            per_day: health.per_day,
            usual_per_day: health.usual_per_day,
            failures: health.failures,
            error: health.error.map(|error| error.english),
            hint: health.hint.map(|hint| hint.english),
        }
    }
}

/// The sources, and how each does.
#[utoipa::path(
    get, path = "/api/v1/sources", tag = "sources",
    responses(
        (status = 200, description = "in the order of the configuration", body = Vec<Source>),
        Unchanged,
        Refused,
    )
)]
pub(super) async fn sources(State(site): State<Site>, visitor: Visitor) -> Result<Json<Vec<Source>>, ApiError> {
    visitor.may(Right::Read)?;
    let health = site.source_health(now()).await?;
    Ok(Json(health.into_iter().map(Source::from).collect()))
}

/// One source, and how it does.
#[utoipa::path(
    get, path = "/api/v1/sources/{id}", tag = "sources", params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, description = "how it does now", body = Source),
        Unchanged,
        (status = 400, description = "no id", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "there is no such source", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn source(
    State(site): State<Site>,
    visitor: Visitor,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<Source>, ApiError> {
    visitor.may(Right::Read)?;
    let Path(id) = id?;
    one(&site, &id).await
}

async fn one(site: &Site, id: &str) -> Result<Json<Source>, ApiError> {
    let health = site.source_health(now()).await?;
    let health = health.into_iter().find(|health| health.id == id).ok_or(ApiError::NotFound)?;
    Ok(Json(health.into()))
}

/// Ask a source now, whenever its next round is.
#[utoipa::path(
    post, path = "/api/v1/sources/{id}/run", tag = "sources", params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 202, description = "it is being asked; how it does now", body = Source),
        (status = 400, description = "no id", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "there is no such source", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "it is paused: resume it first", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn run(
    State(site): State<Site>,
    visitor: Visitor,
    id: Result<Path<String>, PathRejection>,
) -> Result<(StatusCode, Json<Source>), ApiError> {
    visitor.may(Right::Change)?;
    let Path(id) = id?;
    take(&site, &visitor, &id, Step::Run).await.map_err(|error| match error {
        PageError::Wrong(_, why) => ApiError::Conflict(why),
        error => error.into(),
    })?;
    Ok((StatusCode::ACCEPTED, one(&site, &id).await?))
}

/// Pause a source: it is not asked until it is resumed.
#[utoipa::path(
    post, path = "/api/v1/sources/{id}/pause", tag = "sources", params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, description = "it is paused", body = Source),
        (status = 400, description = "no id", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "there is no such source", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn pause(
    State(site): State<Site>,
    visitor: Visitor,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<Source>, ApiError> {
    visitor.may(Right::Change)?;
    let Path(id) = id?;
    take(&site, &visitor, &id, Step::Pause).await?;
    one(&site, &id).await
}

/// Resume a source: it is asked again, beginning right now.
#[utoipa::path(
    post, path = "/api/v1/sources/{id}/resume", tag = "sources", params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, description = "it is asked again", body = Source),
        (status = 400, description = "no id", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "there is no such source", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn resume(
    State(site): State<Site>,
    visitor: Visitor,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<Source>, ApiError> {
    visitor.may(Right::Change)?;
    let Path(id) = id?;
    take(&site, &visitor, &id, Step::Resume).await?;
    one(&site, &id).await
}
