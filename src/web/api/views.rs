//! Saved views: filters of mentions that people come back to.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::{ApiError, Problem, Refused, Unchanged};
use crate::store::SavedView;
use crate::view::View as Filter;
use crate::web::Site;
use crate::web::mentions::saved;
use crate::web::visitor::{Right, Visitor};

/// A filter of mentions under a name.
#[derive(Serialize, ToSchema)]
pub(super) struct View {
    /// Its number.
    id: i64,
    /// What it is called.
    name: String,
    /// What stands behind the `?` of `/api/v1/mentions`.
    query: String,
    /// The account that saved it, by name; null: it was saved without accounts.
    maker: Option<String>,
    /// Whether everybody sees it.
    is_shared: bool,
}

impl From<SavedView> for View {
    fn from(saved: SavedView) -> Self {
        let is_shared = saved.is_seen_by(None);
        Self { id: saved.id, name: saved.name, query: saved.query, maker: saved.maker, is_shared }
    }
}

/// Saved views: one's own, and those that others share.
#[utoipa::path(
    get, path = "/api/v1/views", tag = "mentions",
    responses((status = 200, description = "by name", body = Vec<View>), Unchanged, Refused)
)]
pub(super) async fn views(State(site): State<Site>, visitor: Visitor) -> Result<Json<Vec<View>>, ApiError> {
    visitor.may(Right::Read)?;
    let who = visitor.account().map(|account| account.name.as_str());
    Ok(Json(site.service.store.saved_views(who).await?.into_iter().map(View::from).collect()))
}

/// A view to be saved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewView {
    /// What to call it; one of yours that has this name is replaced.
    #[schema(min_length = 1, max_length = 80, pattern = r"\S")]
    name: String,
    /// What stands behind the `?` of `/api/v1/mentions`, as in `mood=negative&stars=1-2`.
    query: String,
    /// Whether everybody sees it. Without accounts everybody does.
    #[serde(default)]
    is_shared: bool,
}

/// Save a view.
#[utoipa::path(
    post, path = "/api/v1/views", tag = "mentions", request_body = NewView,
    responses(
        (status = 200, description = "as it is saved", body = View),
        (status = 400, description = "what was sent cannot be used", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "the name is empty or too long", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn save(
    State(site): State<Site>,
    visitor: Visitor,
    body: Result<Json<NewView>, JsonRejection>,
) -> Result<Json<View>, ApiError> {
    visitor.may(Right::Change)?;
    let Json(new) = body?;
    let (filter, errors) = Filter::parse(&new.query, &[]);
    ApiError::of_view(&errors)?;
    Ok(Json(saved::save(&site, &visitor, &new.name, &filter, new.is_shared).await?.into()))
}

/// Delete a saved view: its maker does, or an admin.
#[utoipa::path(
    delete, path = "/api/v1/views/{id}", tag = "mentions", params(("id" = i64, Path, description = "Its number")),
    responses(
        (status = 204, description = "it is gone"),
        (status = 400, description = "no number", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "there is none with this number", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn delete(
    State(site): State<Site>,
    visitor: Visitor,
    id: Result<Path<i64>, PathRejection>,
) -> Result<StatusCode, ApiError> {
    visitor.may(Right::Change)?;
    let Path(id) = id?;
    saved::delete(&site, &visitor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
