//! Brands, and how the mood about them went.

use std::ops::Range;

use axum::Json;
use axum::extract::{RawQuery, State};
use chrono::{Days, NaiveDate};
use serde::Serialize;
use url::form_urlencoded;
use utoipa::{IntoParams, ToSchema};

use super::problem::{ApiError, Problem, Refused, Unchanged};
use crate::service::now;
use crate::store::{Counted, Dimension};
use crate::web::Site;
use crate::web::visitor::{Right, Visitor};

/// So many days are counted unless somebody asks for others.
const USUAL_DAYS: u64 = 30;
/// And never more at once.
const MOST_DAYS: i64 = 3660;

/// Whom it is about.
#[derive(Serialize, ToSchema)]
pub(super) struct Brand {
    /// Its name.
    name: String,
    /// The brand that it is compared with, if it is no own one.
    competitor_of: Option<String>,
}

/// The brands of the configuration.
#[utoipa::path(
    get, path = "/api/v1/brands", tag = "brands",
    responses(
        (status = 200, description = "in the order of the configuration", body = Vec<Brand>),
        Unchanged,
        Refused,
    )
)]
pub(super) async fn brands(State(site): State<Site>, visitor: Visitor) -> Result<Json<Vec<Brand>>, ApiError> {
    visitor.may(Right::Read)?;
    let brands = site.service.config.brands.iter();
    let brand =
        |brand: &crate::brand::Brand| Brand { name: brand.name.clone(), competitor_of: brand.competitor_of.clone() };
    Ok(Json(brands.map(brand).collect()))
}

/// Which days of which brand are counted, and by what.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described: it is read by hand, so that each mistake is told")]
pub(super) struct SeriesParameters {
    /// The brand, by its name.
    brand: String,
    /// By what: all (as long as nothing else is said), source, language, topic.
    #[param(pattern = "^(all|source|language|topic)$")]
    by: Option<String>,
    /// The first day; 29 days before the last one, if it is not given.
    from: Option<NaiveDate>,
    /// The last day; today, if it is not given.
    to: Option<NaiveDate>,
}

/// What was said on a day.
#[derive(Serialize, ToSchema)]
pub(super) struct Tally {
    /// On the calendar of `[alert] time_zone`.
    day: NaiveDate,
    /// The source's id, the language's code or the topic's name; empty: all, or not known.
    value: String,
    /// How many texts are negative.
    negative: u64,
    /// Neutral.
    neutral: u64,
    /// Positive.
    positive: u64,
    /// Texts whose mood nobody can tell.
    untold: u64,
    /// Copies of texts that were met before.
    copies: u64,
}

impl From<Counted> for Tally {
    fn from(counted: Counted) -> Self {
        let [negative, neutral, positive] = counted.moods;
        let Counted { day, value, untold, copies, .. } = counted;
        Self { day, value, negative, neutral, positive, untold, copies }
    }
}

/// How much was said about a brand, and how, day by day; days without a word are left out.
#[utoipa::path(
    get, path = "/api/v1/series", tag = "brands", params(SeriesParameters),
    responses(
        (status = 200, description = "in the order of days", body = Vec<Tally>),
        Unchanged,
        (status = 400, description = "a parameter cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "there is no such brand", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn series(
    State(site): State<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Json<Vec<Tally>>, ApiError> {
    visitor.may(Right::Read)?;
    let zone = site.service.config.alert.time_zone;
    let today = now().to_utc().with_timezone(&zone).date_naive();
    let (brand, by, days) = read(&query.unwrap_or_default(), today).map_err(ApiError::Invalid)?;
    if !site.service.config.brands.iter().any(|known| known.name == brand) {
        return Err(ApiError::NotFound);
    }
    let counted = site.service.store.counted(&brand, by, days, zone).await?;
    Ok(Json(counted.into_iter().map(Tally::from).collect()))
}

fn read(query: &str, today: NaiveDate) -> Result<(String, Dimension, Range<NaiveDate>), Vec<String>> {
    let (mut brand, mut by, mut from, mut to, mut wrong) = (None, Dimension::All, None, today, Vec::new());
    let mut day = |name: &str, value: &str| {
        let day = value.parse::<NaiveDate>();
        day.map_err(|_| wrong.push(format!("`{name}` is a day as in 2026-03-29, not `{value}`"))).ok()
    };
    let mut others = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match (name.as_ref(), value.as_ref()) {
            ("brand", value) => brand = Some(value.to_owned()),
            ("from", value) => from = day("from", value),
            ("to", value) => to = day("to", value).unwrap_or(today),
            ("by", "all") => by = Dimension::All,
            ("by", "source") => by = Dimension::Source,
            ("by", "language") => by = Dimension::Language,
            ("by", "topic") => by = Dimension::Topic,
            ("by", value) => others.push(format!("`by` is one of all, source, language, topic, not `{value}`")),
            (name, _) => others.push(format!("there is no `{name}`")),
        }
    }
    wrong.extend(others);
    let from = from.unwrap_or_else(|| to.checked_sub_days(Days::new(USUAL_DAYS - 1)).unwrap_or(to));
    let end = to.checked_add_days(Days::new(1)).unwrap_or(to);
    if brand.is_none() {
        wrong.push("`brand` is missing".to_owned());
    }
    if !(1..=MOST_DAYS).contains(&(end - from).num_days()) {
        wrong.push(format!("`from` lies at most {MOST_DAYS} days before `to`, and not after it"));
    }
    match brand {
        Some(brand) if wrong.is_empty() => Ok((brand, by, from..end)),
        _ => Err(wrong),
    }
}
