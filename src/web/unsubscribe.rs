//! `/unsubscribe/…`: the page on which a reader leaves the digests.
//!
//! Looking at it changes nothing, because mail scanners follow every link; the button does, and so does the one click
//! of a mail program (RFC 8058), which is the same POST. There is nothing of a stranger on the page.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::Site;
use crate::cause::chain;
use crate::notify::{masked, unsubscribe};
use crate::service::{Service, now};
use crate::store::StoreError;

/// Nothing is loaded, nothing runs, no other site shows it, and none learns of it.
pub(super) const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
];

#[derive(Template)]
#[template(path = "web/unsubscribe.html")]
struct Page {
    /// Masked: a mail may have been passed on.
    mailbox: Option<String>,
    is_unsubscribed: bool,
}

pub(super) async fn page(State(site): State<Site>, Path(token): Path<String>) -> Response {
    let shown = async {
        let Some(mailbox) = reader(&site.service, &token).await? else { return Ok(None) };
        let is_unsubscribed = site.service.store.unsubscribed().await?.contains(&mailbox);
        Ok(Some(Page { mailbox: Some(masked(&mailbox)), is_unsubscribed }))
    };
    answer(shown.await)
}

pub(super) async fn unsubscribe(State(site): State<Site>, Path(token): Path<String>) -> Response {
    let done = async {
        let Some(mailbox) = reader(&site.service, &token).await? else { return Ok(None) };
        site.service.store.unsubscribe(&mailbox, now()).await?;
        tracing::info!(reader = masked(&mailbox), "unsubscribed from digests");
        Ok(Some(Page { mailbox: Some(masked(&mailbox)), is_unsubscribed: true }))
    };
    answer(done.await)
}

/// Whose link it is; `None` if we have not made it.
async fn reader(service: &Service, token: &str) -> Result<Option<String>, StoreError> {
    Ok(unsubscribe::mailbox(&service.unsubscribe_secret().await?, token))
}

fn answer(page: Result<Option<Page>, StoreError>) -> Response {
    let (status, page) = match page {
        Ok(Some(page)) => (StatusCode::OK, page),
        Ok(None) => (StatusCode::NOT_FOUND, Page { mailbox: None, is_unsubscribed: false }),
        Err(error) => {
            tracing::error!(error = chain(&error), hint = error.hint(), "nobody can unsubscribe");
            return (StatusCode::SERVICE_UNAVAILABLE, HEADERS).into_response();
        }
    };
    (status, HEADERS, Html(page.render().unwrap_or_default())).into_response()
}
