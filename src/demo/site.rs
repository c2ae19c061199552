//! The invented world on loopback, in the formats of the real sources, as it looks at the time that a clock shows.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

use super::world::{Post, Source, World};
use crate::mention::Timestamp;

mod app_store;
mod date;
mod feeds;
mod pages;
#[cfg(test)]
mod tests;

/// The app's number in the stores.
pub const APP_NUMBER: u64 = 1_897_190_110;
/// Entries on a page.
const WINDOW: usize = 50;
/// Pages of reviews, as many as Apple gives.
const PAGES: usize = 10;

/// Serves the world at the clock's time (seconds since the epoch) until the future is dropped.
///
/// # Errors
/// When the listener has no address.
pub async fn serve(listener: TcpListener, world: Arc<World>, clock: Arc<AtomicI64>) -> io::Result<()> {
    let base = format!("http://{}", listener.local_addr()?);
    axum::serve(listener, router(Arc::new(Site { world, clock, base }))).await
}

/// Where a source is found on the site: a feed, or the first page of reviews.
pub fn path(source: Source) -> String {
    match source {
        Source::AppStoreDe | Source::AppStoreGb => app_store::path(source.storefront().unwrap_or_default(), 1),
        Source::Forum => "/forum/neueste.atom".to_owned(),
        Source::Social => "/tags/lerchenbahn.json".to_owned(),
        Source::Press => "/presse/region.rss".to_owned(),
        Source::Blog => "/blog/comments/feed".to_owned(),
    }
}

struct Site {
    world: Arc<World>,
    clock: Arc<AtomicI64>,
    /// `http://127.0.0.1:12345`
    base: String,
}

impl Site {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(self.clock.load(Ordering::Relaxed))
    }
}

fn router(site: Arc<Site>) -> Router {
    let mut router = Router::new()
        .route("/", get(index))
        .route("/posts/{number}", get(post))
        .route("/{country}/rss/customerreviews/{page}/{app}/{order}/json", get(reviews));
    for source in Source::ALL.into_iter().filter(|source| !source.is_store()) {
        let show = move |State(site): State<Arc<Site>>, headers: HeaderMap| async move {
            answer(&site, source, 1, &headers, |posts| feeds::render(&site.base, source, posts))
        };
        router = router.route(&path(source), get(show));
    }
    router.with_state(site)
}

async fn index(State(site): State<Arc<Site>>) -> Html<String> {
    Html(pages::index(&site.base))
}

async fn post(State(site): State<Arc<Site>>, Path(number): Path<u64>) -> Response {
    match site.world.post(number, site.now()) {
        Some(post) => Html(pages::post(post)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `/de/rss/customerreviews/page=2/id=1897190110/sortby=mostrecent/json`
async fn reviews(
    State(site): State<Arc<Site>>,
    Path((country, page, app, _order)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let source = Source::ALL.into_iter().find(|source| source.storefront() == Some(country.as_str()));
    let page = page.strip_prefix("page=").and_then(|page| page.parse().ok()).filter(|page| (1..=PAGES).contains(page));
    let (Some(source), Some(page), true) = (source, page, app == format!("id={APP_NUMBER}")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let pages = site.world.shown(source, site.now()).take(PAGES * WINDOW).count().div_ceil(WINDOW);
    answer(&site, source, page, &headers, |posts| app_store::render(&site.base, &country, page, pages, posts))
}

/// The newest posts of a source (of a page of it) with validators, "not modified", or "unavailable" during the outage.
fn answer(
    site: &Site,
    source: Source,
    page: usize,
    headers: &HeaderMap,
    render: impl FnOnce(&[&Post]) -> String,
) -> Response {
    let now = site.now();
    if site.world.is_out(source, now) {
        // No `Retry-After`: the fetcher would wait by the real clock, for all sources, because they share this host.
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let newest = site.world.shown(source, now).next();
    let changed_at = newest.map_or(site.world.begins(), |post| post.updated_at);
    let etag = format!("\"{page}-{}-{}\"", newest.map_or(0, |post| post.number), changed_at.seconds());
    let validators = [(header::ETAG, etag.clone()), (header::LAST_MODIFIED, date::http(changed_at))];
    if is_known(headers, &etag, changed_at) {
        return (StatusCode::NOT_MODIFIED, validators).into_response();
    }
    let posts: Vec<&Post> = site.world.shown(source, now).skip((page - 1) * WINDOW).take(WINDOW).collect();
    (validators, [(header::CONTENT_TYPE, content_type(source))], render(&posts)).into_response()
}

/// Whether the visitor has seen this version already; the time counts only where no ETag is given (RFC 9110, 13.2.2).
fn is_known(headers: &HeaderMap, etag: &str, changed_at: Timestamp) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match (text(header::IF_NONE_MATCH), text(header::IF_MODIFIED_SINCE)) {
        (Some(tags), _) => tags.split(',').any(|tag| matches!(tag.trim(), tag if tag == etag || tag == "*")),
        (None, Some(since)) => date::parse_http(since).is_some_and(|since| since >= changed_at),
        (None, None) => false,
    }
}

const fn content_type(source: Source) -> &'static str {
    match source {
        Source::AppStoreDe | Source::AppStoreGb => "text/javascript; charset=utf-8", // as Apple labels it
        Source::Forum => "application/atom+xml; charset=utf-8",
        Source::Social => "application/feed+json",
        Source::Press | Source::Blog => "application/rss+xml; charset=utf-8",
    }
}
