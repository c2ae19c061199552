//! Regret that stays alone: "leider", and nothing that helps.
//!
//! What helps has no list either: a remedy, a next step, a way to reach somebody, a question. So all words of the reply are
//! weighed (`weight.rs`); the patterns of `regret.txt` only find where regret is told.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::pattern::Patterns;
use super::weight::{self, Weights};
use super::words::Sentence;

static PATTERNS: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::parse(&[include_str!("persons.txt"), include_str!("regret.txt")]).unwrap_or_default());

static KINDS: LazyLock<Patterns> = LazyLock::new(|| {
    Patterns::parse(&[include_str!("kinds/persons.txt"), include_str!("kinds/words.txt")]).unwrap_or_default()
});

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| Weights::parse(include_str!("weights/regret.tsv")));

/// From these log-odds on, a reply regrets and does not help.
const ENOUGH: f32 = -1.5;

/// Sentences so short say nothing beside their regret, and so short nothing at all: "Ach je! Das tut uns leid."
const SHORT: usize = 6;
const SHORTEST: usize = 3;

/// Where regret is told, if nothing in the whole reply helps; without a known word for it, the sentence with most of it.
pub(super) fn alone(sentences: &[Sentence]) -> Vec<Range<usize>> {
    let regrets = |sentence: &Sentence| -> Vec<Range<usize>> {
        PATTERNS.find("regret", sentence).iter().map(|one| sentence.span(&one.words)).collect()
    };
    let told: Vec<Range<usize>> = sentences.iter().flat_map(regrets).collect();
    let says_nothing_else = |sentence: &Sentence| match sentence.words.len() {
        words if words <= SHORTEST => !sentence.is_question,
        words => words <= SHORT && !regrets(sentence).is_empty(),
    };
    // Whoever is asked something can answer: that is where help begins.
    if sentences.iter().any(|sentence| sentence.is_question && sentence.words.len() > SHORTEST) {
        return Vec::new();
    }
    let is_bare = !told.is_empty() && sentences.iter().all(says_nothing_else);
    if !is_bare && WEIGHTS.of(sentences, &kinds) < ENOUGH {
        return Vec::new();
    }
    if told.is_empty() {
        WEIGHTS.heaviest(sentences, &kinds).map(|(_, place)| place).into_iter().collect()
    } else {
        told
    }
}

/// What is weighed in a sentence beside its words.
pub(super) fn kinds(sentence: &Sentence) -> BTreeSet<String> {
    weight::kinds(&KINDS, sentence, &[])
}
