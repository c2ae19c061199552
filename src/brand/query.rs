//! The query of a brand, as a text.

use std::fmt;
use std::ops::Range;

use super::expression::Expression;
use super::term::Pattern;

mod grammar;
mod leaf;
mod mistake;
mod needed;
#[cfg(test)]
mod tests;
mod tokens;

pub use mistake::QueryError;
pub use needed::Needed;

use mistake::{Structure, Wrong};
use tokens::Token;

/// What a text must be like to be about a brand, read and sound: it cannot hold without at least one of its terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    pub(super) expression: Expression<Word>,
}

/// A term as it is written, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) written: String,
    pub(super) pattern: Pattern,
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl Query {
    /// Reads a query; with `fold_umlauts`, `ä` and `ae` are the same.
    ///
    /// # Errors
    /// Everything that is wrong with its terms, and the first mistake in how they are put together.
    pub fn parse(text: &str, fold_umlauts: bool) -> Result<Self, Vec<QueryError>> {
        Self::read(text, tokens::tokens(text, fold_umlauts))
    }

    /// Reads what somebody looks for: words side by side must all occur, and umlauts are found in either spelling.
    ///
    /// # Errors
    /// As [`Query::parse`].
    pub fn search(text: &str) -> Result<Self, Vec<QueryError>> {
        let (tokens, errors) = tokens::tokens(text, true);
        Self::read(text, (tokens::joined(tokens), errors))
    }

    fn read(text: &str, (tokens, mut errors): (Vec<Token>, Vec<QueryError>)) -> Result<Self, Vec<QueryError>> {
        match grammar::expression(&tokens, text.len()) {
            Ok(expression) if errors.is_empty() => {
                if expression.keys().is_some() {
                    return Ok(Self { expression });
                }
                let whole = text.len() - text.trim_start().len()..text.trim_end().len();
                errors.push(QueryError::new(whole, Structure::HoldsAnywhere));
            }
            Ok(_) => {}
            // Around a word that is wrong, how things are put together is anybody's guess.
            Err(error) if errors.iter().any(|known| overlap(&known.place, &error.place)) => {}
            Err(error) => errors.push(error),
        }
        errors.sort_by_key(|error| error.place.start);
        Err(errors)
    }

    /// The terms that suffice by themselves: what the brand goes by. An end of a word is no name.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.expression.names().into_iter().map(|word| word.written.as_str());
        names.filter(|name| !name.trim_start_matches('"').starts_with('*'))
    }
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// As people write it, with no more parentheses than it takes.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expression.fmt(f)
    }
}
