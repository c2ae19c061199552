//! `GET /reports/{YYYY-MM}`: a month on one page that prints.

use std::ops::Range;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use chrono::{Days, Months, NaiveDate};

use super::chart::{Drawing, draw};
use super::figures::Sum;
use super::parts::{self, MoodRow, Row, VoiceRow, rows, voices};
use super::reports::{Asked, chosen};
use super::summary::Summary;
use super::visitor::{Right, Scheme, Visitor};
use super::{Frame, PageError, Section, Site, wording};
use crate::alert::format::Tongue;
use crate::alert::quote::web_address;
use crate::alert::{Quote, Verdict};
use crate::brand::Brand;
use crate::detect::Finding;
use crate::mention::{Label, Timestamp};
use crate::schedule::midnight;
use crate::service::now;
use crate::store::Listed;
use crate::view::View;
use month::Month;

pub(super) mod month;

/// Sources that could not be heard and are named.
const MOST_BLIND: usize = 5;

#[derive(Template)]
#[template(path = "web/report.html")]
struct Page {
    frame: Frame,
    brand: String,
    brands: Vec<String>,
    month: String,
    /// What it is called, and which days it has (so far).
    name: String,
    days: String,
    /// The neighbouring months, as addresses have them.
    earlier: String,
    later: Option<String>,
    /// The brand and the days, as a link to mentions has them.
    query: String,
    now: Sum,
    /// The month before, and the same month of the year before: what they are called, and what was counted.
    compared: [(String, Sum); 2],
    drawing: Drawing,
    topics: Vec<Row>,
    sources: Vec<Row>,
    languages: Vec<Row>,
    voices: Vec<VoiceRow>,
    findings: Vec<FindingRow>,
    quotes: Vec<QuoteRow>,
    /// What could not be heard, and for how long.
    blind: Vec<(String, String)>,
    /// Whether that is all.
    heard: String,
}

struct FindingRow {
    id: i64,
    day: String,
    headline: String,
    state: &'static str,
    /// What people call it.
    incident: String,
}

struct QuoteRow {
    label: Label,
    text: String,
    origin: String,
    mention: i64,
    url: Option<String>,
}

pub(super) async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    Path(month): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, PageError> {
    visitor.may(Right::Read)?;
    let brand = chosen(&site.service.config, asked.brand.as_deref())?;
    let first = month::parse(&month).ok_or(PageError::NotFound)?;
    Ok(Html(gather(&site, &visitor, brand, first, now()).await?.render()?))
}

async fn gather(
    site: &Site,
    visitor: &Visitor,
    brand: &Brand,
    first: NaiveDate,
    now: Timestamp,
) -> Result<Page, PageError> {
    let frame = Frame::new(site, visitor, Section::Reports, "").about(Some(brand.name.clone()));
    let (zone, format) = (frame.zone, frame.format());
    let month = Month::gather(site, brand, first, now).await?;
    let (span, name) = (month.summary.span.clone(), format.month(first));
    let day = |day| format.day(midnight(day, zone));
    let next = first + Months::new(1);
    let from = midnight(first, zone);
    Ok(Page {
        brands: site.service.config.brands.iter().map(|brand| brand.name.clone()).collect(),
        month: month::written(first),
        days: format!("{} – {}", day(span.start), day(span.end - Days::new(1))),
        earlier: month::written(month.before()),
        later: (midnight(next, zone) <= now).then(|| month::written(next)),
        query: view_of(brand, &span).query(),
        now: month.summary.now,
        compared: [
            (format.month(month.before()), month.summary.before),
            (format.month(month.a_year_before().start), month.then),
        ],
        drawing: draw(&month.summary.columns_with_findings(&frame), format),
        voices: voices(&month.summary.voices, format),
        findings: findings(&frame, &month.summary),
        quotes: month.quotes.into_iter().map(|(quote, mention)| quote_row(&frame, quote, mention)).collect(),
        heard: heard(&frame, month.heard_since, from, month.unheard.is_empty()),
        blind: month.unheard.iter().take(MOST_BLIND).map(|one| (one.source.clone(), format.blind(one))).collect(),
        topics: rows(month.summary.topics, &frame, "topic"),
        sources: rows(month.summary.sources, &frame, "source"),
        languages: rows(month.summary.languages, &frame, "language"),
        brand: brand.name.clone(),
        frame: Frame { title: format!("{}: {name}", brand.name), ..frame },
        name,
    })
}

/// The mentions of a month.
fn view_of(brand: &Brand, span: &Range<NaiveDate>) -> View {
    let last = span.end - Days::new(1);
    View { brand: Some(brand.name.clone()), from: Some(span.start), to: Some(last), ..View::default() }
}

/// What was found, in the order of time.
fn findings(frame: &Frame, summary: &Summary) -> Vec<FindingRow> {
    let row = |(listed, finding): &(Listed, Finding)| FindingRow {
        id: listed.id,
        day: frame.format().day(listed.at),
        headline: wording::finding(frame, &listed.brand, finding),
        state: wording::stage(frame, listed),
        incident: match &listed.verdict {
            Some(Verdict::Incident { name, .. }) => name.clone(),
            _ => String::new(),
        },
    };
    summary.findings.iter().rev().map(row).collect()
}

/// Since when anybody has listened, if that was not from the beginning on: no silence is taken for calm.
fn heard(frame: &Frame, since: Option<Timestamp>, from: Timestamp, is_whole: bool) -> String {
    let Some(since) = since else {
        return frame
            .say("Über diese Marke ist noch nichts eingetroffen.", "Nothing has arrived about this brand yet.")
            .into();
    };
    let day = frame.format().day(since);
    match frame.tongue {
        _ if since <= from && !is_whole => String::new(),
        Tongue::German if since > from => {
            format!(
                "Gehört wird erst seit dem {day}; was davor gesagt wurde, traf nachträglich ein und kann Lücken haben."
            )
        }
        Tongue::English if since > from => {
            format!("Nobody listened before {day}; what was said earlier arrived afterwards and may have gaps.")
        }
        Tongue::German => "Alle Quellen waren durchgehend zu hören.".to_owned(),
        Tongue::English => "All sources could be heard all the time.".to_owned(),
    }
}

fn quote_row(frame: &Frame, quote: Quote, mention: i64) -> QuoteRow {
    QuoteRow {
        label: quote.label,
        origin: format!("{}, {}", quote.source, frame.format().day(quote.at)),
        url: quote.url.as_deref().and_then(web_address),
        text: quote.text,
        mention,
    }
}

impl Page {
    fn moods(&self) -> Vec<MoodRow> {
        parts::moods(&self.frame, self.now)
    }

    fn net(&self) -> Option<(String, String)> {
        parts::net(self.frame.format(), self.now)
    }

    /// Against which months the net mood moved, by how much, and whether that is more than chance.
    fn changes(&self) -> Vec<(&str, String, bool)> {
        let named = self.compared.iter().filter_map(|one| {
            let (change, is_sure) = parts::change(self.frame.format(), self.now, one.1)?;
            Some((one.0.as_str(), change, is_sure))
        });
        named.collect()
    }

    /// How much was said in the months that one compares with, where something was.
    fn volumes(&self) -> Vec<(&str, String)> {
        let heard = self.compared.iter().filter(|(_, sum)| sum.reach() > 0);
        heard.map(|(name, sum)| (name.as_str(), self.count(sum.reach()))).collect()
    }

    fn count(&self, count: u64) -> String {
        self.frame.format().count(count)
    }
}
