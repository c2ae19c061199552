//! A finding in one picture: how the mood and the number of mentions went, day by day. Pure.
//!
//! [`svg`] draws it, [`png`] paints that, [`alternative`] says the same in a sentence. Nothing in it comes from strangers: it
//! shows numbers, dates and words of ours.

mod drawing;
mod level;
mod paint;
mod scale;
mod wording;

#[cfg(test)]
mod tests;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::mention::{Language, Timestamp};
pub use paint::{PaintError, png};

/// Width of the picture in units of its own. A mail shows it 536 pixels of the page wide on a desk, and 280 on a narrow
/// phone: letters of 13.5 units have 17 and 9 pixels there.
pub const WIDTH: u32 = 420;

/// Height of the picture, likewise.
pub const HEIGHT: u32 = 312;

/// What was heard on a day (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Its first second.
    pub start: Timestamp,
    /// Negative mentions.
    pub negative: u64,
    /// Neutral mentions.
    pub neutral: u64,
    /// Positive mentions.
    pub positive: u64,
}

impl Day {
    fn number(&self) -> i64 {
        number(self.start)
    }
}

/// The day since the epoch (UTC) that a moment lies in.
const fn number(at: Timestamp) -> i64 {
    at.seconds().div_euclid(24 * 3600)
}

/// What the picture is about; the other one stands below, smaller and grey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// The net mood.
    Mood,
    /// The number of mentions.
    Volume,
}

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Series<'a> {
    /// In the order of time, each day once. A day that is missing, because nobody listened or nothing was heard, is a gap.
    pub days: &'a [Day],
    /// When it began.
    pub onset: Timestamp,
    /// What is known up to; a day that was not over by then has a pale bar.
    pub until: Timestamp,
    /// What it is about.
    pub focus: Focus,
}

/// Draws a series for a reader.
pub fn svg(series: Series, language: Language, time_zone: Tz) -> String {
    drawing::draw(series, wording::Reader::new(language, time_zone), false)
}

/// The same to stand inside a page, which has the looks of its classes: colours of its own follow no dark scheme.
pub fn inline(series: Series, language: Language, time_zone: Tz) -> String {
    drawing::draw(series, wording::Reader::new(language, time_zone), true)
}

/// Says in one sentence what the picture shows.
pub fn alternative(series: Series, language: Language, time_zone: Tz) -> String {
    wording::Reader::new(language, time_zone).alternative(series)
}
