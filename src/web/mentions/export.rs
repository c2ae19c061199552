//! `GET /mentions.csv` and `GET /mentions.jsonl`: a view to take along, page by page from the database, however long.
//!
//! It names authors, so only those may have it who may also erase them.

use std::io;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::notice;
use crate::account::Action;
use crate::alert::format::Tongue;
use crate::cause::chain;
use crate::export::{Format, Record, Sheet};
use crate::service::now;
use crate::store::{Cut, Place, Store, StoredMention};
use crate::view::View;
use crate::web::visitor::{Right, Visitor};
use crate::web::{PageError, Site};

/// So many mentions are read at once.
const AT_ONCE: usize = 500;

pub(in crate::web) async fn csv(
    State(site): State<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    export(&site, &visitor, &query.unwrap_or_default(), Format::Csv).await
}

pub(in crate::web) async fn json_lines(
    State(site): State<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    export(&site, &visitor, &query.unwrap_or_default(), Format::JsonLines).await
}

async fn export(site: &Site, visitor: &Visitor, query: &str, format: Format) -> Result<Response, PageError> {
    visitor.may(Right::Change)?;
    let (view, errors) = View::parse(query, &[]);
    if let Some(error) = errors.first() {
        // Another view than the one that was asked for would be taken for it.
        let told = notice(error);
        return Err(PageError::Wrong(told.german, told.english));
    }
    // The filter by an author is a number; what was searched for could be a name.
    let filters = view.parts().into_iter().filter(|(name, _)| *name != "q");
    let filters: Vec<String> = filters.map(|(name, value)| format!("{name}={value}")).collect();
    site.record(visitor, Action::Export, "mentions", filters.join(" ")).await?;
    let zone = site.service.config.alert.time_zone;
    let sheet = Sheet { format, german: (visitor.tongue == Tongue::German).then_some(zone) };
    let name = format!("stimmung-{}.{}", now().to_utc().with_timezone(&zone).format("%Y-%m-%d"), format.name());
    let kind = match format {
        Format::Csv => "text/csv; charset=utf-8",
        Format::JsonLines => "application/x-ndjson",
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    let parts = Export { store: site.service.store.clone(), view, zone, sheet, is_first: true, after: None };
    Ok((headers, Body::from_stream(stream::try_unfold(Some(parts), Export::part))).into_response())
}

/// An export under way.
struct Export {
    store: Store,
    view: View,
    zone: chrono_tz::Tz,
    sheet: Sheet,
    is_first: bool,
    after: Option<Place>,
}

impl Export {
    /// The next part, and what is left after it. An error breaks the answer off, so that nobody takes it for whole.
    async fn part(export: Option<Self>) -> io::Result<Option<(Vec<u8>, Option<Self>)>> {
        let Some(mut export) = export else { return Ok(None) };
        let cut = Cut { after: export.after, ..Cut::first(AT_ONCE) };
        let page = export.store.mentions(&export.view, cut, export.zone).await.map_err(|error| {
            tracing::error!(error = chain(&error), hint = error.hint(), "an export breaks off");
            io::Error::other(error)
        })?;
        let records: Vec<Record> = page.mentions.into_iter().map(record).collect();
        let part = export.sheet.part(&records, export.is_first)?;
        (export.is_first, export.after) = (false, page.next);
        Ok(Some((part, page.next.is_some().then_some(export))))
    }
}

fn record(mention: StoredMention) -> Record {
    Record {
        id: mention.id.to_string(),
        brand: (!mention.brands.is_empty()).then(|| mention.brands.join("; ")),
        source: mention.source,
        native_id: Some(mention.native_id),
        published_at: Some(mention.said_at),
        ingested_at: mention.first_seen_at,
        edited_at: mention.edited_at,
        lang: mention.language,
        author: mention.author,
        dup_key: Some(mention.cluster.to_string()),
        label: mention.label,
        score: mention.score,
        emotions: mention.emotions,
        intent: mention.intents,
        topics: mention.topics,
        urgency: Some(mention.urgency),
        contradicts: Some(mention.contradicts),
        rating: mention.rating.map(|rating| rating.value),
        rating_best: mention.rating.map(|rating| rating.best),
        title: mention.title,
        text: mention.text,
        url: mention.url,
    }
}
