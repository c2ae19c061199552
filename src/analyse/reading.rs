//! A text as a row of terms: each word, phrase, symbol and mark with what it means.

use std::ops::RangeInclusive;

use super::lexicon::{Hint, Lexicon, Meaning};
use super::tokens::{Kind, Mark, Text};

/// What a term is to the rules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sense {
    /// A word or phrase.
    Word(Meaning),
    /// An emoji or emoticon, by its valence.
    Symbol(f64),
    /// A written grade, by its valence.
    Grade(f64),
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

/// Reads a text with the lexicon of a language; `words` says what is known of each token by itself.
pub(super) fn read(text: &Text<'_>, lexicon: &Lexicon, words: &[Hint]) -> Vec<Term> {
    let mut terms = Vec::with_capacity(text.tokens.len());
    let mut at = 0;
    while let Some(token) = text.tokens.get(at) {
        let alone = |sense| Term { tokens: at..=at, stem: None, sense };
        let term = match token.kind {
            Kind::Mark(mark) => alone(Sense::Mark(mark)),
            Kind::Symbol(valence) => alone(Sense::Symbol(valence)),
            Kind::Grade(valence) => alone(Sense::Grade(valence)),
            Kind::Brand => alone(Sense::Word(Meaning::Nothing)),
            Kind::Word => word(text, at, lexicon, words[at]),
        };
        at = term.tokens.end() + 1;
        terms.push(term);
    }
    terms
}

/// The longest phrase at a token, else a separable verb that ends with it, else the word alone.
fn word(text: &Text<'_>, at: usize, lexicon: &Lexicon, hint: Hint) -> Term {
    let token = &text.tokens[at];
    let stretched = text.squeezed(token);
    if (hint.begins_phrase || stretched.is_some())
        && let Some((end, meaning)) = lexicon.phrase(text, at)
    {
        return Term { tokens: at..=end - 1, stem: None, sense: Sense::Word(meaning) };
    }
    if hint.is_particle
        && let Some((stem, meaning)) = lexicon.separated(text, at)
    {
        return Term { tokens: at..=at, stem: Some(stem), sense: Sense::Word(meaning) };
    }
    let meaning = hint.meaning.or_else(|| stretched.and_then(|word| lexicon.meaning(word)));
    Term { tokens: at..=at, stem: None, sense: Sense::Word(meaning.unwrap_or(Meaning::Nothing)) }
}
