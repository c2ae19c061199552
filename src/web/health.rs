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
use crate::store::{Heard, StoreError};

/// For so many seconds, one count of what was heard is good for every page.
const GOOD_FOR: i64 = 10;

/// The newest count of what was heard, and when it was made.
pub(super) type LastCount = Arc<Mutex<Option<(Timestamp, Arc<[Heard]>)>>>;

impl Site {
    /// How the sources do now; how much they said, as of a few seconds ago: it takes a look at all that was said in five weeks.
    pub(super) async fn source_health(&self, now: Timestamp) -> Result<Vec<SourceHealth>, StoreError> {
        let heard = self.recently_heard(now).await?;
        self.service.source_health_as_heard(&heard, now).await
    }

    /// What counts from now on is not what was counted: a pause is over.
    pub(super) async fn count_anew(&self) {
        self.last_count.lock().await.take();
    }

    async fn recently_heard(&self, now: Timestamp) -> Result<Arc<[Heard]>, StoreError> {
        let mut last = self.last_count.lock().await;
        if let Some((at, heard)) = &*last
            && (0..GOOD_FOR).contains(&(now.seconds() - at.seconds()))
        {
            return Ok(heard.clone());
        }
        let heard: Arc<[Heard]> = self.service.store.heard(now).await?.into();
        *last = Some((now, heard.clone()));
        Ok(heard)
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
    match site.source_health(now()).await {
        Ok(sources) if visitor.may(Right::Read).is_ok() => health.sources = sources,
        Ok(_) => {}
        Err(_) => {
            health.status = "database";
            return (StatusCode::SERVICE_UNAVAILABLE, Json(health));
        }
    }
    (StatusCode::OK, Json(health))
}
