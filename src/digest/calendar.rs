//! The days, weeks and months that digests tell of, on the clocks of their readers.

use chrono::{Datelike as _, Days, Months, NaiveDate};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::COMPARED_DAYS;
use crate::mention::Timestamp;
use crate::schedule::{Cron, midnight};

/// How much a digest tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Length {
    /// From midnight to midnight: 24 hours, and 23 or 25 on the days on which clocks change.
    Day,
    /// From Monday to Sunday.
    Week,
    /// From the first to the last day of a month of the calendar.
    Month,
}

impl Length {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// `day`, `week` or `month`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The inverse of [`Length::name`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|length| length.name() == name)
    }

    /// When it is written unless somebody says otherwise: every morning at half past seven, on Mondays,
    /// or on the first of the month.
    pub const fn usual_cron(self) -> &'static str {
        match self {
            Self::Day => "30 7 * * *",
            Self::Week => "30 7 * * mon",
            Self::Month => "30 7 1 * *",
        }
    }

    /// How many seconds after its time a digest is still worth writing.
    const fn patience(self) -> i64 {
        match self {
            Self::Day => 12 * 3600,
            Self::Week => 3 * 24 * 3600,
            Self::Month => 7 * 24 * 3600,
        }
    }
}

/// One day, one week, or one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// How much it is.
    pub length: Length,
    /// Its first day; a Monday where it is a week, the first of a month where it is one.
    pub first: NaiveDate,
}

impl Window {
    /// The last one that is over.
    pub fn before(now: Timestamp, length: Length, zone: Tz) -> Self {
        let today = now.to_utc().with_timezone(&zone).date_naive();
        let current = match length {
            Length::Day => today,
            Length::Week => today - Days::new(today.weekday().num_days_from_monday().into()),
            Length::Month => today - Days::new(today.day0().into()),
        };
        Self { length, first: current }.earlier()
    }

    /// The one before.
    #[must_use]
    pub fn earlier(self) -> Self {
        let first = match self.length {
            Length::Day => self.first - Days::new(1),
            Length::Week => self.first - Days::new(7),
            Length::Month => self.first - Months::new(1),
        };
        Self { first, ..self }
    }

    /// The first day after it.
    fn end(self) -> NaiveDate {
        match self.length {
            Length::Day => self.first + Days::new(1),
            Length::Week => self.first + Days::new(7),
            Length::Month => self.first + Months::new(1),
        }
    }

    /// Its last day.
    pub fn last(self) -> NaiveDate {
        self.end() - Days::new(1)
    }

    /// Where it begins.
    pub fn from(self, zone: Tz) -> Timestamp {
        midnight(self.first, zone)
    }

    /// Where it ends; that moment does not belong to it.
    pub fn to(self, zone: Tz) -> Timestamp {
        midnight(self.end(), zone)
    }

    /// How many days before it are compared with it: four weeks, so that there are four of each weekday; of a month, the
    /// four before.
    pub fn compared_days(self) -> usize {
        match self.length {
            Length::Day | Length::Week => COMPARED_DAYS,
            Length::Month => days_between(self.first - Months::new(4), self.first),
        }
    }

    /// How many of them, the newest, tell what the mood was before: all of four weeks, and of months the one before.
    pub fn mood_days(self) -> usize {
        match self.length {
            Length::Day | Length::Week => COMPARED_DAYS,
            Length::Month => days_between(self.earlier().first, self.first),
        }
    }

    /// Where the days that it is compared with and its own begin, the oldest first, and where the last of them ends.
    pub fn midnights(self, zone: Tz) -> Vec<Timestamp> {
        let start = self.first - Days::new(self.compared_days() as u64);
        start.iter_days().take_while(|day| *day <= self.end()).map(|day| midnight(day, zone)).collect()
    }
}

fn days_between(first: NaiveDate, end: NaiveDate) -> usize {
    usize::try_from((end - first).num_days()).unwrap_or_default()
}

/// What a digest with this schedule would tell of now: the last period of which it was time to tell, if that is not too
/// long ago. Whether it was told already, others know.
pub fn due(length: Length, cron: &Cron, zone: Tz, now: Timestamp) -> Option<Window> {
    let newest = Window::before(now, length, zone);
    [newest, newest.earlier()].into_iter().find(|window| {
        let at = time_of(*window, cron, zone);
        at <= now && now.seconds() - at.seconds() <= length.patience()
    })
}

/// When it was last time for a digest of this schedule, as far as its period was over then.
pub fn last(length: Length, cron: &Cron, zone: Tz, now: Timestamp) -> Timestamp {
    let newest = Window::before(now, length, zone);
    let times = std::iter::successors(Some(newest), |window| Some(window.earlier())).map(|it| time_of(it, cron, zone));
    // A schedule that comes once in a leap year has its last time further back than anybody looks.
    times.take(366).find(|at| *at <= now).unwrap_or(now)
}

/// When the next digest will be written, for those who were told everything up to `told_through`.
pub fn next(length: Length, cron: &Cron, zone: Tz, now: Timestamp, told_through: Option<Timestamp>) -> Timestamp {
    let is_told = |window: Window| told_through.is_some_and(|through| window.to(zone) <= through);
    match due(length, cron, zone, now) {
        Some(window) if !is_told(window) => now,
        _ => cron.next_after(now),
    }
}

/// The first time of the schedule after the period is over.
fn time_of(window: Window, cron: &Cron, zone: Tz) -> Timestamp {
    cron.next_after(window.to(zone).plus_seconds(-1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BERLIN: Tz = Tz::Europe__Berlin;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).unwrap()
    }

    fn told(length: Length, line: &str, now: &str) -> Option<String> {
        let cron = Cron::parse(line, BERLIN.name()).unwrap();
        due(length, &cron, BERLIN, at(now)).map(|window| window.first.to_string())
    }

    #[test]
    fn a_day_is_as_long_as_it_is_on_the_clock() {
        let hours = |now: &str| {
            let window = Window::before(at(now), Length::Day, BERLIN);
            (window.to(BERLIN).seconds() - window.from(BERLIN).seconds()) / 3600
        };
        assert_eq!(hours("2026-03-30T07:30:00+02:00"), 23, "29 March, when clocks go forward");
        assert_eq!(hours("2026-10-26T07:30:00+01:00"), 25, "25 October, when they go back");
        assert_eq!(hours("2026-03-12T07:30:00+01:00"), 24);
    }

    #[test]
    fn the_midnights_are_those_of_the_calendar_across_a_change_of_clocks() {
        let midnights = Window::before(at("2026-03-30T07:30:00+02:00"), Length::Week, BERLIN).midnights(BERLIN);
        assert_eq!(midnights.len(), 28 + 7 + 1);
        assert_eq!(midnights[28], at("2026-03-23T00:00:00+01:00"));
        assert_eq!(midnights[35], at("2026-03-30T00:00:00+02:00"));
    }

    #[test]
    fn a_week_is_the_last_from_monday_to_sunday() {
        for now in ["2026-03-16T00:00:00+01:00", "2026-03-22T23:59:59+01:00"] {
            let window = Window::before(at(now), Length::Week, BERLIN);
            assert_eq!(
                (window.first.to_string(), window.last().to_string()),
                ("2026-03-09".into(), "2026-03-15".into())
            );
        }
    }

    #[test]
    fn a_daily_digest_is_due_from_its_time_on_for_twelve_hours() {
        let daily = |now| told(Length::Day, "30 7 * * *", now);
        assert_eq!(daily("2026-03-12T07:29:59+01:00"), None, "too early, and yesterday's is too old");
        assert_eq!(daily("2026-03-12T07:30:00+01:00").as_deref(), Some("2026-03-11"));
        assert_eq!(daily("2026-03-12T19:30:00+01:00").as_deref(), Some("2026-03-11"), "the service was down");
        assert_eq!(daily("2026-03-12T19:30:01+01:00"), None, "nobody reads that today any more");
    }

    #[test]
    fn a_digest_of_the_evening_is_still_due_after_midnight() {
        let evening = |now| told(Length::Day, "0 20 * * *", now);
        assert_eq!(evening("2026-03-12T20:00:00+01:00").as_deref(), Some("2026-03-11"));
        assert_eq!(evening("2026-03-13T01:00:00+01:00").as_deref(), Some("2026-03-11"), "not yet the next one");
    }

    #[test]
    fn on_the_days_on_which_clocks_change_a_digest_comes_at_the_time_of_the_wall_clock() {
        let daily = |now| told(Length::Day, "30 7 * * *", now);
        assert_eq!(daily("2026-03-29T07:29:00+02:00"), None);
        assert_eq!(daily("2026-03-29T07:30:00+02:00").as_deref(), Some("2026-03-28"));
        assert_eq!(daily("2026-10-25T07:29:00+01:00"), None);
        assert_eq!(daily("2026-10-25T07:30:00+01:00").as_deref(), Some("2026-10-24"));
    }

    #[test]
    fn a_weekly_digest_is_due_from_monday_on_for_three_days() {
        let weekly = |now| told(Length::Week, "30 7 * * mon", now);
        assert_eq!(weekly("2026-03-16T07:29:00+01:00"), None);
        assert_eq!(weekly("2026-03-16T07:30:00+01:00").as_deref(), Some("2026-03-09"));
        assert_eq!(weekly("2026-03-19T07:30:00+01:00").as_deref(), Some("2026-03-09"));
        assert_eq!(weekly("2026-03-19T07:31:00+01:00"), None);
    }

    #[test]
    fn a_month_is_that_of_the_calendar_and_due_from_its_first_on_for_a_week() {
        let monthly = |now| told(Length::Month, Length::Month.usual_cron(), now);
        assert_eq!(monthly("2026-03-01T07:29:00+01:00"), None);
        assert_eq!(monthly("2026-03-01T07:30:00+01:00").as_deref(), Some("2026-02-01"));
        assert_eq!(monthly("2026-03-08T07:30:00+01:00").as_deref(), Some("2026-02-01"), "the service was down");
        assert_eq!(monthly("2026-03-08T07:31:00+01:00"), None);
        let window = Window::before(at("2026-04-01T07:30:00+02:00"), Length::Month, BERLIN);
        assert_eq!((window.last().to_string(), window.mood_days()), ("2026-03-31".to_owned(), 28));
        assert_eq!(window.compared_days(), 30 + 31 + 31 + 28, "from November to February");
        let midnights = window.midnights(BERLIN);
        assert_eq!(midnights.first(), Some(&at("2025-11-01T00:00:00+01:00")));
        assert_eq!((midnights.last(), midnights.len()), (Some(&window.to(BERLIN)), 120 + 31 + 1));
    }

    #[test]
    fn who_reads_on_workdays_only_gets_sunday_on_monday() {
        let workdays = |now| told(Length::Day, "30 7 * * mon-fri", now);
        assert_eq!(workdays("2026-03-14T08:00:00+01:00"), None, "a Saturday");
        assert_eq!(workdays("2026-03-16T08:00:00+01:00").as_deref(), Some("2026-03-15"));
    }

    #[test]
    fn the_next_one_is_now_if_it_is_due_and_was_not_told() {
        let cron = Cron::parse("30 7 * * *", BERLIN.name()).unwrap();
        let (now, midnight) = (at("2026-03-12T08:00:00+01:00"), at("2026-03-12T00:00:00+01:00"));
        assert_eq!(next(Length::Day, &cron, BERLIN, now, None), now);
        assert_eq!(next(Length::Day, &cron, BERLIN, now, Some(midnight)), at("2026-03-13T07:30:00+01:00"));
    }
}
