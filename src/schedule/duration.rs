//! Durations as people write them.

use std::time::Duration;

use thiserror::Error;

/// A text that is no duration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is no duration: write whole numbers with units, as in \"90s\", \"15m\", \"1h 30m\" or \"2 days\"")]
pub struct DurationError(String);

/// Reads whole numbers with units, which add up: `90s`, `15m`, `1h 30m`, `1 hour 30 minutes`, `2 days`, `1w`.
///
/// ```
/// use stimmung::schedule::parse_duration;
/// assert_eq!(parse_duration("1h 30m").unwrap().as_secs(), 5400);
/// ```
///
/// # Errors
///
/// Where a number or a unit is missing, a unit is unknown, or the sum is beyond 2⁶⁴ seconds.
pub fn parse_duration(text: &str) -> Result<Duration, DurationError> {
    seconds(text).map(Duration::from_secs).ok_or_else(|| DurationError(text.trim().to_owned()))
}

fn seconds(text: &str) -> Option<u64> {
    let mut rest = text.trim_start();
    let mut sum = None;
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let after = after.trim_start();
        let (unit, after) = after.split_at(after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len()));
        let part = number.parse::<u64>().ok()?.checked_mul(unit_seconds(unit)?)?;
        sum = Some(sum.unwrap_or(0_u64).checked_add(part)?);
        rest = after.trim_start();
    }
    sum
}

fn unit_seconds(unit: &str) -> Option<u64> {
    match unit.to_ascii_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(60),
        "h" | "hour" | "hours" => Some(3600),
        "d" | "day" | "days" => Some(24 * 3600),
        "w" | "week" | "weeks" => Some(7 * 24 * 3600),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_with_units_add_up() {
        let written = [
            ("90s", 90),
            ("15m", 900),
            ("1h", 3600),
            ("1h 30m", 5400),
            ("1h30m", 5400),
            (" 2 days ", 172_800),
            ("1d", 86_400),
            ("1 Week 1 second", 604_801),
            ("0s", 0),
        ];
        for (text, seconds) in written {
            assert_eq!(parse_duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn a_missing_or_unknown_unit_is_an_error() {
        for text in
            ["", " ", "15", "m", "1.5h", "-1h", "1 month", "15m,", "1h 30", "99999999999999999999s", "9e9d", "1h ä"]
        {
            assert!(parse_duration(text).is_err(), "{text}");
        }
        insta::assert_snapshot!(parse_duration("15").unwrap_err(), @r#"`15` is no duration: write whole numbers with units, as in "90s", "15m", "1h 30m" or "2 days""#);
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in r"([0-9]{0,20}|[smhdw]|days| |\PC){0,9}") {
            let _ = parse_duration(&text);
        }
    }
}
