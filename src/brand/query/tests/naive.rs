//! The query language once more, as slow and as simple as can be.

use std::fmt;
use std::ops::Range;

use proptest::prelude::*;

use crate::mention::Language;

/// A query as the table in `brand.rs` says it.
#[derive(Clone, Debug)]
pub(super) enum Naive {
    Leaf(&'static str),
    Near(Vec<&'static str>, usize, &'static str),
    German,
    AppStore,
    Not(Box<Naive>),
    And(Box<Naive>, Box<Naive>),
    Or(Box<Naive>, Box<Naive>),
}

const TERMS: [&str; 12] = [
    "bahn",
    "zug",
    "db",
    "bahn*",
    "zu*",
    "*bahn",
    "*ahn*",
    "~zugaus",
    "~bahnen",
    "bahn-",
    "\"die bahn\"",
    "\"zu* bahn\"",
];

const WORDS: [&str; 16] = [
    "bahn",
    "Bahn",
    "bahnen",
    "bahnhof",
    "bahnung",
    "Zug",
    "zugaus",
    "zguaus",
    "zugas",
    "zugauss",
    "DB",
    "die",
    "beispielbahn",
    "ein",
    "bahnx",
    "hahn",
];

pub(super) fn queries() -> impl Strategy<Value = Naive> {
    let term = || prop::sample::select(TERMS.to_vec());
    let leaf = prop_oneof![
        6 => term().prop_map(Naive::Leaf),
        3 => (prop::collection::vec(term(), 1..3), 0..4_usize, term()).prop_map(|(a, n, b)| Naive::Near(a, n, b)),
        1 => Just(Naive::German),
        1 => Just(Naive::AppStore),
    ];
    leaf.prop_recursive(4, 12, 2, |inner| {
        let pair = || (inner.clone(), inner.clone());
        prop_oneof![
            inner.clone().prop_map(|one| Naive::Not(Box::new(one))),
            pair().prop_map(|(a, b)| Naive::And(Box::new(a), Box::new(b))),
            pair().prop_map(|(a, b)| Naive::Or(Box::new(a), Box::new(b))),
        ]
    })
}

pub(super) fn texts() -> impl Strategy<Value = String> {
    let piece = (prop::sample::select(WORDS.to_vec()), prop::sample::select(vec![" ", " ", " ", ". ", ", "]));
    prop::collection::vec(piece, 0..9)
        .prop_map(|pieces| pieces.into_iter().map(|(word, gap)| [word, gap].concat()).collect())
}

/// The language of a text, and its source.
pub(super) fn contexts() -> impl Strategy<Value = (Option<Language>, &'static str)> {
    let languages = vec![None, Some(Language::GERMAN), Some(Language::ENGLISH)];
    (prop::sample::select(languages), prop::sample::select(vec!["app-store-de", "forum"]))
}

impl fmt::Display for Naive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leaf(term) => f.write_str(term),
            Self::Near(left, words, right) => write!(f, "({}) NEAR/{words} {right}", left.join(" OR ")),
            Self::German => f.write_str("lang:de"),
            Self::AppStore => f.write_str("source:app-store-*"),
            Self::Not(inner) => write!(f, "NOT ({inner})"),
            Self::And(a, b) => write!(f, "({a}) AND ({b})"),
            Self::Or(a, b) => write!(f, "({a} OR {b})"),
        }
    }
}

impl Naive {
    pub(super) fn with(self, term: &'static str) -> Self {
        Self::And(Box::new(self), Box::new(Self::Leaf(term)))
    }

    pub(super) fn holds(&self, text: &str, language: Option<Language>, source: &str) -> bool {
        let words = words(text);
        match self {
            Self::Leaf(term) => !places(term, &words).is_empty(),
            Self::Near(left, most, right) => left.iter().flat_map(|term| places(term, &words)).any(|one| {
                places(right, &words).into_iter().any(|other| {
                    let gap = if one.end <= other.start { one.end..other.start } else { other.end..one.start };
                    gap.start <= gap.end && gap.len() <= *most
                })
            }),
            Self::German => language == Some(Language::GERMAN),
            Self::AppStore => source.starts_with("app-store-"),
            Self::Not(inner) => !inner.holds(text, language, source),
            Self::And(a, b) => a.holds(text, language, source) && b.holds(text, language, source),
            Self::Or(a, b) => a.holds(text, language, source) || b.holds(text, language, source),
        }
    }
}

/// The words of a text in lower case, and what stands before each.
fn words(text: &str) -> Vec<(String, String)> {
    let mut words = vec![(String::new(), String::new())];
    for c in text.chars() {
        match words.last_mut().unwrap() {
            (before, word) if word.is_empty() && !c.is_alphabetic() => before.push(c),
            (_, word) if c.is_alphabetic() => word.extend(c.to_lowercase()),
            _ => words.push((c.to_string(), String::new())),
        }
    }
    words.retain(|(_, word)| !word.is_empty());
    words
}

/// Where a term stands, as positions of words.
fn places(term: &str, words: &[(String, String)]) -> Vec<Range<usize>> {
    let parts: Vec<&str> = term.trim_matches('"').split(' ').collect();
    let stands = |at: &usize| {
        parts.iter().enumerate().all(|(place, part)| {
            let word = words.get(at + place);
            word.is_some_and(|(before, word)| is(part, word) && (place == 0 || before == " "))
        })
    };
    (0..words.len()).filter(stands).map(|at| at..at + parts.len()).collect()
}

fn is(part: &str, word: &str) -> bool {
    match (part.strip_prefix('*'), part.strip_suffix('*')) {
        (Some(_), Some(_)) => word.contains(part.trim_matches('*')),
        (Some(end), None) => word.ends_with(end),
        (None, Some(begin)) => word.starts_with(begin),
        (None, None) => match (part.strip_prefix('~'), part.strip_suffix('-')) {
            (Some(meant), _) => slips(meant).iter().any(|slip| slip == word),
            (_, Some(begin)) => word.strip_prefix(begin).is_some_and(|rest| ["", "en", "hof"].contains(&rest)),
            _ => word == part,
        },
    }
}

/// Every word that is a slip away, and the word itself.
fn slips(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut slips = vec![word.to_owned()];
    let mut add = |letters: Vec<char>| slips.push(letters.into_iter().collect());
    for at in 1..=letters.len() {
        for letter in 'a'..='z' {
            let mut longer = letters.clone();
            longer.insert(at, letter);
            add(longer);
            let mut other = letters.clone();
            other.get_mut(at).into_iter().for_each(|old| *old = letter);
            add(other);
        }
        if at < letters.len() {
            let mut shorter = letters.clone();
            shorter.remove(at);
            add(shorter);
        }
        if at + 1 < letters.len() {
            let mut swapped = letters.clone();
            swapped.swap(at, at + 1);
            add(swapped);
        }
    }
    slips
}
