//! `GET /team`: how long people wait, who is satisfied and won back, and what to fix first. Nobody of the team is ranked.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Html;
use chrono::NaiveDate;
use url::form_urlencoded;

use super::queue::wording as told;
use super::visitor::{Right, Scheme, Visitor};
use super::{Frame, PageError, Section, Site, wording};
use crate::brand::Brand;
use crate::mention::Timestamp;
use crate::outreach::State as CaseState;
use crate::outreach::ledger::{Account, Effect, Estimate};
use crate::service::{DAYS, now};
use crate::store::outreach::Reason;

pub(super) mod satisfaction;

/// So many reasons, and so many friendly words.
const MOST_REASONS: usize = 8;
pub(super) const MOST_PRAISE: u32 = 5;
const EXCERPT: usize = 220;

#[derive(Template)]
#[template(path = "web/team.html")]
struct Page {
    frame: Frame,
    /// As of when, but for the praise.
    at: String,
    brand: String,
    brands: Vec<String>,
    /// Half of the people were answered within this; and nine of ten.
    median: Option<String>,
    most: Option<String>,
    waiting: usize,
    states: Vec<(&'static str, u64)>,
    satisfaction: satisfaction::Section,
    all: Vec<Row>,
    /// What the answers have done, in a sentence.
    effect: String,
    sources: Vec<Row>,
    templates: Vec<Row>,
    soon: Vec<Row>,
    weeks: Vec<String>,
    reasons: Vec<ReasonRow>,
    praise: Vec<(i64, String)>,
}

/// What became of some of those who were answered.
struct Row {
    name: String,
    answered: String,
    better: String,
    stars: String,
    worse: usize,
    gone: usize,
    effect: String,
}

struct ReasonRow {
    name: String,
    query: String,
    lost: u64,
    weeks: Vec<u64>,
}

pub(super) async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, PageError> {
    visitor.may(Right::Read)?;
    let query = query.unwrap_or_default();
    let asked = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "brand").map(|(_, value)| value);
    let brand = own_brand(&site, asked.as_deref())?;
    Ok(Html(gather(&site, &visitor, brand, now()).await?.render()?))
}

/// One of our own brands by its name, else the first.
pub(super) fn own_brand<'s>(site: &'s Site, name: Option<&str>) -> Result<&'s Brand, PageError> {
    let mut own = site.service.config.own_brands();
    let brand = match name {
        Some(name) => own.find(|brand| brand.name == name),
        None => own.next(),
    };
    brand.ok_or(PageError::NotFound)
}

async fn gather(site: &Site, visitor: &Visitor, brand: &Brand, now: Timestamp) -> Result<Page, PageError> {
    let store = &site.service.store;
    let mut frame = Frame::new(site, visitor, Section::Queue, "").about(Some(brand.name.clone()));
    frame.title = frame.say("Das Serviceteam", "The service team").to_owned();
    let team = site.service.team(&brand.name, now).await?.ok_or(PageError::Broken)?;
    let span = |seconds: i64| told::span(&frame, now, now.plus_seconds(seconds));
    let state = |state: CaseState| Some((told::state(&frame, state), *team.states.get(state.name())?));
    let (accounts, weeks) = (&team.accounts, weeks(&team.reasons));
    let mut praise = Vec::new();
    for id in store.praise(&brand.name, now.plus_seconds(-DAYS * 86_400), MOST_PRAISE).await? {
        praise.extend(store.mention(id).await?.map(|it| (id, wording::excerpt(&it.full_text(), EXCERPT))));
    }
    let rows = |groups: &std::collections::BTreeMap<String, Account>| {
        groups.iter().map(|(name, account)| row(&frame, name, account)).collect::<Vec<Row>>()
    };
    Ok(Page {
        at: frame.format().moment(team.at),
        brands: site.service.config.own_brands().map(|brand| brand.name.clone()).collect(),
        median: team.median_wait.map(span),
        most: team.most_wait.map(span),
        waiting: team.waiting,
        states: CaseState::ALL.into_iter().filter_map(state).collect(),
        satisfaction: satisfaction::gather(site, &frame, &brand.name, now).await?,
        effect: effect(&frame, &accounts.all.effect),
        all: vec![row(&frame, frame.say("alle", "all"), &accounts.all)],
        sources: rows(&accounts.sources),
        templates: rows(&accounts.templates),
        soon: accounts.waits.iter().map(|(wait, account)| row(&frame, how_soon(&frame, *wait), account)).collect(),
        reasons: team
            .reasons
            .iter()
            .take(MOST_REASONS)
            .map(|reason| reason_row(&frame, brand, reason, &weeks))
            .collect(),
        weeks: weeks.iter().map(|week| monday(*week)).collect(),
        praise,
        brand: brand.name.clone(),
        frame,
    })
}

fn row(frame: &Frame, name: &str, account: &Account) -> Row {
    let format = frame.format();
    let better = account
        .of_100(account.better)
        .map_or_else(|| "–".to_owned(), |of_100| format!("{}: {}", account.better, range(frame, of_100)));
    Row {
        name: name.to_owned(),
        answered: format.count(account.answered as u64),
        better,
        stars: format.count(account.stars_gained),
        worse: account.worse,
        gone: account.gone,
        effect: match &account.effect {
            Effect::Known(comparison) => range(frame, comparison.difference),
            _ => "–".to_owned(),
        },
    }
}

/// People of 100, with what chance leaves open.
fn range(frame: &Frame, estimate: Estimate) -> String {
    let format = frame.format();
    format!("{} ({} … {})", format.decimal(estimate.value), format.decimal(estimate.low), format.decimal(estimate.high))
}

fn effect(frame: &Frame, effect: &Effect) -> String {
    let format = frame.format();
    match effect {
        Effect::Known(comparison) => {
            let numbers = [comparison.answered.value, comparison.by_themselves.value].map(|value| format.decimal(value));
            let shown = comparison.difference.low > 0.0;
            let [answered, alone] = numbers;
            match (frame.code(), shown) {
                ("de", true) => format!(
                    "Von 100 Menschen, denen geantwortet wurde, kommen {answered} innerhalb von 30 Tagen zurück; von selbst wären es \
                     {alone} gewesen. Die Antworten gewinnen {} von 100 zurück.",
                    range(frame, comparison.difference)
                ),
                ("de", false) => format!(
                    "Von 100 Menschen, denen geantwortet wurde, kommen {answered} innerhalb von 30 Tagen zurück; von selbst wären es \
                     {alone} gewesen. Dass es an den Antworten liegt, ist nicht zu zeigen: {}.",
                    range(frame, comparison.difference)
                ),
                (_, true) => format!(
                    "Of 100 people who were answered, {answered} come back within 30 days; {alone} would have by themselves. The \
                     answers win back {} of 100.",
                    range(frame, comparison.difference)
                ),
                (_, false) => format!(
                    "Of 100 people who were answered, {answered} come back within 30 days; {alone} would have by themselves. That \
                     the answers did it cannot be shown: {}.",
                    range(frame, comparison.difference)
                ),
            }
        }
        Effect::TooFew { .. } => frame
            .say(
                "Noch sind zu wenige beantwortet, um zu sagen, ob die Antworten etwas bewirken.",
                "Too few were answered yet to say whether the answers do anything.",
            )
            .to_owned(),
        Effect::TooSoon => frame
            .say(
                "Die Antworten sind noch zu jung: Ihre Wirkung zeigt sich in den 30 Tagen danach.",
                "The answers are too recent: what they do shows within the 30 days after.",
            )
            .to_owned(),
        Effect::NoControl => frame
            .say(
                "Es gibt zu wenige vergleichbare Bewertungen ohne Antwort, um zu sagen, wer von selbst zurückgekommen wäre.",
                "There are too few comparable reviews without an answer to say who would have come back by themselves.",
            )
            .to_owned(),
    }
}

fn how_soon(frame: &Frame, wait: crate::outreach::ledger::Wait) -> &str {
    use crate::outreach::ledger::Wait as Soon;
    match wait {
        Soon::Hour => frame.say("innerhalb einer Stunde", "within an hour"),
        Soon::Day => frame.say("innerhalb eines Tages", "within a day"),
        Soon::ThreeDays => frame.say("innerhalb von drei Tagen", "within three days"),
        Soon::Week => frame.say("innerhalb einer Woche", "within a week"),
        Soon::Longer => frame.say("später", "later"),
    }
}

/// The Mondays of all weeks, in their order.
fn weeks(reasons: &[Reason]) -> Vec<i64> {
    let all: std::collections::BTreeSet<i64> = reasons.iter().flat_map(|reason| reason.weeks.keys().copied()).collect();
    all.into_iter().collect()
}

fn monday(week: i64) -> String {
    let day = NaiveDate::default() + chrono::TimeDelta::days(week);
    day.format("%d.%m.").to_string()
}

fn reason_row(frame: &Frame, brand: &Brand, reason: &Reason, weeks: &[i64]) -> ReasonRow {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("brand", &brand.name).append_pair("topic", &reason.topic).append_pair("mood", "negative");
    ReasonRow {
        name: wording::part(frame, "topic", &reason.topic),
        query: query.finish(),
        lost: reason.lost_stars,
        weeks: weeks.iter().map(|week| reason.weeks.get(week).copied().unwrap_or_default()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::tests::{World, text, world};

    #[tokio::test]
    async fn figures_are_those_of_the_last_count_and_the_page_says_when_that_was() {
        let World { service, .. } = &world().await;
        let waiting = async |now| service.team("Lerchenbahn", now).await.unwrap().unwrap().waiting;
        let now = now();
        service.team_once(now).await.unwrap();
        let empty = service.team("Lerchenbahn", now).await.unwrap().unwrap();
        service.cases_once(now).await.unwrap();
        assert_eq!((waiting(now).await, waiting(now.plus_seconds(899)).await), (0, 0), "as counted");
        let later = now.plus_seconds(900);
        let on_the_spot = service.team("Lerchenbahn", later).await.unwrap().unwrap();
        assert!(on_the_spot.waiting > 0 && *on_the_spot != *empty, "what is old is not told");
        service.team_once(later).await.unwrap();
        assert_eq!(service.team("Lerchenbahn", later).await.unwrap().unwrap(), on_the_spot, "by whom it is counted");
    }

    #[tokio::test]
    async fn whoever_is_erased_is_in_no_figure_any_more() {
        let world = world().await;
        world.service.cases_once(now()).await.unwrap();
        let said = |html: &str| text(html).replace('\n', " ");
        let (status, html) = world.get("/team").await;
        assert_eq!(status, axum::http::StatusCode::OK);
        let waiting = |said: &str| {
            said.split("noch ohne Antwort: ").nth(1).and_then(|rest| rest.split(' ').next()?.parse::<u32>().ok())
        };
        let before = waiting(&said(&html)).unwrap();
        let store = &world.service.store;
        let all = store.cases(&crate::store::outreach::Filter::default(), now()).await.unwrap();
        let writer = all[0].case.author_id.unwrap();
        let theirs = all.iter().filter(|one| one.case.author_id == Some(writer)).count() as u32;
        assert_eq!(world.post(&format!("/writers/{writer}/erase"), "").await.0, axum::http::StatusCode::OK);
        assert_eq!(waiting(&said(&world.get("/team").await.1)), Some(before - theirs));
    }

    #[tokio::test]
    async fn the_team_is_told_how_long_people_wait_and_what_upsets_them_and_nobody_is_ranked() {
        let world = world().await;
        world.service.cases_once(now()).await.unwrap();
        let (status, html) = world.get("/team").await;
        assert_eq!(status, axum::http::StatusCode::OK);
        let said = text(&html).replace('\n', " ");
        assert!(said.contains("Noch sind zu wenige beantwortet") && said.contains("Lieferung"), "{said}");
        assert_eq!(world.get("/team?brand=Finkenbahn").await.0, axum::http::StatusCode::NOT_FOUND, "a competitor");
    }
}
