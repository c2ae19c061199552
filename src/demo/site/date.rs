//! Times as the sources write them.

use chrono::{DateTime, Datelike, Timelike};
use chrono_tz::{America::Los_Angeles, Europe::Berlin, Tz};

use crate::mention::Timestamp;

const WEEKDAYS: [&str; 7] = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"];

/// `Sun, 06 Nov 1994 08:49:37 GMT`, the form of HTTP headers.
pub(super) fn http(at: Timestamp) -> String {
    at.to_utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// The inverse of [`http`].
pub(super) fn parse_http(text: &str) -> Option<Timestamp> {
    DateTime::parse_from_rfc2822(text).ok().map(Timestamp::from)
}

/// `Sun, 06 Nov 1994 08:49:37 +0000`, the form of RSS.
pub(super) fn rss(at: Timestamp) -> String {
    at.to_utc().to_rfc2822()
}

/// `1994-11-06T09:49:37+01:00`, in Berlin.
pub(super) fn iso(at: Timestamp) -> String {
    at.to_utc().with_timezone(&Berlin).to_rfc3339()
}

/// `1994-11-06T00:49:37-08:00`, in California, as Apple writes it.
pub(super) fn apple(at: Timestamp) -> String {
    at.to_utc().with_timezone(&Los_Angeles).to_rfc3339()
}

/// `So, 06 Nov 1994 09:49:37 +0100`: what German content systems make of the form of RSS.
pub(super) fn german(at: Timestamp) -> String {
    let clock = at.to_utc().with_timezone(&Berlin);
    format!("{} {}", german_clock(&clock), clock.format("%z"))
}

/// `So, 06 Nov 1994 09:49:37 MEZ`: others name the zone.
pub(super) fn german_zone(at: Timestamp) -> String {
    let clock = at.to_utc().with_timezone(&Berlin);
    let summer = clock.format("%z").to_string() == "+0200";
    format!("{} {}", german_clock(&clock), if summer { "MESZ" } else { "MEZ" })
}

/// `6.11.1994, 9:49 Uhr`, for people.
pub(super) fn for_people(at: Timestamp) -> String {
    let clock = at.to_utc().with_timezone(&Berlin);
    format!("{}.{}.{}, {}:{:02} Uhr", clock.day(), clock.month(), clock.year(), clock.hour(), clock.minute())
}

fn german_clock(clock: &DateTime<Tz>) -> String {
    let weekday = WEEKDAYS[clock.weekday().num_days_from_monday() as usize];
    let month = MONTHS[clock.month0() as usize];
    format!("{weekday}, {:02} {month} {}", clock.day(), clock.format("%Y %H:%M:%S"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_in_every_form() {
        let at = Timestamp::parse_rfc3339("2026-03-29T01:30:05Z").unwrap();
        let forms = [http(at), rss(at), iso(at), apple(at), german(at), german_zone(at), for_people(at)];
        insta::assert_snapshot!(forms.join("\n"));
        assert_eq!(parse_http(&http(at)), Some(at));
    }
}
