//! Who may change something: only pages of our own.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::{PageError, Site};

/// Refuses what another site makes a browser send, and what was asked for under a name that is not ours.
///
/// Browsers say where a request comes from: by `Sec-Fetch-Site`, and by `Origin`. A name that is not ours is one that somebody
/// made point to this machine (DNS rebinding).
pub(super) async fn same_site(State(site): State<Site>, request: Request, next: Next) -> Response {
    let is_ours = is_our_name(request.headers(), site.service.config.public_url.as_deref());
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !is_ours || (changes && !is_same_site(request.headers())) {
        return PageError::Foreign.into_response();
    }
    next.run(request).await
}

/// Whether the service is asked for under a name of its own: one of this machine, or that of `public_url`.
pub(super) fn is_our_name(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
    let name =
        host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |it| it.0);
    let is_loopback = name.eq_ignore_ascii_case("localhost")
        || name.trim_matches(['[', ']']).parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback());
    let public = public_url.and_then(|url| url::Url::parse(url).ok());
    is_loopback || public.is_some_and(|url| url.host_str().is_some_and(|ours| ours.eq_ignore_ascii_case(name)))
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
    fn nobody_is_answered_under_a_foreign_name() {
        let host =
            |name: &'static str| is_our_name(&headers(&[("host", name)]), Some("https://mood.example.org/stimmung"));
        assert!(["127.0.0.1:8080", "localhost", "[::1]:80", "mood.example.org"].into_iter().all(host));
        assert!(!["evil.example.org", "10.0.0.1:8080", "127.0.0.1.example.org"].into_iter().any(host));
        assert!(!is_our_name(&headers(&[]), None));
    }
}
