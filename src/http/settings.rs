//! `[fetch]` in `sources.toml`: the limits and manners that hold for every request.

use std::time::Duration;

use bytesize::ByteSize;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// `[fetch]` in `sources.toml`. Lengths of time are written as in `"90s"` or `"1h 30m"`, sizes as in `"10MB"`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Mail address or page of the operator; part of the user agent, so that a site's owner can complain to a person.
    pub contact: Option<String>,
    /// Least time between the end of one request to a host and the start of the next; up to a quarter is added by chance.
    #[serde(deserialize_with = "crate::duration::deserialize")]
    pub gap_per_host: Duration,
    /// For one page with all its redirects, from the first connection to the last byte; waiting for the gap not counted.
    #[serde(deserialize_with = "crate::duration::deserialize")]
    pub timeout: Duration,
    /// For the name, the connection and its encryption.
    #[serde(deserialize_with = "crate::duration::deserialize")]
    pub connect_timeout: Duration,
    /// For the head of an answer, and for each pause within its body.
    #[serde(deserialize_with = "crate::duration::deserialize")]
    pub read_timeout: Duration,
    /// Longest body, counted after decompression.
    #[serde(deserialize_with = "size")]
    pub max_body: ByteSize,
    /// Longest chain of redirects; 0 follows none.
    pub max_redirects: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            contact: None,
            gap_per_host: Duration::from_secs(1),
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(15),
            max_body: ByteSize::mb(10),
            max_redirects: 10,
        }
    }
}

impl Settings {
    /// Everything that makes these settings unusable, each in a sentence that names the key and the rule.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.contact.as_deref().is_some_and(|contact| !fits_in_a_comment(contact)) {
            problems.push(
                "`contact` is sent in a header: write a mail address or a page, in ASCII and without parentheses"
                    .into(),
            );
        }
        if self.gap_per_host > LONGEST_GAP {
            problems.push(format!("`gap_per_host` must be at most {}", humantime::format_duration(LONGEST_GAP)));
        }
        let limits =
            [("timeout", self.timeout), ("connect_timeout", self.connect_timeout), ("read_timeout", self.read_timeout)];
        for (key, limit) in limits {
            if limit.is_zero() {
                problems.push(format!("`{key}` must be longer than 0s, or nothing could ever be fetched"));
            }
        }
        if self.max_body.as_u64() == 0 {
            problems.push("`max_body` must be more than 0, or nothing could ever be fetched".into());
        }
        problems
    }

    /// `Stimmung/VERSION (+CONTACT)`; without a contact the project's page stands in, if it has one.
    pub(super) fn user_agent(&self) -> String {
        let product = concat!("Stimmung/", env!("CARGO_PKG_VERSION"));
        match self.contact.as_deref().unwrap_or(env!("CARGO_PKG_REPOSITORY")) {
            "" => product.to_owned(),
            contact => format!("{product} (+{contact})"),
        }
    }
}

/// A longer one would let a single host hold up its sources for good.
const LONGEST_GAP: Duration = Duration::from_secs(3600);

/// A user agent's comment is printable ASCII between parentheses (RFC 9110, 5.6.5 and 10.1.5).
fn fits_in_a_comment(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().all(|c| matches!(c, ' '..='~') && !matches!(c, '(' | ')' | '\\'))
}

fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ByteSize, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| D::Error::custom(format!("`{text}` is no size: write \"10MB\" or \"512KiB\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_table_gives_the_defaults() {
        insta::assert_debug_snapshot!(toml::from_str::<Settings>("").unwrap(), @r"
        Settings {
            contact: None,
            gap_per_host: 1s,
            timeout: 30s,
            connect_timeout: 10s,
            read_timeout: 15s,
            max_body: 9.5 MiB (10000000 bytes),
            max_redirects: 10,
        }
        ");
    }

    #[test]
    fn times_and_sizes_are_read_as_people_write_them() {
        let settings: Settings = toml::from_str(
            "gap_per_host = \"0s\"\ntimeout = \"1h 30m\"\nread_timeout = \"2 days\"\nmax_body = \"512KiB\"",
        )
        .unwrap();
        assert_eq!(settings.gap_per_host, Duration::ZERO);
        assert_eq!(settings.timeout, Duration::from_secs(5400));
        assert_eq!(settings.read_timeout, Duration::from_secs(172_800));
        assert_eq!(settings.max_body, ByteSize::kib(512));
        assert_eq!(settings.problems(), [""; 0]);
    }

    #[test]
    fn a_mistake_is_named_with_its_remedy() {
        let mistakes = ["timeout = \"soon\"", "timeout = \"90\"", "max_body = \"big\"", "max_bodi = \"1MB\""];
        let told: Vec<_> =
            mistakes.iter().map(|toml| toml::from_str::<Settings>(toml).unwrap_err().to_string()).collect();
        insta::assert_snapshot!(told.join("\n"), @r#"
        TOML parse error at line 1, column 11
          |
        1 | timeout = "soon"
          |           ^^^^^^
        `soon` is no duration: write whole numbers with units, as in "90s", "15m", "1h 30m" or "2 days"

        TOML parse error at line 1, column 11
          |
        1 | timeout = "90"
          |           ^^^^
        `90` is no duration: write whole numbers with units, as in "90s", "15m", "1h 30m" or "2 days"

        TOML parse error at line 1, column 12
          |
        1 | max_body = "big"
          |            ^^^^^
        `big` is no size: write "10MB" or "512KiB"

        TOML parse error at line 1, column 1
          |
        1 | max_bodi = "1MB"
          | ^^^^^^^^
        unknown field `max_bodi`, expected one of `contact`, `gap_per_host`, `timeout`, `connect_timeout`, `read_timeout`, `max_body`, `max_redirects`
        "#);
    }

    #[test]
    fn all_unusable_values_are_named_at_once() {
        let settings: Settings = toml::from_str(
            "contact = \"ops\\r\\nX: y\"\ngap_per_host = \"2h\"\ntimeout = \"0s\"\nread_timeout = \"0s\"\nmax_body = \"0B\"",
        )
        .unwrap();
        insta::assert_snapshot!(settings.problems().join("\n"), @r"
        `contact` is sent in a header: write a mail address or a page, in ASCII and without parentheses
        `gap_per_host` must be at most 1h
        `timeout` must be longer than 0s, or nothing could ever be fetched
        `read_timeout` must be longer than 0s, or nothing could ever be fetched
        `max_body` must be more than 0, or nothing could ever be fetched
        ");
    }

    #[test]
    fn the_user_agent_names_product_version_and_contact() {
        let settings = Settings { contact: Some("ops@example.org".into()), ..Settings::default() };
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(settings.user_agent(), format!("Stimmung/{version} (+ops@example.org)"));
        assert!(Settings::default().user_agent().starts_with(&format!("Stimmung/{version}")));
    }
}
