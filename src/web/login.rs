//! `/login` and `/logout`: in by name and password, and out.

use std::net::IpAddr;

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::preferences::within_site;
use super::session::{self, From};
use super::visitor::{Scheme, Who};
use super::{Frame, PageError, Section, Site, Visitor};
use crate::account::{Account, Act, Action, Actor, Name, Password, Token, throttle};
use crate::mention::Timestamp;
use crate::service::{now, on_a_thread};
use crate::store::Attempt;

#[derive(Deserialize)]
pub(super) struct Asked {
    back: Option<String>,
}

/// What was typed; not for printing.
#[derive(Deserialize)]
pub(super) struct Typed {
    name: String,
    password: String,
    back: Option<String>,
}

#[derive(Template)]
#[template(path = "web/login.html")]
struct Page {
    frame: Frame,
    /// As it was typed.
    name: String,
    back: String,
    is_wrong: bool,
    /// The identity provider, as people call it, and the way there.
    provider: Option<(String, String)>,
}

/// Where to log in, to come back to a page of this site.
pub(super) fn address(back: &str) -> String {
    let query =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("back", within_site(Some(back))).finish();
    format!("/login?{query}")
}

pub(super) async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let back = within_site(asked.back.as_deref());
    match visitor.who {
        Who::Anybody | Who::Person { .. } => Ok(Redirect::to(back).into_response()),
        Who::Untold => Err(PageError::Broken),
        Who::Stranger | Who::Program { .. } => {
            Ok(Html(form(&site, &visitor, String::new(), back, false).render()?).into_response())
        }
    }
}

fn form(site: &Site, visitor: &Visitor, name: String, back: &str, is_wrong: bool) -> Page {
    let title = super::frame::say(visitor.tongue, "Anmelden", "Log in");
    let frame = Frame::new(site, visitor, Section::Other, title);
    // Whoever changes the language here stays here.
    let frame = Frame { address: address(back), ..frame };
    let way = || {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("back", back).finish();
        format!("/login/oidc?{query}")
    };
    let provider = site.service.config.login.as_ref().map(|oidc| (oidc.name.clone(), way()));
    Page { frame, name, back: back.to_owned(), is_wrong, provider }
}

pub(super) async fn log_in(
    State(site): State<Site>,
    visitor: Visitor,
    From(from): From,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let back = within_site(typed.back.as_deref());
    let Some(account) = recognise(&site, &typed.name, &typed.password, from, now()).await? else {
        let page = form(&site, &visitor, typed.name, back, true).render()?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response());
    };
    let cookie = begin(&site, &headers, &account, now()).await?;
    Ok((cookie, Redirect::to(back)).into_response())
}

/// Begins a session with a token of its own: one that somebody slipped into this browser before is worth nothing.
pub(super) async fn begin(
    site: &Site,
    headers: &HeaderMap,
    account: &Account,
    now: Timestamp,
) -> Result<AppendHeaders<[(axum::http::HeaderName, String); 1]>, PageError> {
    let token = Token::of_session().map_err(|error| {
        tracing::error!(%error, "the system gives no random numbers");
        PageError::Broken
    })?;
    let before = session::brought(site, headers);
    site.service.store.begin_session(account, &token, before.as_ref(), now).await?;
    Ok(AppendHeaders(session::set_cookie(site, headers, Some(&token))))
}

/// Whose name and password these are. For a wrong name it takes as long as for a wrong password, and says the same.
pub(super) async fn recognise(
    site: &Site,
    name: &str,
    password: &str,
    from: Option<IpAddr>,
    now: Timestamp,
) -> Result<Option<Account>, PageError> {
    let store = &site.service.store;
    let attempts = match store.try_to_log_in(&throttle::subjects(name, from), now).await? {
        Attempt::Heard(attempts) => attempts,
        Attempt::TooEarly(at) => return Err(PageError::TooOften(at.seconds() - now.seconds())),
    };
    let known = match Name::parse(name) {
        Some(name) => store.account(&name).await?,
        None => None,
    };
    let (account, hash) = known.map_or((None, None), |(account, hash)| (Some(account), hash));
    let password = Password::new(password);
    let _place = site.password_gate.acquire().await.map_err(|_| PageError::Broken)?;
    let is_right = on_a_thread(move || password.is_of(hash.as_ref())).await.ok_or(PageError::Broken)?;
    match account {
        Some(account) if is_right && account.disabled_at.is_none() => {
            store.forgive(&attempts).await?;
            Ok(Some(account))
        }
        account => {
            tracing::warn!(from = from.map(tracing::field::display), "a log-in failed");
            let actor = account.as_ref().map_or_else(Actor::unknown, Actor::of);
            let subject = account.map(|account| account.name).unwrap_or_default();
            store.audit(&Act { actor, action: Action::FailLogIn, subject, detail: String::new() }, now).await?;
            Ok(None)
        }
    }
}

pub(super) async fn log_out(
    State(site): State<Site>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    if let Ok((session, account)) = visitor.person() {
        site.service.store.end_session(session.id, account, now()).await?;
    }
    let cookie = AppendHeaders(session::set_cookie(&site, &headers, None));
    Ok((cookie, Redirect::to("/login")).into_response())
}

#[cfg(test)]
pub(super) mod tests;
