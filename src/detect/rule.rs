//! The promise in the user's own words.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Direction;

/// How the budget of false alarms is spent: shares of it.
const MOOD_SHARE: f64 = 0.8;
const VOLUME_SHARE: f64 = 0.15;
const SILENCE_SHARE: f64 = 0.05;

/// How many times rarer than the bound says chance exceeds it: the sum leaps over the threshold rather than reach it, and what
/// a brand strays is reckoned on the safe side. On quiet streams of 3 to 1,000 mentions a day it is 1.7 to 2.3 times.
const GENEROSITY: f64 = 1.7;

/// The promise: at most one false alarm in so many days, of whatever kind.
///
/// ```
/// use stimmung::detect::Rule;
/// assert_eq!("12 weeks".parse(), Ok(Rule { days: 84.0, ..Rule::default() }));
/// assert!("often".parse::<Rule>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rule {
    /// From 1 to 36,500.
    pub days: f64,
    /// Only shifts this way; `None`: both.
    pub direction: Option<Direction>,
    /// Only shifts of the net mood by so much, 0…2.
    pub minimum: f64,
}

/// Why a text is no [`Rule`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RuleError {
    /// No number with a unit.
    #[error(
        "`{0}` is no span of time: write a number and a unit, as in \"90 days\", \"12 weeks\", \"3 months\" or \"1 year\""
    )]
    NoSpan(String),
    /// A span that no promise can be kept for.
    #[error("`{0}` is out of range: choose something between \"1 day\" and \"100 years\"")]
    OutOfRange(String),
}

/// What the project promises where nobody says otherwise: 90 days.
impl Default for Rule {
    fn default() -> Self {
        Self { days: 90.0, direction: None, minimum: 0.0 }
    }
}

impl Rule {
    /// The promise that each of `brands` has to keep so that all of them together keep this one.
    pub fn shared_among(self, brands: usize) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a number of brands")]
        Self { days: self.days * brands.max(1) as f64, ..self }
    }

    /// Which ways the mood may go.
    pub(super) fn directions(&self) -> &'static [Direction] {
        match self.direction {
            None => &[Direction::Up, Direction::Down],
            Some(Direction::Up) => &[Direction::Up],
            Some(Direction::Down) => &[Direction::Down],
        }
    }

    /// What the evidence for a shift must exceed: the natural logarithm of an e-value.
    ///
    /// The Shiryaev–Roberts sum of a brand without a shift grows by one a day on average, so that it takes at least `x` days
    /// on average until it exceeds `x`; looking both ways costs a factor of two.
    pub(super) fn mood_threshold(&self) -> f64 {
        (self.ways() * self.days.max(1.0) / (MOOD_SHARE * GENEROSITY)).ln()
    }

    /// How many ways are looked.
    #[expect(clippy::cast_precision_loss, reason = "one or two")]
    fn ways(&self) -> f64 {
        self.directions().len() as f64
    }

    /// A quiet brand shows this much evidence for a shift at most once in so many days: the inverse of the threshold, before
    /// the budget is shared.
    pub(super) fn rarity_days(&self, evidence: f64) -> f64 {
        evidence.exp() * GENEROSITY / self.ways()
    }

    /// Too much volume may be found by chance once in so many days.
    pub(super) fn days_for_volume(&self) -> f64 {
        self.days / VOLUME_SHARE
    }

    /// Silence may be found by chance once in so many days.
    pub(super) fn days_for_silence(&self) -> f64 {
        self.days / SILENCE_SHARE
    }
}

impl FromStr for Rule {
    type Err = RuleError;

    /// Reads a number and a unit: days, weeks, months of 30 days or years of 365.
    fn from_str(text: &str) -> Result<Self, RuleError> {
        let span = text.trim();
        let unit_at = span.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(span.len());
        let (number, unit) = span.split_at(unit_at);
        let no_span = || RuleError::NoSpan(text.to_owned());
        let number: f64 = number.trim().parse().map_err(|_| no_span())?;
        let days = number * days_in(unit).ok_or_else(no_span)?;
        if (1.0..=36_500.0).contains(&days) {
            Ok(Self { days, ..Self::default() })
        } else {
            Err(RuleError::OutOfRange(text.to_owned()))
        }
    }
}

fn days_in(unit: &str) -> Option<f64> {
    match unit.to_ascii_lowercase().as_str() {
        "d" | "day" | "days" => Some(1.0),
        "w" | "week" | "weeks" => Some(7.0),
        "month" | "months" => Some(30.0),
        "y" | "year" | "years" => Some(365.0),
        _ => None,
    }
}

impl TryFrom<String> for Rule {
    type Error = RuleError;

    fn try_from(text: String) -> Result<Self, RuleError> {
        text.parse()
    }
}

impl From<Rule> for String {
    fn from(rule: Rule) -> Self {
        rule.to_string()
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} days", self.days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_read_from_the_users_words() {
        let cases = [("90 days", 90.0), ("12 weeks", 84.0), (" 3 Months ", 90.0), ("1 year", 365.0), ("1.5d", 1.5)];
        for (text, days) in cases {
            assert_eq!(text.parse(), Ok(Rule { days, ..Rule::default() }), "{text}");
        }
    }

    #[test]
    fn what_is_no_span_of_time_is_refused_with_an_example() {
        for text in ["", "90", "days", "ninety days", "3 moons", "1e", "90 days 2", "NaN days"] {
            let error = text.parse::<Rule>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{text}` is ")) && error.contains("\""), "{error}");
        }
        for text in ["0 days", "-3 days", "101 years"] {
            assert_eq!(text.parse::<Rule>(), Err(RuleError::OutOfRange(text.into())));
        }
    }

    #[test]
    fn a_rule_is_read_back_as_it_was_written() {
        let rule = Rule { days: 84.5, ..Rule::default() };
        assert_eq!(serde_json::to_string(&rule).unwrap(), "\"84.5 days\"");
        assert_eq!(serde_json::from_str::<Rule>("\"84.5 days\"").unwrap(), rule);
    }

    #[test]
    fn brands_share_one_budget() {
        let rule = Rule::default();
        assert_eq!(rule.shared_among(3), Rule { days: 270.0, ..rule });
        assert_eq!(rule.shared_among(0), rule);
        assert!(rule.shared_among(3).mood_threshold() > rule.mood_threshold());
    }

    #[test]
    fn who_looks_one_way_only_pays_for_one() {
        let (both, down) = (Rule::default(), Rule { direction: Some(Direction::Down), ..Rule::default() });
        assert!((both.mood_threshold() - down.mood_threshold() - 2_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn what_just_suffices_is_never_called_more_frequent_than_promised() {
        for rule in [Rule::default(), Rule { direction: Some(Direction::Up), days: 30.0, ..Rule::default() }] {
            let rarity = rule.rarity_days(rule.mood_threshold());
            assert!((rarity * MOOD_SHARE - rule.days).abs() < 1e-9, "{rarity}");
        }
    }
}
