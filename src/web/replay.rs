//! `GET /replay`: what other promises would have told, over any period.

use std::time::Instant;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Html;
use chrono::NaiveDate;
use url::form_urlencoded;

use super::frame::say;
use super::reports::chosen;
use super::visitor::{Right, Scheme, Visitor};
use super::{Frame, PageError, Section, Site, wording};
use crate::detect::{Finding, FindingKind, Rule};
use crate::service::now;
use trial::{MOST_PROMISES, PROMISES, Question, Trial, compared};

pub(super) mod trial;

/// What is asked for; what cannot be read is left as it is usual.
#[derive(Debug, Default, PartialEq)]
struct Asked {
    brand: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    promises: Vec<Rule>,
    as_published: bool,
}

impl Asked {
    fn parse(query: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "brand" => asked.brand = Some(value.into_owned()),
                "from" => asked.from = value.parse().ok(),
                "to" => asked.to = value.parse().ok(),
                "promise" => asked.promises.extend(value.parse::<Rule>()),
                "as_published" => asked.as_published = value == "yes",
                _ => {}
            }
        }
        asked.promises.truncate(MOST_PROMISES);
        asked
    }
}

#[derive(Template)]
#[template(path = "web/replay.html")]
struct Page {
    frame: Frame,
    brand: String,
    brands: Vec<String>,
    from: NaiveDate,
    to: NaiveDate,
    as_published: bool,
    /// As the address has them, as people say them, and whether they are chosen.
    promises: Vec<(String, String, bool)>,
    kinds: [&'static str; 6],
    /// `None`: nobody has asked yet.
    told: Option<Told>,
}

/// What came of it.
struct Told {
    /// How much was lived through, and how long that took.
    what: String,
    /// There was more.
    is_cut: bool,
    trials: Vec<Row>,
}

/// What one promise would have told.
struct Row {
    promise: String,
    is_configured: bool,
    /// By kind.
    counts: [usize; 6],
    shifts: String,
    /// When, and what.
    findings: Vec<(String, String)>,
}

pub(super) async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, PageError> {
    visitor.may(Right::Read)?;
    let asked = Asked::parse(&query.unwrap_or_default());
    let config = &site.service.config;
    let brand = chosen(config, asked.brand.as_deref())?;
    let title = say(visitor.tongue, "Mit anderem Versprechen durchspielen", "Replay with another promise");
    let frame = Frame::new(&site, &visitor, Section::Findings, title).about(Some(brand.name.clone()));
    let today = now().to_utc().with_timezone(&frame.zone).date_naive();
    let (from, to) = trial::days(asked.from, asked.to, today);
    let configured = config.alert.rule;
    let rules = compared(configured, &asked.promises);
    let is_asked = asked.from.is_some();
    let question = Question {
        brand: brand.name.clone(),
        days: (from, to),
        rules: rules.clone(),
        as_published: asked.as_published,
    };
    let told = if is_asked { Some(tell(&site, &frame, &question).await?) } else { None };
    let offered = PROMISES.map(|days| Rule { days, ..configured });
    let is_chosen = |rule: &Rule| asked.promises.is_empty() || rules.iter().any(|one| one.days == rule.days);
    let promise = |rule: &Rule| (rule.to_string(), frame.format().promise(*rule), is_chosen(rule));
    let page = Page {
        brand: brand.name.clone(),
        brands: config.brands.iter().map(|brand| brand.name.clone()).collect(),
        from,
        to,
        as_published: asked.as_published,
        promises: offered.iter().filter(|rule| rule.days != configured.days).map(promise).collect(),
        kinds: FindingKind::ALL.map(|kind| wording::kind(&frame, kind)),
        told,
        frame,
    };
    Ok(Html(page.render()?))
}

async fn tell(site: &Site, frame: &Frame, question: &Question) -> Result<Told, PageError> {
    let format = frame.format();
    let began = Instant::now();
    let answer = question.answer(site).await?;
    let seconds = format.decimal(began.elapsed().as_secs_f64());
    let mentions = format.mentions(answer.mentions as u64);
    let what = match answer.span {
        None => frame.say("In diesem Zeitraum ist nichts eingetroffen.", "Nothing arrived in this period.").to_owned(),
        Some((first, last)) => {
            let (first, last) = (format.day(first), format.day(last));
            let lived = frame.say("durchgespielt in", "lived through in");
            format!("{mentions}, {first} – {last}, {lived} {seconds} s.")
        }
    };
    let rows = answer.trials.iter().enumerate().map(|(index, trial)| row(frame, &question.brand, trial, index == 0));
    Ok(Told { what, is_cut: answer.is_cut, trials: rows.collect() })
}

fn row(frame: &Frame, brand: &str, trial: &Trial, is_configured: bool) -> Row {
    let format = frame.format();
    let finding = |finding: &Finding| (format.moment(finding.at), wording::finding(frame, brand, finding));
    Row {
        promise: format.promise(trial.rule),
        is_configured,
        counts: FindingKind::ALL.map(|kind| trial.findings.iter().filter(|finding| finding.kind == kind).count()),
        shifts: trial.shifts.map_or_else(|| "–".to_owned(), |shifts| format.decimal(shifts)),
        findings: trial.findings.iter().map(finding).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_read_from_the_address() {
        let asked = Asked::parse("brand=B&from=2026-01-01&to=x&promise=30+days&promise=often&as_published=yes");
        assert_eq!((asked.from, asked.to), (NaiveDate::from_ymd_opt(2026, 1, 1), None));
        assert_eq!((asked.promises.len(), asked.promises[0].days, asked.as_published), (1, 30.0, true));
        let many = Asked::parse(&"promise=7+days&".repeat(100));
        assert_eq!(many.promises.len(), MOST_PROMISES);
    }
}
