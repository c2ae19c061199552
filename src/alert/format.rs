//! Numbers and dates as the reader writes them.

use chrono::{DateTime, Datelike as _, NaiveDate};
use chrono_tz::Tz;

use crate::mention::Timestamp;
pub(crate) use crate::tongue::Tongue;

const NOON_SECONDS: i64 = 12 * 3600;

/// The reader's language and clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Format {
    pub(crate) tongue: Tongue,
    pub(crate) zone: Tz,
}

impl Format {
    const GERMAN_MONTHS: [&str; 12] = [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ];

    /// A share with one decimal: `34,5 %`, `34.5%`.
    pub(crate) fn percent(self, fraction: f64) -> String {
        self.with_percent_sign(&self.decimal(fraction * 100.0))
    }

    /// A share without decimals: `35 %`, `35%`.
    pub(crate) fn whole_percent(self, fraction: f64) -> String {
        self.with_percent_sign(&format!("{:.0}", fraction * 100.0))
    }

    /// Two shares: `30,1–39,2 %`.
    pub(crate) fn percent_range(self, low: f64, high: f64) -> String {
        self.with_percent_sign(&format!("{}–{}", self.decimal(low * 100.0), self.decimal(high * 100.0)))
    }

    /// German sets a space before the sign, and no line may break there.
    fn with_percent_sign(self, number: &str) -> String {
        match self.tongue {
            Tongue::German => format!("{number}\u{a0}%"),
            Tongue::English => format!("{number}%"),
        }
    }

    /// A difference in percentage points with its sign: `+3,4`, `−12,0`.
    pub(crate) fn points(self, fraction: f64) -> String {
        let points = (fraction * 1000.0).round() / 10.0;
        let sign = match points {
            p if p > 0.0 => "+",
            p if p < 0.0 => "−",
            _ => "",
        };
        format!("{sign}{}", self.decimal(points.abs()))
    }

    /// Thousands are grouped: `1.204`, `1,204`.
    pub(crate) fn count(self, count: u64) -> String {
        let digits = count.to_string();
        let separator = match self.tongue {
            Tongue::German => '.',
            Tongue::English => ',',
        };
        let mut grouped = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(separator);
            }
            grouped.push(digit);
        }
        grouped
    }

    /// `12.03.2026`, `12 Mar 2026`
    pub(crate) fn day(self, at: Timestamp) -> String {
        let pattern = match self.tongue {
            Tongue::German => "%d.%m.%Y",
            Tongue::English => "%-d %b %Y",
        };
        self.local(at).format(pattern).to_string()
    }

    /// The month that a day lies in: `März 2026`, `March 2026`.
    pub(crate) fn month(self, day: NaiveDate) -> String {
        match self.tongue {
            Tongue::German => format!("{} {}", Self::GERMAN_MONTHS[day.month0() as usize], day.year()),
            Tongue::English => day.format("%B %Y").to_string(),
        }
    }

    /// A day that is near, as people name it to one another: `12. März`, `12 March`.
    pub(crate) fn near_day(self, at: Timestamp) -> String {
        let local = self.local(at);
        match self.tongue {
            Tongue::German => format!("{}. {}", local.day(), Self::GERMAN_MONTHS[local.month0() as usize]),
            Tongue::English => local.format("%-d %B").to_string(),
        }
    }

    /// The day on the reader's calendar that a day of the detector (which has UTC days) mostly coincides with.
    pub(crate) fn day_starting_at(self, start: Timestamp) -> String {
        self.day(start.plus_seconds(NOON_SECONDS))
    }

    /// `12.03.2026, 14:00 Uhr`, `12 Mar 2026, 14:00`
    pub(crate) fn moment(self, at: Timestamp) -> String {
        let clock = match self.tongue {
            Tongue::German => "%H:%M Uhr",
            Tongue::English => "%H:%M",
        };
        format!("{}, {}", self.day(at), self.local(at).format(clock))
    }

    fn local(self, at: Timestamp) -> DateTime<Tz> {
        at.to_utc().with_timezone(&self.zone)
    }

    /// With one decimal: `3,7`, `3.7`.
    pub(crate) fn decimal(self, number: f64) -> String {
        let english = format!("{number:.1}");
        match self.tongue {
            Tongue::German => english.replace('.', ","),
            Tongue::English => english,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GERMAN: Format = Format { tongue: Tongue::German, zone: Tz::Europe__Berlin };
    const ENGLISH: Format = Format { tongue: Tongue::English, zone: Tz::America__New_York };

    #[test]
    fn numbers_are_written_as_the_reader_writes_them() {
        let write = |format: Format| {
            [
                format.percent(0.3449),
                format.whole_percent(0.3449),
                format.percent_range(0.3, 0.4),
                format.points(-0.1234),
                format.points(0.03),
                format.points(-0.0004),
                format.count(7),
                format.count(1_234_567),
            ]
            .join(" | ")
        };
        assert_eq!(write(GERMAN), "34,5\u{a0}% | 34\u{a0}% | 30,0–40,0\u{a0}% | −12,3 | +3,0 | 0,0 | 7 | 1.234.567");
        assert_eq!(write(ENGLISH), "34.5% | 34% | 30.0–40.0% | −12.3 | +3.0 | 0.0 | 7 | 1,234,567");
    }

    #[test]
    fn times_are_those_on_the_readers_clock() {
        let at = Timestamp::parse_rfc3339("2026-03-29T03:30:00Z").unwrap();
        assert_eq!(GERMAN.moment(at), "29.03.2026, 05:30 Uhr", "summer time began two hours and a half before");
        assert_eq!(ENGLISH.moment(at), "28 Mar 2026, 23:30");
        assert_eq!([GERMAN.near_day(at), ENGLISH.near_day(at)], ["29. März", "28 March"]);
    }

    #[test]
    fn a_day_of_the_detector_keeps_its_date_west_and_east() {
        let midnight = Timestamp::parse_rfc3339("2026-03-12T00:00:00Z").unwrap();
        assert_eq!(GERMAN.day_starting_at(midnight), "12.03.2026");
        assert_eq!(ENGLISH.day_starting_at(midnight), "12 Mar 2026");
    }

    #[test]
    fn times_at_the_end_of_all_calendars_do_not_panic() {
        for seconds in [
            i64::MIN,
            i64::MAX,
            DateTime::<chrono::Utc>::MAX_UTC.timestamp(),
            DateTime::<chrono::Utc>::MIN_UTC.timestamp(),
        ] {
            for format in [GERMAN, ENGLISH] {
                assert!(!format.moment(Timestamp::from_seconds(seconds)).is_empty());
            }
        }
    }
}
