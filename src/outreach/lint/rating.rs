//! What asks for stars, for a better review or a recommendation, or to take a review back.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::pattern::Patterns;
use super::weight::{self, Weights};
use super::words::{Sentence, Word};

static PATTERNS: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::parse(&[include_str!("persons.txt"), include_str!("rating.txt")]).unwrap_or_default());

static KINDS: LazyLock<Patterns> = LazyLock::new(|| {
    Patterns::parse(&[include_str!("kinds/persons.txt"), include_str!("kinds/rating.txt")]).unwrap_or_default()
});

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| Weights::parse(include_str!("weights/rating.tsv")));

/// From these log-odds on, a rating is asked for.
const ENOUGH: f32 = -2.25;

/// Where a rating is asked for, once in a sentence; by no known turn of phrase, the sentence that weighs most.
pub(super) fn asked(sentences: &[Sentence]) -> Vec<Range<usize>> {
    let told = told(sentences);
    let kinds = |sentence: &Sentence| kinds(sentence, &told);
    match WEIGHTS.weigh(sentences, &kinds) {
        Some((odds, heaviest)) if odds >= ENOUGH => {
            if told.is_empty() {
                vec![heaviest]
            } else {
                told
            }
        }
        _ => Vec::new(),
    }
}

/// Where the patterns fit.
pub(super) fn told(sentences: &[Sentence]) -> Vec<Range<usize>> {
    sentences.iter().filter_map(asks).collect()
}

/// What is weighed in a sentence beside its words.
pub(super) fn kinds(sentence: &Sentence, told: &[Range<usize>]) -> BTreeSet<String> {
    weight::kinds(&KINDS, sentence, told)
}

fn asks(sentence: &Sentence) -> Option<Range<usize>> {
    let thanks = PATTERNS.find("thanks", sentence);
    let is_meant = |words: &Range<usize>| {
        !thanks.iter().any(|one| one.words.start < words.end && words.start < one.words.end)
            && !sentence.clause(words).iter().any(denies)
    };
    let places = |part| PATTERNS.find(part, sentence).into_iter().map(|one| one.words).filter(is_meant);
    let mut asks: Vec<Range<usize>> = places("ask").collect();
    if asks.is_empty() && PATTERNS.fit("wish", sentence) {
        asks = places("object").collect();
        if PATTERNS.fit("change", sentence) {
            asks.extend(places("perhaps"));
        }
        if PATTERNS.fit("others", sentence) {
            asks.extend(places("praise"));
        }
    }
    let start = asks.iter().map(|words| words.start).min()?;
    let end = asks.iter().map(|words| words.end).max()?;
    Some(sentence.span(&(start..end)))
}

/// "You need not change your review."
fn denies(word: &Word) -> bool {
    matches!(word.folded.as_str(), "nicht" | "niemand" | "not" | "nobody" | "never" | "nie")
        || word.folded.starts_with("kein")
}
