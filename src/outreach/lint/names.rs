//! Names with which somebody is spoken to, and whether a review shows them.

use std::ops::Range;

use super::pattern::Patterns;
use crate::outreach::lint::Reply;
use crate::outreach::lint::words::{Sentence, Word};
use crate::text::fold_umlauts;

/// The shortest part of a name that is looked for inside a handle: `jittery_joe` shows "Joe".
const SHORTEST: usize = 3;

/// What stands before a thing that a handle names, and not before a name: "Zwei Stunden im Regen, ...".
const THINGS: [&str; 18] = [
    "im", "in", "am", "an", "auf", "mit", "ohne", "der", "die", "das", "den", "dem", "ein", "eine", "the", "a", "with",
    "of",
];

/// Whether the name, or its beginning, stands in the reviewer's name or handle.
pub(super) fn is_shown(word: &Word, author: Option<&str>) -> bool {
    let Some(author) = author else { return false };
    let name = word.folded.trim_matches('.');
    let folded = fold_umlauts(author);
    let mut parts = folded.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    let joined: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    let name: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    name.len() >= SHORTEST && joined.contains(&name)
        || parts.any(|part| part == name || name.len() == 1 && part.starts_with(&name) || is_short_for(part, &name))
}

/// `alex` and `alexander`, `k` and `kramer` the other way round.
fn is_short_for(part: &str, name: &str) -> bool {
    part.len() >= SHORTEST && name.starts_with(part)
}

/// Whether the reviewer's name is spoken to at the beginning: "Danke, Jana, ..." or "Jana, ...".
pub(super) fn is_called(reply: &Reply<'_>, sentences: &[Sentence]) -> bool {
    const EARLY: usize = 8;
    /// So early, it takes no comma: "Ah Jana das war nichts".
    const FIRST: usize = 3;
    let words = || sentences.first().into_iter().flat_map(|sentence| sentence.words.iter().take(EARLY));
    let is_thing = |at: usize| at > 0 && words().nth(at - 1).is_some_and(|before| THINGS.contains(&&*before.folded));
    words()
        .enumerate()
        .any(|(at, word)| word.ends_clause && word.is_capital && !is_thing(at) && is_shown(word, reply.author))
        || words().take(FIRST).skip(1).any(|word| word.is_capital && is_part(word, reply.author))
}

/// Whether the word is one of those that the reviewer's name is made of.
fn is_part(word: &Word, author: Option<&str>) -> bool {
    let author = author.map(fold_umlauts).unwrap_or_default();
    word.folded.len() >= SHORTEST && author.split(|c: char| !c.is_alphanumeric()).any(|part| part == word.folded)
}

/// Where a name stands behind a greeting or a title: words with a capital, without what everybody may be called.
pub(super) fn from(patterns: &Patterns, sentence: &Sentence, start: usize) -> Range<usize> {
    let is_in = |part, at: usize| patterns.has(part, &sentence.words[at]);
    let mut name = start..start;
    for (at, word) in sentence.words.iter().enumerate().skip(start) {
        let is_general = ["title", "no name", "greeting"].iter().any(|part| is_in(part, at));
        if is_general && name.is_empty() {
            name = at + 1..at + 1;
        } else if !is_general && (word.is_capital || !name.is_empty() && is_in("between names", at)) {
            name.end = at + 1;
        } else {
            break;
        }
        if word.ends_clause {
            break;
        }
    }
    name
}
