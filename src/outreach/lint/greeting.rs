//! A reply that greets nobody.

use std::ops::Range;
use std::sync::LazyLock;

use super::pattern::Patterns;
use super::words::Sentence;
use super::{Reply, names};

static PATTERNS: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::parse(&[include_str!("greeting.txt")]).unwrap_or_default());

/// A greeting may come after so many words: "Oh nein, liebe Mia".
const EARLY: usize = 6;

/// The first word of a reply that begins without a greeting.
pub(super) fn missing(reply: &Reply<'_>, sentences: &[Sentence]) -> Vec<Range<usize>> {
    if greets(reply, sentences) || names::is_called(reply, sentences) {
        return Vec::new();
    }
    let first = sentences.first().map(|sentence| match sentence.words.first() {
        Some(word) if word.place.start == sentence.place.start => word.place.clone(),
        _ => sentence.place.clone(),
    });
    first.into_iter().collect()
}

fn greets(reply: &Reply<'_>, sentences: &[Sentence]) -> bool {
    let mut passed = 0;
    for sentence in sentences {
        if passed > EARLY {
            return false;
        }
        let begins = |at: usize| at == 0 || sentence.words[at - 1].ends_clause;
        let is_early = |at: usize| passed + at <= EARLY;
        if PATTERNS.find("greeting", sentence).iter().any(|one| begins(one.words.start) && is_early(one.words.start)) {
            return true;
        }
        if passed == 0 && PATTERNS.find("hail", sentence).iter().any(|one| is_early(one.words.start)) {
            return true;
        }
        let title = |at: usize| sentence.words.get(at + 1).is_some_and(|name| name.is_capital && name.ends_clause);
        if PATTERNS.find("title", sentence).iter().any(|one| is_early(one.words.start) && title(one.words.start)) {
            return true;
        }
        let name = |at: usize| sentence.words.get(at).is_some_and(|name| names::is_shown(name, reply.author));
        if PATTERNS.find("dear", sentence).iter().any(|one| is_early(one.words.start) && name(one.words.end)) {
            return true;
        }
        passed += sentence.words.len();
    }
    false
}
