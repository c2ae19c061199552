//! Several words with one meaning.

use std::slice::from_ref;

use super::Meaning;
use crate::analyse::tokens::{Kind, Mark, Text, fold};

/// How many words a `…` may stand for.
const LONGEST_GAP: usize = 4;

/// Several words with one meaning, by what follows their first.
#[derive(Debug, PartialEq)]
pub(super) struct Phrase {
    rest: Vec<Part>,
    pub(super) meaning: Meaning,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Word(Box<str>),
    /// Any word that begins so.
    Opening(Box<str>),
    /// Up to [`LONGEST_GAP`] words.
    Gap,
}

impl Phrase {
    /// The phrases that a row of words after the first stands for: several, if there are alternatives ("a/b").
    pub(super) fn parse(rest: &[&str], meaning: Meaning) -> impl Iterator<Item = Self> {
        spelled_out(rest).into_iter().map(move |rest| Self { rest, meaning })
    }

    /// How many words and gaps follow the first word.
    pub(super) fn len(&self) -> usize {
        self.rest.len()
    }

    /// The token after the last, if the tokens from `at` on continue the phrase.
    pub(super) fn end(&self, text: &Text<'_>, at: usize) -> Option<usize> {
        ending(text, at, &self.rest)
    }
}

/// The rest of a phrase with its alternatives ("a/b") written out.
fn spelled_out(rest: &[&str]) -> Vec<Vec<Part>> {
    let mut all = vec![Vec::new()];
    for word in rest {
        let parts: Vec<Part> = word.split('/').map(part).collect();
        let continued = |start: Vec<Part>| parts.iter().map(move |part| [&start, from_ref(part)].concat());
        all = all.into_iter().flat_map(continued).collect();
    }
    all
}

fn part(word: &str) -> Part {
    match word.strip_suffix('*') {
        _ if word == "…" => Part::Gap,
        Some(opening) => Part::Opening(fold(opening).into()),
        None => Part::Word(fold(word).into()),
    }
}

/// The token after the last, if the tokens from `at` on are the parts. A comma within a phrase does not matter.
fn ending(text: &Text<'_>, at: usize, parts: &[Part]) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else { return Some(at) };
    let at = at + usize::from(text.tokens.get(at)?.kind == Kind::Mark(Mark::Pause));
    let token = text.tokens.get(at).filter(|token| token.kind == Kind::Word)?;
    let fits = |fits: &dyn Fn(&str) -> bool| fits(text.key(token)) || text.squeezed(token).is_some_and(fits);
    match part {
        Part::Word(word) => fits(&|key| key == &**word).then(|| ending(text, at + 1, rest))?,
        Part::Opening(opening) => fits(&|key| key.starts_with(&**opening)).then(|| ending(text, at + 1, rest))?,
        Part::Gap => (at..=at + LONGEST_GAP)
            .take_while(|&to| text.tokens[at..to.min(text.tokens.len())].iter().all(|token| token.kind == Kind::Word))
            .find_map(|to| ending(text, to, rest)),
    }
}
