//! Who may change something: only pages of our own.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::{PageError, Site, session};

/// Refuses what another site makes a browser send, and what was asked for under a name that is not ours.
///
/// Browsers say where a request comes from: by `Sec-Fetch-Site`, and by `Origin`. A name that is not ours is one that
/// somebody made point to this machine (DNS rebinding).
pub(super) async fn same_site(State(site): State<Site>, request: Request, next: Next) -> Response {
    let is_ours = is_our_name(request.headers(), site.service.config.public_url.as_deref());
    if !is_ours {
        return PageError::ForeignName.into_response();
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // No page can make a browser send somebody's token: who has one is a program, and a cookie beside it does not
    // count.
    let is_program = session::bearer(request.headers()).is_some();
    if changes && !is_program && !is_same_site(request.headers()) {
        return PageError::Foreign.into_response();
    }
    next.run(request).await
}

/// Whether the service is asked for under a name of its own: one of this machine, or that of `public_url`.
pub(super) fn is_our_name(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let Some(name) = name(headers) else { return false };
    let is_loopback = name.eq_ignore_ascii_case("localhost")
        || name.trim_matches(['[', ']']).parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback());
    is_loopback || is_public_name(name, public_url)
}

/// The name that was asked for, without the port.
fn name(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let port = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    Some(port.map_or(host, |(name, _)| name))
}

fn is_public_name(name: &str, public_url: Option<&str>) -> bool {
    let public = public_url.and_then(|url| url::Url::parse(url).ok());
    public.is_some_and(|url| url.host_str().is_some_and(|ours| ours.eq_ignore_ascii_case(name)))
}

/// Whether the browser came by TLS: under our public name, or as the proxy says.
pub(super) fn is_secure(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let is_forwarded = headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
    public_url.is_some_and(|url| url.starts_with("https:"))
        && (is_forwarded || name(headers).is_some_and(|name| is_public_name(name, public_url)))
}

fn is_same_site(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    match (origin, host) {
        // What is no browser has no user whom one could make send something.
        (None, _) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, ours)| ours == host),
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_our_own_pages_change_something() {
        let from = |pairs: &[_]| is_same_site(&headers(pairs));
        assert!(from(&[("sec-fetch-site", "same-origin")]));
        assert!(!from(&[("sec-fetch-site", "same-site")]) && !from(&[("sec-fetch-site", "cross-site")]));
        assert!(from(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]));
        assert!(!from(&[("origin", "http://127.0.0.1:9090"), ("host", "127.0.0.1:8080")]));
        assert!(!from(&[("origin", "null"), ("host", "127.0.0.1:8080")]));
    }

    #[test]
    fn a_browser_came_by_tls_where_it_asked_for_the_public_name_or_the_proxy_says_so() {
        let secure = |pairs: &[_], url| is_secure(&headers(pairs), Some(url));
        let url = "https://mood.example.org";
        assert!(secure(&[("host", "mood.example.org")], url));
        assert!(secure(&[("host", "127.0.0.1:8080"), ("x-forwarded-proto", "https")], url));
        assert!(!secure(&[("host", "127.0.0.1:8080")], url));
        assert!(!secure(&[("host", "localhost:8080")], "http://localhost:8080"));
    }

    #[test]
    fn nobody_is_answered_under_a_foreign_name() {
        let host =
            |name: &'static str| is_our_name(&headers(&[("host", name)]), Some("https://mood.example.org/stimmung"));
        assert!(["127.0.0.1:8080", "localhost", "[::1]:80", "mood.example.org"].into_iter().all(host));
        assert!(!["evil.example.org", "10.0.0.1:8080", "127.0.0.1.example.org"].into_iter().any(host));
        assert!(!is_our_name(&headers(&[]), None));
    }
}
