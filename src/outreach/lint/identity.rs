//! Who a reviewer is, or what they did not tell of themselves, where everybody reads it.
//!
//! A reply may use the name that is shown and what the review says. Beyond that, two things are looked for: a name with which
//! somebody is spoken to, and facts about the reader (`identity.txt`) of which nothing stands in the review.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::pattern::{Match, Patterns};
use super::weight::{self, Weights};
use super::words::{Sentence, Word};
use super::{Reply, names};
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

static PERSONS: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::parse(&[include_str!("kinds/persons.txt")]).unwrap_or_default());

static PARTICULARS: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::parse(&[include_str!("kinds/identity.txt")]).unwrap_or_default());

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| Weights::parse(include_str!("weights/identity.tsv")));

/// From these log-odds on, a reply tells too much.
const ENOUGH: f32 = 0.0;

/// What gives somebody away: a name that nobody can see; and if the reply weighs enough, what else a pattern finds, or the
/// sentence that weighs most.
pub(super) fn revealed(reply: &Reply<'_>, sentences: &[Sentence], said: &[Sentence]) -> Vec<Range<usize>> {
    let known = Known::of(reply, said);
    let mut places = names(sentences, &known);
    let told = told(sentences, &known);
    let kinds = |sentence: &Sentence| kinds(sentence, &told, &known);
    if let Some((_, heaviest)) = WEIGHTS.weigh(sentences, &kinds).filter(|(odds, _)| *odds >= ENOUGH) {
        places.extend(told);
        if places.is_empty() {
            places.push(heaviest);
        }
    }
    places
}

/// Where the patterns fit: facts that are news.
pub(super) fn told(sentences: &[Sentence], known: &Known<'_>) -> Vec<Range<usize>> {
    let facts = |sentence: &Sentence| -> Vec<Range<usize>> {
        let is_news = |one: &Match| one.key.is_none_or(|key| !known.has(&sentence.words[key]));
        PATTERNS.find("fact", sentence).iter().filter(|one| is_news(one)).map(|one| sentence.span(&one.words)).collect()
    };
    sentences.iter().flat_map(facts).collect()
}

/// What is weighed in a sentence beside its words: kinds of words, those that the review has apart from those that are news.
pub(super) fn kinds(sentence: &Sentence, told: &[Range<usize>], known: &Known<'_>) -> BTreeSet<String> {
    let mut kinds = weight::kinds(&PERSONS, sentence, told);
    for word in &sentence.words {
        let mut parts = PARTICULARS.parts_with(word).peekable();
        if parts.peek().is_some() {
            let prefix = if known.has(word) { "known " } else { "" };
            kinds.extend(parts.map(|part| format!("{prefix}{part}")));
        }
    }
    kinds
}

/// What everybody can see.
pub(super) struct Known<'a> {
    author: Option<&'a str>,
    words: Vec<&'a Word>,
}

impl<'a> Known<'a> {
    /// What a review says, and the name that it shows.
    pub(super) fn of(reply: &Reply<'a>, said: &'a [Sentence]) -> Self {
        Self { author: reply.author, words: said.iter().flat_map(|sentence| &sentence.words).collect() }
    }

    /// Whether the review, or the name that it shows, has the word, a form of it, or one that means the same.
    fn has(&self, word: &Word) -> bool {
        let is_same = |set: &FxHashSet<String>, known: &Word| set.contains(&word.folded) && set.contains(&known.folded);
        self.words
            .iter()
            .any(|known| are_related(&word.folded, &known.folded) || SAME.iter().any(|set| is_same(set, known)))
            || self.author.is_some_and(|author| {
                let author = fold_umlauts(author);
                let shows = |word: &str| {
                    word.len() >= STEM && author.contains(word)
                        || author.split(|c: char| !c.is_alphanumeric()).any(|part| part == word)
                };
                shows(&word.folded)
                    || SAME.iter().any(|set| set.contains(&word.folded) && set.iter().any(|same| shows(same)))
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
        let is_joint = |word: &Word| PATTERNS.has("between names", word);
        let first = name.clone().find(|&at| !is_joint(&sentence.words[at]) && !known.shows(&sentence.words[at]))?;
        Some(sentence.span(&(first..name.end)))
    };
    let greeted = sentences.iter().take(2).flat_map(|sentence| {
        let greetings = PATTERNS.find("greeting", sentence).into_iter();
        greetings
            .map(|one| one.words.start)
            .filter(|start| *start <= EARLY)
            .filter_map(move |start| hidden(sentence, start))
    });
    // "Frau Abel, ..." and "Guten Tag, Frau Abel, ..."; but not "Dear Jane, Mrs Beddoes bakes ...".
    let called = sentences.iter().take(1).flat_map(|sentence| {
        let titles = PATTERNS.find("title", sentence).into_iter().map(|one| one.words.start);
        let greetings = PATTERNS.find("greeting", sentence);
        let is_apart = move |start: &usize| *start == 0 || greetings.iter().any(|one| one.words.end == *start);
        let ends = |start: &usize| names::from(&PATTERNS, sentence, *start).end;
        let is_called = move |start: &usize| sentence.words.get(ends(start) - 1).is_some_and(|last| last.ends_clause);
        titles.filter(is_apart).filter(is_called).filter_map(move |start| hidden(sentence, start))
    });
    greeted.chain(called).collect()
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
