//! `/accounts`: who is let in, and as what.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use serde::Deserialize;

use super::visitor::{Right, Scheme};
use super::{Frame, PageError, Section, Site, Visitor};
use crate::account::{Account, Role};
use crate::mention::Timestamp;
use crate::service::now;
use crate::store::Changed;

#[derive(Template)]
#[template(path = "web/accounts.html")]
struct Page {
    frame: Frame,
    accounts: Vec<Account>,
    roles: [Role; 3],
}

pub(super) async fn page(State(site): State<Site>, visitor: Visitor) -> Result<Html<String>, PageError> {
    visitor.may(Right::Administer)?;
    let title = super::frame::say(visitor.tongue, "Konten", "Accounts");
    let frame = Frame::new(&site, &visitor, Section::Other, title);
    let accounts = site.service.store.accounts().await?;
    Ok(Html(Page { frame, accounts, roles: Role::ALL }.render()?))
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
        Changed::LastAdmin => Err(PageError::Wrong(
            "Das ist das einzige Konto, das andere verwalten darf. Geben Sie diese Rolle zuerst noch jemandem."
                .to_owned(),
            "This is the only account that may administer others. First give that role to somebody else.".to_owned(),
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

impl Page {
    fn role(&self, role: &Role) -> &'static str {
        role_name(&self.frame, *role)
    }

    fn moment(&self, at: &Timestamp) -> String {
        self.frame.format().moment(*at)
    }
}
