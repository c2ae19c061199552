//! Hours in which nobody wants to be disturbed.

use std::fmt;
use std::str::FromStr;

use chrono::Timelike as _;
use chrono_tz::Tz;
use thiserror::Error;

use crate::mention::Timestamp;

const MINUTES_PER_HOUR: u32 = 60;

/// A span of every day on the wall clock, as in `22:00-07:00`. The end does not belong to it.
///
/// ```
/// use stimmung::schedule::QuietHours;
/// assert!("22:00-07:00".parse::<QuietHours>().is_ok());
/// assert!("late".parse::<QuietHours>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    /// Minutes since midnight.
    from: u32,
    to: u32,
}

/// Why a text names no [`QuietHours`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` are no hours of quiet: write them as in \"22:00-07:00\"")]
pub struct QuietHoursError(String);

impl QuietHours {
    /// Whether it is quiet then, on the clocks of this zone.
    pub fn contains(self, now: Timestamp, zone: Tz) -> bool {
        let local = now.to_utc().with_timezone(&zone);
        let minute = local.hour() * MINUTES_PER_HOUR + local.minute();
        if self.from <= self.to {
            (self.from..self.to).contains(&minute)
        } else {
            minute >= self.from || minute < self.to
        }
    }
}

impl FromStr for QuietHours {
    type Err = QuietHoursError;

    fn from_str(text: &str) -> Result<Self, QuietHoursError> {
        let wrong = || QuietHoursError(text.to_owned());
        let (from, to) = text.split_once(['-', '–']).ok_or_else(wrong)?;
        let (from, to) = (minute(from).ok_or_else(wrong)?, minute(to).ok_or_else(wrong)?);
        if from == to { Err(wrong()) } else { Ok(Self { from, to }) }
    }
}

/// Minutes since midnight of `7:00` or `07:00`; `24:00` is midnight.
fn minute(text: &str) -> Option<u32> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60 || hour == 24 && minute == 0).then_some(hour % 24 * MINUTES_PER_HOUR + minute)
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from, self.to);
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Tz = Tz::Europe__Berlin;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).unwrap()
    }

    #[test]
    fn a_night_goes_over_midnight_and_its_end_is_day() {
        let night: QuietHours = "22:00-07:00".parse().unwrap();
        assert!(!night.contains(at("2026-01-10T20:59:00Z"), ZONE));
        assert!(night.contains(at("2026-01-10T21:00:00Z"), ZONE));
        assert!(night.contains(at("2026-01-11T05:59:00Z"), ZONE));
        assert!(!night.contains(at("2026-01-11T06:00:00Z"), ZONE));
        let lunch: QuietHours = "12:00-13:30".parse().unwrap();
        assert!(lunch.contains(at("2026-07-10T10:00:00Z"), ZONE) && !lunch.contains(at("2026-07-10T11:30:00Z"), ZONE));
    }

    #[test]
    fn on_the_days_when_clocks_change_the_wall_clock_counts() {
        let night: QuietHours = "22:00-07:00".parse().unwrap();
        assert!(night.contains(at("2026-03-29T04:59:00Z"), ZONE) && !night.contains(at("2026-03-29T05:00:00Z"), ZONE));
        assert!(night.contains(at("2026-10-25T05:59:00Z"), ZONE) && !night.contains(at("2026-10-25T06:00:00Z"), ZONE));
    }

    #[test]
    fn what_is_no_span_is_refused_with_an_example() {
        for text in ["", "22", "22:00", "22:00-22:00", "25:00-07:00", "22:60-07:00", "a:b-c:d"] {
            assert!(text.parse::<QuietHours>().unwrap_err().to_string().contains("22:00-07:00"), "{text}");
        }
        assert_eq!("7:00–24:00".parse::<QuietHours>().unwrap().to_string(), "07:00-00:00");
    }
}
