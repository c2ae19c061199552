//! `POST /mentions/views`: saves a view under a name, or deletes a saved one.

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;

use crate::service::now;
use crate::store::SavedView;
use crate::view::View;
use crate::web::preferences::{at, within_site};
use crate::web::visitor::{Right, Visitor};
use crate::web::{PageError, Site};

/// Longer names would not fit beside the search.
const LONGEST_NAME: usize = 80;

#[derive(Deserialize)]
pub(in crate::web) struct Sent {
    name: Option<String>,
    query: Option<String>,
    shared: Option<String>,
    delete: Option<i64>,
    back: Option<String>,
}

pub(in crate::web) async fn change(
    State(site): State<Site>,
    visitor: Visitor,
    Form(sent): Form<Sent>,
) -> Result<Redirect, PageError> {
    visitor.may(Right::Change)?;
    if let Some(id) = sent.delete {
        delete(&site, &visitor, id).await?;
    } else {
        let (view, _) = View::parse(sent.query.as_deref().unwrap_or_default(), &[]);
        save(&site, &visitor, sent.name.as_deref().unwrap_or_default(), &view, sent.shared.is_some()).await?;
    }
    Ok(Redirect::to(&at(within_site(sent.back.as_deref()), "saved")))
}

/// Saves a view for somebody, or for everybody; without accounts it always is everybody's.
pub(in crate::web) async fn save(
    site: &Site,
    visitor: &Visitor,
    name: &str,
    view: &View,
    is_shared: bool,
) -> Result<SavedView, PageError> {
    let (name, store) = (name.trim(), &site.service.store);
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(PageError::Wrong(
            "Geben Sie der Ansicht einen Namen von höchstens 80 Zeichen.".to_owned(),
            "Give the view a name of at most 80 characters.".to_owned(),
        ));
    }
    let maker = visitor.account().map(|account| account.name.as_str());
    let id = store.save_view(name, view, (maker, is_shared), now()).await?;
    store.saved_view(id).await?.ok_or(PageError::NotFound)
}

/// Deletes a view: only its maker does, or an admin.
pub(in crate::web) async fn delete(site: &Site, visitor: &Visitor, id: i64) -> Result<(), PageError> {
    let store = &site.service.store;
    let view = store.saved_view(id).await?.ok_or(PageError::NotFound)?;
    if !may_delete(visitor, &view) {
        let who = visitor.account().map(|account| account.name.as_str());
        // Of what others keep for themselves, nobody learns that it is there.
        return Err(if view.is_seen_by(who) { PageError::NotAllowed(Right::Administer) } else { PageError::NotFound });
    }
    if store.delete_view(id).await? { Ok(()) } else { Err(PageError::NotFound) }
}

/// Whether somebody made a view, or may do without its maker.
pub(super) fn may_delete(visitor: &Visitor, view: &SavedView) -> bool {
    let is_maker = visitor.account().is_some_and(|account| view.maker.as_ref() == Some(&account.name));
    visitor.may(Right::Change).is_ok() && (is_maker || visitor.may(Right::Administer).is_ok())
}
