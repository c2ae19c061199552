//! What somebody said in public, as plain data: the one type that every stage understands.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, SecondsFormat, TimeZone, Utc};
use serde::{Deserialize, Serialize};

pub use grade::Grade;

mod grade;

/// A point in time: whole seconds since 1970-01-01T00:00:00Z.
///
/// Whole seconds, because that is what SQLite keeps and what sources state; printed and serialised as RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From seconds since the epoch.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since the epoch.
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// The hour since the epoch that this moment lies in (negative before 1970).
    pub const fn hour(self) -> i64 {
        self.0.div_euclid(3600)
    }

    /// This moment moved by a number of seconds, which may be negative.
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Reads RFC 3339 (`2026-03-29T01:30:00Z`, `2026-03-29T03:30:00+02:00`).
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|at| Self(at.timestamp()))
    }

    /// As a `chrono` value, for calendars and formats. Times beyond chrono's range become the epoch.
    pub fn to_utc(self) -> DateTime<Utc> {
        Utc.timestamp_opt(self.0, 0).single().unwrap_or_default()
    }
}

impl<Zone: TimeZone> From<DateTime<Zone>> for Timestamp {
    fn from(at: DateTime<Zone>) -> Self {
        Self(at.timestamp())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_utc().to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse_rfc3339(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no RFC 3339 time")))
    }
}

/// A language by its ISO 639-1 code.
///
/// ```
/// use stimmung::mention::Language;
/// assert_eq!(Language::parse("de-CH"), Some(Language::GERMAN));
/// assert_eq!(Language::parse("German"), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language([u8; 2]);

impl Language {
    /// `de`
    pub const GERMAN: Self = Self(*b"de");
    /// `en`
    pub const ENGLISH: Self = Self(*b"en");

    /// From its two lower-case letters, known when the program is written.
    pub(crate) const fn literal(code: [u8; 2]) -> Self {
        Self(code)
    }

    /// Reads a BCP 47 tag and keeps its two-letter language: `de`, `de-DE`, `en_US`.
    pub fn parse(tag: &str) -> Option<Self> {
        let code = tag.trim().split(['-', '_']).next()?;
        match code.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Some(Self([a.to_ascii_lowercase(), b.to_ascii_lowercase()]))
            }
            _ => None,
        }
    }

    /// The English name of a language that the model speaks.
    pub fn name(&self) -> Option<&'static str> {
        Some(match &self.0 {
            b"de" => "German",
            b"en" => "English",
            b"es" => "Spanish",
            b"fr" => "French",
            b"it" => "Italian",
            b"nl" => "Dutch",
            b"pl" => "Polish",
            b"pt" => "Portuguese",
            _ => return None,
        })
    }

    /// The two-letter code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Language {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tag = String::deserialize(deserializer)?;
        Self::parse(&tag).ok_or_else(|| {
            serde::de::Error::custom(format!("`{tag}` is no language: write its two letters, as in \"de\" or \"en\""))
        })
    }
}

/// The mood of a text towards what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    /// Upset, disappointed, warning others.
    Negative,
    /// News, questions, offers; or praise and blame in balance.
    Neutral,
    /// Content, grateful, recommending.
    Positive,
}

impl Label {
    /// All three, in the order in which probabilities are kept.
    pub const ALL: [Self; 3] = [Self::Negative, Self::Neutral, Self::Positive];

    /// −1, 0 or 1.
    pub const fn sign(self) -> i8 {
        match self {
            Self::Negative => -1,
            Self::Neutral => 0,
            Self::Positive => 1,
        }
    }

    /// `negative`, `neutral` or `positive`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::Neutral => "neutral",
            Self::Positive => "positive",
        }
    }

    /// The inverse of [`Label::name`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|label| label.name().eq_ignore_ascii_case(name.trim()))
    }
}

/// The name of a source in `sources.toml`: lower-case letters, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SourceId(String);

impl SourceId {
    /// Accepts 1 to 64 characters of `a–z`, `0–9` and `-`, the first no hyphen.
    pub fn parse(id: &str) -> Option<Self> {
        let fits = (1..=64).contains(&id.len())
            && !id.starts_with('-')
            && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        fits.then(|| Self(id.to_owned()))
    }

    /// The id as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Stars or points, with the scale they were given on.
///
/// ```
/// use stimmung::mention::Rating;
/// assert_eq!(Rating::stars(1.0).fraction(), 0.0);
/// assert_eq!(Rating { value: 7.0, worst: 0.0, best: 10.0 }.fraction(), 0.7);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rating {
    /// What was given.
    pub value: f64,
    /// The lowest that could be given.
    pub worst: f64,
    /// The highest that could be given.
    pub best: f64,
}

impl Rating {
    /// On the usual scale of one to five.
    pub const fn stars(value: f64) -> Self {
        Self { value, worst: 1.0, best: 5.0 }
    }

    /// Where the value lies between worst (0) and best (1).
    pub fn fraction(self) -> f64 {
        let span = self.best - self.worst;
        if span > 0.0 { ((self.value - self.worst) / span).clamp(0.0, 1.0) } else { 0.5 }
    }

    /// In whole stars from 1 to 5, whatever the scale was.
    pub fn of_five(self) -> u8 {
        (1.0 + 4.0 * self.fraction()).round() as u8
    }

    /// The mood that a rating tells by itself; `None` where it lies between two.
    pub fn label(self) -> Option<Label> {
        match self.fraction() {
            ..=0.25 => Some(Label::Negative),
            0.4..=0.6 => Some(Label::Neutral),
            0.75.. => Some(Label::Positive),
            _ => None,
        }
    }
}

/// Who wrote a mention, as its source shows it. Personal data: stored, erasable, never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// What stays the same when the person changes the shown name: an account id, an address; else the name.
    pub key: String,
    /// The shown name.
    pub name: String,
}

/// Names never reach a log, not even through `{:?}`.
impl fmt::Debug for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Author(…)")
    }
}

/// What the owner of the profile answered in public.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// Plain text.
    pub text: String,
    /// When, if the source says so.
    pub at: Option<Timestamp>,
}

/// One review, post or article, as the source gave it; its text is plain, never markup.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    /// What the source calls it; unique and stable within the source.
    pub native_id: String,
    /// Where a person can read it.
    pub url: Option<String>,
    /// Who wrote it.
    pub author: Option<Author>,
    /// Who published it, where that is not the source itself (an aggregator names the newspaper).
    pub publisher: Option<String>,
    /// Headline of a review or an article.
    pub title: Option<String>,
    /// Plain text; may be empty where only stars were given.
    pub text: String,
    /// Stars or points.
    pub rating: Option<Rating>,
    /// What the source says the language is.
    pub language_hint: Option<Language>,
    /// ISO 3166-1 alpha-2 in upper case, where the source is of one country.
    pub country: Option<String>,
    /// When it was first published. `None` where the source does not say.
    pub published_at: Option<Timestamp>,
    /// When the author last changed it, where the source says so.
    pub edited_at: Option<Timestamp>,
    /// Version of the app that is reviewed.
    pub app_version: Option<String>,
    /// The owner's public answer.
    pub reply: Option<Reply>,
}

impl Mention {
    /// Title and text as one, the way a reader meets them.
    pub fn full_text(&self) -> Cow<'_, str> {
        match self.title.as_deref().map(str::trim) {
            Some(title) if !title.is_empty() && !self.text.starts_with(title) => {
                let stop = if title.ends_with(['.', '!', '?', '…', ':']) { "" } else { "." };
                if self.text.is_empty() { title.into() } else { format!("{title}{stop}\n{}", self.text).into() }
            }
            _ => self.text.as_str().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_is_written_and_read_as_rfc_3339() {
        let at = Timestamp::parse_rfc3339("2026-03-29T03:30:00+02:00").unwrap();
        assert_eq!(at.to_string(), "2026-03-29T01:30:00Z");
        assert_eq!(serde_json::from_str::<Timestamp>(&serde_json::to_string(&at).unwrap()).unwrap(), at);
    }

    #[test]
    fn hours_before_the_epoch_are_negative() {
        assert_eq!(Timestamp::from_seconds(-1).hour(), -1);
        assert_eq!(Timestamp::from_seconds(3599).hour(), 0);
    }

    #[test]
    fn a_source_id_is_safe_in_a_file_name() {
        assert!(SourceId::parse("app-store-de").is_some());
        for id in ["", "-a", "Ä", "a/b", "a b", &"x".repeat(65)] {
            assert!(SourceId::parse(id).is_none(), "{id}");
        }
    }

    #[test]
    fn a_rating_between_two_moods_tells_none() {
        let labels = [1.0, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0].map(|stars| Rating::stars(stars).label());
        let (negative, neutral, positive) = (Some(Label::Negative), Some(Label::Neutral), Some(Label::Positive));
        assert_eq!(labels, [negative, negative, None, neutral, None, positive, positive]);
    }

    #[test]
    fn an_author_is_not_printed() {
        let author = Author { key: "k".into(), name: "Erika Mustermann".into() };
        assert!(!format!("{author:?}").contains("Erika"));
    }

    #[test]
    fn the_title_is_not_said_twice() {
        let mention =
            |title: &str, text: &str| Mention { title: Some(title.into()), text: text.into(), ..Mention::default() };
        assert_eq!(mention("Schade", "Nie wieder").full_text(), "Schade.\nNie wieder");
        assert_eq!(mention("Schade", "Schade um das Geld").full_text(), "Schade um das Geld");
        assert_eq!(mention("Schade!", "").full_text(), "Schade!");
    }
}
