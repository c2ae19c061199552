//! What a kind of source is, needs and brings.

use std::time::Duration;

use super::Kind;
use crate::tongue::{Said, said};

/// What a kind of source is: for people who choose one.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The name in `sources.toml`.
    pub name: &'static str,
    /// What it listens to, in a few words.
    pub listens_to: Said<&'static str>,
    /// What one must have, beside what the example shows; `None`: nothing.
    pub needs: Option<Said<&'static str>>,
    /// What a mention of it can have beside its text, and what it tells beside mentions.
    pub brings: &'static [Detail],
    /// How many mentions the first contact can bring, in words.
    pub history: Said<&'static str>,
    /// What stands in `sources.toml` after `from.`.
    pub example: &'static str,
    /// How long its terms allow to keep what it has shown, where they say so.
    pub longest_kept: Option<Duration>,
    /// How many characters a reply there may have, where it takes no longer ones.
    pub longest_reply: Option<usize>,
    /// Whether one can answer there from here, with what [`About::needs`] says or a little more.
    pub takes_answers: bool,
    /// Whether a source of this kind hears what everybody says to everybody: a round stays on the line for a while, and
    /// hands over only what [`Round::is_wanted`](super::Round::is_wanted).
    pub hears_everybody: fn(&Kind) -> bool,
}

impl About {
    /// Nothing is needed, and nothing is special; a kind says the rest.
    pub const PLAIN: Self = Self {
        name: "",
        listens_to: said("", ""),
        needs: None,
        brings: &[],
        history: said("", ""),
        example: "",
        longest_kept: None,
        longest_reply: None,
        takes_answers: false,
        hears_everybody: |_| false,
    };
}

/// What a mention can have beside its text, or a source tell beside mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Stars, points, or a thumb.
    Rating,
    /// A headline.
    Title,
    /// What people call themselves.
    Author,
    /// A permalink.
    Link,
    /// What language it is in.
    Language,
    /// The owner's public answer.
    Reply,
    /// That a text was changed is told or seen.
    Edits,
    /// That a text was deleted is told, or found out by looking it up again.
    Removals,
    /// Which version of an app it is about.
    AppVersion,
    /// One grade of the whole profile, beside single reviews or instead of them.
    Grade,
}

impl Detail {
    /// In a word; programs know it by the English one.
    pub const fn name(self) -> Said<&'static str> {
        match self {
            Self::Rating => said("Bewertung", "rating"),
            Self::Title => said("Titel", "title"),
            Self::Author => said("Person", "author"),
            Self::Link => said("Link", "link"),
            Self::Language => said("Sprache", "language"),
            Self::Reply => said("Antwort", "reply"),
            Self::Edits => said("Änderungen", "edits"),
            Self::Removals => said("Löschungen", "removals"),
            Self::AppVersion => said("App-Version", "app version"),
            Self::Grade => said("Gesamtnote", "grade"),
        }
    }
}
