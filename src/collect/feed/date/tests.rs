use proptest::prelude::*;

use super::*;

/// The date in UTC, with a question mark where the zone was assumed.
fn read(text: &str) -> String {
    match parse(text) {
        Some(Reading { at, zoned }) => format!("{}{}", at.format("%Y-%m-%dT%H:%M:%S"), if zoned { "Z" } else { "?" }),
        None => "none".to_owned(),
    }
}

#[track_caller]
fn assert_reads(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(read(text), *expected, "{text}");
    }
}

#[test]
fn the_standards_are_read() {
    assert_reads(&[
        ("Fri, 07 Nov 2025 10:00:00 +0100", "2025-11-07T09:00:00Z"),
        ("7 Nov 25 10:00 EST", "2025-11-07T15:00:00Z"),
        ("2025-11-07T10:00:00Z", "2025-11-07T10:00:00Z"),
        ("2025-11-07T10:00:00.123456-05:00", "2025-11-07T15:00:00Z"),
        ("2025-11-07T10:00+01", "2025-11-07T09:00:00Z"),
        ("20251107T101530Z", "2025-11-07T10:15:30Z"),
        ("Friday, 07-Nov-25 10:00:00 GMT", "2025-11-07T10:00:00Z"),
        ("Fri Nov  7 10:00:00 2025", "2025-11-07T10:00:00?"),
        ("Fri Nov  7 10:00:00 CET 2025", "2025-11-07T09:00:00Z"),
        ("Fri Nov 07 2025 10:00:00 GMT+0100 (CET)", "2025-11-07T09:00:00Z"),
    ]);
}

#[test]
fn german_dates_are_read() {
    assert_reads(&[
        ("Fr, 07 Nov 2025 10:00:00 +0100", "2025-11-07T09:00:00Z"),
        ("Mi., 5. März 2025, 10:00 Uhr", "2025-03-05T10:00:00?"),
        ("Mi., 5. Ma\u{308}rz 2025, 10.30 Uhr MEZ", "2025-03-05T09:30:00Z"),
        ("Di, 01 Dez 2025", "2025-12-01T00:00:00?"),
        ("Dienstag, 1. Juli 2025 um 10 Uhr MESZ", "2025-07-01T08:00:00Z"),
        ("01.07.2025 10:00", "2025-07-01T10:00:00?"),
        ("1.7.25", "2025-07-01T00:00:00?"),
        ("Do, 2. Jänner 2025 08:15 CET", "2025-01-02T07:15:00Z"),
    ]);
}

#[test]
fn zone_names_are_known() {
    assert_reads(&[
        ("1 Jul 2025 10:00:00 CEST", "2025-07-01T08:00:00Z"),
        ("1 Jul 2025 10:00:00 MESZ", "2025-07-01T08:00:00Z"),
        ("1 Jul 2025 10:00:00 BST", "2025-07-01T09:00:00Z"),
        ("1 Jul 2025 10:00:00 PDT", "2025-07-01T17:00:00Z"),
        ("1 Jul 2025 10:00:00 UTC", "2025-07-01T10:00:00Z"),
        ("2025-07-01 10:00 Europe/Berlin", "2025-07-01T08:00:00Z"),
        ("1 Jul 2025 10:00:00 XYZ", "2025-07-01T10:00:00?"),
    ]);
}

#[test]
fn what_is_missing_is_midnight_the_first_and_utc() {
    assert_reads(&[
        ("2025-07-01T10:00:00", "2025-07-01T10:00:00?"),
        ("2025-07-01 10:00", "2025-07-01T10:00:00?"),
        ("2025-07-01", "2025-07-01T00:00:00?"),
        ("20250701", "2025-07-01T00:00:00?"),
        ("2025-07", "2025-07-01T00:00:00?"),
        ("2025", "2025-01-01T00:00:00?"),
        ("Juli 2025", "2025-07-01T00:00:00?"),
    ]);
}

#[test]
fn americans_put_the_month_first_and_count_to_twelve() {
    assert_reads(&[
        ("07/13/2025 10:00 PM", "2025-07-13T22:00:00?"),
        ("13/07/2025", "2025-07-13T00:00:00?"),
        ("July 1, 2025 12:05 am EDT", "2025-07-01T04:05:00Z"),
        ("Sept. 3rd, 2025 1:00pm", "2025-09-03T13:00:00?"),
        ("2025/7/1 10:00:00", "2025-07-01T10:00:00?"),
    ]);
}

#[test]
fn seconds_and_milliseconds_since_1970_are_read() {
    assert_reads(&[
        ("1751364000", "2025-07-01T10:00:00Z"),
        ("1751364000.25", "2025-07-01T10:00:00Z"),
        ("1751364000000", "2025-07-01T10:00:00Z"),
    ]);
}

#[test]
fn clocks_that_run_over_and_wrong_weekdays_do_no_harm() {
    assert_reads(&[
        ("Mon, 01 Jul 2025 24:00:00 GMT", "2025-07-02T00:00:00Z"),
        ("Tue, 30 Jun 2015 23:59:60 GMT", "2015-07-01T00:00:00Z"),
        ("01 Jan 70 00:00 GMT", "1970-01-01T00:00:00Z"),
    ]);
}

#[test]
fn what_is_no_date_is_none() {
    assert_reads(&[
        ("", "none"),
        ("gestern", "none"),
        ("vor 3 Stunden", "none"),
        ("31.02.2025", "none"),
        ("1 Jul 2025 25:00", "none"),
        ("99999999999999999999", "none"),
        ("10:00", "none"),
    ]);
}

proptest! {
    #[test]
    fn any_moment_is_read_back_from_rfc_3339_and_2822(seconds in 0_i64..4_000_000_000) {
        let at = DateTime::from_timestamp(seconds, 0).unwrap();
        prop_assert_eq!(parse(&at.to_rfc3339()), Some(Reading { at, zoned: true }));
        prop_assert_eq!(parse(&at.to_rfc2822()), Some(Reading { at, zoned: true }));
    }

    #[test]
    fn no_text_panics(text in "\\PC*", dates in "[0-9:.,+/ TZäJulMEZ-]{0,60}") {
        let _ = (parse(&text), parse(&dates));
    }
}
