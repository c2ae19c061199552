//! The two languages that people are spoken to in, and what is said in both of them. Pure.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::mention::Language;

/// The languages that pages and mails are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// For readers of German.
    German,
    /// For everybody else, for the command line and for logs.
    English,
}

impl Tongue {
    /// German for German; English for everybody else.
    pub fn of(language: Language) -> Self {
        if language == Language::GERMAN { Self::German } else { Self::English }
    }

    /// By its two letters.
    pub const fn code(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::English => "en",
        }
    }
}

/// The same in both languages. Printed or serialised, it is the English one: command line, logs and programs have that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said<T = String> {
    /// For pages and mails in German.
    pub german: T,
    /// For everything else.
    pub english: T,
}

/// The same in German and in English.
pub const fn said<'a>(german: &'a str, english: &'a str) -> Said<&'a str> {
    Said { german, english }
}

impl<T: AsRef<str>> Said<T> {
    /// What is said to somebody who reads this language.
    pub fn to(&self, tongue: Tongue) -> &str {
        match tongue {
            Tongue::German => self.german.as_ref(),
            Tongue::English => self.english.as_ref(),
        }
    }

    /// Both, borrowed.
    pub fn as_str(&self) -> Said<&str> {
        said(self.german.as_ref(), self.english.as_ref())
    }
}

impl Said<&str> {
    /// With something behind a colon that is the same in every language: what a server or a library says.
    pub fn with(self, detail: impl fmt::Display) -> Said {
        Said { german: format!("{}: {detail}", self.german), english: format!("{}: {detail}", self.english) }
    }
}

impl From<Said<&str>> for Said {
    fn from(said: Said<&str>) -> Self {
        Self { german: said.german.to_owned(), english: said.english.to_owned() }
    }
}

impl<T: AsRef<str>> fmt::Display for Said<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.english.as_ref())
    }
}

impl<T: AsRef<str>> Serialize for Said<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.english.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_in_their_language_and_programs_in_english() {
        let calm = said("Ruhe", "calm");
        assert_eq!((calm.to(Tongue::German), calm.to(Tongue::English)), ("Ruhe", "calm"));
        assert_eq!((calm.to_string(), serde_json::json!(calm)), ("calm".to_owned(), "calm".into()));
    }
}
