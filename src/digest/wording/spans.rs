//! What the columns and rows of a digest are called, by how much it tells of.

use chrono::{Days, NaiveDate};

use crate::alert::format::{Format, Tongue};
use crate::digest::Length;

impl Format {
    /// What stands over the numbers of the days before it.
    pub(in crate::digest) const fn before_label(self, length: Length) -> &'static str {
        match (self.tongue, length) {
            (Tongue::German, Length::Day | Length::Week) => "28 Tage davor",
            (Tongue::English, Length::Day | Length::Week) => "28 days before",
            (Tongue::German, Length::Month) => "im Monat davor",
            (Tongue::English, Length::Month) => "the month before",
        }
    }

    /// What stands over the days, or over the weeks of a month.
    pub(in crate::digest) const fn days_label(self, length: Length) -> &'static str {
        match (self.tongue, length) {
            (Tongue::German, Length::Day | Length::Week) => "Tag für Tag",
            (Tongue::English, Length::Day | Length::Week) => "Day by day",
            (Tongue::German, Length::Month) => "Woche für Woche",
            (Tongue::English, Length::Month) => "Week by week",
        }
    }

    /// What stands over the numbers of the period.
    pub(in crate::digest) const fn period_label(self, length: Length) -> &'static str {
        match (self.tongue, length) {
            (Tongue::German, Length::Day) => "an diesem Tag",
            (Tongue::German, Length::Week) => "in dieser Woche",
            (Tongue::German, Length::Month) => "in diesem Monat",
            (Tongue::English, Length::Month) => "in that month",
            (Tongue::English, Length::Day) => "on that day",
            (Tongue::English, Length::Week) => "in that week",
        }
    }

    /// A day, or the seven that begin with it: `Do 12.03.`, `09.03.–15.03.`
    pub(in crate::digest) fn shown_name(self, first: NaiveDate, length: Length) -> String {
        let pattern = if self.tongue == Tongue::German { "%d.%m." } else { "%d %b" };
        match length {
            Length::Day | Length::Week => self.short_date(first),
            Length::Month => format!("{}–{}", first.format(pattern), (first + Days::new(6)).format(pattern)),
        }
    }
}
