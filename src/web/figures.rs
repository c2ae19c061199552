//! What the overview and the reports say, from what was counted. Pure.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

use crate::alert::Period;
use crate::mention::Timestamp;
use crate::schedule::midnight;
use crate::store::{Counted, Unheard};
use crate::web::chart::Column;

/// Beyond so many days, a column of the chart is a week.
const MOST_DAYS: i64 = 92;

/// How much was said in a span of days, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    /// Negative, neutral, positive.
    pub(super) moods: [u64; 3],
    pub(super) untold: u64,
    pub(super) copies: u64,
}

impl Sum {
    pub(super) fn add(&mut self, counted: &Counted) {
        self.moods.iter_mut().zip(counted.moods).for_each(|(sum, count)| *sum += count);
        self.untold += counted.untold;
        self.copies += counted.copies;
    }

    /// Each text once.
    pub(super) fn texts(&self) -> u64 {
        self.moods.iter().sum::<u64>() + self.untold
    }

    /// All mentions: what people can have met.
    pub(super) fn reach(&self) -> u64 {
        self.texts() + self.copies
    }

    pub(super) fn period(&self) -> Period {
        Period::counted(self.moods)
    }
}

/// All that was counted in these days.
pub(super) fn sum(counted: &[Counted], days: &Range<NaiveDate>) -> Sum {
    let mut sum = Sum::default();
    counted.iter().filter(|counted| days.contains(&counted.day)).for_each(|counted| sum.add(counted));
    sum
}

/// How far the net mood moved against another span, and whether that is more than chance.
pub(super) fn change(now: Sum, before: Sum) -> Option<(f64, bool)> {
    let (now, before) = (now.period(), before.period());
    let half = |(low, high): (f64, f64)| (high - low) / 2.0;
    let change = now.net()? - before.net()?;
    let chance = half(now.net_range()?).hypot(half(before.net_range()?));
    Some((change, change.abs() > chance))
}

/// A source, a language or a topic, now and in as many days before.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) now: Sum,
    pub(super) before: Sum,
    /// By how many points it moved the net mood of all: its share of the positive less its share of the negative, now less before.
    pub(super) moved: f64,
}

/// By what they were counted by, those most spoken of first.
pub(super) fn parts(counted: &[Counted], days: &Range<NaiveDate>, all: Sum, all_before: Sum) -> Vec<Part> {
    let mut sums: BTreeMap<&str, (Sum, Sum)> = BTreeMap::new();
    for one in counted {
        let (now, before) = sums.entry(&one.value).or_default();
        if days.contains(&one.day) { now } else { before }.add(one);
    }
    let weight = |sum: Sum, all: Sum| {
        let [negative, _, positive] = sum.moods.map(|count| count as f64);
        (positive - negative) / (all.moods.iter().sum::<u64>() as f64).max(1.0)
    };
    let part = |(name, (now, before)): (&str, (Sum, Sum))| Part {
        name: name.to_owned(),
        moved: weight(now, all) - weight(before, all_before),
        now,
        before,
    };
    let mut parts: Vec<Part> = sums.into_iter().map(part).collect();
    parts.sort_by(|a, b| b.now.texts().cmp(&a.now.texts()).then_with(|| a.name.cmp(&b.name)));
    parts
}

/// The columns of the chart: days, or weeks where there are many; all of them, also those in which nothing was said.
pub(super) fn columns(counted: &[Counted], days: &Range<NaiveDate>, blind: &BTreeMap<NaiveDate, f64>) -> Vec<Column> {
    let length = (days.end - days.start).num_days();
    let width = if length > MOST_DAYS { 7 } else { 1 };
    let mut columns = Vec::new();
    let mut end = days.end;
    while end > days.start {
        let first = (end - Days::new(width)).max(days.start);
        let sum = sum(counted, &(first..end));
        let days = first.iter_days().take_while(|day| *day < end);
        // From nothing on: the sum of no numbers is −0.0.
        let unheard: f64 = days.filter_map(|day| blind.get(&day)).fold(0.0, |sum, share| sum + share);
        columns.push(Column {
            first,
            last: end - Days::new(1),
            period: sum.period(),
            mentions: sum.reach(),
            blind: unheard / (end - first).num_days() as f64,
            findings: Vec::new(),
        });
        end = first;
    }
    columns.reverse();
    columns
}

/// What share of what is usually heard was not heard on each day: by the outages and pauses of sources, each with its share of
/// the mentions.
pub(super) fn blind(
    unheard: &[Unheard],
    by_source: &[Part],
    days: &Range<NaiveDate>,
    zone: Tz,
    now: Timestamp,
) -> BTreeMap<NaiveDate, f64> {
    let usual = |part: &Part| (part.now.reach() + part.before.reach()) as f64;
    let all: f64 = by_source.iter().map(usual).sum();
    let mut blind: BTreeMap<NaiveDate, f64> = BTreeMap::new();
    for time in unheard {
        let Some(part) = by_source.iter().find(|part| part.name == time.source) else { continue };
        let (began, ended) = (time.began_at.seconds(), time.ended_at.unwrap_or(now).seconds());
        for day in days.start.iter_days().take_while(|day| *day < days.end) {
            let (from, to) = (midnight(day, zone).seconds(), midnight(day + Days::new(1), zone).seconds());
            let overlap = (ended.min(to) - began.max(from)).max(0) as f64 / (to - from) as f64;
            if overlap > 0.0 {
                *blind.entry(day).or_default() += overlap * usual(part) / all.max(1.0);
            }
        }
    }
    blind.values_mut().for_each(|share| *share = share.min(1.0));
    blind
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 10, number).unwrap()
    }

    fn counted(number: u32, value: &str, moods: [u64; 3]) -> Counted {
        Counted { day: day(number), value: value.to_owned(), moods, untold: 1, copies: 2 }
    }

    #[test]
    fn what_moved_the_mood_of_all_is_told_by_part() {
        let days = day(11)..day(21);
        let all = [counted(5, "", [10, 0, 10]), counted(15, "", [15, 0, 5])];
        let by_topic = [counted(5, "app", [2, 0, 2]), counted(15, "app", [8, 0, 2]), counted(15, "price", [1, 0, 1])];
        let (now, before) = (sum(&all, &days), sum(&all, &(day(1)..day(11))));
        let parts = parts(&by_topic, &days, now, before);
        assert_eq!(parts.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(), ["app", "price"]);
        assert!((parts[0].moved - -0.3).abs() < 1e-9, "of 20 that tell a mood, six more complain about the app");
        assert_eq!((now.texts(), now.reach()), (21, 23));
    }

    #[test]
    fn long_spans_are_drawn_in_weeks_that_end_today() {
        let days = day(1) - Days::new(150)..day(11);
        let columns = columns(&[counted(10, "", [1, 0, 1])], &days, &BTreeMap::new());
        assert_eq!((columns.len(), columns.last().unwrap().first, columns.last().unwrap().mentions), (23, day(4), 5));
        assert_eq!(columns[0].first, days.start);
    }

    #[test]
    fn a_day_is_as_blind_as_what_its_silent_sources_usually_say() {
        let part = |name: &str, texts| Part {
            name: name.to_owned(),
            now: Sum { moods: [texts, 0, 0], ..Sum::default() },
            before: Sum::default(),
            moved: 0.0,
        };
        let zone = Tz::Europe__Berlin;
        let outage = Unheard {
            source: "forum".to_owned(),
            began_at: midnight(day(4), zone).plus_seconds(12 * 3600),
            ended_at: None,
        };
        let blind =
            blind(&[outage], &[part("forum", 30), part("press", 70)], &(day(1)..day(7)), zone, midnight(day(6), zone));
        let rounded: Vec<_> = blind.into_iter().map(|(day, share)| (day, (share * 100.0).round())).collect();
        assert_eq!(rounded, [(day(4), 15.0), (day(5), 30.0)]);
    }
}
