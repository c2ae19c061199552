//! Durations as people write them in `sources.toml`; read by the humantime crate.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// A text that is no duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no duration: write whole numbers with units, as in \"90s\", \"15m\", \"1h 30m\" or \"2 days\"")]
pub struct DurationError(String);

/// Reads whole numbers with units, which add up: `500ms`, `90s`, `15m`, `1h 30m`, `2 days`, `1w`.
///
/// ```
/// assert_eq!(stimmung::duration::parse("1h 30m").unwrap().as_secs(), 5400);
/// ```
///
/// # Errors
///
/// Where a number or a unit is missing, a unit is unknown, or the sum is beyond what a `Duration` holds.
pub fn parse(text: &str) -> Result<Duration, DurationError> {
    humantime::parse_duration(&text.trim().to_ascii_lowercase()).map_err(|_| DurationError(text.trim().to_owned()))
}

/// For `#[serde(deserialize_with = "crate::duration::deserialize")]`.
///
/// # Errors
///
/// As [`parse`].
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
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
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn a_missing_or_unknown_unit_is_an_error() {
        for text in ["", " ", "15", "m", "-1h", "15m,", "1h 30", "99999999999999999999s", "9e9d", "1h ä"] {
            assert!(parse(text).is_err(), "{text}");
        }
        insta::assert_snapshot!(parse("15").unwrap_err(), @r#"`15` is no duration: write whole numbers with units, as in "90s", "15m", "1h 30m" or "2 days""#);
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in r"([0-9]{0,20}|[smhdw]|days| |\PC){0,9}") {
            let _ = parse(&text);
        }
    }
}
