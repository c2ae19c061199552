//! An address with placeholders.

use std::fmt;

use url::Url;
use url::form_urlencoded::byte_serialize;

use crate::collect::CollectError;
use crate::collect::pages::format_error;
use crate::mention::Timestamp;
use crate::tongue::said;

/// What can stand in an address.
const PLACEHOLDERS: [&str; 6] = ["{page}", "{offset}", "{limit}", "{cursor}", "{since}", "{since_seconds}"];

/// As it is written in `sources.toml`, but that `{limit}` is filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address(String);

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Address {
    /// What is wrong with it goes to `mistakes`.
    pub(super) fn new(written: &str, limit: Option<u32>, mistakes: &mut Vec<String>) -> Self {
        let address = Self(limit.map_or(written.to_owned(), |limit| written.replace("{limit}", &limit.to_string())));
        for unknown in unknown_placeholders(written) {
            mistakes.push(format!("`{unknown}` in `url` is no placeholder: write one of {}", PLACEHOLDERS.join(", ")));
        }
        if before_path(written).contains('{') {
            mistakes.push("no placeholder can stand before the path of `url`".to_owned());
        }
        let filled = address.at(Timestamp::from_seconds(0), 1, "x").ok();
        if !filled.is_some_and(|url| matches!(url.scheme(), "http" | "https")) {
            mistakes.push("`url` is no web address: write http:// or https://".to_owned());
        }
        address
    }

    pub(super) fn has(&self, placeholder: &str) -> bool {
        self.0.contains(placeholder)
    }

    /// Whether each round asks for another one.
    pub(super) fn asks_for_a_time(&self) -> bool {
        self.has("{since}") || self.has("{since_seconds}")
    }

    /// The names of parameters whose value is written out.
    pub(super) fn fixed_parameters(&self) -> impl Iterator<Item = &str> {
        let query = self.0.split_once('?').map_or("", |(_, query)| query);
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .filter(|(_, value)| !value.contains('{'))
            .map(|it| it.0)
    }

    /// Filled in; `number` is that of the page or of the items before it. A parameter for which there is no cursor is
    /// left out.
    pub(super) fn at(&self, since: Timestamp, number: u64, cursor: &str) -> Result<Url, CollectError> {
        let (path, query) = self.0.split_once('?').unwrap_or((&self.0, ""));
        let is_asked = |pair: &&str| !(cursor.is_empty() && pair.contains("{cursor}"));
        let query = query.split('&').filter(is_asked).collect::<Vec<_>>().join("&");
        let written = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        let filled = written
            .replace("{page}", &number.to_string())
            .replace("{offset}", &number.to_string())
            .replace("{since_seconds}", &since.seconds().to_string())
            .replace("{since}", &encoded(&since.to_string()))
            .replace("{cursor}", &encoded(cursor));
        Url::parse(&filled).map_err(|error| {
            let message = said("Aus „url“ wird keine Adresse", "`url` makes no address").with(error);
            format_error(message, said("Prüfen Sie „url“", "check `url`"))
        })
    }
}

pub(super) fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

/// It says whom to ask.
fn before_path(written: &str) -> &str {
    let host = written.find("://").map_or(0, |at| at + 3);
    let end = written[host..].find(['/', '?', '#']).map_or(written.len(), |at| host + at);
    &written[..end]
}

fn unknown_placeholders(written: &str) -> impl Iterator<Item = String> {
    let braces = written.split('{').skip(1).map(|rest| rest.split_once('}').map_or(rest, |(name, _)| name));
    braces.map(|name| format!("{{{name}}}")).filter(|placeholder| !PLACEHOLDERS.contains(&placeholder.as_str()))
}
