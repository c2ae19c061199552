//! When a source is next due: every so often, or by a cron line on the wall clock of a time zone. Pure.

mod cron;
mod field;
mod midnight;
mod quiet;
#[cfg(test)]
mod tests;

use std::time::Duration;

use thiserror::Error;

use crate::duration::{self, DurationError};
use crate::mention::Timestamp;

pub use cron::Cron;
pub use midnight::{midnight, moment};
pub use quiet::{QuietHours, QuietHoursError};

/// `every = "15m"`, or `cron = "*/15 6-22 * * *"` with `time_zone = "Europe/Berlin"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// This long after the last start.
    Every(Duration),
    /// At the wall-clock times that a cron line names.
    Cron(Box<Cron>),
}

impl Schedule {
    /// The shortest interval: no source is asked more often.
    pub const SHORTEST: Duration = Duration::from_secs(10);

    /// The longest interval: 366 days.
    pub const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

    /// Reads an interval between [`Schedule::SHORTEST`] and [`Schedule::LONGEST`], as [`duration::parse`] does.
    pub fn every(text: &str) -> Result<Self, ScheduleError> {
        let interval = duration::parse(text)?;
        if (Self::SHORTEST..=Self::LONGEST).contains(&interval) {
            Ok(Self::Every(interval))
        } else {
            Err(ScheduleError::Interval(text.trim().to_owned()))
        }
    }

    /// Reads a cron line, as [`Cron::parse`] does.
    pub fn cron(line: &str, time_zone: &str) -> Result<Self, ScheduleError> {
        Cron::parse(line, time_zone).map(|cron| Self::Cron(Box::new(cron)))
    }

    /// The first moment after `now`.
    pub fn next_after(&self, now: Timestamp) -> Timestamp {
        match self {
            Self::Every(interval) => now.plus_seconds(i64::try_from(interval.as_secs()).unwrap_or(i64::MAX).max(1)),
            Self::Cron(cron) => cron.next_after(now),
        }
    }
}

/// What is wrong with a schedule, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ScheduleError {
    /// No duration at all.
    #[error(transparent)]
    Duration(#[from] DurationError),
    /// A duration that is no interval to ask a source in.
    #[error("`{0}` is out of range: an interval lasts at least 10 seconds and at most 366 days")]
    Interval(String),
    /// Not the five fields of a cron line.
    #[error("a cron line has five fields (minute, hour, day of month, month, weekday), and `{line}` has {count}")]
    FieldCount {
        /// The whole line.
        line: String,
        /// How many fields it has.
        count: usize,
    },
    /// A short form that is not known.
    #[error("`{0}` is unknown: write @hourly, @daily, @weekly, @monthly, @yearly, or the five fields of a cron line")]
    Alias(String),
    /// A field of a cron line that cannot be read.
    #[error("{field} `{text}`: write {range}, single, in lists (`1,2`), ranges (`1-5`) or steps (`*/2`)")]
    Field {
        /// What the field is called.
        field: &'static str,
        /// What is written.
        text: String,
        /// What may be written.
        range: &'static str,
    },
    /// A cron line that would never come due.
    #[error("`{0}` never comes: none of its months has such a day")]
    Never(String),
    /// Not the name of a time zone.
    #[error("`{0}` is no time zone: write its IANA name, as in \"Europe/Berlin\"")]
    TimeZone(String),
}
