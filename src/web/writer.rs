//! `/writers/{id}`: what is kept of a person, to be handed to them (Art. 15 GDPR) or taken out of everything (Art. 17), once
//! somebody has confirmed it.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;

use super::visitor::{Right, Scheme, Visitor};
use super::{Frame, PageError, Section, Site};
use crate::account::Action;
use crate::service::now;
use crate::store::outreach::Handle;
use crate::store::{Erased, Writer};
use dossier::dossier;

mod dossier;
#[cfg(test)]
mod tests;

/// The person, the copy of what is kept, and the end of it.
pub(super) fn router() -> Router<Site> {
    Router::new().route("/writers/{id}/erase", get(page).post(erase)).route("/writers/{id}/export", get(export))
}

#[derive(Template)]
#[template(path = "web/writer.html")]
struct Page {
    frame: Frame,
    writer: Writer,
    handles: Vec<Handle>,
    mentions: u64,
    cases: usize,
}

/// What went, for whoever asked for it.
#[derive(Template)]
#[template(path = "web/writer/receipt.html")]
struct Receipt {
    frame: Frame,
    number: i64,
    at: String,
    by: String,
    erased: Erased,
}

async fn page(State(site): State<Site>, visitor: Visitor, Path(id): Path<i64>) -> Result<Html<String>, PageError> {
    visitor.may(Right::Change)?;
    let store = &site.service.store;
    let writer = store.writer(id).await?.ok_or(PageError::NotFound)?;
    site.record(&visitor, Action::Look, format!("writer {id}"), "").await?;
    let mut frame = Frame::new(&site, &visitor, Section::Mentions, "");
    frame.title = frame.say("Was von einer Person bekannt ist", "What is kept of a person").to_owned();
    let handles = store.handles(id).await?;
    let mentions = handles.iter().map(|handle| handle.mentions).sum();
    let cases = store.cases_of(id).await?.len();
    Ok(Html(Page { frame, writer, handles, mentions, cases }.render()?))
}

async fn erase(State(site): State<Site>, visitor: Visitor, Path(id): Path<i64>) -> Result<Html<String>, PageError> {
    visitor.may(Right::Change)?;
    let erased = erase_writer(&site, &visitor, id).await?;
    let mut frame = Frame::new(&site, &visitor, Section::Mentions, "");
    frame.title = frame.say("Gelöscht", "Erased").to_owned();
    let (at, by) = (frame.format().moment(now()), visitor.actor().who);
    Ok(Html(Receipt { number: id, at, by, erased, frame }.render()?))
}

/// Everything that is kept of a person, as a file.
async fn export(State(site): State<Site>, visitor: Visitor, Path(id): Path<i64>) -> Result<Response, PageError> {
    visitor.may(Right::Change)?;
    let dossier = dossier(&site.service.store, id, now()).await?.ok_or(PageError::NotFound)?;
    site.record(&visitor, Action::Export, format!("writer {id}"), "").await?;
    let text = serde_json::to_string_pretty(&dossier).map_err(|_| PageError::Broken)?;
    let name = HeaderValue::from_str(&format!("attachment; filename=\"stimmung-person-{id}.json\""));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, name.map_err(|_| PageError::Broken)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, text).into_response())
}

/// Erases somebody for good, and writes down who did; what went with them.
pub(super) async fn erase_writer(site: &Site, visitor: &Visitor, id: i64) -> Result<Erased, PageError> {
    let store = site.service.store.clone();
    // Whoever asked may go away before the file is rewritten.
    let erasing = tokio::spawn(async move { store.erase_writer(id).await });
    let erased = erasing.await.map_err(|_| PageError::Broken)??.ok_or(PageError::NotFound)?;
    let detail = format!("{} mentions, {} cases, {} handles", erased.mentions, erased.cases, erased.handles);
    site.record(visitor, Action::Erase, format!("writer {id}"), detail).await?;
    site.service.cases_changed();
    site.service.count_team_anew().await;
    tracing::info!(mentions = erased.mentions, cases = erased.cases, "a person was erased by hand");
    Ok(erased)
}
