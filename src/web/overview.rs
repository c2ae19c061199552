//! `GET /`: how the mood is, where it moved, and whether we were listening.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse as _, Response};
use chrono::Days;
use url::form_urlencoded;

use super::chart::{Drawing, draw};
use super::figures::Sum;
use super::parts::{self, MoodRow, Row, VoiceRow, rows, voices};
use super::summary::Summary;
use super::visitor::{Right, Scheme, Visitor, cookie};
use super::wording;
use super::{Frame, PageError, Section, Site};
use crate::alert::Period;
use crate::brand::Brand;
use crate::detect::Finding;
use crate::mention::Timestamp;
use crate::service::{SourceHealth, now};
use crate::store::{Listed, StoredMention};
use visit::Visit;

mod visit;

/// The spans to choose from, in days.
const SPANS: [u64; 4] = [7, 30, 90, 365];
pub(super) const USUAL_SPAN: u64 = 30;

/// So many urgent mentions are shown.
pub(super) const URGENT_SHOWN: u32 = 4;

/// So many characters of an urgent mention.
const EXCERPT: usize = 140;

/// What is asked for.
struct Asked {
    brand: Option<String>,
    days: u64,
}

impl Asked {
    fn parse(query: &str) -> Self {
        let mut asked = Self { brand: None, days: USUAL_SPAN };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "brand" => asked.brand = Some(value.into_owned()),
                "days" => asked.days = value.parse().ok().filter(|days| SPANS.contains(days)).unwrap_or(USUAL_SPAN),
                _ => {}
            }
        }
        asked
    }
}

#[derive(Template)]
#[template(path = "web/overview.html")]
struct Page {
    frame: Frame,
    brand: String,
    brands: Vec<String>,
    spans: [u64; 4],
    days: u64,
    /// The brand and the days, as a link to mentions has them.
    query: String,
    now: Sum,
    before: Sum,
    drawing: Drawing,
    topics: Vec<Row>,
    sources: Vec<Row>,
    languages: Vec<Row>,
    voices: Vec<VoiceRow>,
    findings: Vec<FindingRow>,
    urgent: Vec<StoredMention>,
    /// The newest arrival, when the page was made.
    since: i64,
    unwell: Vec<SourceHealth>,
    sources_known: usize,
    news: Option<News>,
}

struct FindingRow {
    id: i64,
    at: Timestamp,
    headline: String,
    state: &'static str,
}

/// What is new since somebody was here.
struct News {
    since: String,
    mentions: String,
    net: String,
    findings: usize,
}

pub(super) async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    visitor.may(Right::Read)?;
    let asked = Asked::parse(&query.unwrap_or_default());
    let config = &site.service.config;
    let chosen = asked.brand.as_deref().and_then(|name| config.brands.iter().find(|brand| brand.name == name));
    let Some(brand) = chosen.or_else(|| config.own_brands().next()).or(config.brands.first()) else {
        return Err(PageError::NotFound);
    };
    let visit = Visit::at(cookie(&headers, visit::COOKIE), now());
    let mut page = gather(&site, &visitor, brand, asked.days, now()).await?;
    if let Some(since) = visit.since() {
        page.news = Some(news(&site, &page, since, now()).await?);
    }
    let secure = if site.is_secure() { "; Secure" } else { "" };
    let kept =
        format!("{}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{secure}", visit::COOKIE, visit.written());
    Ok(([(header::SET_COOKIE, kept)], Html(page.render()?)).into_response())
}

async fn news(site: &Site, page: &Page, since: Timestamp, now: Timestamp) -> Result<News, PageError> {
    let tallies = site.service.store.tallies(&page.brand, &[since, now]).await?;
    let tally = tallies.first().copied().unwrap_or_default();
    let format = page.format();
    let net = Period::counted(tally.moods).net();
    Ok(News {
        since: format.moment(since),
        mentions: format.count(tally.moods.iter().sum::<u64>() + tally.untold + tally.copies),
        net: net.map_or_else(|| "–".to_owned(), |net| format.points(net)),
        findings: page.findings.iter().filter(|finding| finding.at >= since).count(),
    })
}

async fn gather(site: &Site, visitor: &Visitor, brand: &Brand, days: u64, now: Timestamp) -> Result<Page, PageError> {
    let store = &site.service.store;
    let title = brand.name.clone();
    let frame = Frame::new(site, visitor, Section::Overview, title).about(Some(brand.name.clone()));
    let since = store.newest_arrival().await?;
    let summary = last_days(site, brand, days, now).await?;
    let health = site.source_health(now).await?;
    let format = frame.format();
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("brand", &brand.name).finish();
    let finding = |(listed, finding): &(Listed, Finding)| FindingRow {
        id: listed.id,
        at: listed.at,
        headline: wording::finding(&frame, &brand.name, finding),
        state: wording::stage(&frame, listed),
    };
    Ok(Page {
        brands: site.service.config.brands.iter().map(|brand| brand.name.clone()).collect(),
        spans: SPANS,
        days,
        now: summary.now,
        before: summary.before,
        drawing: draw(&summary.columns_with_findings(&frame), format),
        voices: voices(&summary.voices, format),
        findings: summary.findings.iter().map(finding).collect(),
        topics: rows(summary.topics, &frame, "topic"),
        sources: rows(summary.sources, &frame, "source"),
        languages: rows(summary.languages, &frame, "language"),
        urgent: store.newest_urgent(&brand.name, URGENT_SHOWN).await?,
        unwell: health.iter().filter(|source| source.state.is_unwell()).cloned().collect(),
        since,
        sources_known: health.len(),
        news: None,
        brand: brand.name.clone(),
        query,
        frame,
    })
}

/// The last so many days, compared with as many before.
pub(super) async fn last_days(site: &Site, brand: &Brand, days: u64, now: Timestamp) -> Result<Summary, PageError> {
    let zone = site.service.config.alert.time_zone;
    let end = now.to_utc().with_timezone(&zone).date_naive() + Days::new(1);
    Summary::gather(site, brand, end - Days::new(2 * days), end - Days::new(days)..end, now).await
}

impl Page {
    /// The three moods with their signs, so that nobody needs colours to tell them apart.
    fn moods(&self) -> Vec<MoodRow> {
        parts::moods(&self.frame, self.now)
    }

    /// The net mood with its range, as they are written.
    fn net(&self) -> Option<(String, String)> {
        parts::net(self.format(), self.now)
    }

    /// How far the net mood moved against as many days before, and whether that is more than chance.
    fn change(&self) -> Option<(String, bool)> {
        parts::change(self.format(), self.now, self.before)
    }

    fn count(&self, count: u64) -> String {
        self.format().count(count)
    }

    /// How a mention begins.
    fn excerpt(&self, mention: &StoredMention) -> String {
        wording::excerpt(&mention.full_text(), EXCERPT)
    }

    fn format(&self) -> crate::alert::format::Format {
        self.frame.format()
    }
}
