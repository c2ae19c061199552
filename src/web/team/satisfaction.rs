//! How satisfied people are who were helped, by the month in which they were asked. Nobody of the team is ranked.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Months, NaiveDate};
use chrono_tz::Tz;

use crate::mention::Timestamp;
use crate::outreach::survey::{Satisfaction, Score};
use crate::schedule::midnight;
use crate::web::case::said_of;
use crate::web::{Frame, PageError, Site};

/// So many months are shown, this one among them.
const MONTHS: u32 = 12;

/// So many of the newest comments.
const MOST_COMMENTS: u32 = 5;

/// What the section shows.
pub(super) struct Section {
    /// The newest month first.
    pub(super) months: Vec<Row>,
    pub(super) all: Row,
    /// When it was said, how satisfied the person is, their words, and the case.
    pub(super) comments: Vec<(String, String, String, i64)>,
}

pub(super) struct Row {
    pub(super) name: String,
    pub(super) asked: String,
    pub(super) answered: String,
    pub(super) mean: String,
    pub(super) satisfied: String,
}

pub(super) async fn gather(site: &Site, frame: &Frame, brand: &str, now: Timestamp) -> Result<Section, PageError> {
    let (store, format) = (&site.service.store, frame.format());
    let scores = store.scores(brand, first_month(now, frame.zone)).await?;
    let all = scores.iter().map(|(_, score)| *score).collect();
    let months = by_month(&scores, frame.zone);
    // What people write to us is no public word: only who works on cases reads it.
    let comments = if frame.may_answer { store.survey_comments(brand, MOST_COMMENTS).await? } else { Vec::new() };
    Ok(Section {
        months: months.iter().rev().map(|(month, told)| row(frame, format.month(*month), told)).collect(),
        all: row(frame, frame.say("zusammen", "together").to_owned(), &all),
        comments: comments
            .into_iter()
            .map(|one| (format.day(one.at), said_of(frame, one.score), one.text, one.case))
            .collect(),
    })
}

/// When the first of the months began that are shown.
pub(in crate::web) fn first_month(now: Timestamp, zone: Tz) -> Timestamp {
    let first = month(now, zone);
    midnight(first.checked_sub_months(Months::new(MONTHS - 1)).unwrap_or(first), zone)
}

/// The first day of the month that a time lies in.
fn month(at: Timestamp, zone: Tz) -> NaiveDate {
    let day = at.to_utc().with_timezone(&zone).date_naive();
    day.with_day(1).unwrap_or(day)
}

/// Whoever answers in another month counts for the one in which they were asked.
pub(in crate::web) fn by_month(scores: &[(Timestamp, Option<Score>)], zone: Tz) -> BTreeMap<NaiveDate, Satisfaction> {
    let mut months: BTreeMap<NaiveDate, Vec<Option<Score>>> = BTreeMap::new();
    for (asked_at, score) in scores {
        months.entry(month(*asked_at, zone)).or_default().push(*score);
    }
    months.into_iter().map(|(month, scores)| (month, scores.into_iter().collect())).collect()
}

fn row(frame: &Frame, name: String, told: &Satisfaction) -> Row {
    let format = frame.format();
    let nothing = || "–".to_owned();
    let share = |(share, interval): (f64, crate::analyse::card::Interval)| {
        format!("{} ({})", format.whole_percent(share), format.percent_range(interval.low, interval.high))
    };
    Row {
        name,
        asked: format.count(told.asked as u64),
        answered: format.count(told.answered as u64),
        mean: told.mean().map_or_else(nothing, |mean| format.decimal(mean)),
        satisfied: told.share().map_or_else(nothing, share),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).unwrap()
    }

    #[test]
    fn whoever_was_asked_counts_for_the_month_on_our_calendar() {
        let zone = chrono_tz::Europe::Berlin;
        let scores =
            [("2026-05-31T23:30:00Z", Some(5)), ("2026-06-10T08:00:00Z", None), ("2026-05-31T20:00:00Z", Some(2))];
        let scores = scores.map(|(asked_at, number)| (at(asked_at), number.and_then(Score::new)));
        let told: Vec<_> = by_month(&scores, zone).into_iter().map(|(month, told)| (month.to_string(), told)).collect();
        let told: Vec<_> = told.iter().map(|(month, told)| (month.as_str(), told.asked, told.answered)).collect();
        assert_eq!(told, [("2026-05-01", 1, 1), ("2026-06-01", 2, 1)]);
        assert_eq!(first_month(at("2026-06-10T08:00:00Z"), zone), at("2025-07-01T00:00:00+02:00"));
    }
}
