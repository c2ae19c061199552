//! Dates as portals and spreadsheets write them, in German and English.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

use crate::mention::Timestamp;

mod parts;
mod words;

use parts::Parts;

/// Which of day and month comes first in a date of three numbers with slashes or hyphens, such as `07/01/2025`.
///
/// Dates with points (`07.01.2025`) are German and begin with the day, dates that begin with the year are ISO 8601.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// As in Europe.
    DayFirst,
    /// As in the United States.
    MonthFirst,
}

impl DateOrder {
    /// `day-first` or `month-first`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DayFirst => "day-first",
            Self::MonthFirst => "month-first",
        }
    }

    /// The inverse of [`DateOrder::name`].
    pub fn parse(name: &str) -> Option<Self> {
        [Self::DayFirst, Self::MonthFirst].into_iter().find(|order| order.name() == name)
    }
}

/// Why a cell is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DateProblem {
    /// Not in any form we know, not in the calendar, or not between 1970 and 2100.
    Unreadable,
    /// Day and month cannot be told apart.
    Ambiguous,
}

/// Reads a date, with or without a time; what states no zone is in `zone`, what states no time is at midnight.
///
/// A local time that the clocks skip in spring is an hour later, one that they repeat in autumn is the first.
pub(super) fn parse(cell: &str, order: Option<DateOrder>, zone: Tz) -> Result<Timestamp, DateProblem> {
    if let Some(at) = Timestamp::parse_rfc3339(cell) {
        return plausible(at);
    }
    if let Ok(number) = cell.replace(',', ".").parse::<f64>() {
        return from_number(number, zone);
    }
    let parts = Parts::read(cell).ok_or(DateProblem::Unreadable)?;
    let local = parts.date(order)?.and_time(parts.time_of_day().ok_or(DateProblem::Unreadable)?);
    plausible(match parts.offset {
        Some(seconds) => Timestamp::from(local.and_utc()).plus_seconds(-seconds),
        None => in_zone(local, zone)?,
    })
}

/// What a date of three numbers gives away about the order of its whole column: 13 and above is no month.
pub(super) fn order_shown_by(cell: &str) -> Option<DateOrder> {
    match Parts::read(cell)?.unordered()? {
        (1..=12, 13..=31) => Some(DateOrder::MonthFirst),
        (13..=31, 1..=12) => Some(DateOrder::DayFirst),
        _ => None,
    }
}

fn plausible(at: Timestamp) -> Result<Timestamp, DateProblem> {
    if (1970..=2100).contains(&at.to_utc().year()) { Ok(at) } else { Err(DateProblem::Unreadable) }
}

/// Days of a spreadsheet since 1899-12-30, `20250701`, or seconds, milliseconds or microseconds since 1970.
fn from_number(number: f64, zone: Tz) -> Result<Timestamp, DateProblem> {
    #[expect(clippy::cast_possible_truncation, reason = "each arm bounds the number far below an i64")]
    let seconds = match number {
        25_569.0..73_051.0 => return from_spreadsheet(number, zone),
        19_700_101.0..=21_001_231.0 => return from_digits(number as i32, zone),
        1e8..1e11 => number,
        1e11..1e14 => number / 1e3,
        1e14..1e17 => number / 1e6,
        _ => return Err(DateProblem::Unreadable),
    } as i64;
    plausible(Timestamp::from_seconds(seconds))
}

fn from_spreadsheet(days: f64, zone: Tz) -> Result<Timestamp, DateProblem> {
    #[expect(clippy::cast_possible_truncation, reason = "the caller bounds the days")]
    let seconds = (days * 86_400.0).round() as i64;
    let start = NaiveDate::from_ymd_opt(1899, 12, 30).ok_or(DateProblem::Unreadable)?;
    plausible(in_zone(start.and_time(NaiveTime::MIN) + Duration::seconds(seconds), zone)?)
}

fn from_digits(digits: i32, zone: Tz) -> Result<Timestamp, DateProblem> {
    let (month, day) = ((digits / 100 % 100).unsigned_abs(), (digits % 100).unsigned_abs());
    let date = NaiveDate::from_ymd_opt(digits / 10_000, month, day).ok_or(DateProblem::Unreadable)?;
    plausible(in_zone(date.and_time(NaiveTime::MIN), zone)?)
}

fn in_zone(local: NaiveDateTime, zone: Tz) -> Result<Timestamp, DateProblem> {
    let at = |local: NaiveDateTime| zone.from_local_datetime(&local).earliest();
    at(local).or_else(|| at(local + Duration::hours(1))).map(Timestamp::from).ok_or(DateProblem::Unreadable)
}

#[cfg(test)]
mod tests;
