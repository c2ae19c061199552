//! `POST /mentions/views`: saves a view under a name, or deletes a saved one.

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;

use crate::service::now;
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
    delete: Option<i64>,
    back: Option<String>,
}

pub(in crate::web) async fn change(
    State(site): State<Site>,
    visitor: Visitor,
    Form(sent): Form<Sent>,
) -> Result<Redirect, PageError> {
    visitor.may(Right::Change)?;
    let store = &site.service.store;
    if let Some(id) = sent.delete {
        store.delete_view(id, None).await?;
    } else {
        let name = sent.name.as_deref().map(str::trim).unwrap_or_default();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(PageError::Wrong(
                "Geben Sie der Ansicht einen Namen von höchstens 80 Zeichen.".to_owned(),
                "Give the view a name of at most 80 characters.".to_owned(),
            ));
        }
        let (view, _) = View::parse(sent.query.as_deref().unwrap_or_default(), &[]);
        store.save_view(name, &view, None, now()).await?;
    }
    Ok(Redirect::to(&at(within_site(sent.back.as_deref()), "saved")))
}
