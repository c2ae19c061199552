//! When the things happen that the service should notice, or should not fall for.

use chrono::{Datelike, Duration, LocalResult, NaiveDate, TimeZone, Weekday};
use chrono_tz::{Europe::Berlin, Tz};

use super::world::{Outage, Source};
use crate::mention::Timestamp;

const DAY: i64 = 86_400;
/// How many posts in a row the furious author writes, and in how many seconds.
pub(super) const FURY: (usize, i64) = (36, 5 * 3600);

/// The story of the 120 days. Its weekdays are fixed, whatever the day on which the world ends.
#[derive(Clone, Debug)]
pub(super) struct Timeline {
    pub(super) begins: Timestamp,
    pub(super) ends: Timestamp,
    /// A harmless new version of the app.
    pub(super) earlier_update_at: Timestamp,
    /// One author loses his temper, on a weekday evening.
    pub(super) fury_at: Timestamp,
    pub(super) outage: Outage,
    /// The first of the papers carries the report.
    pub(super) copied_at: Timestamp,
    /// The new version that breaks the login.
    pub(super) update_at: Timestamp,
    /// A review is written …
    pub(super) complaint_at: Timestamp,
    /// … the login is repaired …
    pub(super) fixed_at: Timestamp,
    /// … and the review is edited.
    pub(super) praise_at: Timestamp,
}

impl Timeline {
    /// The 120 days up to `ends`.
    pub(super) fn new(ends: Timestamp) -> Self {
        let begins = ends.plus_seconds(-120 * DAY);
        let outage_from = on(begins, 68, Weekday::Sat, 21);
        let update_at = on(begins, 95, Weekday::Tue, 10);
        let fixed_at = update_at.plus_seconds(13 * DAY + 5 * 3600);
        Self {
            begins,
            ends,
            earlier_update_at: on(begins, 30, Weekday::Wed, 10),
            fury_at: on(begins, 44, Weekday::Thu, 18),
            outage: Outage { source: Source::AppStoreDe, from: outage_from, to: outage_from.plus_seconds(49 * 3600) },
            copied_at: on(begins, 80, Weekday::Thu, 6),
            update_at,
            complaint_at: update_at.plus_seconds(33 * 3600 + 700),
            fixed_at,
            praise_at: fixed_at.plus_seconds(27 * 3600 + 1300),
        }
    }

    /// The version of the app in the store at a time.
    pub(super) fn app_version(&self, at: Timestamp) -> &'static str {
        match at {
            _ if at >= self.fixed_at => "7.3.1",
            _ if at >= self.update_at => "7.3.0",
            _ if at >= self.earlier_update_at => "7.2.0",
            _ => "7.1.2",
        }
    }
}

/// The first such weekday at that full hour, Berlin time, on or after a day of the world.
fn on(begins: Timestamp, day: i64, weekday: Weekday, hour: u32) -> Timestamp {
    let from = local(begins, Berlin).date_naive() + Duration::days(day);
    let wait = weekday.days_since(from.weekday());
    at_hour(from + Duration::days(wait.into()), hour).unwrap_or(begins.plus_seconds(day * DAY))
}

fn at_hour(date: NaiveDate, hour: u32) -> Option<Timestamp> {
    match Berlin.from_local_datetime(&date.and_hms_opt(hour, 0, 0)?) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.into()),
        LocalResult::None => None,
    }
}

/// A moment on the clocks of a time zone.
pub(super) fn local(at: Timestamp, zone: Tz) -> chrono::DateTime<Tz> {
    at.to_utc().with_timezone(&zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_last_day_the_story_keeps_its_order_and_weekdays() {
        for day in 0..400 {
            let ends = Timestamp::from_seconds(1_790_000_000 + day * DAY);
            let line = Timeline::new(ends);
            let weekday = |at| local(at, Berlin).weekday();
            assert_eq!((weekday(line.update_at), weekday(line.copied_at)), (Weekday::Tue, Weekday::Thu));
            let order =
                [line.begins, line.earlier_update_at, line.fury_at, line.outage.from, line.outage.to, line.copied_at];
            assert!(order.is_sorted(), "{line:?}");
            assert!(
                [line.copied_at, line.update_at, line.complaint_at, line.fixed_at, line.praise_at, ends].is_sorted()
            );
            let update_day = (line.update_at.seconds() - line.begins.seconds()) / DAY;
            assert!((94..=101).contains(&update_day), "{update_day}");
        }
    }

    #[test]
    fn the_version_in_the_store_follows_the_story() {
        let line = Timeline::new(Timestamp::from_seconds(1_790_000_000));
        let versions =
            [line.begins, line.earlier_update_at, line.update_at, line.fixed_at].map(|at| line.app_version(at));
        assert_eq!(versions, ["7.1.2", "7.2.0", "7.3.0", "7.3.1"]);
    }
}
