//! Where we listen, and how that does.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{ApiError, Refused, Unchanged};
use crate::mention::Timestamp;
use crate::service::{SourceHealth, now};
use crate::web::Site;
use crate::web::visitor::{Right, Visitor};

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
    let health = site.service.source_health(now()).await?;
    Ok(Json(health.into_iter().map(Source::from).collect()))
}
