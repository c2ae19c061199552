//! What must stand in a text so that a query can hold: less than the query says, and quick to look up in an index of words.

use super::{Query, Word};
use crate::brand::expression::Expression;
use crate::brand::term::Pattern;

/// Words without which a query does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needed {
    /// These words one after the other, in folded form: small letters, umlauts written out, `ss` for `ß`.
    Phrase {
        /// At least one.
        words: Vec<String>,
        /// The last one may be only the beginning of a word.
        begins: bool,
    },
    /// All of these.
    All(Vec<Needed>),
    /// One of these.
    Any(Vec<Needed>),
}

impl Query {
    /// What must stand in a text; `None`: no whole word must (misspellings, ends of words).
    pub fn needed(&self) -> Option<Needed> {
        needed(&self.expression)
    }
}

fn needed(expression: &Expression<Word>) -> Option<Needed> {
    match expression {
        Expression::Term(word) => phrase(word),
        Expression::Near { left, right, .. } => all([one_of(left), one_of(right)].into_iter().flatten().collect()),
        Expression::All(parts) => all(parts.iter().filter_map(needed).collect()),
        Expression::Any(parts) => Some(Needed::Any(parts.iter().map(needed).collect::<Option<_>>()?)),
        Expression::Language(_) | Expression::Source(_) | Expression::Not(_) => None,
    }
}

fn phrase(word: &Word) -> Option<Needed> {
    let Pattern::Term(term) = &word.pattern else { return None };
    let (words, begins) = term.first_words();
    (!words.is_empty()).then_some(Needed::Phrase { words, begins })
}

fn one_of(words: &[Word]) -> Option<Needed> {
    Some(Needed::Any(words.iter().map(phrase).collect::<Option<_>>()?))
}

fn all(parts: Vec<Needed>) -> Option<Needed> {
    (!parts.is_empty()).then_some(Needed::All(parts))
}
