//! How long people wait, who is won back, and what to fix first.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{RawQuery, State};
use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::mentions::Mention;
use super::parameters::brand;
use super::problem::{ApiError, Problem, Refused, Unchanged};
use crate::mention::Timestamp;
use crate::outreach::ledger::{self, Effect, Wait};
use crate::outreach::survey::Satisfaction;
use crate::service::{self, DAYS, LEDGER_DAYS, now};
use crate::store::outreach;
use crate::web::team::satisfaction::{by_month, first_month};
use crate::web::team::{MOST_PRAISE, own_brand};
use crate::web::visitor::{Right, Visitor};
use crate::web::{PageError, Site};

/// Of which brand.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described: it is read by `brand`")]
pub(super) struct TeamParameters {
    /// One of one's own brands, by its name; the first one, if it is not given.
    brand: Option<String>,
}

/// What the service team has done, and for whom. Nobody of it is told apart.
#[derive(Serialize, ToSchema)]
pub(super) struct Team {
    /// Whom it is about.
    brand: String,
    /// When the figures were counted.
    #[schema(value_type = String, format = DateTime)]
    counted_at: Timestamp,
    /// Cases that began in the last so many days, for all but the people won back.
    days: i64,
    /// Half of the people were answered within so many seconds, those who still wait among them; null: fewer were
    /// answered.
    median_wait: Option<i64>,
    /// And nine of ten within so many.
    most_wait: Option<i64>,
    /// How many still wait for their first answer.
    waiting: usize,
    /// How many cases stand where, by the name of the state.
    states: BTreeMap<String, u64>,
    /// How satisfied people are with the help, by the month in which they were asked; the first of twelve first, months in
    /// which nobody was left out.
    satisfaction: Vec<Satisfied>,
    /// Reviews that were said in the last so many days, for the people won back.
    won_back_days: i64,
    /// What became of everybody who was answered.
    all: WonBack,
    /// By the source's id.
    sources: BTreeMap<String, WonBack>,
    /// By the template that the answer was begun from.
    templates: BTreeMap<String, WonBack>,
    /// By how soon they were answered: hour, day, three_days, week or longer; the soonest first.
    waits: Vec<Waited>,
    /// What the cases are about, the costliest first.
    reasons: Vec<Trouble>,
    /// Friendly words about the team, the newest first.
    praise: Vec<Mention>,
}

/// How satisfied people are who were asked in a month.
#[derive(Serialize, ToSchema)]
pub(super) struct Satisfied {
    /// Its first day.
    month: NaiveDate,
    /// How many were asked.
    asked: usize,
    /// How many have answered.
    answered: usize,
    /// How many of them with 4 or 5 of 5.
    satisfied: usize,
    /// The mean of what they answered, from 1 to 5; null: nobody has.
    mean: Option<f64>,
}

/// What became of people who were answered.
#[derive(Serialize, ToSchema)]
pub(super) struct WonBack {
    /// How many were, before anything had become of their review.
    answered: usize,
    /// How many of them gave more stars, whenever.
    better: usize,
    /// Of 100 of them.
    better_of_100: Option<Estimate>,
    /// How many stars more, together.
    stars_gained: u64,
    /// How many gave fewer.
    worse: usize,
    /// How many reviews were deleted.
    gone: usize,
    /// What the answers have done; null: that is not known.
    effect: Option<Comparison>,
    /// Why not: too_few (were answered), too_soon or no_control.
    unknown_because: Option<&'static str>,
}

/// What became of those who were answered so soon.
#[derive(Serialize, ToSchema)]
pub(super) struct Waited {
    /// hour, day, three_days, week or longer.
    within: &'static str,
    #[serde(flatten)]
    account: WonBack,
}

/// Of 100 people who were answered, how many come back within 30 days.
#[derive(Serialize, ToSchema)]
pub(super) struct Comparison {
    /// How many could be compared.
    people: usize,
    /// So many come back.
    answered: Estimate,
    /// So many of them would have by themselves.
    by_themselves: Estimate,
    /// So many come back because of the answer: nothing is shown where its interval covers zero.
    difference: Estimate,
    /// The share of the time after answers that could not be compared, 0 to 1.
    left_out: f64,
}

/// People of 100.
#[derive(Serialize, ToSchema)]
pub(super) struct Estimate {
    value: f64,
    /// Lower end of the 95% interval.
    low: f64,
    /// Upper end.
    high: f64,
}

/// What people are upset about.
#[derive(Serialize, ToSchema)]
pub(super) struct Trouble {
    /// The topic's name.
    topic: String,
    /// Stars that these people did not give: five less those that they gave.
    lost_stars: u64,
    /// How many cases began in which week; weeks without any are left out.
    weeks: Vec<Week>,
}

/// Cases of a week.
#[derive(Serialize, ToSchema)]
pub(super) struct Week {
    /// On which day it began.
    monday: NaiveDate,
    /// How many began.
    cases: u64,
}

impl From<ledger::Estimate> for Estimate {
    fn from(ledger::Estimate { value, low, high }: ledger::Estimate) -> Self {
        Self { value, low, high }
    }
}

impl From<ledger::Comparison> for Comparison {
    fn from(comparison: ledger::Comparison) -> Self {
        Self {
            people: comparison.people,
            answered: comparison.answered.into(),
            by_themselves: comparison.by_themselves.into(),
            difference: comparison.difference.into(),
            left_out: comparison.left_out,
        }
    }
}

impl From<ledger::Account> for WonBack {
    fn from(account: ledger::Account) -> Self {
        let better_of_100 = account.of_100(account.better).map(Estimate::from);
        let (effect, unknown_because) = match account.effect {
            Effect::Known(comparison) => (Some(comparison.into()), None),
            Effect::TooFew { .. } => (None, Some("too_few")),
            Effect::TooSoon => (None, Some("too_soon")),
            Effect::NoControl => (None, Some("no_control")),
        };
        Self {
            answered: account.answered,
            better: account.better,
            better_of_100,
            stars_gained: account.stars_gained,
            worse: account.worse,
            gone: account.gone,
            effect,
            unknown_because,
        }
    }
}

impl From<(Wait, ledger::Account)> for Waited {
    fn from((wait, account): (Wait, ledger::Account)) -> Self {
        let within = match wait {
            Wait::Hour => "hour",
            Wait::Day => "day",
            Wait::ThreeDays => "three_days",
            Wait::Week => "week",
            Wait::Longer => "longer",
        };
        Self { within, account: account.into() }
    }
}

impl From<outreach::Reason> for Trouble {
    fn from(reason: outreach::Reason) -> Self {
        let week = |(day, cases): (i64, u64)| Week { monday: NaiveDate::default() + TimeDelta::days(day), cases };
        Self { topic: reason.topic, lost_stars: reason.lost_stars, weeks: reason.weeks.into_iter().map(week).collect() }
    }
}

impl From<(NaiveDate, Satisfaction)> for Satisfied {
    fn from((month, told): (NaiveDate, Satisfaction)) -> Self {
        let Satisfaction { asked, answered, satisfied, .. } = told;
        Self { month, asked, answered, satisfied, mean: told.mean() }
    }
}

/// How long people wait, who is won back, and what to fix first.
#[utoipa::path(
    get, path = "/api/v1/team", tag = "cases", params(TeamParameters),
    responses(
        (status = 200, description = "the figures of the page", body = Team),
        Unchanged,
        (status = 400, description = "a parameter cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "there is no such brand of one's own", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn team(
    State(site): State<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Json<Team>, ApiError> {
    visitor.may(Right::Read)?;
    let name = brand(&query.unwrap_or_default())?;
    let (brand, now) = (&own_brand(&site, name.as_deref())?.name, now());
    let store = &site.service.store;
    let team = site.service.team(brand, now).await?.ok_or(PageError::Broken)?;
    let named = |accounts: BTreeMap<String, ledger::Account>| {
        accounts.into_iter().map(|(name, account)| (name, account.into())).collect()
    };
    let mut praise = Vec::new();
    for id in store.praise(brand, now.plus_seconds(-DAYS * 86_400), MOST_PRAISE).await? {
        praise.extend(store.mention(id).await?.map(Mention::from));
    }
    let zone = site.service.config.alert.time_zone;
    let scores = store.scores(brand, first_month(now, zone)).await?;
    let service::Team { at, median_wait, most_wait, waiting, states, accounts, reasons } = (*team).clone();
    Ok(Json(Team {
        brand: brand.clone(),
        counted_at: at,
        days: DAYS,
        median_wait,
        most_wait,
        waiting,
        states,
        satisfaction: by_month(&scores, zone).into_iter().map(Satisfied::from).collect(),
        won_back_days: LEDGER_DAYS,
        all: accounts.all.into(),
        sources: named(accounts.sources),
        templates: named(accounts.templates),
        waits: accounts.waits.into_iter().map(Waited::from).collect(),
        reasons: reasons.into_iter().map(Trouble::from).collect(),
        praise,
    }))
}
