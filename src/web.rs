//! The pages that people look at, and what programs ask: everything that the service answers on its address.
//!
//! One page is one file: what it asks for, its handler, and what its template (of the same name) shows. Nothing is loaded from
//! anywhere else, all of it works without scripts, and both languages stand side by side where they are used
//! (`Frame::say`).

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware;
use axum::routing::{get, post};
use tokio::sync::Semaphore;

use crate::service::Service;
use crate::store::outreach::{Filter, Standing};

pub use error::PageError;
pub use visitor::{Right, Scheme, Visitor};

use frame::{Frame, Section};

mod account;
mod accounts;
mod api;
mod asset;
mod audit;
mod case;
mod chart;
mod error;
pub(crate) mod escape;
mod figures;
mod finding;
mod findings;
mod frame;
mod guard;
mod health;
#[cfg(test)]
mod hostile;
mod invitation;
mod live;
mod login;
mod mention;
mod mentions;
mod metrics;
mod oidc;
mod overview;
mod parts;
mod preferences;
mod queue;
mod remembered;
mod replay;
mod report;
mod reports;
#[cfg(test)]
mod rights;
mod session;
mod sources;
mod summary;
mod survey;
mod team;
#[cfg(test)]
pub(crate) mod tests;
mod unsubscribe;
mod visitor;
mod wording;
mod writer;

/// What all pages need; cheap to clone.
#[derive(Clone)]
pub struct Site {
    /// Configuration, database and model.
    pub service: Service,
    /// So many passwords are looked at at once: each takes memory, and a crowd of guessers must not take all of it.
    password_gate: Arc<Semaphore>,
    /// Tells pages that are open what arrives.
    live: live::Live,
    /// How the sources did lately.
    last_count: health::LastCount,
    /// Whom a month's report quotes.
    quoted: remembered::Remembered<report::month::Span, report::month::Chosen>,
    /// What the order of the queue is made of.
    queue: remembered::Remembered<Filter, Vec<Standing>>,
    /// The identity provider.
    discovered: oidc::Discovered,
    /// How long answers took.
    durations: Arc<metrics::Durations>,
}

/// For [`Site::password_gate`].
const PASSWORDS_AT_ONCE: usize = 4;

impl Site {
    fn new(service: Service) -> Self {
        Self {
            service,
            password_gate: Arc::new(Semaphore::new(PASSWORDS_AT_ONCE)),
            live: live::Live::default(),
            last_count: health::LastCount::default(),
            quoted: remembered::Remembered::default(),
            queue: remembered::Remembered::default(),
            discovered: oidc::Discovered::default(),
            durations: Arc::default(),
        }
    }

    /// Whether browsers reach it by TLS.
    fn is_secure(&self) -> bool {
        self.service.config.public_url.as_deref().is_some_and(|url| url.starts_with("https:"))
    }
}

/// Nothing is loaded from elsewhere or written into the page, no other site shows it, and none learns of it.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
         manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CACHE_CONTROL, "private, no-cache"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Everything that is answered.
pub fn router(service: Service) -> Router {
    let site = Site::new(service);
    let pages = Router::new()
        .route("/", get(overview::page))
        .route("/mentions", get(mentions::page))
        .route("/mentions.csv", get(mentions::export::csv))
        .route("/mentions.jsonl", get(mentions::export::json_lines))
        .route("/mentions/change", post(mentions::change::change))
        .route("/mentions/views", post(mentions::saved::change))
        .route("/mentions/{id}", get(mention::page))
        .route("/findings", get(findings::page))
        .route("/findings/{id}", get(finding::page).post(finding::change))
        .route("/team", get(team::page))
        .route("/replay", get(replay::page))
        .route("/reports", get(reports::page))
        .route("/reports/{month}", get(report::page))
        .route("/preferences", post(preferences::change))
        .route("/login", get(login::page).post(login::log_in))
        .route("/login/oidc", get(oidc::begin))
        .route("/login/oidc/callback", get(oidc::come_back))
        .route("/logout", post(login::log_out))
        .route("/account", get(account::page))
        .route("/account/password", post(account::change_password))
        .route("/account/sessions/{id}/end", post(account::end_session))
        .route("/account/tokens", post(account::add_token))
        .route("/account/tokens/{id}/revoke", post(account::revoke_token))
        .route("/accounts", get(accounts::page).post(accounts::add))
        .route("/accounts/{id}", post(accounts::change))
        .route("/accounts/{id}/link", post(accounts::make_link))
        .route("/invitation/{token}", get(invitation::page).post(invitation::accept))
        .route("/audit", get(audit::page))
        .route("/live", get(live::live))
        .merge(writer::router())
        .merge(queue::router())
        .merge(case::router())
        .merge(sources::router())
        .fallback(error::nothing_here)
        .layer(middleware::from_fn_with_state(site.clone(), guard::same_site))
        .layer(middleware::from_fn_with_state(site.clone(), error::dress));
    Router::new()
        .merge(pages)
        .merge(api::router(site.clone()))
        .route("/healthz", get(health::health))
        .route("/metrics", get(metrics::metrics))
        .layer(middleware::from_fn_with_state(site.clone(), session::identify))
        .route("/assets/{version}/{name}", get(asset::asset))
        .route("/survey/{token}", get(survey::page).post(survey::answer).layer(survey::limit()))
        .route("/unsubscribe/{token}", get(unsubscribe::page).post(unsubscribe::unsubscribe))
        .layer(middleware::map_response(with_headers))
        .layer(middleware::from_fn_with_state(site.clone(), metrics::measure))
        .with_state(site)
}

/// Headers that an answer brings itself stay.
async fn with_headers(mut response: axum::response::Response) -> axum::response::Response {
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
