//! `/accounts`: who is let in, and as what; and the links by which they choose their own passwords.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::account::wrong;
use super::visitor::{Right, Scheme};
use super::{Frame, PageError, Section, Site, Visitor};
use crate::account::{Account, Name, Role, Token};
use crate::mention::Timestamp;
use crate::service::now;
use crate::store::{Changed, NewAccount};

/// What somebody is called has at most so many characters.
const LONGEST_SHOWN_NAME: usize = 80;

#[derive(Template)]
#[template(path = "web/accounts.html")]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
    /// Those that a new account may have: the first one has to let in the others.
    roles: &'static [Role],
    /// For whom a link was just made, and the link: it is shown once.
    link: Option<(String, String)>,
}

struct Row {
    account: Account,
    /// Until when a link of theirs holds that nobody has used yet.
    link_until: Option<Timestamp>,
}

pub(super) async fn page(State(site): State<Site>, visitor: Visitor) -> Result<Html<String>, PageError> {
    visitor.may(Right::Administer)?;
    Ok(Html(gather(&site, &visitor, None, now()).await?.render()?))
}

async fn gather(
    site: &Site,
    visitor: &Visitor,
    link: Option<(String, String)>,
    now: Timestamp,
) -> Result<Page, PageError> {
    let title = super::frame::say(visitor.tongue, "Konten", "Accounts");
    let frame = Frame::new(site, visitor, Section::Other, title);
    let open = site.service.store.open_links(now).await?;
    let until = |id: i64| open.iter().find(|(account, _)| *account == id).map(|(_, until)| *until);
    let accounts = site.service.store.accounts().await?.into_iter();
    let rows: Vec<Row> = accounts.map(|account| Row { link_until: until(account.id), account }).collect();
    Ok(Page {
        // A page that was sent to has no address to come back to.
        frame: Frame { address: "/accounts".to_owned(), ..frame },
        roles: if rows.is_empty() { &[Role::Admin] } else { &Role::ALL },
        rows,
        link,
    })
}

/// An account to be made.
#[derive(Deserialize)]
pub(super) struct New {
    name: String,
    shown_name: String,
    role: String,
}

/// Makes an account, and answers with the link that gives it a password.
pub(super) async fn add(
    State(site): State<Site>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(new): Form<New>,
) -> Result<Response, PageError> {
    visitor.may_in_person(Right::Administer)?;
    let (store, now) = (&site.service.store, now());
    let Some(name) = Name::parse(&new.name) else {
        return Err(wrong(
            "Der Name darf aus Buchstaben, Ziffern und . _ + - @ bestehen, etwa erika@example.org.",
            "The name may have letters, digits and . _ + - @, as in erika@example.org.",
        ));
    };
    let role = Role::parse(&new.role).ok_or(PageError::NotFound)?;
    if role != Role::Admin && !store.has_accounts().await? {
        return Err(wrong(
            "Das erste Konto muss andere verwalten dürfen: Geben Sie ihm die Rolle „Verwalten“.",
            "The first account has to administer the others: give it the role “admin”.",
        ));
    }
    let shown_name = Some(new.shown_name.trim()).filter(|shown| !shown.is_empty()).unwrap_or(name.as_str());
    if shown_name.chars().count() > LONGEST_SHOWN_NAME {
        return Err(wrong(
            "Der angezeigte Name hat mehr als 80 Zeichen.",
            "The shown name has more than 80 characters.",
        ));
    }
    let link = Token::of_session().map_err(|_| PageError::Broken)?;
    let new = NewAccount { name: &name, shown_name, role, password: None, identity: None };
    if store.invite(&new, &link, &visitor.actor(), now).await?.is_none() {
        return Err(wrong("Unter diesem Namen gibt es schon ein Konto.", "There is an account of this name already."));
    }
    show(&site, &visitor, &headers, (name.as_str(), &link), now).await
}

/// Answers with another link for an account: for whoever has lost the first one, or forgotten the password.
pub(super) async fn make_link(
    State(site): State<Site>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    visitor.may_in_person(Right::Administer)?;
    let (link, now) = (Token::of_session().map_err(|_| PageError::Broken)?, now());
    let made = site.service.store.make_link(id, &link, &visitor.actor(), now).await?;
    let name = made.ok_or(PageError::NotFound)?;
    show(&site, &visitor, &headers, (&name, &link), now).await
}

/// The only time that anybody sees the link.
async fn show(
    site: &Site,
    visitor: &Visitor,
    headers: &HeaderMap,
    (name, link): (&str, &Token),
    now: Timestamp,
) -> Result<Response, PageError> {
    let here = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let place = site.service.config.public_url.clone().unwrap_or_else(|| format!("http://{here}"));
    let address = format!("{}/invitation/{}", place.trim_end_matches('/'), link.expose());
    let page = gather(site, visitor, Some((name.to_owned(), address)), now).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Html(page.render()?)).into_response())
}

/// One of them: another role, or whether they are let in.
#[derive(Deserialize)]
pub(super) struct Change {
    role: Option<String>,
    enabled: Option<bool>,
}

pub(super) async fn change(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<i64>,
    Form(change): Form<Change>,
) -> Result<Redirect, PageError> {
    visitor.may(Right::Administer)?;
    let (store, actor, now) = (&site.service.store, visitor.actor(), now());
    let changed = match (change.role.as_deref().map(Role::parse), change.enabled) {
        (Some(Some(role)), None) => store.change_role(id, role, &actor, now).await?,
        (None, Some(is_enabled)) => store.enable(id, is_enabled, &actor, now).await?,
        _ => return Err(PageError::NotFound),
    };
    match changed {
        Changed::Done => Ok(Redirect::to(&format!("/accounts#account-{id}"))),
        Changed::Unknown => Err(PageError::NotFound),
        Changed::LastAdmin => Err(wrong(
            "Das ist das einzige Konto, das andere verwalten darf. Geben Sie diese Rolle zuerst noch jemandem, der \
             sich schon anmelden kann.",
            "This is the only account that may administer others. First give that role to somebody else who can log in \
             already.",
        )),
    }
}

/// As people call a role.
pub(super) fn role_name(frame: &Frame, role: Role) -> &'static str {
    match role {
        Role::Reader => super::frame::say(frame.tongue, "Lesen", "reader"),
        Role::Agent => super::frame::say(frame.tongue, "Bearbeiten", "agent"),
        Role::Admin => super::frame::say(frame.tongue, "Verwalten", "admin"),
    }
}

impl Row {
    /// Whether a link would let them in.
    fn takes_link(&self) -> bool {
        self.account.issuer.is_none() && self.account.disabled_at.is_none()
    }
}

impl Page {
    fn role(&self, role: &Role) -> &'static str {
        role_name(&self.frame, *role)
    }

    fn moment(&self, at: &Timestamp) -> String {
        self.frame.format().moment(*at)
    }
}

#[cfg(test)]
mod tests;
