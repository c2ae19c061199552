//! A text as a row of terms: each word, phrase, symbol and mark with what it means.

use std::ops::RangeInclusive;

use super::lexicon::{Lexicon, Meaning};
use super::tokens::{Kind, Mark, Text};

/// What a term is to the rules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sense {
    /// A word or phrase.
    Word(Meaning),
    /// An emoji or emoticon, by its valence.
    Symbol(f64),
    Mark(Mark),
}

/// One word, phrase, symbol or mark.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    /// The tokens it is made of.
    pub(super) tokens: RangeInclusive<usize>,
    /// The token of the stem, if this is the particle of a separable verb ("stürzt … ab").
    pub(super) stem: Option<usize>,
    pub(super) sense: Sense,
}

/// Reads a text with one lexicon, or with several where its language is not known.
pub(super) fn read(text: &Text<'_>, lexica: &[&Lexicon]) -> Vec<Term> {
    let mut terms = Vec::with_capacity(text.tokens.len());
    let mut at = 0;
    while let Some(token) = text.tokens.get(at) {
        let term = match token.kind {
            Kind::Mark(mark) => Term { tokens: at..=at, stem: None, sense: Sense::Mark(mark) },
            Kind::Symbol(valence) => Term { tokens: at..=at, stem: None, sense: Sense::Symbol(valence) },
            Kind::Word => word(text, at, lexica),
        };
        at = term.tokens.end() + 1;
        terms.push(term);
    }
    terms
}

/// The longest phrase at a token, else a separable verb that ends with it, else the word alone.
fn word(text: &Text<'_>, at: usize, lexica: &[&Lexicon]) -> Term {
    let phrase = lexica.iter().filter_map(|lexicon| lexicon.phrase(text, at)).max_by_key(|(end, _)| *end);
    if let Some((end, meaning)) = phrase {
        return Term { tokens: at..=end - 1, stem: None, sense: Sense::Word(meaning) };
    }
    if let Some((stem, meaning)) = lexica.iter().find_map(|lexicon| lexicon.separated(text, at)) {
        return Term { tokens: at..=at, stem: Some(stem), sense: Sense::Word(meaning) };
    }
    let token = &text.tokens[at];
    let known = |lexicon: &&Lexicon| {
        lexicon.meaning(text.key(token)).or_else(|| text.squeezed(token).and_then(|word| lexicon.meaning(word)))
    };
    let meaning = lexica.iter().filter_map(known).reduce(agreed).unwrap_or(Meaning::Nothing);
    Term { tokens: at..=at, stem: None, sense: Sense::Word(meaning) }
}

/// A word of two languages ("die", "bad") counts only where it means the same in both.
fn agreed(one: Meaning, other: Meaning) -> Meaning {
    if one == other || one.plain() * other.plain() > 0.0 { one } else { Meaning::Nothing }
}
