use chrono::{DateTime, Datelike, Duration as Span, NaiveDateTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).unwrap()
}

/// The next `count` runs, as the wall clock shows them.
fn runs(line: &str, zone: &str, start: &str, count: usize) -> String {
    let schedule = Schedule::cron(line, zone).unwrap();
    let zone: Tz = zone.parse().unwrap();
    let next = |now: &Timestamp| Some(schedule.next_after(*now));
    std::iter::successors(next(&at(start)), next)
        .take(count)
        .map(|run| run.to_utc().with_timezone(&zone).format("%a %Y-%m-%d %H:%M %Z").to_string())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn an_interval_counts_from_now() {
    let schedule = Schedule::every("15m").unwrap();
    assert_eq!(schedule.next_after(at("2026-03-29T01:55:00Z")), at("2026-03-29T02:10:00Z"));
    assert_eq!(schedule, Schedule::every("900 s").unwrap());
}

#[test]
fn intervals_have_limits() {
    for text in ["9s", "0m", "367 days", "53w", "soon"] {
        assert!(Schedule::every(text).is_err(), "{text}");
    }
    assert!(Schedule::every("10s").is_ok() && Schedule::every("366 days").is_ok());
    insta::assert_snapshot!(Schedule::every("5s").unwrap_err(), @"`5s` is out of range: an interval lasts at least 10 seconds and at most 366 days");
}

#[test]
fn errors_say_what_to_write() {
    let wrong = [
        ("*/15 6-22 * *", "Europe/Berlin"),
        ("0 */15 6-22 * * *", "Europe/Berlin"),
        ("", "Europe/Berlin"),
        ("@reboot", "Europe/Berlin"),
        ("0 25 * * *", "Europe/Berlin"),
        ("0 0 30 feb *", "Europe/Berlin"),
        ("0 0 31 4,6,9,11 */2", "Europe/Berlin"),
        ("0 0 * * *", "Berlin"),
    ];
    let errors: Vec<String> =
        wrong.iter().map(|(line, zone)| Schedule::cron(line, zone).unwrap_err().to_string()).collect();
    insta::assert_snapshot!(errors.join("\n"), @r#"
    a cron line has five fields (minute, hour, day of month, month, weekday), and `*/15 6-22 * *` has 4
    a cron line has five fields (minute, hour, day of month, month, weekday), and `0 */15 6-22 * * *` has 6
    a cron line has five fields (minute, hour, day of month, month, weekday), and `` has 0
    `@reboot` is unknown: write @hourly, @daily, @weekly, @monthly, @yearly, or the five fields of a cron line
    hour `25`: write 0 to 23, single, in lists (`1,2`), ranges (`1-5`) or steps (`*/2`)
    `0 0 30 feb *` never comes: none of its months has such a day
    `0 0 31 4,6,9,11 */2` never comes: none of its months has such a day
    `Berlin` is no time zone: write its IANA name, as in "Europe/Berlin"
    "#);
}

#[test]
fn short_forms_stand_for_lines() {
    let pairs =
        [("@hourly", "0 * * * *"), ("@daily", "0 0 * * *"), ("@Weekly", "0 0 * * sun"), ("@monthly", "0 0 1 * *")];
    for (short, long) in pairs {
        assert_eq!(Schedule::cron(short, "UTC"), Schedule::cron(long, "UTC"), "{short}");
    }
    assert_ne!(Schedule::cron("@daily", "UTC"), Schedule::cron("@daily", "Europe/Berlin"));
}

#[test]
fn where_both_day_fields_are_restricted_either_is_enough() {
    insta::assert_snapshot!(runs("0 9 1 * mon", "Europe/Berlin", "2026-06-22T08:00:00Z", 3), @r"
    Mon 2026-06-29 09:00 CEST
    Wed 2026-07-01 09:00 CEST
    Mon 2026-07-06 09:00 CEST
    ");
    insta::assert_snapshot!(runs("0 9 */2 * mon", "Europe/Berlin", "2026-05-25T07:00:00Z", 3), @r"
    Mon 2026-06-01 09:00 CEST
    Mon 2026-06-15 09:00 CEST
    Mon 2026-06-29 09:00 CEST
    ");
}

#[test]
fn a_leap_day_is_waited_for() {
    insta::assert_snapshot!(runs("0 0 29 2 *", "Europe/Berlin", "2096-03-01T00:00:00Z", 2), @r"
    Fri 2104-02-29 00:00 CET
    Wed 2108-02-29 00:00 CET
    ");
    insta::assert_snapshot!(runs("0 0 29 2 */7", "Europe/Berlin", "2076-03-01T00:00:00Z", 1), @"Sun 2088-02-29 00:00 CET");
}

#[test]
fn a_time_that_spring_leaves_out_comes_right_after_the_gap() {
    insta::assert_snapshot!(runs("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3), @r"
    Sat 2026-03-28 02:30 CET
    Sun 2026-03-29 03:00 CEST
    Mon 2026-03-30 02:30 CEST
    ");
    insta::assert_snapshot!(runs("*/20 1-3 * * *", "Europe/Berlin", "2026-03-29T00:30:00Z", 4), @r"
    Sun 2026-03-29 01:40 CET
    Sun 2026-03-29 03:00 CEST
    Sun 2026-03-29 03:20 CEST
    Sun 2026-03-29 03:40 CEST
    ");
}

#[test]
fn a_time_that_autumn_repeats_comes_once() {
    insta::assert_snapshot!(runs("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2), @r"
    Sun 2026-10-25 02:30 CEST
    Mon 2026-10-26 02:30 CET
    ");
    insta::assert_snapshot!(runs("*/30 1-3 * * *", "Europe/Berlin", "2026-10-24T23:15:00Z", 4), @r"
    Sun 2026-10-25 01:30 CEST
    Sun 2026-10-25 02:00 CEST
    Sun 2026-10-25 02:30 CEST
    Sun 2026-10-25 03:00 CET
    ");
}

#[test]
fn a_line_for_every_hour_keeps_its_distance_when_clocks_change() {
    insta::assert_snapshot!(runs("7 * * * *", "Europe/Berlin", "2026-03-28T23:30:00Z", 3), @r"
    Sun 2026-03-29 01:07 CET
    Sun 2026-03-29 03:07 CEST
    Sun 2026-03-29 04:07 CEST
    ");
    insta::assert_snapshot!(runs("*/30 * * * *", "Europe/Berlin", "2026-10-24T23:45:00Z", 5), @r"
    Sun 2026-10-25 02:00 CEST
    Sun 2026-10-25 02:30 CEST
    Sun 2026-10-25 02:00 CET
    Sun 2026-10-25 02:30 CET
    Sun 2026-10-25 03:00 CET
    ");
}

#[test]
fn a_day_that_was_left_out_is_made_up_for() {
    insta::assert_snapshot!(runs("0 12 30 12 *", "Pacific/Apia", "2011-12-01T00:00:00Z", 1), @"Sat 2011-12-31 00:00 +14");
}

#[test]
fn the_ends_of_time_are_survived() {
    let schedule = Schedule::cron("0 0 1 1 *", "Europe/Berlin").unwrap();
    for seconds in [i64::MIN, -1, i64::MAX - 400 * 24 * 3600, DateTime::<Utc>::MAX_UTC.timestamp()] {
        let now = Timestamp::from_seconds(seconds);
        assert!(schedule.next_after(now) > now, "{seconds}");
    }
}

/// What the line should do, told minute by minute: the wall clock is looked at, and what it jumps over.
fn oracle(fields: &[Vec<u32>; 4], zone: Tz, now: Timestamp, minutes: i64) -> Option<Timestamp> {
    let [minute, hour, day, weekday] = fields;
    let has = |time: NaiveDateTime| {
        let (by_day, by_weekday) =
            (day.contains(&time.day()), weekday.contains(&time.weekday().num_days_from_sunday()));
        let fits = if day.len() < 31 && weekday.len() < 7 { by_day || by_weekday } else { by_day && by_weekday };
        fits && minute.contains(&time.minute()) && hour.contains(&time.hour())
    };
    let every_hour = hour.len() == 24;
    let wall = |moment: i64| Timestamp::from_seconds(moment).to_utc().with_timezone(&zone).naive_local();
    let start = (now.seconds().div_euclid(60) + 1) * 60;
    (0..minutes)
        .map(|minute| start + minute * 60)
        .find(|&moment| {
            let time = wall(moment);
            let is_first = zone.from_local_datetime(&time).earliest().is_some_and(|first| first.timestamp() == moment);
            let skipped = (time - wall(moment - 60)).num_minutes();
            let missed = (1..skipped).any(|minutes| has(time - Span::minutes(minutes)));
            (has(time) && (every_hour || is_first)) || (missed && !every_hour)
        })
        .map(Timestamp::from_seconds)
}

/// Numbers of a field; all of them in half of the cases.
fn numbers(low: u32, high: u32, most: usize) -> impl Strategy<Value = Vec<u32>> {
    prop_oneof![
        Just((low..=high).collect::<Vec<_>>()),
        prop::collection::btree_set(low..=high, 1..=most).prop_map(|set| set.into_iter().collect()),
    ]
}

fn written(numbers: &[u32], all: usize) -> String {
    if numbers.len() == all {
        return "*".to_owned();
    }
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Moments around changes of clocks: in Berlin in spring and autumn, by half an hour on Lord Howe, in St. John's one
/// minute past midnight.
fn around_changes() -> impl Strategy<Value = (Tz, Timestamp)> {
    let changes = prop::sample::select(vec![
        (Tz::Europe__Berlin, "2026-03-29T01:00:00Z"),
        (Tz::Europe__Berlin, "2026-10-25T01:00:00Z"),
        (Tz::Australia__Lord_Howe, "2026-04-04T15:00:00Z"),
        (Tz::Australia__Lord_Howe, "2026-10-03T15:30:00Z"),
        (Tz::America__St_Johns, "2006-10-29T02:31:00Z"),
        (Tz::America__St_Johns, "2006-04-02T03:31:00Z"),
    ]);
    (changes, -36 * 3600..24 * 3600_i64).prop_map(|((zone, change), offset)| (zone, at(change).plus_seconds(offset)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_next_run_is_the_one_that_a_clock_watcher_sees(
        (zone, now) in around_changes(),
        fields in (numbers(0, 59, 4), numbers(0, 23, 6), numbers(1, 31, 9), numbers(0, 6, 3)).prop_map(<[_; 4]>::from),
    ) {
        let [minute, hour, day, weekday] = &fields;
        let line = format!("{} {} {} * {}", written(minute, 60), written(hour, 24), written(day, 31), written(weekday, 7));
        let schedule = Schedule::cron(&line, zone.name()).unwrap();
        let mut now = now;
        for _ in 0..6 {
            let next = schedule.next_after(now);
            prop_assert!(next > now, "{line} after {now}: {next}");
            const WINDOW: i64 = 3 * 24 * 60;
            match oracle(&fields, zone, now, WINDOW) {
                Some(expected) => prop_assert_eq!(next, expected, "{} after {}", line, now),
                None => prop_assert!(next > now.plus_seconds((WINDOW - 1) * 60), "{line} after {now}: {next}"),
            }
            now = next;
        }
    }

    #[test]
    fn any_line_is_safe(line in r"([0-9*/,-]|mon|feb|@| |\PC){0,20}", seconds: i64) {
        if let Ok(schedule) = Schedule::cron(&line, "Europe/Berlin") {
            let _ = schedule.next_after(Timestamp::from_seconds(seconds));
        }
    }
}
