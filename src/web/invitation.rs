//! `/invitation/{token}`: somebody chooses their own password, by a link that an admin passed on to them.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::session::From;
use super::visitor::Scheme;
use super::{Frame, PageError, Section, Site, Visitor, account, login};
use crate::account::{Account, Token, throttle};
use crate::service::now;
use crate::store::Attempt;

#[derive(Template)]
#[template(path = "web/invitation.html")]
struct Page {
    frame: Frame,
    account: Account,
}

/// To look at it does not use it up: programs that look into mails do so, too.
pub(super) async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    Path(link): Path<String>,
) -> Result<Response, PageError> {
    let account = site.service.store.invited(&Token::brought(&link), now()).await?.ok_or(PageError::LinkOver)?;
    let title = super::frame::say(visitor.tongue, "Ihr Passwort", "Your password");
    let frame = Frame::new(&site, &visitor, Section::Other, title);
    Ok(([(header::CACHE_CONTROL, "no-store")], Html(Page { frame, account }.render()?)).into_response())
}

/// What was typed; not for printing.
#[derive(Deserialize)]
pub(super) struct Typed {
    new: String,
    again: String,
}

/// The link is used up, all sessions of the account end, and one begins.
pub(super) async fn accept(
    State(site): State<Site>,
    From(from): From,
    headers: HeaderMap,
    Path(link): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let (store, now) = (&site.service.store, now());
    let attempts = match store.try_to_log_in(&throttle::subjects(&link, from), now).await? {
        Attempt::Heard(attempts) => attempts,
        Attempt::TooEarly(at) => return Err(PageError::TooOften(at.seconds() - now.seconds())),
    };
    let link = Token::brought(&link);
    let account = store.invited(&link, now).await?.ok_or(PageError::LinkOver)?;
    // Whoever has the link guesses nothing, however often they mistype.
    store.forgive(&attempts).await?;
    let password = account::chosen(&account, &typed.new, &typed.again)?;
    let hash = account::hash(&site, password).await?;
    let account = store.accept(&link, &hash, now).await?.ok_or(PageError::LinkOver)?;
    let cookie = login::begin(&site, &headers, &account, now).await?;
    Ok((cookie, Redirect::to("/")).into_response())
}
