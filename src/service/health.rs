//! `GET /healthz`: whether the service works, for the machine that watches over it; and the page on which readers unsubscribe.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{Service, SourceHealth, now, unsubscribe};

/// The answer. A source that fails does not make the service ill: other people's servers fail every day.
#[derive(Serialize)]
struct Health {
    /// `ok`, or `database` when it does not answer.
    status: &'static str,
    version: &'static str,
    sources: Vec<SourceHealth>,
}

/// Serves until it is told to stop; requests under way are answered.
pub(super) async fn serve(service: Service, listener: TcpListener, mut stopped: watch::Receiver<bool>) {
    let app = Router::new()
        .route("/healthz", get(health))
        .route("/unsubscribe/{token}", get(unsubscribe::page).post(unsubscribe::unsubscribe))
        .with_state(service);
    let stop = async move { while !*stopped.borrow() && stopped.changed().await.is_ok() {} };
    if let Err(error) = axum::serve(listener, app).with_graceful_shutdown(stop).await {
        tracing::error!(%error, "the health page is gone");
    }
}

async fn health(State(service): State<Service>) -> (StatusCode, Json<Health>) {
    let mut health = Health { status: "ok", version: env!("CARGO_PKG_VERSION"), sources: Vec::new() };
    match service.source_health(now()).await {
        Ok(sources) => health.sources = sources,
        Err(_) => {
            health.status = "database";
            return (StatusCode::SERVICE_UNAVAILABLE, Json(health));
        }
    }
    (StatusCode::OK, Json(health))
}
