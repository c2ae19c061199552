//! Somebody in a list of people to tell.

use serde::Deserialize;
use toml::Spanned;

use super::{Problem, Recipient};
use crate::mention::Language;
use crate::notify;

pub(super) fn recipient(
    entry: Spanned<RecipientEntry>,
    usual: Language,
    problems: &mut Vec<Problem>,
) -> Option<Recipient> {
    let span = entry.span();
    let RecipientEntry { address, language } = entry.into_inner();
    if let Err(error) = notify::address(&address) {
        problems.push(Problem::at(span, format!("`{address}` {error}")));
        return None;
    }
    Some(Recipient { address, language: language.unwrap_or(usual) })
}

/// `"a@example.org"`, or `{ address = "a@example.org", language = "en" }`.
pub(super) struct RecipientEntry {
    pub(super) address: String,
    pub(super) language: Option<Language>,
}

impl<'de> Deserialize<'de> for RecipientEntry {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RecipientVisitor)
    }
}

/// Not `#[serde(untagged)]`, which would answer every mistake with "did not match any variant".
struct RecipientVisitor;

impl<'de> serde::de::Visitor<'de> for RecipientVisitor {
    type Value = RecipientEntry;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an address, or a table with `address` and `language`")
    }

    fn visit_str<E>(self, address: &str) -> Result<Self::Value, E> {
        Ok(RecipientEntry { address: address.to_owned(), language: None })
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            address: String,
            language: Option<Language>,
        }
        let table = Table::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        Ok(RecipientEntry { address: table.address, language: table.language })
    }
}
