//! `GET /healthz`: whether the service works, for the machine that watches over it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use super::{Right, Site, Visitor};
use crate::service::{SourceHealth, now};

/// The answer. A source that fails does not make the service ill: other people's servers fail every day.
#[derive(Serialize)]
pub(super) struct Health {
    /// `ok`, or `database` when it does not answer.
    status: &'static str,
    version: &'static str,
    /// Empty for strangers: where one listens is nobody else's business.
    sources: Vec<SourceHealth>,
}

pub(super) async fn health(State(site): State<Site>, visitor: Visitor) -> (StatusCode, Json<Health>) {
    let mut health = Health { status: "ok", version: env!("CARGO_PKG_VERSION"), sources: Vec::new() };
    match site.service.source_health(now()).await {
        Ok(sources) if visitor.may(Right::Read).is_ok() => health.sources = sources,
        Ok(_) => {}
        Err(_) => {
            health.status = "database";
            return (StatusCode::SERVICE_UNAVAILABLE, Json(health));
        }
    }
    (StatusCode::OK, Json(health))
}
