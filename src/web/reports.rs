//! `GET /reports`: the months of which there is something to tell.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use chrono::{Datelike as _, Days, NaiveDate};
use serde::Deserialize;

use super::figures::Sum;
use super::frame::say;
use super::report::month;
use super::visitor::{Right, Scheme, Visitor};
use super::{Frame, PageError, Section, Site, parts};
use crate::brand::Brand;
use crate::config::Config;
use crate::service::now;
use crate::store::{Counted, Dimension, StoreError};

#[derive(Deserialize)]
pub(super) struct Asked {
    pub(super) brand: Option<String>,
}

/// The brand that is asked for, or else the first of one's own.
pub(super) fn chosen<'c>(config: &'c Config, name: Option<&str>) -> Result<&'c Brand, PageError> {
    let known = |name| config.brands.iter().find(|brand| brand.name == name);
    let usual = || config.own_brands().next().or(config.brands.first());
    name.map_or_else(usual, known).ok_or(PageError::NotFound)
}

#[derive(Template)]
#[template(path = "web/reports.html")]
struct Page {
    frame: Frame,
    brand: String,
    brands: Vec<String>,
    /// The newest first.
    months: Vec<Row>,
}

struct Row {
    /// As the address has it: `2026-03`.
    month: String,
    name: String,
    mentions: String,
    net: String,
    range: String,
    /// It is not over yet.
    goes_on: bool,
}

pub(super) async fn page(
    State(site): State<Site>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, PageError> {
    visitor.may(Right::Read)?;
    let config = &site.service.config;
    let brand = chosen(config, asked.brand.as_deref())?;
    let frame = Frame::new(&site, &visitor, Section::Reports, say(visitor.tongue, "Berichte", "Reports"));
    let frame = frame.about(Some(brand.name.clone()));
    let today = now().to_utc().with_timezone(&frame.zone).date_naive();
    let row = |(first, sum): (&NaiveDate, &Sum)| {
        let (net, range) = parts::net(frame.format(), *sum).unwrap_or_else(|| ("–".to_owned(), String::new()));
        Row {
            month: month::written(*first),
            name: frame.format().month(*first),
            mentions: frame.format().count(sum.reach()),
            net,
            range,
            goes_on: (first.year(), first.month()) == (today.year(), today.month()),
        }
    };
    let page = Page {
        brand: brand.name.clone(),
        brands: config.brands.iter().map(|brand| brand.name.clone()).collect(),
        months: months(&site, brand, today).await?.iter().rev().map(row).collect(),
        frame,
    };
    Ok(Html(page.render()?))
}

/// The months up to today in which something was said about a brand, by their first days.
pub(super) async fn months(
    site: &Site,
    brand: &Brand,
    today: NaiveDate,
) -> Result<BTreeMap<NaiveDate, Sum>, StoreError> {
    let (all, zone) = (NaiveDate::default()..today + Days::new(1), site.service.config.alert.time_zone);
    Ok(by_month(&site.service.store.counted(&brand.name, Dimension::All, all, zone).await?))
}

/// What was counted, by the first days of months.
fn by_month(counted: &[Counted]) -> BTreeMap<NaiveDate, Sum> {
    let mut months: BTreeMap<NaiveDate, Sum> = BTreeMap::new();
    for one in counted {
        let first = one.day - Days::new(one.day.day0().into());
        months.entry(first).or_default().add(one);
    }
    months
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_belong_to_their_months() {
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        let said = |day| Counted { day, value: String::new(), moods: [1, 0, 0], untold: 0, copies: 0 };
        let months = by_month(&[said(day(1, 31)), said(day(2, 1)), said(day(2, 28)), said(day(4, 1))]);
        let texts: Vec<_> = months.into_iter().map(|(first, sum)| (first, sum.texts())).collect();
        assert_eq!(texts, [(day(1, 1), 1), (day(2, 1), 2), (day(4, 1), 1)]);
    }
}
