//! Where the days of a calendar begin.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;

use crate::mention::Timestamp;

/// In minutes: the longest time that clocks have left out was the day of Samoa, and none changes in between.
const LONGEST_GAP: i64 = 26 * 60;

/// The first moment of a date on the clocks of a zone. Where midnight is left out, that is the end of the gap; where it
/// comes twice, the first one.
pub fn midnight(date: NaiveDate, zone: Tz) -> Timestamp {
    let start = date.and_time(NaiveTime::MIN);
    let exists = |minutes| start.checked_add_signed(TimeDelta::minutes(minutes))?.and_local_timezone(zone).earliest();
    (0..=LONGEST_GAP).step_by(15).find_map(exists).map_or(start.and_utc().into(), Timestamp::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begins(date: &str, zone: Tz) -> String {
        midnight(date.parse().unwrap(), zone).to_string()
    }

    #[test]
    fn a_day_begins_at_midnight_of_its_zone() {
        assert_eq!(begins("2026-03-29", Tz::Europe__Berlin), "2026-03-28T23:00:00Z");
        assert_eq!(begins("2026-03-30", Tz::Europe__Berlin), "2026-03-29T22:00:00Z", "a day of 23 hours");
        assert_eq!(begins("2026-10-26", Tz::Europe__Berlin), "2026-10-25T23:00:00Z", "a day of 25 hours");
    }

    #[test]
    fn a_day_without_midnight_begins_when_its_clocks_do() {
        assert_eq!(begins("2026-09-06", Tz::America__Santiago), "2026-09-06T04:00:00Z", "01:00 comes after 23:59");
    }
}
