//! What other promises would have told, over any period.

use axum::Json;
use axum::extract::{RawQuery, State};
use chrono::NaiveDate;
use serde::Serialize;
use url::form_urlencoded;
use utoipa::{IntoParams, ToSchema};

use super::problem::{ApiError, Problem, Refused, Unchanged};
use crate::detect;
use crate::mention::Timestamp;
use crate::service::now;
use crate::web::Site;
use crate::web::replay::trial::{self, MOST_PROMISES, Question};
use crate::web::reports::chosen;
use crate::web::visitor::{Right, Visitor};

/// What is lived through once more.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described: it is read by hand, so that each mistake is told")]
pub(super) struct ReplayParameters {
    /// The brand, by its name; the first one of one's own, if it is not given.
    brand: Option<String>,
    /// The first day; 365 days ago, if it is not given.
    from: Option<NaiveDate>,
    /// The last day; today, if it is not given.
    to: Option<NaiveDate>,
    /// A promise to compare with the configured one: at most one false alarm in that span, as in `30 days`, from a day
    /// to 100 years. Up to six; the usual ones, if none is given.
    #[param(max_items = 6)]
    promise: Option<Vec<String>>,
    /// Whether to go on as if all had arrived when it was published, imports too.
    #[param(pattern = "^(yes|no)$")]
    as_published: Option<String>,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
pub(super) struct Replay {
    /// Whom it is about.
    brand: String,
    /// The first day that was asked for.
    from: NaiveDate,
    /// The last one.
    to: NaiveDate,
    /// How many mentions were lived through, those included that only teach what is usual.
    mentions: usize,
    /// When the first of them arrived.
    #[schema(value_type = Option<String>, format = DateTime)]
    first: Option<Timestamp>,
    /// When the last of them arrived.
    #[schema(value_type = Option<String>, format = DateTime)]
    last: Option<Timestamp>,
    /// Whether there was more than is lived through at once.
    is_cut: bool,
    /// The configured promise first.
    promises: Vec<Trial>,
}

/// What one promise would have told. Cool-downs and snoozes are left out of account.
#[derive(Serialize, ToSchema)]
pub(super) struct Trial {
    /// At most one false alarm in so many days.
    days: f64,
    /// Whether it is the one of `sources.toml`.
    is_configured: bool,
    /// How many shifts of the mood that makes in 90 days; null where the history is too short.
    shifts_in_90_days: Option<f64>,
    /// In the order of time.
    findings: Vec<Found>,
}

/// What would have been found.
#[derive(Serialize, ToSchema)]
pub(super) struct Found {
    /// mood_down, mood_up, volume, burst, mix or gap.
    kind: &'static str,
    /// When the evidence sufficed.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// When it most likely began.
    #[schema(value_type = String, format = DateTime)]
    onset: Timestamp,
    /// How strongly it speaks against chance: the natural logarithm of an e-value, or of one over a p-value.
    evidence: f64,
    /// How far the net mood is from the usual one.
    residual: f64,
    /// Where, if not in all that is said about the brand.
    place: Option<String>,
}

impl From<detect::Finding> for Found {
    fn from(finding: detect::Finding) -> Self {
        let detect::Finding { kind, at, onset, evidence, residual, place, .. } = finding;
        Self { kind: kind.name(), at, onset, evidence, residual, place }
    }
}

/// What other promises would have told: the same detectors live through the history once more.
#[utoipa::path(
    get, path = "/api/v1/replay", tag = "findings", params(ReplayParameters),
    responses(
        (status = 200, description = "promise by promise", body = Replay),
        Unchanged,
        (status = 400, description = "a parameter cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "there is no such brand", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn replay(
    State(site): State<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Json<Replay>, ApiError> {
    visitor.may(Right::Read)?;
    let config = &site.service.config;
    let asked = Asked::read(&query.unwrap_or_default()).map_err(ApiError::Invalid)?;
    let brand = chosen(config, asked.brand.as_deref())?;
    let today = now().to_utc().with_timezone(&config.alert.time_zone).date_naive();
    let days = trial::days(asked.from, asked.to, today);
    let rules = trial::compared(config.alert.rule, &asked.promises);
    let question = Question { brand: brand.name.clone(), days, rules, as_published: asked.as_published };
    let answer = question.answer(&site).await?;
    let promises = answer.trials.into_iter().enumerate().map(|(index, trial)| Trial {
        days: trial.rule.days,
        is_configured: index == 0,
        shifts_in_90_days: trial.shifts,
        findings: trial.findings.into_iter().map(Found::from).collect(),
    });
    Ok(Json(Replay {
        brand: question.brand,
        from: days.0,
        to: days.1,
        mentions: answer.mentions,
        first: answer.span.map(|(first, _)| first),
        last: answer.span.map(|(_, last)| last),
        is_cut: answer.is_cut,
        promises: promises.collect(),
    }))
}

#[derive(Default)]
struct Asked {
    brand: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    promises: Vec<detect::Rule>,
    as_published: bool,
}

impl Asked {
    fn read(query: &str) -> Result<Self, Vec<String>> {
        let (mut asked, mut wrong) = (Self::default(), Vec::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match (name.as_ref(), value.as_ref()) {
                ("brand", value) => asked.brand = Some(value.to_owned()),
                ("from" | "to", value) => match value.parse() {
                    Ok(day) if name == "from" => asked.from = Some(day),
                    Ok(day) => asked.to = Some(day),
                    Err(_) => wrong.push(format!("`{name}` is a day as in 2026-03-29, not `{value}`")),
                },
                ("promise", value) => match value.parse() {
                    Ok(rule) => asked.promises.push(rule),
                    Err(error) => wrong.push(format!("`promise`: {error}")),
                },
                ("as_published", "yes") => asked.as_published = true,
                ("as_published", "no") => asked.as_published = false,
                ("as_published", value) => wrong.push(format!("`as_published` is yes or no, not `{value}`")),
                (name, _) => wrong.push(format!("there is no `{name}`")),
            }
        }
        if asked.promises.len() > MOST_PROMISES {
            wrong.push(format!("at most {MOST_PROMISES} promises are compared at once"));
        }
        if asked.from.zip(asked.to).is_some_and(|(from, to)| from > to) {
            wrong.push("`from` lies after `to`".to_owned());
        }
        if wrong.is_empty() { Ok(asked) } else { Err(wrong) }
    }
}
