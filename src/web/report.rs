//! `GET /reports/{YYYY-MM}`: a month on one page that prints.

use std::ops::Range;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use chrono::{Days, Months, NaiveDate};

use super::chart::{Column, Drawing, draw};
use super::figures::{self, Sum};
use super::parts::{self, MoodRow, Row, VoiceRow, rows, voices};
use super::reports::{Asked, chosen};
use super::visitor::{Right, Scheme, Visitor};
use super::{Frame, PageError, Section, Site, wording};
use crate::alert::format::Tongue;
use crate::alert::quote::{representative, web_address};
use crate::alert::{Excerpt, Quote, Verdict};
use crate::brand::Brand;
use crate::digest::Blind;
use crate::mention::{Label, Timestamp};
use crate::schedule::midnight;
use crate::service::{blind, now};
use crate::store::{Dimension, Unheard};
use crate::view::View;

/// So many of those who are upset, and of those who are content, have their say.
const UPSET: usize = 3;
const CONTENT: usize = 2;

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
    mention: Option<i64>,
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
    let first = parse(&month).ok_or(PageError::NotFound)?;
    Ok(Html(gather(&site, &visitor, brand, first, now()).await?.render()?))
}

/// The first day of a month as in `2026-03`.
fn parse(month: &str) -> Option<NaiveDate> {
    let (year, number) = month.split_once('-')?;
    let is_written_out = year.len() == 4 && number.len() == 2;
    NaiveDate::from_ymd_opt(year.parse().ok()?, number.parse().ok()?, 1).filter(|_| is_written_out)
}

fn month_of(first: NaiveDate) -> Range<NaiveDate> {
    first..first + Months::new(1)
}

async fn gather(
    site: &Site,
    visitor: &Visitor,
    brand: &Brand,
    first: NaiveDate,
    now: Timestamp,
) -> Result<Page, PageError> {
    let frame = Frame::new(site, visitor, Section::Reports, "").about(Some(brand.name.clone()));
    let (store, zone, format) = (&site.service.store, frame.zone, frame.format());
    let today = now.to_utc().with_timezone(&zone).date_naive();
    if first > today {
        return Err(PageError::NotFound);
    }
    let (earlier, a_year_before) = (first - Months::new(1), first - Months::new(12));
    let whole = month_of(first);
    let span = first..whole.end.min(today + Days::new(1));
    let both = earlier..span.end;
    let all = store.counted(&brand.name, Dimension::All, both.clone(), zone).await?;
    let old = month_of(a_year_before);
    let then = store.summed(&brand.name, Dimension::All, std::slice::from_ref(&old), zone).await?;
    let (sum, before) = (figures::sum(&all, &span), figures::sum(&all, &month_of(earlier)));
    let by = async |dimension| {
        let spans = [both.start..span.start, span.clone()];
        let counted = store.summed(&brand.name, dimension, &spans, zone).await?;
        Ok::<_, PageError>(figures::parts(&counted, &span, sum, before))
    };
    let (topics, sources, languages) =
        (by(Dimension::Topic).await?, by(Dimension::Source).await?, by(Dimension::Language).await?);
    let (from, to) = (midnight(span.start, zone), midnight(span.end, zone));
    let times = store.unheard(from).await?;
    let mut columns = figures::columns(&all, &span, &figures::blind(&times, &sources, &span, zone, now));
    let findings = findings(site, &frame, brand, from..to, &mut columns).await?;
    let unheard = unheard(site, brand, &times, from, to.min(now));
    let day = |day| format.day(midnight(day, zone));
    let name = format.month(first);
    Ok(Page {
        brands: site.service.config.brands.iter().map(|brand| brand.name.clone()).collect(),
        month: written(first),
        days: format!("{} – {}", day(span.start), day(span.end - Days::new(1))),
        earlier: written(earlier),
        later: (whole.end <= today).then(|| written(whole.end)),
        query: view_of(brand, &span).query(),
        now: sum,
        compared: [(format.month(earlier), before), (format.month(a_year_before), figures::sum(&then, &old))],
        drawing: draw(&columns, format),
        topics: rows(topics, &frame, "topic"),
        sources: rows(sources, &frame, "source"),
        languages: rows(languages, &frame, "language"),
        voices: voices(site, brand, &span, &frame).await?,
        findings,
        quotes: quotes(site, &frame, brand, from, to).await?,
        heard: heard(&frame, store.heard_since(&brand.name).await?, from, unheard.is_empty()),
        blind: unheard.iter().take(MOST_BLIND).map(|one| (one.source.clone(), format.blind(one))).collect(),
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

/// What was found, in the order of time; it is marked in the columns of the chart, too.
async fn findings(
    site: &Site,
    frame: &Frame,
    brand: &Brand,
    span: Range<Timestamp>,
    columns: &mut [Column],
) -> Result<Vec<FindingRow>, PageError> {
    let found = site.service.store.found_between(Some(&brand.name), span.start, span.end).await?;
    let mut rows = Vec::new();
    for (listed, finding) in found.into_iter().rev() {
        let headline = wording::finding(frame, &brand.name, &finding);
        let day = listed.at.to_utc().with_timezone(&frame.zone).date_naive();
        if let Some(column) = columns.iter_mut().find(|column| column.first <= day && day <= column.last) {
            column.findings.push((listed.id, headline.clone()));
        }
        let (day, state) = (frame.format().day(listed.at), wording::stage(frame, &listed));
        let incident = match listed.verdict {
            Some(Verdict::Incident { name, .. }) => name,
            _ => String::new(),
        };
        rows.push(FindingRow { id: listed.id, day, headline, state, incident });
    }
    Ok(rows)
}

/// For how long the sources that speak about a brand could not be heard, the longest first.
fn unheard(site: &Site, brand: &Brand, times: &[Unheard], from: Timestamp, to: Timestamp) -> Vec<Blind> {
    let sources = site.service.speak_about(&brand.name);
    let mut unheard = blind(times.iter().filter(|time| sources.contains(time.source.as_str())), from, to);
    unheard.sort_by_key(|one| std::cmp::Reverse(one.seconds));
    unheard
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

/// As an address has it.
fn written(first: NaiveDate) -> String {
    first.format("%Y-%m").to_string()
}

/// The clearest voices, those that are upset first.
async fn quotes(
    site: &Site,
    frame: &Frame,
    brand: &Brand,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<QuoteRow>, PageError> {
    let store = &site.service.store;
    let mut quotes = Vec::new();
    for (label, most) in [(Label::Negative, UPSET), (Label::Positive, CONTENT)] {
        let voices = store.clearest(&brand.name, from, to, label).await?;
        let excerpts: Vec<Excerpt> = voices.into_iter().map(|(_, excerpt)| excerpt).collect();
        for quote in representative(excerpts.iter(), &[], most) {
            let mention = store.quoted_mention(&quote).await?;
            quotes.push(quote_row(frame, quote, mention));
        }
    }
    Ok(quotes)
}

fn quote_row(frame: &Frame, quote: Quote, mention: Option<i64>) -> QuoteRow {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_a_year_and_a_number_of_two_digits() {
        assert_eq!(parse("2026-03"), NaiveDate::from_ymd_opt(2026, 3, 1));
        for other in ["2026-3", "2026-13", "26-03", "2026", "2026-03-01", "-026-03", "x"] {
            assert_eq!(parse(other), None, "{other}");
        }
        assert_eq!(month_of(parse("2026-12").unwrap()).end, NaiveDate::from_ymd_opt(2027, 1, 1).unwrap());
    }
}
