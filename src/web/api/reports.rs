//! Months, and what is told of each.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::figures::{Figures, Shift, Total};
use super::parameters::{BrandParameter, brand};
use super::problem::{ApiError, Problem, Refused, Unchanged};
use crate::alert;
use crate::digest::Blind;
use crate::mention::Timestamp;
use crate::service::now;
use crate::web::Site;
use crate::web::report::month;
use crate::web::reports::{chosen, months};
use crate::web::visitor::{Right, Visitor};

/// A month of a brand.
#[derive(Serialize, ToSchema)]
pub(super) struct Month {
    /// As in 2026-03.
    month: String,
    /// What was said in it.
    total: Total,
    /// Whether it is not over yet.
    goes_on: bool,
}

/// What is told of a month.
#[derive(Serialize, ToSchema)]
pub(super) struct Report {
    /// Whom it is about.
    brand: String,
    /// As in 2026-03.
    month: String,
    /// Compared with the month before.
    #[serde(flatten)]
    figures: Figures,
    /// The same month of the year before.
    a_year_before: Total,
    /// How far the net mood moved against it.
    shift_in_a_year: Option<Shift>,
    /// The clearest voices, those that are upset first.
    quotes: Vec<Quote>,
    /// Sources that could not be heard, the longest time first.
    unheard: Vec<Unheard>,
    /// Since when anything about the brand has arrived: what was said earlier may have gaps.
    #[schema(value_type = Option<String>, format = DateTime)]
    heard_since: Option<Timestamp>,
}

/// What somebody said, in one line.
#[derive(Serialize, ToSchema)]
pub(super) struct Quote {
    /// At most 280 characters; `…` stands for what is left out.
    text: String,
    /// negative, neutral or positive.
    mood: &'static str,
    /// The source's id.
    source: String,
    /// When it arrived.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Where to read it.
    url: Option<String>,
    /// The number of the mention.
    mention: i64,
}

impl From<(alert::Quote, i64)> for Quote {
    fn from((quote, mention): (alert::Quote, i64)) -> Self {
        let alert::Quote { text, source, label, at, url, .. } = quote;
        Self { text, mood: label.name(), source, at, url, mention }
    }
}

/// A source that could not be heard.
#[derive(Serialize, ToSchema)]
pub(super) struct Unheard {
    /// Its id.
    source: String,
    /// For how long, in the month.
    seconds: i64,
    /// Whether that lasted to the end of it, or lasts.
    lasts: bool,
}

impl From<Blind> for Unheard {
    fn from(blind: Blind) -> Self {
        Self { source: blind.source, seconds: blind.seconds, lasts: blind.lasts }
    }
}

/// The months in which something was said about a brand.
#[utoipa::path(
    get, path = "/api/v1/reports", tag = "reports", params(BrandParameter),
    responses(
        (status = 200, description = "the newest first", body = Vec<Month>),
        Unchanged,
        (status = 400, description = "a parameter is not known", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "there is no such brand", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn reports(
    State(site): State<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Json<Vec<Month>>, ApiError> {
    visitor.may(Right::Read)?;
    let name = brand(&query.unwrap_or_default())?;
    let brand = chosen(&site.service.config, name.as_deref())?;
    let today = now().to_utc().with_timezone(&site.service.config.alert.time_zone).date_naive();
    let this = month::written(today);
    let months = months(&site, brand, today).await?;
    let month = |(first, sum): (&chrono::NaiveDate, &crate::web::figures::Sum)| {
        let month = month::written(*first);
        Month { goes_on: month == this, month, total: (*sum).into() }
    };
    Ok(Json(months.iter().rev().map(month).collect()))
}

/// A month of a brand, with the figures of its page.
#[utoipa::path(
    get, path = "/api/v1/reports/{month}", tag = "reports",
    params(
        ("month" = String, Path, description = "As in 2026-03", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$"),
        BrandParameter,
    ),
    responses(
        (status = 200, description = "what there is of it so far", body = Report),
        Unchanged,
        (status = 400, description = "no month, or a parameter that is not known", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "it has not begun, or there is no such brand", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn report(
    State(site): State<Site>,
    visitor: Visitor,
    path: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Json<Report>, ApiError> {
    visitor.may(Right::Read)?;
    let Path(written) = path?;
    let name = brand(&query.unwrap_or_default())?;
    let no_month = || ApiError::Invalid(vec![format!("a month is written as in 2026-03, not `{written}`")]);
    let first = month::parse(&written).ok_or_else(no_month)?;
    let brand = chosen(&site.service.config, name.as_deref())?;
    let told = month::Month::gather(&site, brand, first, now()).await?;
    Ok(Json(Report {
        brand: brand.name.clone(),
        month: written,
        shift_in_a_year: Shift::between(told.summary.now, told.then),
        a_year_before: told.then.into(),
        figures: told.summary.into(),
        quotes: told.quotes.into_iter().map(Quote::from).collect(),
        unheard: told.unheard.into_iter().map(Unheard::from).collect(),
        heard_since: told.heard_since,
    }))
}
