//! Who a reviewer is, or what they did not tell of themselves, where everybody reads it.
//!
//! A reply may use the name that is shown and what the review says. Beyond that, two things are looked for: a name with which
//! somebody is spoken to, and facts about the reader (`identity.txt`) of which nothing stands in the review.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::pattern::{Match, Patterns};
use super::words::{Sentence, Word};
use super::{Reply, names, personal};
use crate::text::fold_umlauts;

const FILE: &str = include_str!("identity.txt");

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let facts = FILE.split("\n[same]\n").next().unwrap_or_default();
    Patterns::parse(&[include_str!("persons.txt"), include_str!("greeting.txt"), facts]).unwrap_or_default()
});

/// Words that mean the same, in any of these sets.
static SAME: LazyLock<Vec<FxHashSet<String>>> = LazyLock::new(|| {
    let sets = FILE.split("\n[same]\n").nth(1).unwrap_or_default();
    sets.lines().map(|line| fold_umlauts(line).split_whitespace().map(str::to_owned).collect()).collect()
});

/// A greeting may come after so many words.
const EARLY: usize = 3;

/// Letters at the beginning that two forms of a word share.
const STEM: usize = 4;

/// What gives somebody away.
pub(super) fn revealed(reply: &Reply<'_>, sentences: &[Sentence], said: &[Sentence]) -> Vec<Range<usize>> {
    let known = Known { author: reply.author, words: said.iter().flat_map(|sentence| &sentence.words).collect() };
    let mut places: Vec<Range<usize>> = names(sentences, &known);
    for sentence in sentences {
        let is_news = |one: &Match| one.key.is_none_or(|key| !known.has(&sentence.words[key]));
        let facts = PATTERNS.find("fact", sentence);
        places.extend(facts.iter().filter(|one| is_news(one)).map(|one| sentence.span(&one.words)));
        let mails = personal::mails(sentence).into_iter();
        places
            .extend(mails.filter(|mail| mail.is_theirs && names_somebody(&mail.local, &known)).map(|mail| mail.place));
    }
    places
}

/// What everybody can see.
struct Known<'a> {
    author: Option<&'a str>,
    words: Vec<&'a Word>,
}

impl Known<'_> {
    /// Whether the review, or the name that it shows, has the word, a form of it, or one that means the same.
    fn has(&self, word: &Word) -> bool {
        let is_same = |set: &FxHashSet<String>, known: &Word| set.contains(&word.folded) && set.contains(&known.folded);
        self.words
            .iter()
            .any(|known| are_related(&word.folded, &known.folded) || SAME.iter().any(|set| is_same(set, known)))
            || self.author.is_some_and(|author| {
                let author = fold_umlauts(author);
                word.folded.len() >= STEM && author.contains(&word.folded)
                    || SAME.iter().any(|set| {
                        set.contains(&word.folded) && set.iter().any(|same| same.len() >= STEM && author.contains(same))
                    })
            })
    }

    /// Whether the word stands in the shown name, or in the review.
    fn shows(&self, word: &Word) -> bool {
        names::is_shown(word, self.author) || self.words.iter().any(|known| known.folded == word.folded)
    }
}

/// Names with which the reader is spoken to, and which nobody can see.
fn names(sentences: &[Sentence], known: &Known<'_>) -> Vec<Range<usize>> {
    let hidden = |sentence: &Sentence, start| {
        let name = names::from(&PATTERNS, sentence, start);
        let first = name.clone().find(|&at| !known.shows(&sentence.words[at]))?;
        Some(sentence.span(&(first..name.end)))
    };
    let greeted = sentences.iter().take(2).flat_map(|sentence| {
        let greetings = PATTERNS.find("greeting", sentence).into_iter();
        greetings
            .map(|one| one.words.start)
            .filter(|start| *start <= EARLY)
            .filter_map(move |start| hidden(sentence, start))
    });
    let called = sentences.iter().take(1).flat_map(|sentence| {
        let titles = PATTERNS.find("title", sentence).into_iter().map(|one| one.words.start);
        let is_apart = |start: &usize| *start == 0 || sentence.words[start - 1].ends_clause;
        titles.filter(is_apart).filter_map(move |start| hidden(sentence, start))
    });
    greeted.chain(called).collect()
}

/// Whether a mailbox is called as a person is: `m.maier84`.
fn names_somebody(local: &str, known: &Known<'_>) -> bool {
    let parts: Vec<&str> =
        local.split(['.', '_', '-']).map(|part| part.trim_matches(|c: char| c.is_ascii_digit())).collect();
    let is_hidden = |part: &&str| {
        let word = Word { place: 0..0, folded: (*part).to_owned(), is_capital: true, ends_clause: true };
        part.len() >= STEM && !known.shows(&word)
    };
    parts.len() > 1 && parts.iter().any(is_hidden)
}

/// Forms of a word, and compounds that one of them is part of; figures that begin alike: `3.` and `3.5.`.
fn are_related(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if short.starts_with(|c: char| c.is_ascii_digit()) {
        return long.split(|c: char| !c.is_alphanumeric()).any(|part| part == short);
    }
    let common = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    short.len() >= STEM && (long.contains(short) || common >= STEM.max(short.len() * 2 / 3))
}
