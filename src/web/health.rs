//! `GET /healthz`: whether the service works, for the machine that watches over it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use tokio::sync::Mutex;

use super::{Right, Site, Visitor};
use crate::mention::Timestamp;
use crate::service::{SourceHealth, now};
use crate::store::StoreError;

/// For so many seconds, one look at the sources is good for every page that tells of them in passing.
const GOOD_FOR: i64 = 10;

/// The newest look at the sources, and when it was.
pub(super) type LastLook = Arc<Mutex<Option<(Timestamp, Arc<[SourceHealth]>)>>>;

impl Site {
    /// How the sources do, as of a few seconds ago: it takes a look at all that was said in five weeks.
    pub(super) async fn recent_health(&self, now: Timestamp) -> Result<Arc<[SourceHealth]>, StoreError> {
        let mut last = self.last_look.lock().await;
        if let Some((at, health)) = &*last
            && (0..GOOD_FOR).contains(&(now.seconds() - at.seconds()))
        {
            return Ok(health.clone());
        }
        let health: Arc<[SourceHealth]> = self.service.source_health(now).await?.into();
        *last = Some((now, health.clone()));
        Ok(health)
    }
}

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
