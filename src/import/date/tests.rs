use chrono_tz::Europe::Berlin;
use proptest::prelude::*;

use super::*;

fn at(cell: &str) -> String {
    ordered(cell, None)
}

fn ordered(cell: &str, order: Option<DateOrder>) -> String {
    parse(cell, order, Berlin).map_or_else(|problem| format!("{problem:?}"), |at| at.to_string())
}

#[test]
fn german_dates_are_read_in_the_zone_of_berlin() {
    for cell in [
        "01.07.2025 14:03",
        "1.7.25 14:03",
        "1. Juli 2025 14:03",
        "1. Juli 2025, 14:03 Uhr",
        "Di, 01. Juli 2025 14:03 Uhr",
        "Dienstag, den 1. Juli 2025 um 14.03 Uhr",
        "01.07.2025 - 14:03:00",
        "01.07.2025 um 14.03 Uhr",
        "14:03 - 01.07.2025",
        "am 01.07.2025 14:03",
        "01. Jul. 2025 14:03 MESZ",
    ] {
        assert_eq!(at(cell), "2025-07-01T12:03:00Z", "{cell}");
    }
    assert_eq!(at("Mi., 5. März 2025, 10 Uhr"), "2025-03-05T09:00:00Z");
    assert_eq!(at("3. Jänner 2025"), "2025-01-02T23:00:00Z");
    assert_eq!(at("24. Dez 24"), "2024-12-23T23:00:00Z");
}

#[test]
fn iso_dates_are_read_with_their_zone_or_in_ours() {
    for cell in [
        "2025-07-01T12:03:00Z",
        "2025-07-01T14:03:00+02:00",
        "2025-07-01 14:03:00.123 +0200",
        "2025-07-01T05:03-07",
        "2025-07-01 14:03",
        "2025/07/01 14:03:00",
        "2025-07-01 12:03 (UTC)",
        "2025-07-01 14:03 UTC+2:00",
    ] {
        assert_eq!(at(cell), "2025-07-01T12:03:00Z", "{cell}");
    }
    assert_eq!(at("2025-07-01"), "2025-06-30T22:00:00Z");
}

#[test]
fn english_dates_are_read() {
    for cell in [
        "July 1, 2025 2:03 PM",
        "Jul 1st, 2025 at 2:03pm",
        "1 July 2025 14:03",
        "Tue, 01 Jul 2025 12:03:00 GMT",
        "01-Jul-2025 14:03",
        "Jul 1, 2025 5:03:00 AM PDT",
    ] {
        assert_eq!(at(cell), "2025-07-01T12:03:00Z", "{cell}");
    }
    assert_eq!(at("July 1, 2025 12:30 AM"), "2025-06-30T22:30:00Z");
}

#[test]
fn numbers_are_seconds_or_days_by_their_size() {
    assert_eq!(at("1751371380"), "2025-07-01T12:03:00Z");
    assert_eq!(at("1751371380123"), "2025-07-01T12:03:00Z");
    assert_eq!(at("1751371380123456"), "2025-07-01T12:03:00Z");
    assert_eq!(at("20250701"), "2025-06-30T22:00:00Z");
    assert_eq!(at("45839"), "2025-06-30T22:00:00Z");
    assert_eq!(at("45839,5854166667"), "2025-07-01T12:03:00Z");
}

#[test]
fn slashes_need_an_order_unless_a_number_is_no_month() {
    assert_eq!(at("07/01/2025"), "Ambiguous");
    assert_eq!(at("07-01-25"), "Ambiguous");
    assert_eq!(ordered("07/01/2025", Some(DateOrder::MonthFirst)), "2025-06-30T22:00:00Z");
    assert_eq!(ordered("01/07/2025", Some(DateOrder::DayFirst)), "2025-06-30T22:00:00Z");
    assert_eq!(at("13/07/2025"), "2025-07-12T22:00:00Z");
    assert_eq!(at("7/13/2025"), "2025-07-12T22:00:00Z");
    assert_eq!(at("07/07/2025"), "2025-07-06T22:00:00Z");
}

#[test]
fn an_order_is_called_by_its_name() {
    for order in [DateOrder::DayFirst, DateOrder::MonthFirst] {
        assert_eq!(DateOrder::parse(order.name()), Some(order));
    }
    assert_eq!(DateOrder::parse("day"), None);
}

#[test]
fn only_a_number_that_is_no_month_shows_the_order() {
    assert_eq!(order_shown_by("13/07/2025"), Some(DateOrder::DayFirst));
    assert_eq!(order_shown_by("07/13/2025 10:00"), Some(DateOrder::MonthFirst));
    for cell in ["07/01/2025", "13.07.2025", "2025-07-13", "13 July 2025", "gestern"] {
        assert_eq!(order_shown_by(cell), None, "{cell}");
    }
}

#[test]
fn the_hour_that_the_clocks_skip_is_an_hour_later_and_the_repeated_one_the_first() {
    assert_eq!(at("30.03.2025 02:30"), "2025-03-30T01:30:00Z");
    assert_eq!(at("26.10.2025 02:30"), "2025-10-26T00:30:00Z");
}

#[test]
fn what_is_no_date_is_unreadable() {
    for cell in [
        "",
        "gestern",
        "vor 3 Tagen",
        "31.02.2025",
        "00.01.2025",
        "01.13.2025",
        "01.07.",
        "Juli 2025",
        "01.07.2025 25:00",
        "0001-01-01",
        "01.07.202",
        "1899-12-30 00:00",
        "12",
        "#####",
        "1.2.3.4.5.6.7",
        "99999999999999999999",
        "NaN",
        "inf",
        "13:00 PM 1 July 2025",
        "1 Mai Juni 2025",
        "01.07.2025 10:00+99:00",
        "2025-07-01T10:00:00+",
        "١.٧.٢٠٢٥",
    ] {
        assert_eq!(at(cell), "Unreadable", "{cell}");
    }
}

proptest! {
    #[test]
    fn every_minute_is_read_back_as_it_is_written(seconds in 0_i64..4_000_000_000) {
        let minute = Timestamp::from_seconds(seconds / 60 * 60);
        for format in ["%Y-%m-%dT%H:%M:%SZ", "%d.%m.%Y %H:%M UTC", "%-d. %B %Y, %H:%M UTC", "%b %-d, %Y %-I:%M %p GMT", "%s000"] {
            let cell = minute.to_utc().format(format).to_string();
            if seconds > 100_000_000 {
                prop_assert_eq!(parse(&cell, None, Berlin), Ok(minute), "{}", cell);
            }
        }
    }

    #[test]
    fn no_cell_makes_it_panic(cell in "[0-9]{1,4}[./: -][0-9A-Za-zä]{1,4}[./: -][0-9]{1,5}[ T+-]{0,2}[0-9:.+apmzuhrUhr ]{0,9}|.{0,20}") {
        if let Ok(at) = parse(&cell, Some(DateOrder::DayFirst), Berlin) {
            prop_assert!((0..4_134_000_000).contains(&at.seconds()));
        }
        order_shown_by(&cell);
    }
}
