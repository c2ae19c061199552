//! `/writers/{id}/erase`: takes a person out of everything, once somebody has confirmed it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};

use super::mentions::change::back;
use super::visitor::{Right, Scheme, Visitor};
use super::{Frame, PageError, Section, Site};
use crate::account::Action;
use crate::store::Writer;

#[derive(Template)]
#[template(path = "web/writer.html")]
struct Page {
    frame: Frame,
    writer: Writer,
    mentions: String,
}

pub(super) async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<i64>,
) -> Result<Html<String>, PageError> {
    visitor.may(Right::Change)?;
    let writer = site.service.store.writer(id).await?.ok_or(PageError::NotFound)?;
    let mut frame = Frame::new(&site, &visitor, Section::Mentions, "");
    frame.title = frame.say("Person löschen", "Erase a person").to_owned();
    let mentions = frame.format().count(writer.mentions);
    Ok(Html(Page { frame, writer, mentions }.render()?))
}

pub(super) async fn erase(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<i64>,
) -> Result<Redirect, PageError> {
    visitor.may(Right::Change)?;
    let erased = erase_writer(&site, &visitor, id).await?;
    Ok(Redirect::to(&back(None, erased as u64)))
}

/// Erases somebody for good, and writes down who did; how many mentions there were.
pub(super) async fn erase_writer(site: &Site, visitor: &Visitor, id: i64) -> Result<usize, PageError> {
    let store = site.service.store.clone();
    // Whoever asked may go away before the file is rewritten.
    let erasing = tokio::spawn(async move { store.erase_writer(id).await });
    let erased = erasing.await.map_err(|_| PageError::Broken)??.ok_or(PageError::NotFound)?;
    site.record(visitor, Action::Erase, format!("writer {id}"), format!("{erased} mentions")).await?;
    tracing::info!(mentions = erased, "a person was erased by hand");
    Ok(erased)
}
