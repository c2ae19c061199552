//! `GET /replay`: what other promises would have told, over any period.

use std::time::Instant;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Html;
use chrono::{Days, NaiveDate};
use url::form_urlencoded;

use super::frame::say;
use super::reports::chosen;
use super::visitor::{Right, Scheme, Visitor};
use super::{Frame, PageError, Section, Site, wording};
use crate::detect::replay::{count, shifts_in_90_days};
use crate::detect::{FindingKind, Replay, Report, Rule};
use crate::mention::Timestamp;
use crate::schedule::midnight;
use crate::service::{Past, now};

/// The promises to compare with the one that is configured, in days.
const PROMISES: [f64; 3] = [30.0, 90.0, 365.0];

/// No more promises than so many are compared at once.
const MOST_PROMISES: usize = 6;

/// No more mentions than so many are lived through for a page.
const MOST_MENTIONS: usize = 500_000;

/// The days that are looked back upon, unless somebody says otherwise.
const USUAL_DAYS: u64 = 365;

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
    trials: Vec<Trial>,
}

/// What one promise would have told.
struct Trial {
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
    let to = asked.to.unwrap_or(today).min(today);
    let from = asked.from.unwrap_or(today - Days::new(USUAL_DAYS)).clamp(NaiveDate::default(), to);
    let configured = config.alert.rule;
    let rules = compared(configured, &asked.promises);
    let told = match asked.from {
        Some(_) => Some(tell(&site, &frame, &brand.name, (from, to), &rules, asked.as_published).await?),
        None => None,
    };
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

/// The configured promise, then those that were chosen; the usual ones where nobody chose.
fn compared(configured: Rule, chosen: &[Rule]) -> Vec<Rule> {
    let days = if chosen.is_empty() { PROMISES.to_vec() } else { chosen.iter().map(|rule| rule.days).collect() };
    let mut rules = vec![configured];
    for days in days {
        if !rules.iter().any(|rule| rule.days == days) {
            rules.push(Rule { days, ..configured });
        }
    }
    rules
}

async fn tell(
    site: &Site,
    frame: &Frame,
    brand: &str,
    (from, to): (NaiveDate, NaiveDate),
    rules: &[Rule],
    as_published: bool,
) -> Result<Told, PageError> {
    let (format, own) = (frame.format(), site.service.config.own_brands().count());
    let past = Past {
        as_published,
        from: midnight(from, frame.zone),
        to: midnight(to + Days::new(1), frame.zone),
        most: MOST_MENTIONS,
    };
    let shared: Vec<Rule> = rules.iter().map(|rule| rule.shared_among(own)).collect();
    let began = Instant::now();
    let mut replay: Replay = site.service.replay(brand, &shared, past).await?;
    let seconds = format.decimal(began.elapsed().as_secs_f64());
    let mentions = format.mentions(replay.mentions() as u64);
    let what = match replay.span() {
        None => frame.say("In diesem Zeitraum ist nichts eingetroffen.", "Nothing arrived in this period.").to_owned(),
        Some((first, last)) => {
            let (first, last) = (format.day(first), format.day(last));
            let lived = frame.say("durchgespielt in", "lived through in");
            format!("{mentions}, {first} – {last}, {lived} {seconds} s.")
        }
    };
    let is_cut = replay.mentions() >= MOST_MENTIONS;
    let span = replay.span();
    let trials = rules.iter().zip(replay.reports()).enumerate();
    let trials = trials.map(|(index, (rule, reports))| Trial {
        is_configured: index == 0,
        ..trial(frame, brand, *rule, of_period(reports, past.from), span, past.from)
    });
    Ok(Told { what, is_cut, trials: trials.collect() })
}

/// Findings before the period only taught what is usual.
fn of_period(reports: Vec<Report>, from: Timestamp) -> Vec<Report> {
    reports.into_iter().filter(|report| matches!(report, Report::Found(finding) if finding.at >= from)).collect()
}

fn trial(
    frame: &Frame,
    brand: &str,
    rule: Rule,
    reports: Vec<Report>,
    span: Option<(Timestamp, Timestamp)>,
    from: Timestamp,
) -> Trial {
    let format = frame.format();
    // The days that teach lie before the period, as far as there are any.
    let learned = |(first, last): (Timestamp, Timestamp)| (first.max(from.plus_seconds(-30 * 86_400)), last);
    let shifts = span.and_then(|span| shifts_in_90_days(&reports, learned(span)));
    Trial {
        promise: format.promise(rule),
        is_configured: false,
        counts: FindingKind::ALL.map(|kind| count(&reports, kind)),
        shifts: shifts.map_or_else(|| "–".to_owned(), |shifts| format.decimal(shifts)),
        findings: reports
            .into_iter()
            .filter_map(Report::finding)
            .map(|finding| (format.moment(finding.at), wording::finding(frame, brand, &finding)))
            .collect(),
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

    #[test]
    fn the_configured_promise_comes_first_and_none_twice() {
        let days = |chosen: &[Rule]| compared(Rule::default(), chosen).iter().map(|rule| rule.days).collect::<Vec<_>>();
        assert_eq!(days(&[]), [90.0, 30.0, 365.0]);
        let rule = |days| Rule { days, ..Rule::default() };
        assert_eq!(days(&[rule(7.0), rule(90.0), rule(7.0)]), [90.0, 7.0]);
    }
}
