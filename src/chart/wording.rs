//! Every word, number and date of the picture, German and English side by side.

use chrono::DateTime;
use chrono_tz::Tz;

use super::level::{Levels, Net, volume};
use super::{Focus, Series};
use crate::mention::{Language, Timestamp};

const DAY: i64 = 24 * 3600;

/// The reader's language and clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader {
    german: bool,
    zone: Tz,
}

impl Reader {
    /// German for German; English for everybody else.
    pub(super) fn new(language: Language, zone: Tz) -> Self {
        Self { german: language == Language::GERMAN, zone }
    }

    const fn either(self, german: &'static str, english: &'static str) -> &'static str {
        if self.german { german } else { english }
    }

    pub(super) const fn net_title(self) -> &'static str {
        self.either("Saldo je Tag", "Net mood by day")
    }

    pub(super) const fn net_hint(self) -> &'static str {
        self.either("in Punkten, mit Spanne (95\u{a0}%)", "in points, with range (95%)")
    }

    pub(super) const fn volume_title(self) -> &'static str {
        self.either("Erwähnungen je Tag", "Mentions by day")
    }

    pub(super) const fn usual(self) -> &'static str {
        self.either("zuvor", "before")
    }

    pub(super) const fn since(self) -> &'static str {
        self.either("seitdem", "since")
    }

    pub(super) const fn most(self) -> &'static str {
        self.either("höchstens", "at most")
    }

    pub(super) fn onset(self, at: Timestamp) -> String {
        format!("{} {}", self.either("Beginn", "Start"), self.date(at))
    }

    /// `12.3.`, `12 Mar`: the day on the reader's calendar that a day of ours (UTC) mostly coincides with.
    pub(super) fn date(self, at: Timestamp) -> String {
        let noon = Timestamp::from_seconds(at.seconds().div_euclid(DAY).saturating_mul(DAY).saturating_add(DAY / 2));
        let local: DateTime<Tz> = noon.to_utc().with_timezone(&self.zone);
        local.format(self.either("%-d.%-m.", "%-d\u{a0}%b")).to_string()
    }

    /// A net mood in points with its sign: `+24,1`, `−18.2`.
    pub(super) fn points(self, net: f64) -> String {
        self.signed(net, 1)
    }

    /// The same at an axis, where all are round.
    pub(super) fn whole_points(self, net: f64) -> String {
        self.signed(net, 0)
    }

    fn signed(self, net: f64, decimals: usize) -> String {
        let digits = self.decimal(net.abs() * 100.0, decimals);
        let is_nought = digits.chars().all(|c| matches!(c, '0' | '.' | ','));
        let sign = if is_nought {
            ""
        } else if net > 0.0 {
            "+"
        } else {
            "−"
        };
        format!("{sign}{digits}")
    }

    /// A number of mentions, with a decimal where it is small: `1.204`, `3,5`.
    pub(super) fn count(self, count: f64) -> String {
        let is_whole = count >= 10.0 || (count - count.round()).abs() < 0.05;
        self.decimal(count, usize::from(!is_whole))
    }

    /// Thousands are grouped.
    fn decimal(self, number: f64, decimals: usize) -> String {
        let (comma, group) = if self.german { (',', '.') } else { ('.', ',') };
        let plain = format!("{number:.decimals$}");
        let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut written = String::new();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                written.push(group);
            }
            written.push(digit);
        }
        if !part.is_empty() {
            written.push(comma);
            written.push_str(part);
        }
        written
    }

    /// The picture in a sentence.
    pub(super) fn alternative(self, series: Series) -> String {
        let levels = Levels::of(series);
        let (mood, volume) = (self.mood_clause(levels, series.onset), self.volume_clause(levels));
        let clauses = match series.focus {
            Focus::Mood => [mood, volume],
            Focus::Volume => [volume, mood],
        };
        let clauses: Vec<String> = clauses.into_iter().flatten().collect();
        let first = series.days.first().map_or(series.onset, |day| day.start);
        let last = Timestamp::from_seconds(series.until.seconds().saturating_sub(1));
        let span = (self.date(first), self.date(last));
        let opening = match self.german {
            true => format!("Verlauf vom {} bis {}", span.0, span.1),
            false => format!("Day by day from {} to {}", span.0, span.1),
        };
        match (clauses.is_empty(), self.german) {
            (true, _) => format!("{opening}."),
            (false, true) => format!("{opening}: {}.", capitalised(&clauses.join("; "))),
            (false, false) => format!("{opening}: {}.", clauses.join("; ")),
        }
    }

    fn mood_clause(self, levels: Levels, onset: Timestamp) -> Option<String> {
        let onset = self.date(onset);
        let [before, since] =
            [levels.net_before, levels.net_since].map(|net| net.map(|Net { value, .. }| self.points(value)));
        Some(match (before, since, self.german) {
            (Some(before), Some(since), true) => {
                format!("der Saldo der Stimmung lag vor dem {onset} bei {before} Punkten, seitdem bei {since}")
            }
            (Some(before), Some(since), false) => {
                format!("the net mood was {before} points before {onset} and has been {since} since")
            }
            (Some(before), None, true) => format!("der Saldo der Stimmung lag vor dem {onset} bei {before} Punkten"),
            (Some(before), None, false) => format!("the net mood was {before} points before {onset}"),
            (None, Some(since), true) => format!("der Saldo der Stimmung liegt seit dem {onset} bei {since} Punkten"),
            (None, Some(since), false) => format!("the net mood has been {since} points since {onset}"),
            (None, None, _) => return None,
        })
    }

    fn volume_clause(self, levels: Levels) -> Option<String> {
        let before = self.count(levels.volume_before?);
        let peak = levels.peak.map(|day| (self.count(volume(&day)), self.date(day.start)));
        Some(match (peak, self.german) {
            (Some((most, day)), true) => {
                format!("zuvor waren es im Schnitt {before} Erwähnungen am Tag, danach höchstens {most} (am {day})")
            }
            (Some((most, day)), false) => {
                format!("there were {before} mentions a day before, on average, and at most {most} after (on {day})")
            }
            (None, true) => format!("zuvor waren es im Schnitt {before} Erwähnungen am Tag"),
            (None, false) => format!("there were {before} mentions a day before, on average"),
        })
    }
}

/// German writes a sentence after a colon like any other.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
