//! `GET /`: how the mood is, where it moved, and whether we were listening.

use std::ops::Range;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Html;
use chrono::{Days, NaiveDate};
use url::form_urlencoded;

use super::chart::{Drawing, draw};
use super::visitor::{Scheme, Visitor};
use super::wording;
use super::{Frame, PageError, Section, Site};
use crate::alert::Share;
use crate::brand::Brand;
use crate::mention::{Label, Timestamp};
use crate::schedule::midnight;
use crate::service::{SourceHealth, State as SourceState, now};
use crate::store::{Dimension, StoredMention};
use figures::{Part, Sum};

mod figures;

/// The spans to choose from, in days.
const SPANS: [u64; 4] = [7, 30, 90, 365];
const USUAL_SPAN: u64 = 30;

/// So many topics, sources and languages have a row.
const MOST_PARTS: usize = 8;

/// So many urgent mentions are shown.
const URGENT_SHOWN: u32 = 4;

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
}

/// A source, a language or a topic.
struct Row {
    /// As people call it.
    name: String,
    /// As a link has it: `topic=app`.
    query: String,
    texts: String,
    /// The negative share, 0…100, and as it is written.
    negative: Option<(f64, String)>,
    net: String,
    /// By how much it moved the mood of all: whether for the worse, and in points.
    change: Option<(bool, String)>,
}

/// The share of a mood.
struct MoodRow {
    label: &'static str,
    sign: &'static str,
    name: &'static str,
    percent: String,
    range: String,
    count: String,
    /// For its bar: the share, and the lower end and the width of the interval, 0…100.
    bar: (f64, f64, f64),
}

/// How much of what is said is said about a brand.
struct VoiceRow {
    brand: String,
    count: String,
    percent: String,
    range: String,
    net: String,
    is_own: bool,
}

struct FindingRow {
    id: i64,
    at: Timestamp,
    headline: String,
    state: &'static str,
}

pub(super) async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, PageError> {
    let asked = Asked::parse(&query.unwrap_or_default());
    let config = &site.service.config;
    let chosen = asked.brand.as_deref().and_then(|name| config.brands.iter().find(|brand| brand.name == name));
    let Some(brand) = chosen.or_else(|| config.own_brands().next()).or(config.brands.first()) else {
        return Err(PageError::NotFound);
    };
    let page = gather(&site, &visitor, brand, asked.days, now()).await?;
    Ok(Html(page.render()?))
}

async fn gather(site: &Site, visitor: &Visitor, brand: &Brand, days: u64, now: Timestamp) -> Result<Page, PageError> {
    let (store, zone) = (&site.service.store, site.service.config.alert.time_zone);
    let title = brand.name.clone();
    let frame = Frame::new(site, visitor, Section::Overview, title).about(Some(brand.name.clone()));
    let since = store.newest_arrival().await?;
    let end = now.to_utc().with_timezone(&zone).date_naive() + Days::new(1);
    let span = end - Days::new(days)..end;
    let both = end - Days::new(2 * days)..end;
    let all = store.counted(&brand.name, Dimension::All, both.clone(), zone).await?;
    let (sum, before) = (figures::sum(&all, &span), figures::sum(&all, &(both.start..span.start)));
    let by = async |dimension| {
        let counted = store.counted(&brand.name, dimension, both.clone(), zone).await?;
        Ok::<_, PageError>(figures::parts(&counted, &span, sum, before))
    };
    let (topics, sources, languages) =
        (by(Dimension::Topic).await?, by(Dimension::Source).await?, by(Dimension::Language).await?);
    let unheard = store.unheard(midnight(span.start, zone)).await?;
    let blind = figures::blind(&unheard, &sources, &span, zone, now);
    let mut columns = figures::columns(&all, &span, &blind);
    let found = store.found(&brand.name, midnight(span.start, zone)).await?;
    let mut findings = Vec::new();
    for (listed, finding) in found {
        let headline = wording::finding(&frame, &brand.name, &finding);
        let day = listed.at.to_utc().with_timezone(&zone).date_naive();
        if let Some(column) = columns.iter_mut().find(|column| column.first <= day && day <= column.last) {
            column.findings.push((listed.id, headline.clone()));
        }
        findings.push(FindingRow { id: listed.id, at: listed.at, headline, state: wording::stage(&frame, &listed) });
    }
    let health = site.service.source_health(now).await?;
    let is_unwell = |source: &&SourceHealth| {
        matches!(source.state, SourceState::Failing | SourceState::Silent | SourceState::Paused)
    };
    let format = frame.format();
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("brand", &brand.name).finish();
    Ok(Page {
        brands: site.service.config.brands.iter().map(|brand| brand.name.clone()).collect(),
        spans: SPANS,
        days,
        now: sum,
        before,
        drawing: draw(&columns, format),
        topics: rows(topics, &frame, "topic"),
        sources: rows(sources, &frame, "source"),
        languages: rows(languages, &frame, "language"),
        voices: voices(site, brand, &span, &frame).await?,
        findings,
        urgent: store.newest_urgent(&brand.name, URGENT_SHOWN).await?,
        unwell: health.iter().filter(is_unwell).cloned().collect(),
        since,
        sources_known: health.len(),
        brand: brand.name.clone(),
        query,
        frame,
    })
}

fn rows(parts: Vec<Part>, frame: &Frame, kind: &'static str) -> Vec<Row> {
    let format = frame.format();
    let row = |part: Part| {
        let period = part.now.period();
        Row {
            name: wording::part(frame, kind, &part.name),
            query: form_urlencoded::Serializer::new(String::new()).append_pair(kind, &part.name).finish(),
            texts: format.count(part.now.texts()),
            negative: period
                .shares
                .map(|[negative, ..]| (negative.fraction * 100.0, format.whole_percent(negative.fraction))),
            net: period.net().map_or_else(|| "–".to_owned(), |net| format.points(net)),
            change: (part.before.texts() > 0 && part.moved.abs() >= 0.0005)
                .then(|| (part.moved < 0.0, format.points(part.moved))),
        }
    };
    parts.into_iter().filter(|part| part.now.texts() > 0).take(MOST_PARTS).map(row).collect()
}

/// The brand and those that it is compared with: empty where there are none.
async fn voices(
    site: &Site,
    brand: &Brand,
    span: &Range<NaiveDate>,
    frame: &Frame,
) -> Result<Vec<VoiceRow>, PageError> {
    let config = &site.service.config;
    let own = brand.competitor_of.as_deref().unwrap_or(&brand.name);
    let is_compared = |other: &&Brand| other.name == own || other.competitor_of.as_deref() == Some(own);
    let mut sums = Vec::new();
    for other in config.brands.iter().filter(is_compared) {
        let counted = site.service.store.counted(&other.name, Dimension::All, span.clone(), frame.zone).await?;
        sums.push((other, figures::sum(&counted, span)));
    }
    let all: u64 = sums.iter().map(|(_, sum)| sum.reach()).sum();
    if sums.len() < 2 || all == 0 {
        return Ok(Vec::new());
    }
    sums.sort_by(|(_, a), (_, b)| b.reach().cmp(&a.reach()));
    let format = frame.format();
    let row = |(other, sum): (&Brand, Sum)| {
        let share = Share::of(sum.reach(), all);
        VoiceRow {
            brand: other.name.clone(),
            count: format.count(share.count),
            percent: format.percent(share.fraction),
            range: format.percent_range(share.low, share.high),
            net: sum.period().net().map_or_else(|| "–".to_owned(), |net| format.points(net)),
            is_own: other.name == own,
        }
    };
    Ok(sums.into_iter().map(row).collect())
}

impl Page {
    /// The three moods with their signs, so that nobody needs colours to tell them apart.
    fn moods(&self) -> Vec<MoodRow> {
        let (format, Some(shares)) = (self.format(), self.now.period().shares) else { return Vec::new() };
        let row = |(label, share): (Label, Share)| MoodRow {
            label: label.name(),
            sign: wording::sign(label),
            name: wording::mood(&self.frame, label),
            percent: format.percent(share.fraction),
            range: format.percent_range(share.low, share.high),
            count: format.count(share.count),
            bar: (share.fraction * 100.0, share.low * 100.0, (share.high - share.low) * 100.0),
        };
        Label::ALL.into_iter().zip(shares).map(row).collect()
    }

    /// The net mood with its range, as they are written.
    fn net(&self) -> Option<(String, String)> {
        let (format, period) = (self.format(), self.now.period());
        let (low, high) = period.net_range()?;
        Some((format.points(period.net()?), format!("{} … {}", format.points(low), format.points(high))))
    }

    /// How far the net mood moved against as many days before, and whether that is more than chance.
    fn change(&self) -> Option<(String, bool)> {
        let (now, before) = (self.now.period(), self.before.period());
        let half = |(low, high): (f64, f64)| (high - low) / 2.0;
        let change = now.net()? - before.net()?;
        let chance = half(now.net_range()?).hypot(half(before.net_range()?));
        Some((self.format().points(change), change.abs() > chance))
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
