//! The pages that people look at, and what programs ask: everything that the service answers on its address.
//!
//! One page is one file: what it asks for, its handler, and what its template (of the same name) shows. Nothing is loaded from
//! anywhere else, all of it works without scripts, and both languages stand side by side where they are used
//! ([`Frame::say`]).

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware;
use axum::routing::{get, post};

use crate::service::Service;

pub use error::PageError;
pub use visitor::{Right, Scheme, Visitor};

use frame::{Frame, Section};

mod asset;
mod chart;
mod error;
mod figures;
mod finding;
mod findings;
mod frame;
mod guard;
mod health;
mod overview;
mod parts;
mod preferences;
mod replay;
mod report;
mod reports;
#[cfg(test)]
mod tests;
mod unsubscribe;
mod visitor;
mod wording;

/// What all pages need; cheap to clone.
#[derive(Clone)]
pub struct Site {
    /// Configuration, database and model.
    pub service: Service,
}

impl Site {
    /// Whether browsers reach it by TLS.
    fn is_secure(&self) -> bool {
        self.service.config.public_url.as_deref().is_some_and(|url| url.starts_with("https:"))
    }
}

/// Nothing is loaded from elsewhere or written into the page, no other site shows it, and none learns of it.
const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
         manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Everything that is answered.
pub fn router(service: Service) -> Router {
    let site = Site { service };
    let pages = Router::new()
        .route("/", get(overview::page))
        .route("/findings", get(findings::page))
        .route("/findings/{id}", get(finding::page).post(finding::change))
        .route("/replay", get(replay::page))
        .route("/reports", get(reports::page))
        .route("/reports/{month}", get(report::page))
        .route("/preferences", post(preferences::change))
        .fallback(error::nothing_here)
        .layer(middleware::from_fn_with_state(site.clone(), error::dress))
        .layer(middleware::from_fn_with_state(site.clone(), guard::same_site));
    Router::new()
        .merge(pages)
        .route("/assets/{version}/{name}", get(asset::asset))
        .route("/healthz", get(health::health))
        .route("/unsubscribe/{token}", get(unsubscribe::page).post(unsubscribe::unsubscribe))
        .layer(middleware::map_response(with_headers))
        .with_state(site)
}

/// Headers that an answer brings itself stay.
async fn with_headers(mut response: axum::response::Response) -> axum::response::Response {
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
