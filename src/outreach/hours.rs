//! The hours in which a team works: what is to be answered within eight of them, and how long somebody has waited in
//! theirs.

pub mod holidays;
mod state;
mod week;

use std::time::Duration;

use chrono::{Datelike as _, NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;

pub use state::{State, StateError};
pub use week::HoursError;

use crate::mention::Timestamp;
use crate::schedule::moment;
use week::Week;

/// Nothing is looked for beyond ten years.
const MOST_DAYS: i64 = 3653;

/// The hours of a team, on the wall clock of a time zone; none on the public holidays of a state.
///
/// They follow the clock when it changes: a shift is shorter by what spring leaves out of it, and longer by what autumn
/// repeats within it.
///
/// ```
/// use stimmung::mention::Timestamp;
/// use stimmung::outreach::hours::{Hours, State};
/// let hours = Hours::parse("Mo-Fr 8-18, Sa 9-13", chrono_tz::Europe::Berlin, Some(State::Bavaria)).unwrap();
/// let at = |text| Timestamp::parse_rfc3339(text).unwrap();
/// assert!(!hours.is_open(at("2026-06-04T10:00:00+02:00")), "Fronleichnam");
/// let evening = at("2026-06-03T17:00:00+02:00");
/// assert_eq!(hours.after(evening, std::time::Duration::from_secs(2 * 3600)), at("2026-06-05T09:00:00+02:00"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    week: Week,
    zone: Tz,
    state: Option<State>,
}

/// From one moment up to another, which does not belong to it.
#[derive(Clone, Copy)]
struct Shift {
    opens: Timestamp,
    closes: Timestamp,
}

impl Hours {
    /// Reads days and hours as people write them, in German or English: `Mon-Fri 08:00-18:00`, or
    /// `Mo-Fr 8-12, 13-17, Sa 9-13`. Without a state, there are no holidays.
    ///
    /// # Errors
    ///
    /// Where a day or an hour cannot be read, stands without the other, or there are none at all.
    pub fn parse(text: &str, zone: Tz, state: Option<State>) -> Result<Self, HoursError> {
        Ok(Self { week: text.parse()?, zone, state })
    }

    /// Whether the team works then.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.shifts(at).next().is_some_and(|shift| shift.opens <= at)
    }

    /// The first moment by which so much working time has passed since `start`, in whole seconds. What takes more than
    /// ten years is due in ten years.
    pub fn after(&self, start: Timestamp, working: Duration) -> Timestamp {
        let mut left = i64::try_from(working.as_secs()).unwrap_or(i64::MAX);
        if left == 0 {
            return start;
        }
        for Shift { opens, closes } in self.shifts(start) {
            let opens = opens.max(start);
            let length = closes.seconds() - opens.seconds();
            if left <= length {
                return opens.plus_seconds(left);
            }
            left -= length;
        }
        start.plus_seconds((MOST_DAYS + 1) * 24 * 3600)
    }

    /// The working time from `start` to `end`, none where that comes first; at most that of ten years.
    pub fn between(&self, start: Timestamp, end: Timestamp) -> Duration {
        let shifts = self.shifts(start).take_while(|shift| shift.opens < end);
        let seconds =
            shifts.map(|shift| shift.closes.min(end).seconds() - shift.opens.max(start).seconds()).sum::<i64>();
        Duration::from_secs(seconds.try_into().unwrap_or(0))
    }

    /// Each hour of work that begins in a time, or what is left of it before a break, with its share of the work of its day.
    pub fn shares(&self, start: Timestamp, end: Timestamp) -> Vec<(Timestamp, f64)> {
        let dates = start.to_utc().date_naive().iter_days().take_while(|date| *date <= end.to_utc().date_naive());
        let mut shares = Vec::new();
        for date in dates {
            let shifts: Vec<Shift> = self.shifts_on(date).collect();
            let length = |shift: &Shift| shift.closes.seconds() - shift.opens.seconds();
            let day: i64 = shifts.iter().map(length).sum();
            for shift in &shifts {
                let hours = (0..length(shift)).step_by(3600);
                let share = |second| (shift.opens.plus_seconds(second), 3600.min(length(shift) - second));
                shares.extend(hours.map(share).map(|(at, seconds)| (at, seconds as f64 / day as f64)));
            }
        }
        shares.retain(|(at, _)| (start..end).contains(at));
        shares
    }

    /// All that end after `start`, in order and apart.
    fn shifts(&self, start: Timestamp) -> impl Iterator<Item = Shift> {
        // No zone is more than a day away from UTC.
        let today = start.to_utc().date_naive();
        let first = today.pred_opt().unwrap_or(today);
        let last = first.checked_add_signed(TimeDelta::days(MOST_DAYS)).unwrap_or(NaiveDate::MAX);
        let dates = first.iter_days().take_while(move |date| *date < last);
        dates.flat_map(|date| self.shifts_on(date)).filter(move |shift| shift.closes > start)
    }

    /// Those of a date; those that the clocks leave out are not among them.
    fn shifts_on(&self, date: NaiveDate) -> impl Iterator<Item = Shift> {
        let is_holiday = self.state.is_some_and(|state| state.holiday(date).is_some());
        let hours = &self.week.0[date.weekday().num_days_from_monday() as usize];
        let hours = hours.iter().filter(move |_| !is_holiday);
        let at = move |minutes: u32| {
            let midnight = date.and_time(NaiveTime::MIN);
            moment(midnight.checked_add_signed(TimeDelta::minutes(minutes.into())).unwrap_or(midnight), self.zone)
        };
        let shifts = hours.map(move |hours| Shift { opens: at(hours.start), closes: at(hours.end) });
        shifts.filter(|shift| shift.opens < shift.closes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OFFICE: &str = "Mo-Fr 8-18, Sa 9-13";

    fn hours(text: &str, state: Option<State>) -> Hours {
        Hours::parse(text, Tz::Europe__Berlin, state).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).unwrap()
    }

    fn of_hours(hours: u64) -> Duration {
        Duration::from_secs(hours * 3600)
    }

    #[test]
    fn a_shift_has_its_first_moment_and_not_its_last() {
        let office = hours(OFFICE, None);
        let open = ["2026-06-05T08:00:00+02:00", "2026-06-05T17:59:59+02:00", "2026-06-06T12:59:59+02:00"];
        let closed = ["2026-06-05T07:59:59+02:00", "2026-06-05T18:00:00+02:00", "2026-06-07T10:00:00+02:00"];
        assert!(open.into_iter().all(|text| office.is_open(at(text))));
        assert!(!closed.into_iter().any(|text| office.is_open(at(text))));
    }

    #[test]
    fn working_time_goes_over_nights_weekends_and_holidays() {
        let office = hours(OFFICE, Some(State::Bavaria));
        let wednesday = at("2026-06-03T17:00:00+02:00");
        assert_eq!(office.after(wednesday, of_hours(1)), at("2026-06-03T18:00:00+02:00"), "not the next morning");
        assert_eq!(office.after(wednesday, of_hours(2)), at("2026-06-05T09:00:00+02:00"), "Fronleichnam is none");
        assert_eq!(hours(OFFICE, Some(State::Berlin)).after(wednesday, of_hours(2)), at("2026-06-04T09:00:00+02:00"));
        assert_eq!(office.after(wednesday, of_hours(16)), at("2026-06-08T09:00:00+02:00"), "Saturday has four");
        assert_eq!(office.after(at("2026-06-07T03:00:00+02:00"), Duration::ZERO), at("2026-06-07T03:00:00+02:00"));
        assert_eq!(office.between(wednesday, at("2026-06-08T09:00:00+02:00")), of_hours(16));
        assert_eq!(office.between(at("2026-06-08T09:00:00+02:00"), wednesday), Duration::ZERO);
    }

    #[test]
    fn the_hours_of_a_day_share_its_work() {
        let office = hours("Mo-Fr 8-12, 13-16:30, Sa 9-13", Some(State::Bavaria));
        let shares = office.shares(at("2026-06-01T00:00:00+02:00"), at("2026-06-08T00:00:00+02:00"));
        assert_eq!(shares.len(), 4 * 8 + 4, "Fronleichnam is none");
        assert_eq!(shares[0], (at("2026-06-01T08:00:00+02:00"), 1.0 / 7.5));
        assert_eq!(shares[7], (at("2026-06-01T16:00:00+02:00"), 0.5 / 7.5));
        assert!((shares.iter().map(|(_, share)| share).sum::<f64>() - 5.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_is_open_on_holidays_that_fall_on_working_days() {
        let (saxony, around) = (hours("Mo-So 0-24", Some(State::Saxony)), hours("Mo-So 0-24", None));
        let (from, to) = (at("2026-11-17T00:00:00+01:00"), at("2026-11-20T00:00:00+01:00"));
        assert_eq!((saxony.between(from, to), around.between(from, to)), (of_hours(48), of_hours(72)));
        assert_eq!(saxony.after(at("2026-12-24T23:00:00+01:00"), of_hours(2)), at("2026-12-27T01:00:00+01:00"));
    }

    #[test]
    fn a_night_in_which_clocks_change_is_shorter_or_longer() {
        let night = hours("So 0-6", None);
        let of = |from, to| night.between(at(from), at(to));
        assert_eq!(of("2026-03-29T00:00:00+01:00", "2026-03-29T12:00:00+02:00"), of_hours(5));
        assert_eq!(of("2026-10-25T00:00:00+02:00", "2026-10-25T12:00:00+01:00"), of_hours(7));
        assert_eq!(of("2026-11-01T00:00:00+01:00", "2026-11-01T12:00:00+01:00"), of_hours(6));
        assert_eq!(night.after(at("2026-03-29T01:30:00+01:00"), of_hours(1)), at("2026-03-29T03:30:00+02:00"));
        assert_eq!(night.after(at("2026-10-25T01:30:00+02:00"), of_hours(2)), at("2026-10-25T02:30:00+01:00"));
        let gap = hours("So 2:00-2:30", None);
        assert_eq!(gap.after(at("2026-03-29T00:00:00+01:00"), of_hours(0)), at("2026-03-29T00:00:00+01:00"));
        let next = gap.after(at("2026-03-29T00:00:00+01:00"), Duration::from_secs(60));
        assert_eq!(next, at("2026-04-05T02:01:00+02:00"), "what is left out is no working time");
    }

    #[test]
    fn what_would_take_for_ever_is_due_in_ten_years() {
        let (office, now) = (hours("Mo 8-9", None), at("2026-06-05T08:00:00+02:00"));
        assert_eq!(office.after(now, Duration::MAX), now.plus_seconds((MOST_DAYS + 1) * 86_400));
        let end_of_time = Timestamp::from_seconds(8_210_266_876_799);
        assert_eq!(office.between(end_of_time, end_of_time), Duration::ZERO);
        assert!(office.after(end_of_time, of_hours(1)) > end_of_time);
    }

    fn any_hours() -> impl Strategy<Value = Hours> {
        let texts = ["Mo-Fr 8-18", OFFICE, "Mo-So 0-24", "So 1:30-2:45", "Mi 8-12, 13:15-17, Sa-So 0-3, 22-24"];
        let zones = [Tz::Europe__Berlin, Tz::America__Santiago, Tz::Australia__Lord_Howe, Tz::Pacific__Apia];
        let states = prop::option::of(prop::sample::select(&State::ALL[..]));
        (prop::sample::select(texts.to_vec()), prop::sample::select(zones.to_vec()), states)
            .prop_map(|(text, zone, state)| Hours::parse(text, zone, state).unwrap())
    }

    /// From 2010 to 2033.
    fn any_time() -> impl Strategy<Value = Timestamp> {
        (1_262_300_000..2_000_000_000_i64).prop_map(Timestamp::from_seconds)
    }

    proptest! {
        #[test]
        fn so_much_time_has_passed_as_was_asked_for_and_not_a_second_sooner(
            hours in any_hours(), start in any_time(), seconds in 1..400_000_u64,
        ) {
            let working = Duration::from_secs(seconds);
            let end = hours.after(start, working);
            prop_assert_eq!(hours.between(start, end), working);
            prop_assert_eq!(hours.between(start, end.plus_seconds(-1)), Duration::from_secs(seconds - 1));
        }

        #[test]
        fn more_time_is_never_over_sooner_and_neither_is_what_begins_later(
            hours in any_hours(), start in any_time(), later in 0..1_000_000_i64,
            less in 0..200_000_u64, more in 0..200_000_u64,
        ) {
            let (less, all) = (Duration::from_secs(less), Duration::from_secs(less + more));
            prop_assert!(hours.after(start, less) <= hours.after(start, all));
            prop_assert!(hours.after(start, less) <= hours.after(start.plus_seconds(later), less));
            let (middle, end) = (start.plus_seconds(later), start.plus_seconds(2 * later));
            prop_assert_eq!(hours.between(start, middle) + hours.between(middle, end), hours.between(start, end));
        }

        #[test]
        fn a_second_counts_exactly_if_it_is_open(hours in any_hours(), at in any_time()) {
            let counted = hours.between(at, at.plus_seconds(1));
            prop_assert_eq!(counted == Duration::from_secs(1), hours.is_open(at));
        }

        #[test]
        fn no_holiday_has_working_time(hours in any_hours(), year in 2010..2033_i32) {
            let Some(state) = hours.state else { return Ok(()) };
            for (date, holiday) in state.holidays(year) {
                let midnight = |date: NaiveDate| crate::schedule::midnight(date, hours.zone);
                let worked = hours.between(midnight(date), midnight(date.succ_opt().unwrap()));
                prop_assert_eq!(worked, Duration::ZERO, "{:?}", holiday);
            }
        }
    }
}
