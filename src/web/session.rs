//! Who asks: known by the cookie of a browser, or by the token of a program.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use super::visitor::{Who, cookie};
use super::{Site, guard};
use crate::account::{SESSION_SECONDS, Token};
use crate::cause::chain;
use crate::mention::Timestamp;
use crate::service::now;
use crate::store::StoreError;

/// The cookie of a session where browsers come by TLS: none but this very host can have set it …
const SECURE: &str = "__Host-stimmung";
/// … and where they come from this machine, without TLS: browsers would refuse the other name.
const PLAIN: &str = "stimmung";

/// Finds out who asks, for [`Visitor`](super::Visitor).
pub(super) async fn identify(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let who = who(&site, request.headers(), request.extensions(), now()).await;
    let who = who.unwrap_or_else(|error| {
        tracing::error!(error = chain(&error), hint = error.hint(), "nobody knows who asks");
        Who::Untold
    });
    request.extensions_mut().insert(who);
    next.run(request).await
}

/// A token counts alone: a cookie beside it does not make up for one that is worthless.
async fn who(site: &Site, headers: &HeaderMap, extensions: &Extensions, now: Timestamp) -> Result<Who, StoreError> {
    let store = &site.service.store;
    if let Some(token) = bearer(headers) {
        let Some(bearer) = store.bearer(&token, now).await? else { return Ok(Who::Stranger) };
        let (account, scope) = (bearer.account.clone(), bearer.scope);
        note(async move |store| store.see_bearer(&bearer, now).await, site);
        return Ok(Who::Program { account, scope });
    }
    if let Some(token) = brought(site, headers)
        && let Some((session, account)) = store.session(&token, now).await?
    {
        let seen = account.clone();
        note(async move |store| store.see_in_session(&session, &seen, now).await, site);
        return Ok(Who::Person { session, account });
    }
    // However the service was started: without accounts nobody outside this machine is answered.
    let is_here = peer(extensions).is_none_or(|peer| peer.is_loopback());
    Ok(if is_here && !store.has_accounts().await? { Who::Anybody } else { Who::Stranger })
}

/// Writes it down while the page is made: no reader waits for a write.
fn note<F: Future<Output = Result<(), StoreError>> + Send + 'static>(
    write: impl FnOnce(crate::store::Store) -> F,
    site: &Site,
) {
    let written = write(site.service.store.clone());
    tokio::spawn(async move {
        if let Err(error) = written.await {
            tracing::warn!(error = chain(&error), "it is not written down that somebody was here");
        }
    });
}

/// `Authorization: Bearer …`
pub(super) fn bearer(headers: &HeaderMap) -> Option<Token> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Token::brought(token.trim()))
}

/// The token that a browser keeps in its cookie.
pub(super) fn brought(site: &Site, headers: &HeaderMap) -> Option<Token> {
    cookie(headers, cookie_name(is_secure(site, headers))).filter(|token| !token.is_empty()).map(Token::brought)
}

fn is_secure(site: &Site, headers: &HeaderMap) -> bool {
    guard::is_secure(headers, site.service.config.public_url.as_deref())
}

const fn cookie_name(is_secure: bool) -> &'static str {
    if is_secure { SECURE } else { PLAIN }
}

/// The cookie of a browser on its way to the identity provider and back.
const WAY: [&str; 2] = ["stimmung-way", "__Host-stimmung-way"];
const WAY_SECONDS: i64 = 600;

/// The token of a browser that comes back from the identity provider.
pub(super) fn brought_on_the_way(site: &Site, headers: &HeaderMap) -> Option<Token> {
    cookie(headers, WAY[usize::from(is_secure(site, headers))]).map(Token::brought)
}

/// The cookie that goes with somebody to the identity provider, or without a token the one that ends it.
pub(super) fn set_way_cookie(
    site: &Site,
    headers: &HeaderMap,
    token: Option<&Token>,
) -> [(header::HeaderName, String); 1] {
    let is_secure = is_secure(site, headers);
    written(WAY[usize::from(is_secure)], token, WAY_SECONDS, is_secure)
}

/// The cookie that opens a session, or without a token the one that ends it. No script sees it, and no other site sends
/// it along with a form.
pub(super) fn set_cookie(site: &Site, headers: &HeaderMap, token: Option<&Token>) -> [(header::HeaderName, String); 1] {
    let is_secure = is_secure(site, headers);
    written(cookie_name(is_secure), token, SESSION_SECONDS, is_secure)
}

fn written(name: &str, token: Option<&Token>, seconds: i64, is_secure: bool) -> [(header::HeaderName, String); 1] {
    let secure = if is_secure { "; Secure" } else { "" };
    let value = token.map_or("", Token::expose);
    let seconds = token.map_or(0, |_| seconds);
    [(header::SET_COOKIE, format!("{name}={value}; Path=/; Max-Age={seconds}; SameSite=Lax; HttpOnly{secure}"))]
}

fn peer(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip())
}

/// From where somebody asks. Behind a proxy on this machine it is what the proxy says last; others could say anything.
pub(super) struct From(pub(super) Option<IpAddr>);

impl<S: Sync> FromRequestParts<S> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let peer = peer(&parts.extensions);
        let forwarded = parts.headers.get_all("x-forwarded-for").into_iter().next_back();
        let forwarded = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        let is_proxy = peer.is_none_or(|peer| peer.is_loopback());
        Ok(Self(forwarded.filter(|_| is_proxy).or(peer)))
    }
}
