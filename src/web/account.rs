//! `/account`: one's own sessions, tokens and password.

use askama::Template;
use axum::Form;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, Html, IntoResponse as _, Redirect, Response};
use secrecy::SecretString;
use serde::Deserialize;

use super::accounts::role_name;
use super::session::{self, From};
use super::visitor::{Right, Scheme, Who};
use super::{Frame, PageError, Section, Site, Visitor, login};
use crate::account::{Account, Name, Password, PasswordProblem, Token};
use crate::mention::Timestamp;
use crate::service::{now, on_a_thread};
use crate::store::{ListedToken, Session};

/// For so many days a token holds, to choose from; the last one is for those that are revoked by hand.
const TOKEN_DAYS: [i64; 4] = [30, 90, 365, 0];
const DAY_SECONDS: i64 = 86_400;

/// What a token is called has at most so many characters.
const LONGEST_PURPOSE: usize = 80;

#[derive(Template)]
#[template(path = "web/account.html")]
struct Page {
    frame: Frame,
    account: Account,
    session: i64,
    sessions: Vec<Session>,
    tokens: Vec<ListedToken>,
    token_days: [i64; 4],
    /// A token that was just made: it is shown once.
    token: Option<Token>,
    is_password_changed: bool,
}

/// Without accounts: how to make one.
#[derive(Template)]
#[template(path = "web/accountless.html")]
struct Accountless {
    frame: Frame,
}

pub(super) async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, PageError> {
    visitor.may(Right::Read)?;
    if matches!(visitor.who, Who::Anybody) {
        let title = super::frame::say(visitor.tongue, "Konten", "Accounts");
        return Ok(Html(Accountless { frame: Frame::new(&site, &visitor, Section::Other, title) }.render()?));
    }
    let page = gather(&site, &visitor, None, now()).await?;
    let is_password_changed = query.is_some_and(|query| query == "done=password");
    Ok(Html(Page { is_password_changed, ..page }.render()?))
}

async fn gather(site: &Site, visitor: &Visitor, token: Option<Token>, now: Timestamp) -> Result<Page, PageError> {
    let (session, account) = visitor.person()?;
    let store = &site.service.store;
    let title = super::frame::say(visitor.tongue, "Ihr Konto", "Your account");
    let frame = Frame::new(site, visitor, Section::Other, title);
    Ok(Page {
        // A page that was sent to has no address to come back to.
        frame: Frame { address: "/account".to_owned(), ..frame },
        session: session.id,
        sessions: store.sessions(account.id, now).await?,
        tokens: store.tokens(Some(account.id)).await?,
        account: account.clone(),
        token_days: TOKEN_DAYS,
        token,
        is_password_changed: false,
    })
}

/// What was typed; not for printing.
#[derive(Deserialize)]
pub(super) struct NewPassword {
    old: String,
    new: String,
    again: String,
}

/// All sessions end, and this one begins anew.
pub(super) async fn change_password(
    State(site): State<Site>,
    visitor: Visitor,
    From(from): From,
    headers: HeaderMap,
    Form(typed): Form<NewPassword>,
) -> Result<Response, PageError> {
    let (_, account) = visitor.person()?;
    let password = chosen(account, &typed.new, &typed.again)?;
    let known = login::recognise(&site, &account.name, &typed.old, from, now()).await?;
    if known.is_none_or(|known| known.id != account.id) {
        return Err(wrong("Das bisherige Passwort stimmt nicht.", "The old password is wrong."));
    }
    let hash = hash(&site, password).await?;
    site.service.store.change_password(account.id, &hash, &visitor.actor(), now()).await?;
    let cookie = login::begin(&site, &headers, account, now()).await?;
    Ok((cookie, Redirect::to("/account?done=password#done")).into_response())
}

/// The password that somebody chose for an account, typed twice.
pub(super) fn chosen(account: &Account, new: &str, again: &str) -> Result<Password, PageError> {
    if new != again {
        return Err(wrong("Die beiden neuen Passwörter sind verschieden.", "The two new passwords differ."));
    }
    let password = Password::new(new);
    let name = Name::parse(&account.name).ok_or(PageError::Broken)?;
    password.check(&name).map_err(explain)?;
    Ok(password)
}

/// The hash to keep; waits until few enough others are being made.
pub(super) async fn hash(site: &Site, password: Password) -> Result<SecretString, PageError> {
    let _place = site.password_gate.acquire().await.map_err(|_| PageError::Broken)?;
    on_a_thread(move || password.hash()).await.and_then(Result::ok).ok_or(PageError::Broken)
}

pub(super) fn wrong(german: &str, english: &str) -> PageError {
    PageError::Wrong(german.to_owned(), english.to_owned())
}

fn explain(problem: PasswordProblem) -> PageError {
    match problem {
        PasswordProblem::Short => {
            wrong("Das Passwort braucht mindestens 12 Zeichen.", "The password needs at least 12 characters.")
        }
        PasswordProblem::Long => {
            wrong("Das Passwort hat mehr als 256 Zeichen.", "The password has more than 256 characters.")
        }
        PasswordProblem::Name => wrong(
            "Das Passwort besteht fast nur aus dem Namen. Nehmen Sie einen Satz, der nichts mit Ihnen zu tun hat.",
            "The password is little more than the name. Take a sentence that has nothing to do with you.",
        ),
        PasswordProblem::Usual => wrong(
            "Dieses Passwort wird als eines der ersten erraten. Nehmen Sie einen Satz; Ziffern braucht er nicht.",
            "This password is among the first to be guessed. Take a sentence; it needs no digits.",
        ),
    }
}

pub(super) async fn end_session(
    State(site): State<Site>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let (session, account) = visitor.person()?;
    if !site.service.store.end_session(id, account, now()).await? {
        return Err(PageError::NotFound);
    }
    if id == session.id {
        let cookie = AppendHeaders(session::set_cookie(&site, &headers, None));
        return Ok((cookie, Redirect::to("/login")).into_response());
    }
    Ok(Redirect::to("/account#sessions").into_response())
}

#[derive(Deserialize)]
pub(super) struct NewToken {
    purpose: String,
    scope: String,
    days: i64,
}

/// Answers with the token itself: the only time that anybody sees it.
pub(super) async fn add_token(
    State(site): State<Site>,
    visitor: Visitor,
    Form(new): Form<NewToken>,
) -> Result<Response, PageError> {
    let (_, account) = visitor.person()?;
    let scope = Right::parse(&new.scope).ok_or(PageError::NotFound)?;
    visitor.may(scope)?;
    let purpose = new.purpose.trim();
    if !(1..=LONGEST_PURPOSE).contains(&purpose.chars().count()) || !TOKEN_DAYS.contains(&new.days) {
        return Err(wrong(
            "Sagen Sie in höchstens 80 Zeichen, wofür das Token ist.",
            "Say in at most 80 characters what the token is for.",
        ));
    }
    let now = now();
    let expires_at = (new.days > 0).then(|| now.plus_seconds(new.days * DAY_SECONDS));
    let token = Token::of_program().map_err(|_| PageError::Broken)?;
    site.service.store.add_token(account, &token, (purpose, scope), expires_at, &visitor.actor(), now).await?;
    let page = gather(&site, &visitor, Some(token), now).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Html(page.render()?)).into_response())
}

pub(super) async fn revoke_token(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<i64>,
) -> Result<Redirect, PageError> {
    let (_, account) = visitor.person()?;
    let was_there = site.service.store.revoke_token(id, Some(account.id), &visitor.actor(), now()).await?;
    if was_there { Ok(Redirect::to("/account#tokens")) } else { Err(PageError::NotFound) }
}

impl Page {
    fn role(&self) -> &'static str {
        role_name(&self.frame, self.account.role)
    }

    /// The scopes that one's own role allows.
    fn scopes(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let allowed = Right::ALL.into_iter().filter(|right| *right <= self.account.role.right());
        allowed.map(|right| (right.name(), self.scope(right)))
    }

    fn scope(&self, right: impl std::borrow::Borrow<Right>) -> &'static str {
        match right.borrow() {
            Right::Read => self.frame.say("lesen", "read"),
            Right::Change => self.frame.say("lesen und ändern", "read and change"),
            Right::Administer => self.frame.say("alles", "everything"),
        }
    }

    fn days(&self, days: &i64) -> String {
        match days {
            0 => self.frame.say("bis es widerrufen wird", "until it is revoked").to_owned(),
            days => format!("{days} {}", self.frame.say("Tage", "days")),
        }
    }

    fn moment(&self, at: &Timestamp) -> String {
        self.frame.format().moment(*at)
    }
}
