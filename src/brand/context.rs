//! What is known of a text beside its words.

use crate::mention::Language;

/// Where a text is from and what it is written in, for the clauses of a query.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// The id of its source; `None`: it is of none, and no `source:` clause holds.
    pub source: Option<&'a str>,
    /// Its language.
    pub language: Spoken,
}

/// The language of a text, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spoken {
    /// This one.
    In(Language),
    /// It was looked for in vain: no `lang:` clause holds.
    #[default]
    Unknown,
    /// Nobody has looked yet: a clause about it, or against it, stands in nobody's way.
    Undecided,
}

impl From<Option<Language>> for Spoken {
    fn from(language: Option<Language>) -> Self {
        language.map_or(Self::Unknown, Self::In)
    }
}

/// The sources that a `source:` clause is about: one, or all whose ids begin alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sources {
    pub(super) id: String,
    /// Whether more may follow.
    pub(super) begins: bool,
}

impl Sources {
    pub(super) fn include(&self, source: &str) -> bool {
        if self.begins { source.starts_with(&self.id) } else { source == self.id }
    }
}
