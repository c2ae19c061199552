//! `GET /sources/{id}`: one source in full.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Html;

use super::{Done, KindWords, Row};
use crate::collect::terms::{Terms, terms};
use crate::config::{Origin, Source};
use crate::mention::Timestamp;
use crate::service::now;
use crate::store::{Cut, Outage, StoredMention};
use crate::view::View;
use crate::web::visitor::{Right, Scheme, Visitor};
use crate::web::{Frame, PageError, Section, Site, wording};

/// So many of its mentions are shown.
const SHOWN: usize = 10;

/// Outages of so many days are shown.
const OUTAGE_DAYS: i64 = 90;

/// So many characters of a mention.
const EXCERPT: usize = 160;

#[derive(Template)]
#[template(path = "web/sources/source.html")]
struct Page {
    frame: Frame,
    done: Option<String>,
    row: Row,
    about: KindWords,
    terms: Option<&'static Terms>,
    source: Source,
    /// As a link to its mentions has it.
    query: String,
    mentions: Vec<StoredMention>,
    outages: Vec<OutageRow>,
    /// The newest arrival, when the page was made.
    since: i64,
}

struct OutageRow {
    began: String,
    ended: Option<String>,
    error: String,
}

pub(super) async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<Html<String>, PageError> {
    visitor.may(Right::Read)?;
    let source = site.service.source(&id).ok_or(PageError::NotFound)?;
    Ok(Html(gather(&site, &visitor, source, &done, now()).await?.render()?))
}

async fn gather(
    site: &Site,
    visitor: &Visitor,
    source: Source,
    done: &Done,
    now: Timestamp,
) -> Result<Page, PageError> {
    let (service, id) = (&site.service, source.id.as_str());
    let frame = Frame::new(site, visitor, Section::Sources, id);
    let since = service.store.newest_arrival().await?;
    let view = View { sources: vec![id.to_owned()], ..View::default() };
    let health = site.source_health(now).await?;
    let health = health.iter().find(|health| health.id == id).ok_or(PageError::NotFound)?;
    let outages = service.store.outages(now.plus_seconds(-OUTAGE_DAYS * 86_400)).await?;
    let format = frame.format();
    let outage = |outage: Outage| OutageRow {
        began: format.moment(outage.began_at),
        ended: outage.ended_at.map(|at| format.moment(at)),
        error: frame.tell(&outage.error).to_owned(),
    };
    Ok(Page {
        done: done.said(&frame).map(str::to_owned),
        row: Row::new(&frame, health),
        about: KindWords::new(&frame, &source.kind.about()),
        terms: terms(source.kind.name(), frame.tongue),
        query: view.query(),
        mentions: service.store.mentions(&view, Cut::first(SHOWN), frame.zone).await?.mentions,
        outages: outages.into_iter().rev().filter(|outage| outage.source == id).map(outage).collect(),
        since,
        source,
        frame,
    })
}

impl Page {
    /// How a mention begins.
    fn excerpt(&self, mention: &StoredMention) -> String {
        wording::excerpt(&mention.full_text(), EXCERPT)
    }

    /// The mood of a mention: its name for the colour, its sign and its word.
    fn mood(&self, mention: &StoredMention) -> Option<(&'static str, &'static str, &'static str)> {
        let label = mention.label?;
        Some((label.name(), wording::sign(label), wording::mood(&self.frame, label)))
    }

    fn is_only_shown(&self) -> bool {
        self.source.kind.is_only_shown()
    }

    fn is_added(&self) -> bool {
        self.source.origin == Origin::Added
    }

    fn moment(&self, at: Timestamp) -> String {
        self.frame.format().moment(at)
    }
}
