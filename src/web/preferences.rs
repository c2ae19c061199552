//! What somebody prefers: a language, light or dark. Kept in their browser.

use axum::Form;
use axum::extract::State;
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse, Redirect};
use serde::Deserialize;

use super::Site;
use super::visitor::{LANGUAGE, SCHEME, Scheme};

const A_YEAR: u32 = 365 * 24 * 3600;

#[derive(Deserialize)]
pub(super) struct Change {
    language: Option<String>,
    scheme: Option<String>,
    back: Option<String>,
}

pub(super) async fn change(State(site): State<Site>, Form(change): Form<Change>) -> impl IntoResponse {
    let secure = if site.is_secure() { "; Secure" } else { "" };
    let cookie = |name: &str, value: &str, seconds: u32| {
        format!("{name}={value}; Path=/; Max-Age={seconds}; SameSite=Lax; HttpOnly{secure}")
    };
    let (mut cookies, chose_scheme) = (Vec::new(), change.scheme.is_some());
    if let Some(language) = change.language.filter(|language| ["de", "en"].contains(&language.as_str())) {
        cookies.push((header::SET_COOKIE, cookie(LANGUAGE, &language, A_YEAR)));
    }
    if let Some(scheme) = change.scheme {
        let chosen = Scheme::parse(&scheme).map(Scheme::name);
        cookies.push((header::SET_COOKIE, cookie(SCHEME, chosen.unwrap_or_default(), chosen.map_or(0, |_| A_YEAR))));
    }
    let back = at(within_site(change.back.as_deref()), if chose_scheme { "scheme" } else { "language" });
    (AppendHeaders(cookies), Redirect::to(&back))
}

/// An address to send somebody back to: a path of this site, and nothing that a browser takes for another one.
pub(super) fn within_site(address: Option<&str>) -> &str {
    let is_path = |address: &&str| {
        address.starts_with('/')
            && !address[1..].starts_with(['/', '\\'])
            && !address.contains(|c: char| c.is_control())
    };
    address.filter(is_path).unwrap_or("/")
}

/// An address with the place of the page where one goes on: browsers put the focus there, and show it.
pub(super) fn at(address: &str, place: &str) -> String {
    let page = address.split('#').next().unwrap_or_default();
    format!("{page}#{place}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert_eq!(within_site(Some("/mentions?mood=negative")), "/mentions?mood=negative");
        for foreign in ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:1", "/\r\nX: 1", ""] {
            assert_eq!(within_site(Some(foreign)), "/");
        }
    }
}
