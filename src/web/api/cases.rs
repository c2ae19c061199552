//! Cases of the service team: in what order to take them on, looked at one by one, and worked on.

use std::collections::{HashMap, HashSet};

use axum::Json;
use axum::extract::{RawQuery, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{ApiError, Problem, Refused, Unchanged};
use crate::mention::{Language, Timestamp};
use crate::outreach::queue::{self, Plan, Ranked, plan};
use crate::service::now;
use crate::store::outreach::{self, Listed};
use crate::web::Site;
use crate::web::queue::{ranked, shown};
use crate::web::visitor::{Right, Visitor};
use asked::{Asked, CaseParameters, Place};

mod asked;
pub(super) mod change;
#[cfg(test)]
mod tests;
pub(super) mod whole;

/// A page of the queue.
#[derive(Serialize, ToSchema)]
pub(super) struct Queue {
    /// How many minutes all cases together take that fit into the time.
    takes: u32,
    /// How many fit.
    fits: usize,
    /// How many cases there are, on this page and on others.
    total: usize,
    /// What matters most first.
    cases: Vec<Queued>,
    /// Give it as `after` to go on; null: there are no more. The pages have the order of the moment of the first one.
    next: Option<String>,
}

/// A case.
#[derive(Serialize, ToSchema)]
pub(super) struct Case {
    /// Its number.
    id: i64,
    /// Whom it is about.
    brand: String,
    /// Who is upset, by number; null: the source does not say.
    author: Option<i64>,
    /// low, normal, high or urgent.
    severity: &'static str,
    /// The name of the rule by which it is a case.
    rule: String,
    /// new, claimed, waiting, answered, solved, followed_up or dismissed.
    state: &'static str,
    /// Why there was nothing to do: no_need, not_ours, spam, no_way or elsewhere.
    dismissal: Option<&'static str>,
    /// Who has it, by the name of their account.
    owner: Option<String>,
    /// When it became a case.
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    /// When the person said the first of it.
    #[schema(value_type = String, format = DateTime)]
    first_word_at: Timestamp,
    /// Since when they wait for an answer; null: it is not our turn.
    #[schema(value_type = Option<String>, format = DateTime)]
    waits_since: Option<Timestamp>,
    /// When they are to have one at the latest.
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    /// Until when it is put off.
    #[schema(value_type = Option<String>, format = DateTime)]
    snoozed_until: Option<Timestamp>,
    /// What was promised and is not kept yet.
    promise: Option<Promise>,
    /// When they were first answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    answered_at: Option<Timestamp>,
    /// When it was settled.
    #[schema(value_type = Option<String>, format = DateTime)]
    solved_at: Option<Timestamp>,
    /// When somebody is to ask whether it stayed so.
    #[schema(value_type = Option<String>, format = DateTime)]
    follow_up_at: Option<Timestamp>,
}

/// What was promised.
#[derive(Serialize, ToSchema)]
pub(super) struct Promise {
    /// In the words of who promised it.
    text: String,
    /// By when.
    #[schema(value_type = String, format = DateTime)]
    by: Timestamp,
}

impl From<outreach::Case> for Case {
    fn from(case: outreach::Case) -> Self {
        Self {
            id: case.id,
            brand: case.brand,
            author: case.author_id,
            severity: case.severity.name(),
            rule: case.rule,
            state: case.state.name(),
            dismissal: case.dismissal.map(crate::outreach::Dismissal::name),
            owner: case.owner,
            opened_at: case.opened_at,
            first_word_at: case.first_word_at,
            waits_since: case.waits_since,
            due_at: case.due_at,
            snoozed_until: case.snoozed_until,
            promise: case.promise.map(|(text, by)| Promise { text, by }),
            answered_at: case.answered_at,
            solved_at: case.solved_at,
            follow_up_at: case.follow_up_at,
        }
    }
}

/// A case in its place.
#[derive(Serialize, ToSchema)]
pub(super) struct Queued {
    #[serde(flatten)]
    case: Case,
    /// Whether it fits into the time that somebody has.
    fits: bool,
    /// So many minutes it is likely to take.
    minutes: u32,
    /// What it is ordered by: the factors multiplied, by the minutes.
    value: f64,
    /// How that came about.
    factors: Factors,
    /// How many mentions it has.
    mentions: u64,
    /// What was said last.
    last: Last,
}

/// What the value of a case is multiplied from.
#[derive(Serialize, ToSchema)]
pub(super) struct Factors {
    /// How upset somebody is, 0.2 to 1.
    upset: f64,
    /// How likely they come back if they are answered now, 0 to 1.
    recoverable: f64,
    /// How many read it, 1 (they alone) to 2.
    reach: f64,
    /// What is left of their patience, 0.15 to 1.
    patience: f64,
    /// What is due or promised, 1 (nothing yet) to 4 (a broken promise) or 8 (what cannot wait, and waits).
    due: f64,
}

impl From<queue::Factors> for Factors {
    fn from(queue::Factors { upset, recoverable, reach, patience, due }: queue::Factors) -> Self {
        Self { upset, recoverable, reach, patience, due }
    }
}

/// The last mention of a case.
#[derive(Serialize, ToSchema)]
pub(super) struct Last {
    /// Its number.
    id: i64,
    /// The source's id.
    source: String,
    /// What its author calls themselves there.
    author_name: Option<String>,
    /// Headline.
    title: Option<String>,
    /// Plain text.
    text: String,
    /// Its two letters.
    language: Option<String>,
    /// 1 to 5.
    stars: Option<u8>,
}

impl Queued {
    fn of(ranked: &Ranked, fits: bool, listed: Listed) -> Self {
        Self {
            fits,
            minutes: ranked.minutes,
            value: ranked.value,
            factors: ranked.factors.into(),
            mentions: listed.mentions,
            last: Last {
                id: listed.mention_id,
                source: listed.source,
                author_name: listed.author,
                title: listed.title,
                text: listed.text,
                language: listed.language.map(|language: Language| language.code().to_owned()),
                stars: listed.stars,
            },
            case: listed.case.into(),
        }
    }
}

/// Whom to answer next, and what fits into the time that somebody has.
#[utoipa::path(
    get, path = "/api/v1/cases", tag = "cases", params(CaseParameters),
    responses(
        (status = 200, description = "a page", body = Queue),
        Unchanged,
        (status = 400, description = "a parameter cannot be read", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn cases(
    State(site): State<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Json<Queue>, ApiError> {
    visitor.may(Right::Change)?;
    let now = now();
    let asked = Asked::read(&query.unwrap_or_default(), now).map_err(ApiError::Invalid)?;
    let at = asked.after.map_or(now, |place| place.at);
    let (facts, ranked) = ranked(&site, &asked.filter(&visitor.actor().who), at).await?;
    // What is not our turn fits into no time.
    let Plan { fits, .. } = if asked.is_ours() { plan(ranked.clone(), asked.minutes) } else { Plan::default() };
    let fitting: HashSet<i64> = fits.iter().map(|case| case.id).collect();
    let since: HashMap<i64, Timestamp> = facts.iter().map(|one| (one.id, one.waits_since)).collect();
    let total = ranked.len();
    let place = |one: &Ranked| Some(Place { at, value: one.value, since: *since.get(&one.id)?, id: one.id });
    let behind = |one: &&Ranked| asked.after.is_none_or(|after| place(one).is_some_and(|place| place.is_behind(after)));
    let mut page: Vec<&Ranked> = ranked.iter().filter(behind).take(asked.limit + 1).collect();
    let has_more = page.len() > asked.limit;
    page.truncate(asked.limit);
    let next = page.last().filter(|_| has_more).and_then(|last| place(last)).map(|place| place.to_string());
    let mut listed = shown(&site, page.iter().copied(), at).await?;
    let queued = |one: &Ranked| Some(Queued::of(one, fitting.contains(&one.id), listed.remove(&one.id)?));
    Ok(Json(Queue {
        takes: fits.iter().map(|case| case.minutes).sum(),
        fits: fits.len(),
        total,
        cases: page.into_iter().filter_map(queued).collect(),
        next,
    }))
}
