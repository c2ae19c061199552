//! A query as words, operators and parentheses.

use std::ops::Range;

use super::leaf::{phrase, word};
use super::{QueryError, Structure, Word, Wrong};
use crate::brand::expression::Expression;

/// A piece of a query with its place.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) place: Range<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Open,
    Close,
    And,
    Or,
    Not,
    /// At most so many words between.
    Near(usize),
    /// A term or a clause; `None`: it is wrong, and was named already.
    Leaf(Option<Expression<Word>>),
}

/// Beyond this, two words stand in one text rather than near each other.
pub(super) const MOST_WORDS_BETWEEN: usize = 100;

/// Those that are typed, and those that word processors make of them.
const QUOTES: [char; 4] = ['"', '„', '“', '”'];

/// The pieces, and what is wrong with each by itself.
pub(super) fn tokens(text: &str, umlauts: bool) -> (Vec<Token>, Vec<QueryError>) {
    let (mut tokens, mut errors) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (length, kind) = match first {
            _ if first.is_whitespace() => {
                at += first.len_utf8();
                continue;
            }
            '(' => (1, Ok(Kind::Open)),
            ')' => (1, Ok(Kind::Close)),
            _ if QUOTES.contains(&first) => quoted(rest, first, at, umlauts),
            _ => {
                let length = rest.find(ends_word).unwrap_or(rest.len());
                (length, bare(&rest[..length], at, umlauts))
            }
        };
        let kind = kind.unwrap_or_else(|error| {
            errors.push(error);
            Kind::Leaf(None)
        });
        tokens.push(Token { kind, place: at..at + length });
        at += length;
    }
    (tokens, errors)
}

/// The same with an AND between things that stand side by side.
pub(super) fn joined(tokens: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::with_capacity(2 * tokens.len());
    for token in tokens {
        let ends = joined.last().is_some_and(|before| matches!(before.kind, Kind::Leaf(_) | Kind::Close));
        if ends && matches!(token.kind, Kind::Leaf(_) | Kind::Open | Kind::Not) {
            joined.push(Token { kind: Kind::And, place: token.place.start..token.place.start });
        }
        joined.push(token);
    }
    joined
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')') || QUOTES.contains(&c)
}

fn quoted(rest: &str, quote: char, at: usize, umlauts: bool) -> (usize, Result<Kind, QueryError>) {
    let inner = &rest[quote.len_utf8()..];
    let Some((length, end)) = inner.char_indices().find(|(_, c)| QUOTES.contains(c)) else {
        return (rest.len(), Err(QueryError::new(at..at + rest.len(), Structure::Unquoted)));
    };
    let whole = quote.len_utf8() + length + end.len_utf8();
    (whole, phrase(&inner[..length], at..at + whole, umlauts).map(|leaf| Kind::Leaf(Some(leaf))))
}

fn bare(text: &str, at: usize, umlauts: bool) -> Result<Kind, QueryError> {
    Ok(match text {
        "AND" | "UND" => Kind::And,
        "OR" | "ODER" => Kind::Or,
        "NOT" | "NICHT" => Kind::Not,
        _ if text == "NEAR" || text.starts_with("NEAR/") => Kind::Near(near(text, at)?),
        _ => Kind::Leaf(Some(word(text, at..at + text.len(), umlauts)?)),
    })
}

fn near(text: &str, at: usize) -> Result<usize, QueryError> {
    let words = text.strip_prefix("NEAR/").and_then(|number| number.parse().ok());
    words
        .filter(|words| *words <= MOST_WORDS_BETWEEN)
        .ok_or_else(|| QueryError::of_word(at..at + text.len(), Wrong::Near, text))
}
