//! What is told of a brand and a month, gathered for its page and for programs.

use std::ops::Range;

use chrono::{Days, Months, NaiveDate};

use crate::alert::Quote;
use crate::alert::quote::representatives;
use crate::brand::Brand;
use crate::digest::Blind;
use crate::mention::{Label, Timestamp};
use crate::schedule::midnight;
use crate::service::blind;
use crate::store::{Dimension, Store, StoreError, Unheard};
use crate::web::figures::{self, Sum};
use crate::web::summary::Summary;
use crate::web::{PageError, Site};

/// So many of those who are upset, and of those who are content, have their say.
const UPSET: usize = 3;
const CONTENT: usize = 2;

/// A month of a brand, or what there is of it so far.
pub(in crate::web) struct Month {
    /// Its first day.
    first: NaiveDate,
    /// Compared with the month before.
    pub(in crate::web) summary: Summary,
    /// The same month of the year before.
    pub(in crate::web) then: Sum,
    /// The clearest voices, those that are upset first; with the mention that each is of.
    pub(in crate::web) quotes: Vec<(Quote, i64)>,
    /// For how long the sources that speak about the brand could not be heard, the longest first.
    pub(in crate::web) unheard: Vec<Blind>,
    /// Since when anything about the brand has arrived.
    pub(in crate::web) heard_since: Option<Timestamp>,
}

/// The first day of a month as in `2026-03`.
pub(in crate::web) fn parse(month: &str) -> Option<NaiveDate> {
    let (year, number) = month.split_once('-')?;
    let is_written_out = year.len() == 4 && number.len() == 2;
    NaiveDate::from_ymd_opt(year.parse().ok()?, number.parse().ok()?, 1).filter(|_| is_written_out)
}

/// The inverse of [`parse`].
pub(in crate::web) fn written(first: NaiveDate) -> String {
    first.format("%Y-%m").to_string()
}

fn month_of(first: NaiveDate) -> Range<NaiveDate> {
    first..first + Months::new(1)
}

impl Month {
    /// Gathers the month that begins on that day.
    ///
    /// # Errors
    /// When it has not begun, or the database refuses.
    pub(in crate::web) async fn gather(
        site: &Site,
        brand: &Brand,
        first: NaiveDate,
        now: Timestamp,
    ) -> Result<Self, PageError> {
        let (store, zone) = (&site.service.store, site.service.config.alert.time_zone);
        let today = now.to_utc().with_timezone(&zone).date_naive();
        if first > today {
            return Err(PageError::NotFound);
        }
        let span = first..month_of(first).end.min(today + Days::new(1));
        let (from, to) = (midnight(span.start, zone), midnight(span.end, zone));
        let summary = Summary::gather(site, brand, first - Months::new(1), span, now).await?;
        let old = month_of(first - Months::new(12));
        let then = store.summed(&brand.name, Dimension::All, std::slice::from_ref(&old), zone).await?;
        Ok(Self {
            then: figures::sum(&then, &old),
            quotes: quotes(site, brand, from, to).await?,
            unheard: unheard(site, brand, &summary.unheard, from, to.min(now)),
            heard_since: store.heard_since(&brand.name).await?,
            first,
            summary,
        })
    }

    /// The first day of the month before.
    pub(in crate::web) fn before(&self) -> NaiveDate {
        self.first - Months::new(1)
    }

    /// The same month of the year before.
    pub(in crate::web) fn a_year_before(&self) -> Range<NaiveDate> {
        month_of(self.first - Months::new(12))
    }
}

fn unheard(site: &Site, brand: &Brand, times: &[Unheard], from: Timestamp, to: Timestamp) -> Vec<Blind> {
    let sources = site.service.speak_about(&brand.name);
    let mut unheard = blind(times.iter().filter(|time| sources.contains(time.source.as_str())), from, to);
    unheard.sort_by_key(|one| std::cmp::Reverse(one.seconds));
    unheard
}

/// Of which brand, from when to when.
pub(in crate::web) type Span = (String, Timestamp, Timestamp);

/// Who of each mood is to have their say, by number.
pub(in crate::web) type Chosen = Vec<(Label, Vec<i64>)>;

async fn quotes(site: &Site, brand: &Brand, from: Timestamp, to: Timestamp) -> Result<Vec<(Quote, i64)>, StoreError> {
    let store = &site.service.store;
    let span = (brand.name.clone(), from, to);
    let chosen = site.quoted.or(store, span, choose(store, &brand.name, from, to)).await?;
    let mut quotes = Vec::new();
    for (label, mentions) in &*chosen {
        for (mention, excerpt) in store.voices(mentions, *label).await? {
            let quote = representatives(std::iter::once(&excerpt), &[], 1).pop();
            quotes.extend(quote.map(|(_, quote)| (quote, mention)));
        }
    }
    Ok(quotes)
}

/// Looks through all that arrived in the span.
async fn choose(store: &Store, brand: &str, from: Timestamp, to: Timestamp) -> Result<Chosen, StoreError> {
    let mut chosen = Vec::new();
    for (label, most) in [(Label::Negative, UPSET), (Label::Positive, CONTENT)] {
        let voices = store.clearest(brand, from, to, label).await?;
        let quotes = representatives(voices.iter().map(|(_, excerpt)| excerpt), &[], most);
        chosen.push((label, quotes.into_iter().map(|(place, _)| voices[place].0).collect()));
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;
    use crate::collect::Cursor;
    use crate::mention::SourceId;
    use crate::service::now;
    use crate::web::tests::world;

    #[test]
    fn a_month_is_a_year_and_a_number_of_two_digits() {
        assert_eq!(parse("2026-03"), NaiveDate::from_ymd_opt(2026, 3, 1));
        for other in ["2026-3", "2026-13", "26-03", "2026", "2026-03-01", "-026-03", "x"] {
            assert_eq!(parse(other), None, "{other}");
        }
        assert_eq!(month_of(parse("2026-12").unwrap()).end, NaiveDate::from_ymd_opt(2027, 1, 1).unwrap());
    }

    #[tokio::test]
    async fn who_is_quoted_is_so_until_they_are_erased_or_put_aside() {
        let world = world().await;
        let texts =
            ["Ammerau bekommt von der Lerchenbahn nichts.", "Die Lerchenbahn hat uns in Lindow vergessen, wie immer."];
        for (source, text) in ["forum", "press"].into_iter().zip(texts) {
            // What comes before the end of the first round is history, and nobody is quoted from that.
            let (id, cursor) = (SourceId::parse(source).unwrap(), Cursor::default());
            world.service.store.save(&id, &[], Some((&cursor, now()).into()), true, now()).await.unwrap();
            world.say(source, &format!("q-{source}"), text, Label::Negative, now()).await;
        }
        let month = now().to_utc().with_timezone(&chrono_tz::Europe::Berlin).format("%Y-%m").to_string();
        let quoted = async || {
            let html = world.get(&format!("/reports/{month}?brand=Lerchenbahn")).await.1;
            texts.map(|text| html.contains(text))
        };
        assert_eq!((quoted().await, quoted().await), ([true, true], [true, true]));
        let store = &world.service.store;
        store.erase_author(&SourceId::parse("forum").unwrap(), "jana_q-forum").await.unwrap();
        assert_eq!(quoted().await, [false, true]);
        let (_, list) = world.get("/mentions?q=Lindow").await;
        let id = list.split("href=\"/mentions/").nth(1).unwrap().split('"').next().unwrap();
        let (status, _) = world.post("/mentions/change", &format!("mention={id}&do=spam")).await;
        assert_eq!((status, quoted().await), (StatusCode::SEE_OTHER, [false, false]));
    }
}
