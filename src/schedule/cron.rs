//! A cron line on the wall clock of a time zone.

use chrono::{DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

use super::ScheduleError;
use super::field::{DAY, Field, HOUR, MINUTE, MONTH, WEEKDAY};
use crate::mention::Timestamp;

/// A five-field cron line and the time zone in which it is read.
///
/// The fields are minute, hour, day of month, month and weekday, each with lists, ranges and steps; months and weekdays
/// have English names, Sunday is 0 and 7. As in Vixie's cron, a day has to be in both day fields, but where neither
/// begins with `*`, one of the two is enough: `0 9 1 * mon` is the first of each month and each Monday.
/// `@hourly`, `@daily` (`@midnight`), `@weekly`, `@monthly` and `@yearly` (`@annually`) are short forms.
///
/// When clocks change, it depends on whether the line names hours:
///
/// - A line for **every hour** of the day (`*/15 * * * *`) is about intervals. It runs whenever the wall clock shows
///   one of its times: in both passes of the hour that autumn repeats, and not at all in the hour that spring leaves
///   out. So the distance between two runs stays what it was.
/// - A line for **certain hours** (`30 2 * * *`, `*/15 6-22 * * *`) is about times of day. Each of them comes once a
///   day: in an hour that is repeated in the first pass, and times that are left out all together in the first moment
///   after them (03:00 for 02:30).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    minutes: Field,
    hours: Field,
    days: Field,
    months: Field,
    weekdays: Field,
    time_zone: Tz,
}

/// Enough for 29 February to meet every weekday, even around a year like 2100 that is no leap year.
const DAYS_AHEAD: u64 = 41 * 366;

impl Cron {
    /// Reads a line, and the IANA name of a time zone (`Europe/Berlin`).
    ///
    /// # Errors
    ///
    /// Where a field cannot be read, the line has more or fewer than five, no day can ever match (30 February), or the
    /// time zone is unknown.
    pub fn parse(line: &str, time_zone: &str) -> Result<Self, ScheduleError> {
        let written = line.trim();
        let fields: Vec<&str> = long_form(written)?.split_ascii_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = fields[..] else {
            return Err(ScheduleError::FieldCount { line: written.to_owned(), count: fields.len() });
        };
        let cron = Self {
            minutes: Field::parse(minutes, &MINUTE)?,
            hours: Field::parse(hours, &HOUR)?,
            days: Field::parse(days, &DAY)?,
            months: Field::parse(months, &MONTH)?,
            weekdays: Field::parse(weekdays, &WEEKDAY)?.with_sunday_as_zero(),
            time_zone: time_zone.trim().parse().map_err(|_| ScheduleError::TimeZone(time_zone.trim().to_owned()))?,
        };
        if cron.comes() { Ok(cron) } else { Err(ScheduleError::Never(written.to_owned())) }
    }

    /// The first moment after `now` at which the line is due.
    pub fn next_after(&self, now: Timestamp) -> Timestamp {
        // No zone is more than a day away from UTC, and what a day left out may be made up for on the next.
        let today = now.to_utc().date_naive();
        let start = today.checked_sub_days(Days::new(2)).unwrap_or(today);
        let mut days = start.iter_days().take(DAYS_AHEAD as usize).filter(|day| self.has_day(*day));
        let first = days.find_map(|day| self.first_of_day(day, now));
        // A repeated hour may reach over midnight, and then the next day has moments before the last of this one.
        let other = days.next().and_then(|day| self.first_of_day(day, now));
        let beyond_the_calendar = now.plus_seconds(366 * 24 * 3600);
        first.into_iter().chain(other).min().unwrap_or(beyond_the_calendar)
    }

    /// Whether any year has a matching day.
    fn comes(&self) -> bool {
        self.either_day() || self.months.numbers().any(|month| self.days.numbers().any(|day| day <= longest(month)))
    }

    fn either_day(&self) -> bool {
        !self.days.is_star && !self.weekdays.is_star
    }

    fn has_day(&self, day: NaiveDate) -> bool {
        let day_of_month = self.days.has(day.day());
        let weekday = self.weekdays.has(day.weekday().num_days_from_sunday());
        let fits = if self.either_day() { day_of_month || weekday } else { day_of_month && weekday };
        fits && self.months.has(day.month())
    }

    fn first_of_day(&self, day: NaiveDate, now: Timestamp) -> Option<Timestamp> {
        let times = self.hours.numbers().flat_map(|hour| self.minutes.numbers().map(move |minute| (hour, minute)));
        times
            .filter_map(|(hour, minute)| day.and_hms_opt(hour, minute, 0))
            .flat_map(|time| self.moments(time))
            .filter(|moment| *moment > now)
            .min()
    }

    /// The moments at which a time on the wall clock is due.
    fn moments(&self, time: NaiveDateTime) -> impl Iterator<Item = Timestamp> {
        let every_hour = self.hours.numbers().count() == 24;
        let (first, second) = match self.time_zone.from_local_datetime(&time) {
            LocalResult::Single(moment) => (Some(moment), None),
            LocalResult::Ambiguous(first, second) => (Some(first), every_hour.then_some(second)),
            LocalResult::None if every_hour => (None, None),
            LocalResult::None => (self.after_gap(time), None),
        };
        first.into_iter().chain(second).map(Timestamp::from)
    }

    /// The first moment that exists after a time that does not. The longest gap was the day that Samoa left out.
    fn after_gap(&self, time: NaiveDateTime) -> Option<DateTime<Tz>> {
        (1..=2 * 24 * 60)
            .map_while(|minutes| time.checked_add_signed(TimeDelta::minutes(minutes)))
            .find_map(|time| self.time_zone.from_local_datetime(&time).earliest())
    }
}

fn long_form(line: &str) -> Result<&str, ScheduleError> {
    match line.to_ascii_lowercase().as_str() {
        "@hourly" => Ok("0 * * * *"),
        "@daily" | "@midnight" => Ok("0 0 * * *"),
        "@weekly" => Ok("0 0 * * 0"),
        "@monthly" => Ok("0 0 1 * *"),
        "@yearly" | "@annually" => Ok("0 0 1 1 *"),
        alias if alias.starts_with('@') => Err(ScheduleError::Alias(line.to_owned())),
        _ => Ok(line),
    }
}

/// How many days a month has at most.
fn longest(month: u32) -> u32 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
