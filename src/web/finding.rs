//! `GET /findings/{id}`: a finding as its mail explains it, what became of it, who was told; and what people say of it.

use std::collections::HashMap;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use chrono::{Days, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use serde::Deserialize;
use url::form_urlencoded;

use super::preferences::at;
use super::visitor::{Right, Scheme, Visitor};
use super::{Frame, PageError, Section, Site, wording};
use crate::account::Action;
use crate::alert::format::Tongue;
use crate::alert::letter::{self, Letter};
use crate::alert::{Alert, Contribution, Quote, Verdict, day};
use crate::mention::{Language, Timestamp};
use crate::schedule::midnight;
use crate::service::now;
use crate::store::{FindingLetter, FindingStep, Listed, Store};

/// Topics and languages that have a row.
const MOST_PARTS: usize = 8;

/// For how many days one is asked to be silent, unless somebody says otherwise.
const USUAL_SNOOZE: u64 = 14;

/// Names longer than so many characters are no names.
const LONGEST_NAME: usize = 200;

#[derive(Template)]
#[template(path = "web/finding.html")]
struct Page {
    frame: Frame,
    listed: Listed,
    letter: Letter,
    /// The picture, ready to stand in the page.
    svg: Option<String>,
    /// The mentions before and since, as links to them.
    spans: [String; 2],
    /// Its sources by their ids: those whose rows lead to mentions.
    sources: Vec<String>,
    topics: Vec<Part>,
    languages: Vec<Part>,
    quotes: Vec<Quoted>,
    opposing: Option<Quoted>,
    life: Vec<FindingStep>,
    letters: Vec<FindingLetter>,
    /// In words; of an incident what stands before and behind its name.
    verdict: (&'static str, String),
    incident: (String, String),
    snooze_until: NaiveDate,
    is_snoozed: bool,
}

/// A topic or a language.
struct Part {
    name: String,
    /// As a link has it; `None` where nothing was recognised.
    query: Option<String>,
    before: String,
    since: String,
    points: String,
}

/// What somebody wrote, and where it stands with us.
struct Quoted {
    text: String,
    origin: String,
    mention: Option<i64>,
    url: Option<String>,
}

pub(super) async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<i64>,
) -> Result<Html<String>, PageError> {
    visitor.may(Right::Read)?;
    let Some((listed, alert)) = site.service.store.finding(id).await? else { return Err(PageError::NotFound) };
    Ok(Html(gather(&site, &visitor, listed, &alert, now()).await?.render()?))
}

async fn gather(
    site: &Site,
    visitor: &Visitor,
    listed: Listed,
    alert: &Alert,
    now: Timestamp,
) -> Result<Page, PageError> {
    let store = &site.service.store;
    let frame = Frame::new(site, visitor, Section::Findings, "").about(Some(listed.brand.clone()));
    let (format, zone) = (frame.format(), frame.zone);
    let language = if frame.tongue == Tongue::German { Language::GERMAN } else { Language::ENGLISH };
    let (svg, shown) = day::drawing(alert, language, zone).unzip();
    let letter = letter::letter(alert, shown, format);
    let known = known_quotes(store, alert).await?;
    let part = |kind: &str, part: &Contribution, name: String| Part {
        query: (!matches!(part.name.as_str(), "" | "und")).then(|| pair(kind, &part.name)),
        name,
        before: format.count(part.before),
        since: format.count(part.since),
        points: format.points(part.total()),
    };
    let topics = alert.topics.iter().map(|it| part("topic", it, wording::part(&frame, "topic", &it.name)));
    let languages = alert.languages.iter().map(|it| part("language", it, wording::part(&frame, "language", &it.name)));
    let today = now.to_utc().with_timezone(&zone).date_naive();
    Ok(Page {
        spans: [span_query(alert, &alert.before, zone), span_query(alert, &alert.since, zone)],
        sources: alert.sources.iter().map(|source| source.name.clone()).collect(),
        topics: topics.take(MOST_PARTS).collect(),
        languages: languages.take(MOST_PARTS).collect(),
        quotes: alert.supporting.iter().zip(&letter.supporting).map(|it| quoted(it, &known)).collect(),
        opposing: alert.opposing.iter().zip(&letter.opposing).map(|it| quoted(it, &known)).next(),
        life: store.finding_life(listed.id).await?,
        letters: store.finding_letters(listed.id).await?,
        verdict: verdict(&frame, listed.verdict.as_ref()),
        incident: incident(listed.verdict.as_ref(), zone),
        snooze_until: today + Days::new(USUAL_SNOOZE),
        is_snoozed: listed.snoozed_until.is_some_and(|until| until > now),
        frame: Frame { title: letter.headline.clone(), ..frame },
        listed,
        letter,
        svg,
    })
}

/// The numbers of the mentions that are quoted, by the addresses of the quotes.
async fn known_quotes(store: &Store, alert: &Alert) -> Result<HashMap<String, i64>, PageError> {
    let mut known = HashMap::new();
    for quote in alert.supporting.iter().chain(&alert.opposing) {
        if let (Some(url), Some(id)) = (&quote.url, store.quoted_mention(quote).await?) {
            known.insert(url.clone(), id);
        }
    }
    Ok(known)
}

fn quoted((quote, row): (&Quote, &letter::QuoteRow), known: &HashMap<String, i64>) -> Quoted {
    Quoted {
        text: row.text.clone(),
        origin: row.origin.clone(),
        mention: quote.url.as_ref().and_then(|url| known.get(url).copied()),
        url: row.url.clone(),
    }
}

fn pair(name: &str, value: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
}

/// The brand and the days of a period, as a link to mentions has them.
fn span_query(alert: &Alert, period: &crate::alert::Period, zone: Tz) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("brand", &alert.brand);
    for (name, at) in [("from", period.first), ("to", period.last)] {
        if let Some(at) = at {
            query.append_pair(name, &at.to_utc().with_timezone(&zone).date_naive().to_string());
        }
    }
    query.finish()
}

/// What people say of it, in words; of an incident what stands before and behind its name.
fn verdict(frame: &Frame, verdict: Option<&Verdict>) -> (&'static str, String) {
    let words = match verdict {
        None => frame.say("Noch hat niemand etwas dazu gesagt.", "Nobody has said anything of it yet."),
        Some(Verdict::Seen) => frame.say("Zur Kenntnis genommen.", "Somebody has taken note."),
        Some(Verdict::FalseAlarm) => frame.say("Als Fehlalarm eingestuft.", "Called a false alarm."),
        Some(Verdict::Incident { .. }) => frame.say("Eingestuft als Vorfall", "Called an incident"),
    };
    let Some(Verdict::Incident { at: Some(at), .. }) = verdict else { return (words, ".".to_owned()) };
    (words, format!(", {} {}.", frame.say("bekannt seit", "known since"), frame.format().moment(*at)))
}

/// The name of the incident and since when it is known, as the form has them.
fn incident(verdict: Option<&Verdict>, zone: Tz) -> (String, String) {
    let Some(Verdict::Incident { name, at }) = verdict else { return Default::default() };
    let written = at.map(|at| at.to_utc().with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string());
    (name.clone(), written.unwrap_or_default())
}

impl Page {
    /// Where a row of the sources leads; `None` for rows that are about several.
    fn source_query(&self, name: &str) -> Option<String> {
        self.sources.iter().find(|source| *source == name).map(|source| pair("source", source))
    }

    fn moment(&self, at: &Timestamp) -> String {
        self.frame.format().moment(*at)
    }

    fn points(&self, residual: &f64) -> String {
        self.frame.format().points(*residual)
    }

    /// When it was sent, or else written.
    fn letter_moment(&self, letter: &FindingLetter) -> String {
        self.moment(&letter.sent_at.unwrap_or(letter.written_at))
    }
}

/// What somebody says of a finding.
#[derive(Deserialize)]
pub(super) struct Change {
    /// `seen`, `false_alarm`, `incident`, `snooze` or `wake`.
    action: String,
    /// What the incident is called.
    name: Option<String>,
    /// Since when it is known, on the clock of the site: `2026-03-01T09:30`, or nothing.
    known_at: Option<String>,
    /// The first day on which one wants to hear of such findings again.
    until: Option<NaiveDate>,
}

pub(super) async fn change(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<i64>,
    Form(change): Form<Change>,
) -> Result<Redirect, PageError> {
    visitor.may(Right::Change)?;
    let (store, zone, now) = (&site.service.store, site.service.config.alert.time_zone, now());
    let action = change.action.as_str();
    let is_there = match action {
        "seen" => store.judge(id, &Verdict::Seen, now).await?,
        "false_alarm" => store.judge(id, &Verdict::FalseAlarm, now).await?,
        "incident" => store.judge(id, &named_incident(&change, zone)?, now).await?,
        "snooze" => {
            let until = change.until.map(|day| midnight(day, zone)).filter(|until| *until > now);
            let until = until.ok_or_else(|| {
                wrong("Bis wann? Der Tag muss in der Zukunft liegen.", "Until when? The day must lie ahead.")
            })?;
            store.snooze(id, until).await?
        }
        "wake" => store.snooze(id, now).await?,
        _ => return Err(wrong("Das kennt diese Seite nicht.", "This page does not know that.")),
    };
    if !is_there {
        return Err(PageError::NotFound);
    }
    site.record(&visitor, Action::Judge, format!("finding {id}"), action).await?;
    let place = if matches!(action, "snooze" | "wake") { "snooze" } else { "verdict" };
    Ok(Redirect::to(&at(&format!("/findings/{id}"), place)))
}

fn named_incident(change: &Change, zone: Tz) -> Result<Verdict, PageError> {
    let name = change.name.as_deref().map(str::trim).unwrap_or_default();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(wrong(
            "Wie heißt der Vorfall? Ein kurzer Name genügt.",
            "What is the incident called? A short name will do.",
        ));
    }
    let written = change.known_at.as_deref().filter(|written| !written.is_empty());
    let at = written.map(|written| {
        local_time(written, zone).ok_or_else(|| {
            wrong(
                "Seit wann der Vorfall bekannt ist, war nicht zu lesen.",
                "Since when the incident is known could not be read.",
            )
        })
    });
    Ok(Verdict::Incident { name: name.to_owned(), at: at.transpose()? })
}

/// A time on the clock of a zone, as browsers send it; where clocks go forward, an hour later.
fn local_time(written: &str, zone: Tz) -> Option<Timestamp> {
    let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        .iter()
        .find_map(|it| NaiveDateTime::parse_from_str(written, it).ok())?;
    let exists = |hours| local.checked_add_signed(chrono::TimeDelta::hours(hours))?.and_local_timezone(zone).earliest();
    (0..2).find_map(exists).map(Timestamp::from)
}

fn wrong(german: &str, english: &str) -> PageError {
    PageError::Wrong(german.to_owned(), english.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incident_is_known_since_a_time_on_the_clock_of_the_site() {
        let at = |written| local_time(written, Tz::Europe__Berlin).map(|at| at.to_string());
        assert_eq!(at("2026-03-01T09:30").as_deref(), Some("2026-03-01T08:30:00Z"));
        assert_eq!(at("2026-03-29T02:30").as_deref(), Some("2026-03-29T01:30:00Z"), "clocks went forward at two");
        assert_eq!(at("yesterday"), None);
    }
}
