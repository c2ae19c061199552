//! `GET /queue`: whom to answer next, in the time that somebody has.

use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::{RawQuery, State as Extension};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use futures_util::stream;
use url::form_urlencoded;

use super::mentions::card::stars;
use super::visitor::{Right, Scheme, Visitor};
use super::{Frame, PageError, Section, Site};
use crate::mention::{Rating, Timestamp};
use crate::outreach::queue::{Facts, Plan, Ranked, plan, rank};
use crate::outreach::{Severity, State};
use crate::service::now;
use crate::store::StoreError;
use crate::store::outreach::{Case, Filter, Listed, Standing};

pub(super) mod wording;

/// So long somebody has, unless they say otherwise; and at most.
pub(super) const USUAL_MINUTES: u32 = 40;
pub(super) const MOST_MINUTES: u32 = 600;

/// So many characters of what was said.
const EXCERPT: usize = 220;

/// So many cases that do not fit are shown.
const MOST_REST: usize = 30;

/// So many people to ask are counted; more are many.
const MANY: u32 = 99;

/// What is due within so many seconds is announced.
const SOON_SECONDS: i64 = 2 * 3600;

/// A comment keeps the line open through proxies.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The page, and what tells it that it is not what it was.
pub(super) fn router() -> Router<Site> {
    Router::new().route("/queue", get(page)).route("/queue/live", get(live))
}

/// Which cases are asked for, by where they stand.
pub(super) const VIEWS: [(&str, &[State]); 5] = [
    ("ours", &[State::New, State::Claimed, State::Waiting]),
    ("answered", &[State::Answered]),
    ("follow_up", &[State::Solved]),
    ("solved", &[State::Solved, State::FollowedUp]),
    ("dismissed", &[State::Dismissed]),
];

/// What is asked for; what cannot be read filters nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    view: usize,
    minutes: u32,
    brand: Option<String>,
    source: Option<String>,
    severity: Option<Severity>,
    is_mine: bool,
    snoozed: bool,
}

impl Asked {
    fn parse(query: &str) -> Self {
        let mut asked = Self {
            view: 0,
            minutes: USUAL_MINUTES,
            brand: None,
            source: None,
            severity: None,
            is_mine: false,
            snoozed: false,
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let given = Some(value.clone().into_owned()).filter(|value| !value.is_empty());
            match name.as_ref() {
                "view" => asked.view = VIEWS.iter().position(|(name, _)| *name == value).unwrap_or(0),
                "minutes" => {
                    asked.minutes =
                        value.parse().ok().filter(|m| (1..=MOST_MINUTES).contains(m)).unwrap_or(USUAL_MINUTES);
                }
                "brand" => asked.brand = given,
                "source" => asked.source = given,
                "severity" => asked.severity = Severity::parse(&value),
                "mine" => asked.is_mine = value == "yes",
                "snoozed" => asked.snoozed = value == "yes",
                _ => {}
            }
        }
        asked
    }

    fn filter(&self, owner: &str) -> Filter {
        Filter {
            states: VIEWS[self.view].1.to_vec(),
            brand: self.brand.clone(),
            source: self.source.clone(),
            severity: self.severity,
            owner: self.is_mine.then(|| owner.to_owned()),
            snoozed: self.snoozed,
            follow_up_due: self.is_follow_up(),
            ..Filter::default()
        }
    }

    /// Whether those are asked for about whom somebody is to ask whether it stayed so.
    fn is_follow_up(&self) -> bool {
        VIEWS[self.view].0 == "follow_up"
    }
}

#[derive(Template)]
#[template(path = "web/queue.html")]
struct Page {
    frame: Frame,
    asked: Asked,
    brands: Vec<String>,
    sources: Vec<String>,
    /// What is due, or was, and was promised.
    warnings: Vec<String>,
    /// How many answers wait for this pair of eyes, and the case of the oldest.
    to_check: Option<(i64, i64)>,
    /// About how many cases somebody is to ask whether it stayed so.
    follow_ups: u64,
    fits: Vec<Card>,
    rest: Vec<Card>,
    /// How many more there are behind those.
    more: usize,
    takes: u32,
}

/// A case in the list.
struct Card {
    id: i64,
    severity: &'static str,
    severity_class: &'static str,
    who: Option<String>,
    source: String,
    stars: Option<(String, String)>,
    /// How long they wait; `None`: it is not our turn.
    waits: Option<String>,
    due: Option<(String, bool)>,
    excerpt: String,
    rule: String,
    state: &'static str,
    owner: Option<String>,
    is_mine: bool,
    minutes: u32,
    mentions: u64,
    factors: Vec<(&'static str, String)>,
}

async fn page(
    Extension(site): Extension<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, PageError> {
    visitor.may(Right::Change)?;
    let asked = Asked::parse(&query.unwrap_or_default());
    Ok(Html(gather(&site, &visitor, asked, now()).await?.render()?))
}

async fn gather(site: &Site, visitor: &Visitor, asked: Asked, now: Timestamp) -> Result<Page, PageError> {
    let mut frame = Frame::new(site, visitor, Section::Queue, "").about(asked.brand.clone());
    frame.title = frame.say("Wem antworten?", "Whom to answer").to_owned();
    let me = visitor.actor().who;
    let filter = asked.filter(&me);
    let (facts, ranked) =
        if asked.is_follow_up() { follow_ups(site, &filter, now).await? } else { ranked(site, &filter, now).await? };
    // What is not our turn fits into no time.
    let Plan { fits, rest } =
        if asked.view == 0 { plan(ranked, asked.minutes) } else { Plan { fits: Vec::new(), rest: ranked } };
    let listed = shown(site, fits.iter().chain(rest.iter().take(MOST_REST)), now).await?;
    let card = |ranked: &Ranked| Some(card(&frame, listed.get(&ranked.id)?, ranked, &me, now));
    Ok(Page {
        brands: site.service.config.own_brands().map(|brand| brand.name.clone()).collect(),
        sources: site.service.sources().iter().map(|source| source.id.to_string()).collect(),
        warnings: warnings(&frame, &facts, now),
        to_check: site.service.store.answers_to_check(&visitor.actor()).await?,
        follow_ups: if asked.is_follow_up() { 0 } else { site.service.store.follow_ups_due(MANY + 1, now).await? },
        takes: fits.iter().map(|case| case.minutes).sum(),
        more: rest.len().saturating_sub(MOST_REST),
        fits: fits.iter().filter_map(card).collect(),
        rest: rest.iter().take(MOST_REST).filter_map(card).collect(),
        asked,
        frame,
    })
}

/// The cases that fit, and what comes first.
pub(super) async fn ranked(
    site: &Site,
    filter: &Filter,
    now: Timestamp,
) -> Result<(Vec<Facts>, Vec<Ranked>), StoreError> {
    let facts: Vec<Facts> = standings(site, filter, now).await?.into_iter().map(|one| one.facts).collect();
    let ranked = rank(&facts, now);
    Ok((facts, ranked))
}

/// Those about whom it is time to ask whether it stayed so: whoever was to be asked first has waited for it the longest.
async fn follow_ups(site: &Site, filter: &Filter, now: Timestamp) -> Result<(Vec<Facts>, Vec<Ranked>), StoreError> {
    let mut standings = standings(site, filter, now).await?;
    standings.sort_by_key(|one| one.follow_up_at);
    let place: HashMap<i64, usize> = standings.iter().enumerate().map(|(at, one)| (one.facts.id, at)).collect();
    let facts: Vec<Facts> = standings.into_iter().map(|one| one.facts).collect();
    let mut ranked = rank(&facts, now);
    ranked.sort_by_key(|one| place.get(&one.id).copied());
    Ok((facts, ranked))
}

/// What the order is made of. All is remembered, whatever the time; what is put off or not due yet is left out of it each time.
async fn standings(site: &Site, filter: &Filter, now: Timestamp) -> Result<Vec<Standing>, StoreError> {
    let all = Filter { snoozed: true, follow_up_due: false, ..filter.clone() };
    let known = site.queue.or(&site.service.store, all.clone(), site.service.store.standings(&all, now)).await?;
    let is_asked = |one: &&Standing| {
        (filter.snoozed || one.snoozed_until.is_none_or(|until| until <= now))
            && (!filter.follow_up_due || one.follow_up_at.is_some_and(|at| at <= now))
    };
    Ok(known.iter().filter(is_asked).cloned().collect())
}

/// Those of these cases that are still there, by number; in what order they come is known already.
pub(super) async fn shown<'r>(
    site: &Site,
    ranked: impl Iterator<Item = &'r Ranked>,
    now: Timestamp,
) -> Result<HashMap<i64, Listed>, StoreError> {
    let only: Vec<i64> = ranked.map(|one| one.id).collect();
    if only.is_empty() {
        return Ok(HashMap::new());
    }
    let filter = Filter { only, snoozed: true, ..Filter::default() };
    let listed = site.service.store.cases(&filter, now).await?;
    Ok(listed.into_iter().map(|one| (one.case.id, one)).collect())
}

fn card(frame: &Frame, one: &Listed, ranked: &Ranked, me: &str, now: Timestamp) -> Card {
    let (case, format) = (&one.case, frame.format());
    let text = one.title.as_ref().map_or_else(|| one.text.clone(), |title| format!("{title}: {}", one.text));
    let factors = ranked.factors;
    Card {
        id: case.id,
        severity: wording::severity(frame, case.severity),
        severity_class: case.severity.name(),
        who: one.author.clone(),
        source: one.source.clone(),
        stars: one.stars.map(|count| stars(Rating::stars(f64::from(count)), frame)),
        waits: case.waits_since.map(|since| wording::span(frame, since, now)),
        due: due(frame, case, now),
        excerpt: super::wording::excerpt(&text, EXCERPT),
        rule: wording::rule(frame, &case.rule).to_owned(),
        state: wording::state(frame, case.state),
        is_mine: case.owner.as_deref() == Some(me),
        owner: case.owner.clone(),
        minutes: ranked.minutes,
        mentions: one.mentions,
        factors: vec![
            (frame.say("verärgert", "upset"), format.whole_percent(factors.upset)),
            (frame.say("kommt zurück", "likely to return"), format.whole_percent(factors.recoverable)),
            (frame.say("Geduld noch", "patience left"), format.whole_percent(factors.patience)),
            (frame.say("Reichweite", "reach"), format!("×\u{a0}{}", format.decimal(factors.reach))),
            (frame.say("Frist", "time limit"), format!("×\u{a0}{}", format.decimal(factors.due))),
        ],
    }
}

/// By when we are to answer, or to ask whether it stayed so; and whether that has passed.
fn due(frame: &Frame, case: &Case, now: Timestamp) -> Option<(String, bool)> {
    let follow_up = |at| format!("{} {}", frame.say("Nachfrage", "follow-up"), wording::due(frame, at, now));
    match (case.due_at, case.follow_up_at.filter(|_| case.state == State::Solved)) {
        (Some(at), _) => Some((wording::due(frame, at, now), at <= now)),
        (None, Some(at)) => Some((follow_up(at), at <= now)),
        (None, None) => None,
    }
}

/// What is overdue, and what will be soon: said before it happens.
fn warnings(frame: &Frame, cases: &[Facts], now: Timestamp) -> Vec<String> {
    let soon = now.plus_seconds(SOON_SECONDS);
    let due: Vec<Timestamp> = cases.iter().filter_map(|one| one.due_at).collect();
    let promised: Vec<Timestamp> = cases.iter().filter_map(|one| one.promised_at).collect();
    let late = |all: &[Timestamp]| all.iter().filter(|at| **at <= now).count();
    let near = |all: &[Timestamp]| all.iter().filter(|at| **at > now && **at <= soon).count();
    let counted = |count: usize, one: &str, many: &str| {
        (count > 0).then(|| format!("{count} {}", if count == 1 { one } else { many }))
    };
    [
        counted(
            late(&promised),
            frame.say("Zusage ist gebrochen.", "promise is broken."),
            frame.say("Zusagen sind gebrochen.", "promises are broken."),
        ),
        counted(
            near(&promised),
            frame.say("Zusage wird in den nächsten zwei Stunden fällig.", "promise falls due within two hours."),
            frame.say("Zusagen werden in den nächsten zwei Stunden fällig.", "promises fall due within two hours."),
        ),
        counted(
            near(&due),
            frame.say("Antwort wird in den nächsten zwei Stunden fällig.", "answer falls due within two hours."),
            frame.say("Antworten werden in den nächsten zwei Stunden fällig.", "answers fall due within two hours."),
        ),
        counted(
            late(&due),
            frame.say("Antwort ist überfällig.", "answer is overdue."),
            frame.say("Antworten sind überfällig.", "answers are overdue."),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl Page {
    fn follow_ups_said(&self) -> String {
        if self.follow_ups > u64::from(MANY) {
            format!("{} {MANY}", self.frame.say("Mehr als", "More than"))
        } else {
            self.follow_ups.to_string()
        }
    }

    /// The views, what they are called, and whether it is this one.
    fn views(&self) -> [(&'static str, &'static str, bool); 5] {
        let names = [
            self.frame.say("Wir sind dran", "Our turn"),
            self.frame.say("Beantwortet", "Answered"),
            self.frame.say("Nachfragen", "Follow up"),
            self.frame.say("Gelöst", "Solved"),
            self.frame.say("Geschlossen", "Dismissed"),
        ];
        std::array::from_fn(|at| (VIEWS[at].0, names[at], at == self.asked.view))
    }

    fn severities(&self) -> Vec<(&'static str, &'static str, bool)> {
        let choice =
            |one: Severity| (one.name(), wording::severity(&self.frame, one), self.asked.severity == Some(one));
        Severity::ALL.into_iter().rev().map(choice).collect()
    }

    fn is_filtered(&self) -> bool {
        let asked = &self.asked;
        asked.brand.is_some() || asked.source.is_some() || asked.severity.is_some() || asked.is_mine
    }

    fn is_ours(&self) -> bool {
        self.asked.view == 0
    }
}

/// An event `changed` whenever the queue is not what it was: somebody has claimed, answered, or spoken.
async fn live(Extension(site): Extension<Site>, visitor: Visitor) -> Result<Response, PageError> {
    visitor.may(Right::Change)?;
    let changes = site.service.watch_cases();
    let stops = Box::pin(site.service.stops());
    let events = stream::unfold((changes, stops), async |(mut changes, mut stops)| {
        tokio::select! {
            changed = changes.changed() => changed.ok()?,
            () = &mut stops => return None,
        }
        let turn = *changes.borrow_and_update();
        let event = Event::default().event("changed").data(turn.to_string());
        Some((Ok::<_, Infallible>(event), (changes, stops)))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response())
}

#[cfg(test)]
mod tests;
