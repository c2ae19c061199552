//! The overview: how the mood is, where it moved, and whether we were listening.

use axum::Json;
use axum::extract::{RawQuery, State};
use serde::Serialize;
use url::form_urlencoded;
use utoipa::{IntoParams, ToSchema};

use super::figures::Figures;
use super::mentions::Mention;
use super::problem::{ApiError, Problem, Refused, Unchanged};
use super::sources::Source;
use crate::service::now;
use crate::web::Site;
use crate::web::overview::{URGENT_SHOWN, USUAL_SPAN, last_days};
use crate::web::reports::chosen;
use crate::web::visitor::{Right, Visitor};

/// No more days are told of at once.
const MOST_DAYS: u64 = 366;

/// Of which brand, and of how many days.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described: it is read by hand, so that each mistake is told")]
pub(super) struct OverviewParameters {
    /// The brand, by its name; the first one of one's own, if it is not given.
    brand: Option<String>,
    /// The last so many days, compared with as many before; 30, if it is not given.
    #[param(minimum = 1, maximum = 366)]
    days: Option<u32>,
}

/// How the mood is.
#[derive(Serialize, ToSchema)]
pub(super) struct Overview {
    /// Whom it is about.
    brand: String,
    #[serde(flatten)]
    figures: Figures,
    /// What cannot wait, the newest first.
    urgent: Vec<Mention>,
    /// Sources that are silent, failing or paused: no silence is taken for calm.
    unwell: Vec<Source>,
}

/// How the mood is, where it moved, and whether we were listening.
#[utoipa::path(
    get, path = "/api/v1/overview", tag = "brands", params(OverviewParameters),
    responses(
        (status = 200, description = "the figures of the page", body = Overview),
        Unchanged,
        (status = 400, description = "a parameter cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "there is no such brand", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn overview(
    State(site): State<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Json<Overview>, ApiError> {
    visitor.may(Right::Read)?;
    let (brand, days) = read(&query.unwrap_or_default()).map_err(ApiError::Invalid)?;
    let (brand, now) = (chosen(&site.service.config, brand.as_deref())?, now());
    let summary = last_days(&site, brand, days, now).await?;
    let urgent = site.service.store.newest_urgent(&brand.name, URGENT_SHOWN).await?;
    let health = site.source_health(now).await?;
    let unwell = health.iter().filter(|source| source.state.is_unwell()).cloned();
    Ok(Json(Overview {
        brand: brand.name.clone(),
        figures: summary.into(),
        urgent: urgent.into_iter().map(Mention::from).collect(),
        unwell: unwell.map(Source::from).collect(),
    }))
}

fn read(query: &str) -> Result<(Option<String>, u64), Vec<String>> {
    let (mut brand, mut days, mut wrong) = (None, USUAL_SPAN, Vec::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "brand" => brand = Some(value.into_owned()),
            "days" => match value.parse() {
                Ok(number @ 1..=MOST_DAYS) => days = number,
                _ => wrong.push(format!("`days` is a number from 1 to {MOST_DAYS}, not `{value}`")),
            },
            name => wrong.push(format!("there is no `{name}`")),
        }
    }
    if wrong.is_empty() { Ok((brand, days)) } else { Err(wrong) }
}
