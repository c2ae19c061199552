//! `GET /findings`: what was found, what became of it, and how the promise is kept.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Html;
use url::form_urlencoded;

use super::frame::say;
use super::visitor::{Right, Scheme, Visitor};
use super::{Frame, PageError, Section, Site, wording};
use crate::alert::Verdict;
use crate::detect::{Finding, FindingKind};
use crate::mention::Timestamp;
use crate::service::now;
use crate::store::Listed;

/// What people can have said of a finding, by name; `open`: nothing yet.
const VERDICTS: [&str; 4] = ["open", "seen", "false_alarm", "incident"];

/// What is asked for; what cannot be read filters nothing.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    brand: Option<String>,
    kind: Option<FindingKind>,
    verdict: Option<&'static str>,
}

impl Asked {
    fn parse(query: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "brand" => asked.brand = Some(value.into_owned()).filter(|brand| !brand.is_empty()),
                "kind" => asked.kind = FindingKind::parse(&value),
                "verdict" => asked.verdict = VERDICTS.into_iter().find(|verdict| *verdict == value),
                _ => {}
            }
        }
        asked
    }

    fn holds(&self, (listed, finding): &(Listed, Finding)) -> bool {
        self.kind.is_none_or(|kind| kind == finding.kind)
            && self.verdict.is_none_or(|verdict| verdict == verdict_name(listed.verdict.as_ref()))
    }
}

/// As an address has it.
const fn verdict_name(verdict: Option<&Verdict>) -> &'static str {
    match verdict {
        None => "open",
        Some(Verdict::Seen) => "seen",
        Some(Verdict::FalseAlarm) => "false_alarm",
        Some(Verdict::Incident { .. }) => "incident",
    }
}

#[derive(Template)]
#[template(path = "web/findings.html")]
struct Page {
    frame: Frame,
    brands: Vec<String>,
    asked: Asked,
    /// The brand, as a link has it; empty where none was chosen.
    query: String,
    /// What is promised; empty before anything has arrived.
    promise: String,
    /// How that is kept, in the last 90 days and in the last year.
    records: Vec<String>,
    rows: Vec<Row>,
    /// Whether a filter hides some.
    is_filtered: bool,
}

struct Row {
    id: i64,
    headline: String,
    kind: &'static str,
    brand: String,
    at: String,
    stage: &'static str,
    verdict: String,
    letters: String,
}

pub(super) async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, PageError> {
    visitor.may(Right::Read)?;
    let asked = Asked::parse(&query.unwrap_or_default());
    let config = &site.service.config;
    if asked.brand.as_ref().is_some_and(|name| !config.brands.iter().any(|brand| brand.name == *name)) {
        return Err(PageError::NotFound);
    }
    let frame = Frame::new(&site, &visitor, Section::Findings, say(visitor.tongue, "Befunde", "Findings"));
    let frame = frame.about(asked.brand.clone());
    let format = frame.format();
    let from = Timestamp::from_seconds(0);
    let all = site.service.store.found_between(asked.brand.as_deref(), from, now().plus_seconds(1)).await?;
    let records = site.service.track_record(asked.brand.as_deref(), now()).await?;
    let count = all.len();
    let rows: Vec<Row> = all.iter().filter(|one| asked.holds(one)).map(|(one, it)| row(&frame, one, it)).collect();
    let page = Page {
        brands: config.brands.iter().map(|brand| brand.name.clone()).collect(),
        query: frame.brand_query(),
        promise: records.first().map(|record| format.promised(record)).unwrap_or_default(),
        records: records.iter().map(|record| format!("{} {}", format.came_of(record), format.rate(record))).collect(),
        is_filtered: rows.len() < count,
        rows,
        asked,
        frame,
    };
    Ok(Html(page.render()?))
}

fn row(frame: &Frame, listed: &Listed, finding: &Finding) -> Row {
    let format = frame.format();
    let verdict = match &listed.verdict {
        Some(Verdict::Incident { name, .. }) if !name.is_empty() => name.clone(),
        verdict => wording::verdict(frame, verdict_name(verdict.as_ref())).to_owned(),
    };
    Row {
        id: listed.id,
        headline: wording::finding(frame, &listed.brand, finding),
        kind: wording::kind(frame, finding.kind),
        brand: listed.brand.clone(),
        at: format.moment(listed.at),
        stage: wording::development_of(frame, listed),
        verdict,
        letters: format.count(listed.letters.cast_unsigned()),
    }
}

impl Page {
    /// The kinds to choose from, and whether it is the chosen one.
    fn kinds(&self) -> Vec<(&'static str, &'static str, bool)> {
        let choice = |kind: FindingKind| (kind.name(), wording::kind(&self.frame, kind), self.asked.kind == Some(kind));
        FindingKind::ALL.map(choice).to_vec()
    }

    /// The same of verdicts.
    fn verdicts(&self) -> Vec<(&'static str, &'static str, bool)> {
        let choice = |name| (name, wording::verdict(&self.frame, name), self.asked.verdict == Some(name));
        VERDICTS.map(choice).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_filters_nothing() {
        let asked = Asked::parse("brand=Lerchenbahn&kind=mood_down&verdict=open");
        assert_eq!((asked.kind, asked.verdict), (Some(FindingKind::MoodDown), Some("open")));
        assert_eq!(Asked::parse("brand=&kind=&verdict=unheard-of&page=2"), Asked::default());
    }
}
