//! Where the days of a calendar begin, and other times on its clocks.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use chrono_tz::Tz;

use crate::mention::Timestamp;

/// In minutes: the longest time that clocks have left out was the day of Samoa, and none changes in between.
const LONGEST_GAP: i64 = 26 * 60;

/// The first moment of a date on the clocks of a zone. Where midnight is left out, that is the end of the gap; where it
/// comes twice, the first one.
pub fn midnight(date: NaiveDate, zone: Tz) -> Timestamp {
    moment(date.and_time(NaiveTime::MIN), zone)
}

/// When the clocks of a zone first show a time, in whole minutes. Where it is left out, that is the end of the gap;
/// where it comes twice, the first one: so a later time is never an earlier moment.
pub fn moment(time: NaiveDateTime, zone: Tz) -> Timestamp {
    let exists = |minutes| time.checked_add_signed(TimeDelta::minutes(minutes))?.and_local_timezone(zone).earliest();
    (0..=LONGEST_GAP).find_map(exists).map_or(time.and_utc().into(), Timestamp::from)
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

    #[test]
    fn a_time_that_is_left_out_is_the_end_of_the_gap_and_one_that_comes_twice_the_first() {
        let shown = |time: &str| moment(time.parse().unwrap(), Tz::Europe__Berlin).to_string();
        assert_eq!(shown("2026-03-29T02:10:00"), "2026-03-29T01:00:00Z", "03:00 comes after 01:59");
        assert_eq!(shown("2026-10-25T02:10:00"), "2026-10-25T00:10:00Z");
        assert_eq!(shown("2026-10-25T03:00:00"), "2026-10-25T02:00:00Z");
    }
}
